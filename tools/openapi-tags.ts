/**
 * The groups of operations, in the order of the document and of the reference page: their Chinese names, and what they are for.
 */
import type { Description } from '../src/api/v2/operation.ts';

export const TAGS = {
  Payments: {
    zh: '支付',
    description: 'Charge a payment code, show a QR code, wait, cancel, look.',
  },
  Refunds: { zh: '退款', description: 'Give money back, in parts.' },
  Figures: { zh: '统计', description: 'Totals and statistics of payments.' },
  Merchants: { zh: '商户', description: 'Shops, their keys and certificates at Alipay.' },
  Events: { zh: '事件', description: 'What happened to payments and refunds, in order.' },
  Incidents: { zh: '待办', description: 'What waits for a person.' },
  Dongles: { zh: '加密狗', description: 'The terminals of v1.' },
  Webhooks: {
    zh: '通知',
    description: 'Endpoints that are called with events, and what was sent.',
  },
  'API keys': { zh: '密钥', description: 'Keys for programs.' },
  Users: { zh: '用户', description: 'People who sign in.' },
  Session: { zh: '会话', description: 'Signing in, and the own password.' },
  Gateway: { zh: '网关', description: 'How the gateway is, and its settings.' },
  'Audit log': { zh: '审计日志', description: 'Who did what.' },
} as const satisfies Record<Description['tag'], { zh: string; description: string }>;
