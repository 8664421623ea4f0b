/**
 * The pages of the console, in the order of its menu: where each is, what it is called, what a person needs to see it, and the file
 * that is loaded when it is visited. Routes and menu are made from this table.
 */
import {
  AlertOutlined,
  ApiOutlined,
  AuditOutlined,
  DashboardOutlined,
  KeyOutlined,
  PayCircleOutlined,
  RollbackOutlined,
  SettingOutlined,
  ShopOutlined,
  TeamOutlined,
  UsbOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { ComponentType, ReactNode } from 'react';
import type { Scope } from '../api/session.ts';
import { PAGE_NAMES } from '../words/page-names.ts';
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
    name: PAGE_NAMES.overview,
    icon: <DashboardOutlined />,
    scope: 'read',
    load: () => import('../pages/overview/overview.tsx'),
  },
  {
    path: 'payments',
    rest: ':id?',
    name: PAGE_NAMES.payments,
    icon: <PayCircleOutlined />,
    scope: 'read',
    load: () => import('../pages/payments/payments.tsx'),
  },
  {
    path: 'refunds',
    name: PAGE_NAMES.refunds,
    icon: <RollbackOutlined />,
    scope: 'read',
    load: () => import('../pages/refunds/refunds.tsx'),
  },
  {
    path: 'incidents',
    name: PAGE_NAMES.incidents,
    icon: <AlertOutlined />,
    scope: 'read',
    load: () => import('../pages/incidents/incidents.tsx'),
  },
  {
    path: 'merchants',
    rest: ':id?',
    name: PAGE_NAMES.merchants,
    icon: <ShopOutlined />,
    scope: 'read',
    load: () => import('../pages/merchants/merchants.tsx'),
  },
  {
    path: 'dongles',
    name: PAGE_NAMES.dongles,
    icon: <UsbOutlined />,
    scope: 'manage',
    forOperators: true,
    load: () => import('../pages/dongles/dongles.tsx'),
  },
  {
    path: 'api-keys',
    name: PAGE_NAMES.apiKeys,
    icon: <KeyOutlined />,
    scope: 'manage',
    load: () => import('../pages/api-keys/api-keys.tsx'),
  },
  {
    path: 'webhooks',
    rest: ':id?',
    name: PAGE_NAMES.webhooks,
    icon: <ApiOutlined />,
    scope: 'manage',
    load: () => import('../pages/webhooks/webhooks.tsx'),
  },
  {
    path: 'users',
    rest: ':id?',
    name: PAGE_NAMES.users,
    icon: <TeamOutlined />,
    scope: 'administer',
    forOperators: true,
    load: () => import('../pages/users/users.tsx'),
  },
  {
    path: 'settings',
    name: PAGE_NAMES.settings,
    icon: <SettingOutlined />,
    scope: 'administer',
    forOperators: true,
    load: () => import('../pages/settings/settings.tsx'),
  },
  {
    path: 'audit-log',
    rest: ':id?',
    name: PAGE_NAMES.auditLog,
    icon: <AuditOutlined />,
    scope: 'administer',
    forOperators: true,
    load: () => import('../pages/audit-log/audit-log.tsx'),
  },
  {
    path: 'account',
    name: PAGE_NAMES.account,
    icon: <UserOutlined />,
    scope: 'read',
    isHidden: true,
    load: () => import('../pages/account/account.tsx'),
  },
];
