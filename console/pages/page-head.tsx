/** What stands above a page: its name, which the window's title has too, and what can be done on it beside. */
import { Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../app/language.tsx';
import { useTitle } from '../app/use-title.ts';
import { PAGE_NAMES } from '../words/page-names.ts';

type Props = {
  readonly name: keyof typeof PAGE_NAMES;
  /** Where the page is about one of many: what that one is called. */
  readonly one?: string;
  readonly children?: ReactNode;
};

export function PageHead({ name, one, children }: Props) {
  const names = useWords(PAGE_NAMES);
  const heading = one ?? names[name];
  useTitle(heading);
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
