/** Words for the states of payments, refunds and incidents, and for how a guest pays: the same on every page, and in exports. */
import type { Incident, Payment, Refund } from '../../client/client.ts';
import type { WordTable } from './words.ts';

export const PAYMENT_STATE_WORDS = {
  created: { en: 'Outcome unknown', zh: '结果待确认' },
  awaiting_buyer: { en: 'Awaiting the guest', zh: '等待付款' },
  paid: { en: 'Paid', zh: '已付款' },
  declined: { en: 'Declined', zh: '已拒绝' },
  closed: { en: 'Closed unpaid', zh: '已关闭' },
  reversed: { en: 'Reversed', zh: '已撤销' },
} satisfies WordTable & Record<Payment['state'], unknown>;

export const REFUND_STATE_WORDS = {
  pending: { en: 'Being refunded', zh: '退款中' },
  succeeded: { en: 'Refunded', zh: '已退款' },
  failed: { en: 'Refused', zh: '退款失败' },
} satisfies WordTable & Record<Refund['state'], unknown>;

export const INCIDENT_STATE_WORDS = {
  open: { en: 'Open', zh: '待处理' },
  resolved: { en: 'Resolved', zh: '已处理' },
} satisfies WordTable & Record<Incident['state'], unknown>;

export const METHOD_WORDS = {
  barcode: { en: 'Payment code', zh: '付款码' },
  qr: { en: 'QR code', zh: '二维码' },
} satisfies WordTable & Record<Payment['method'], unknown>;

export const REFUNDED_WORDS = {
  all: { en: 'Refunded', zh: '已全额退款' },
  part: { en: 'Partly refunded', zh: '部分退款' },
  pending: { en: 'Refund pending', zh: '退款中' },
  late: { en: 'Late', zh: '迟到的付款' },
} satisfies WordTable;
