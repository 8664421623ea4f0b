/** What each page is called: in the menu, above the page, and in the title of the browser’s window. */
import type { WordTable } from './words.ts';

export const PAGE_NAMES = {
  overview: { en: 'Overview', zh: '概览' },
  payments: { en: 'Payments', zh: '支付' },
  refunds: { en: 'Refunds', zh: '退款' },
  incidents: { en: 'Incidents', zh: '待办' },
  merchants: { en: 'Merchants', zh: '商户' },
  dongles: { en: 'Dongles', zh: '加密狗' },
  apiKeys: { en: 'API keys', zh: 'API 密钥' },
  webhooks: { en: 'Webhooks', zh: 'Webhook' },
  users: { en: 'Users', zh: '用户' },
  settings: { en: 'Settings', zh: '设置' },
  auditLog: { en: 'Audit log', zh: '操作记录' },
  account: { en: 'My account', zh: '我的账户' },
} satisfies WordTable;
