/**
 * The pages of the console, in the order of its menu: where each is, what it is called, what a person needs to see it, and the file
 * that is loaded when it is visited. Routes and menu are made from this table.
 */
import { UserOutlined } from '@ant-design/icons';
import type { ComponentType, ReactNode } from 'react';
import type { Scope } from '../api/session.ts';
import { SHELL } from '../words/shell.ts';
import type { Language } from '../words/words.ts';

export type ConsolePage = {
  /** Below `/console`; empty for its first page. */
  readonly path: string;
  readonly name: Readonly<Record<Language, string>>;
  readonly icon: ReactNode;
  /** Who lacks it does not see the page in the menu. */
  readonly scope: Scope;
  /** For people of all merchants only. */
  readonly forOperators?: boolean;
  /** Not in the menu: reached from elsewhere. */
  readonly isHidden?: boolean;
  readonly load: () => Promise<{ readonly Component: ComponentType }>;
};

export const PAGES: readonly ConsolePage[] = [
  {
    path: 'account',
    name: SHELL.account,
    icon: <UserOutlined />,
    scope: 'read',
    isHidden: true,
    load: () => import('../pages/account.tsx'),
  },
];
