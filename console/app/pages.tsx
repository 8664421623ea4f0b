/**
 * The pages of the console, in the order of its menu: where each is, what it is called, what a person needs to see it, and the file
 * that is loaded when it is visited. Routes and menu are made from this table.
 */
import {
  AlertOutlined,
  DashboardOutlined,
  PayCircleOutlined,
  RollbackOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { ComponentType, ReactNode } from 'react';
import type { Scope } from '../api/session.ts';
import { INCIDENTS } from '../words/incidents.ts';
import { OVERVIEW } from '../words/overview.ts';
import { PAYMENTS } from '../words/payments.ts';
import { REFUNDS } from '../words/refunds.ts';
import { SHELL } from '../words/shell.ts';
import type { Language } from '../words/words.ts';

export type ConsolePage = {
  /** Below `/console`; empty for its first page. */
  readonly path: string;
  /** What may follow the path: the page reads it. */
  readonly rest?: string;
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
    path: '',
    name: OVERVIEW.title,
    icon: <DashboardOutlined />,
    scope: 'read',
    load: () => import('../pages/overview/overview.tsx'),
  },
  {
    path: 'payments',
    rest: ':id?',
    name: PAYMENTS.title,
    icon: <PayCircleOutlined />,
    scope: 'read',
    load: () => import('../pages/payments/payments.tsx'),
  },
  {
    path: 'refunds',
    name: REFUNDS.title,
    icon: <RollbackOutlined />,
    scope: 'read',
    load: () => import('../pages/refunds/refunds.tsx'),
  },
  {
    path: 'incidents',
    name: INCIDENTS.title,
    icon: <AlertOutlined />,
    scope: 'read',
    load: () => import('../pages/incidents/incidents.tsx'),
  },
  {
    path: 'account',
    name: SHELL.account,
    icon: <UserOutlined />,
    scope: 'read',
    isHidden: true,
    load: () => import('../pages/account.tsx'),
  },
];
