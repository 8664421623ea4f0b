/** What stands above a page: its name, which the window's title has too, and what can be done on it beside. */
import { Flex, Typography } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { useWords } from '../app/language.tsx';
import { PAGE_NAMES } from '../words/page-names.ts';
import { SHELL } from '../words/shell.ts';

type Props = {
  readonly name: keyof typeof PAGE_NAMES;
  /** Where the page is about one of many: what that one is called. */
  readonly one?: string;
  readonly children?: ReactNode;
};

export function PageHead({ name, one, children }: Props) {
  const names = useWords(PAGE_NAMES);
  const { product } = useWords(SHELL);
  const heading = one ?? names[name];
  useEffect(() => {
    document.title = `${heading} · ${product}`;
  }, [heading, product]);
  return (
    <Flex gap={12} align="center" justify="space-between" wrap className="page-head">
      <Typography.Title level={1} className="page-title">
        {heading}
      </Typography.Title>
      {children === undefined ? null : (
        <Flex gap={8} wrap>
          {children}
        </Flex>
      )}
    </Flex>
  );
}
