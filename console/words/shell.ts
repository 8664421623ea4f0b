/** Words of what stands around every page: menu, language, account, and what is said when a page fails. */
import type { WordTable } from './words.ts';

export const SHELL = {
  product: { en: 'Alipay face-to-face', zh: '当面付网关' },
  menu: { en: 'Menu', zh: '菜单' },
  skipToContent: { en: 'Skip to the content', zh: '跳到内容' },
  otherLanguage: { en: '中文', zh: 'English' },
  signOut: { en: 'Sign out', zh: '退出登录' },
  cashier: { en: 'Cashier', zh: '收银台' },
  console: { en: 'Console', zh: '管理后台' },
  wallet: { en: 'Guest’s wallet (simulator)', zh: '顾客钱包（模拟器）' },
  simulated: { en: 'Simulator: no money moves', zh: '模拟器：不涉及真实资金' },
  loading: { en: 'Loading', zh: '加载中' },
  tryAgain: { en: 'Try again', zh: '重试' },
  failed: { en: 'This did not work', zh: '加载失败' },
  requestNumber: {
    en: (id: string) => `Request ${id}`,
    zh: (id: string) => `请求编号 ${id}`,
  },
  notFound: { en: 'There is no such page', zh: '没有这个页面' },
  toStart: { en: 'To the start', zh: '返回首页' },
  notAllowed: {
    en: (scope: string) => `Your role does not allow this (it needs “${scope}”).`,
    zh: (scope: string) => `您的角色没有此权限（需要“${scope}”）。`,
  },
  operatorsOnly: {
    en: 'Only whoever is of all merchants may do this: other merchants share the Alipay application.',
    zh: '只有面向全部商户的用户可以操作：支付宝应用由多个商户共用。',
  },
  reload: { en: 'Reload', zh: '刷新页面' },
  notLoaded: { en: 'This page could not be loaded', zh: '页面未能加载' },
  notLoadedWhy: {
    en: 'The gateway does not answer, or was updated just now.',
    zh: '网关没有应答，或刚刚完成升级。',
  },
  pageFault: { en: 'The page met a fault of its own', zh: '页面自身出错' },
} satisfies WordTable;

export const ROLES = {
  administrator: { en: 'Administrator', zh: '管理员' },
  finance: { en: 'Finance', zh: '财务' },
  clerk: { en: 'Clerk', zh: '收银员' },
  read_only: { en: 'Read only', zh: '只读' },
} satisfies WordTable;
