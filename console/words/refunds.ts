/** Words of the list of refunds. */
import type { WordTable } from './words.ts';

export const REFUNDS = {
  tableOf: { en: 'Refunds, newest first', zh: '退款列表，最新的在前' },
  state: { en: 'State', zh: '状态' },
  anyState: { en: 'Any state', zh: '全部状态' },
  period: { en: 'Time', zh: '时间' },
  anyTime: { en: 'Any time', zh: '全部时间' },
  merchant: { en: 'Merchant', zh: '商户' },
  clear: { en: 'Clear filters', zh: '清除筛选' },
  time: { en: 'Asked for at', zh: '申请时间' },
  amount: { en: 'Amount', zh: '金额' },
  payment: { en: 'Payment', zh: '支付' },
  reason: { en: 'Reason', zh: '退款原因' },
  failure: { en: 'Alipay said', zh: '支付宝说明' },
  none: { en: 'Nothing was refunded yet.', zh: '还没有退款。' },
  noneMatch: { en: 'No refund matches these filters.', zh: '没有符合筛选条件的退款。' },
  how: {
    en: 'A refund is made from its payment: open one under Payments.',
    zh: '退款从支付发起：在“支付”中打开一笔支付。',
  },
} satisfies WordTable;
