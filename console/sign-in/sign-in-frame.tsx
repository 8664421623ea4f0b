/** The card in the middle of an empty page that signing in happens in. */
import { Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { LanguageSwitch } from '../app/language-switch.tsx';
import { useWords } from '../app/language.tsx';
import { useTitle } from '../app/use-title.ts';
import { SHELL } from '../words/shell.ts';

export function SignInFrame({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  const words = useWords(SHELL);
  useTitle(title);
  return (
    <main className="sign-in">
      <div className="sign-in-column">
        <Flex justify="space-between" align="center">
          <Typography.Text strong>{words.product}</Typography.Text>
          <LanguageSwitch />
        </Flex>
        <div className="sign-in-card">
          <Typography.Title level={1} className="sign-in-title">
            {title}
          </Typography.Title>
          {children}
        </div>
      </div>
    </main>
  );
}
