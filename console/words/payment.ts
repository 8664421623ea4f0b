/** Words of one payment: its story, its numbers, and what can be done with it. */
import type { Payment, Timeline } from '../../client/client.ts';
import type { WordTable } from './words.ts';

export const PAYMENT = {
  title: { en: 'Payment', zh: '支付' },
  close: { en: 'Close', zh: '关闭' },
  why: { en: 'Why', zh: '原因' },
  next: { en: 'What happens next', zh: '接下来' },
  nothingNext: { en: 'Nothing is left to happen.', zh: '没有后续步骤。' },
  story: { en: 'What happened', zh: '经过' },
  detail: { en: 'Details', zh: '明细' },
  facts: { en: 'Numbers', zh: '单号与信息' },
  refunds: { en: 'Refunds', zh: '退款' },
  noRefunds: { en: 'Nothing was refunded.', zh: '没有退款。' },
  incidents: { en: 'Needs a person', zh: '需要人工处理' },
  id: { en: 'Payment', zh: '支付编号' },
  outTradeNo: { en: 'Our number at Alipay', zh: '商户订单号（支付宝）' },
  tradeNo: { en: 'Alipay trade number', zh: '支付宝交易号' },
  reference: { en: 'Merchant reference', zh: '商户单号' },
  attempt: { en: 'Attempt', zh: '第几次收款' },
  merchant: { en: 'Merchant', zh: '商户' },
  method: { en: 'Method', zh: '付款方式' },
  subject: { en: 'Subject', zh: '商品' },
  description: { en: 'Description', zh: '说明' },
  buyer: { en: 'Buyer', zh: '买家账号' },
  operator: { en: 'Operator', zh: '操作员' },
  store: { en: 'Store', zh: '门店' },
  begun: { en: 'Begun at', zh: '发起时间' },
  ends: { en: 'Ends at', zh: '截止时间' },
  paidAt: { en: 'Paid at', zh: '付款时间' },
  failure: { en: 'Alipay said', zh: '支付宝说明' },
  createdBy: { en: 'Begun by', zh: '发起人' },
  actions: { en: 'What can be done', zh: '可执行的操作' },
  check: { en: 'Check now', zh: '立即查询' },
  checkHint: { en: 'Asks Alipay about this payment now.', zh: '立即向支付宝查询该笔支付。' },
  checked: {
    en: (state: string) => `Alipay answered. The payment is: ${state}.`,
    zh: (state: string) => `支付宝已应答。当前状态：${state}。`,
  },
  cancel: { en: 'Cancel', zh: '撤销' },
  cancelTitle: { en: 'Cancel this payment?', zh: '撤销该笔支付？' },
  cancelText: {
    en: 'The guest can no longer pay. If the money has moved already, Alipay gives it back.',
    zh: '顾客将无法再付款。如果已经扣款，支付宝会退回。',
  },
  cancelYes: { en: 'Cancel the payment', zh: '确认撤销' },
  cancelNo: { en: 'Leave it open', zh: '不撤销' },
  cancelled: {
    en: (state: string) => `The cancel was sent. The payment is: ${state}.`,
    zh: (state: string) => `已发起撤销。当前状态：${state}。`,
  },
  refund: { en: 'Refund', zh: '退款' },
  refundTitle: { en: 'Refund this payment', zh: '退款' },
  refundAmount: { en: 'Amount, in yuan', zh: '退款金额（元）' },
  refundRest: {
    en: (amount: string) => `At most ${amount}`,
    zh: (amount: string) => `最多 ${amount}`,
  },
  refundReason: { en: 'Reason', zh: '退款原因' },
  refundReasonHint: {
    en: 'For your books and Alipay’s; may be left out',
    zh: '供您和支付宝记账，可不填',
  },
  refundYes: {
    en: (amount: string) => `Refund ${amount}`,
    zh: (amount: string) => `确认退款 ${amount}`,
  },
  refundNo: { en: 'Do not refund', zh: '取消' },
  refundBad: {
    en: (rest: string) => `An amount in yuan from 0.01 to ${rest}`,
    zh: (rest: string) => `请输入 0.01 到 ${rest} 元之间的金额`,
  },
  refundDone: {
    en: (amount: string) => `${amount} went back to the guest.`,
    zh: (amount: string) => `${amount} 已退回顾客。`,
  },
  refundPending: {
    en: (amount: string) => `The refund of ${amount} was asked for; its outcome is shown here.`,
    zh: (amount: string) => `已申请退款 ${amount}，结果会在此显示。`,
  },
  refundRefused: {
    en: (why: string) => `Alipay refused the refund: ${why}`,
    zh: (why: string) => `支付宝拒绝了退款：${why}`,
  },
  refundUncertain: {
    en: 'Whether it arrived is not known. Sending it again is safe: it is the same refund, never a second one.',
    zh: '尚不确定请求是否到达。可以放心重发：仍是同一笔退款，不会重复退款。',
  },
  allWentBack: {
    en: 'All of it was refunded, or is being refunded.',
    zh: '已全部退款或正在退款。',
  },
  pastEnd: {
    en: 'Its time is over: the gateway is ending it by itself.',
    zh: '已过截止时间，网关正在自行结束该笔支付。',
  },
} satisfies WordTable;

/** Why a payment in this state cannot be refunded; one that is paid can, or all of it went back. */
export const WHY_NO_REFUND = {
  created: {
    en: 'It is not known yet whether the guest has paid.',
    zh: '尚不确定顾客是否已付款。',
  },
  awaiting_buyer: { en: 'The guest has not paid yet.', zh: '顾客尚未付款。' },
  paid: PAYMENT.allWentBack,
  declined: {
    en: 'Nothing was taken: Alipay refused the charge.',
    zh: '支付宝拒绝扣款，没有款项可退。',
  },
  closed: { en: 'Nothing was paid.', zh: '没有付款，无款可退。' },
  reversed: { en: 'All of it went back already.', zh: '款项已全部退回。' },
} satisfies WordTable & Record<Payment['state'], unknown>;

/** Why a payment in this state cannot be cancelled; an open one can until its time is over. */
export const WHY_NO_CANCEL = {
  created: PAYMENT.pastEnd,
  awaiting_buyer: PAYMENT.pastEnd,
  paid: {
    en: 'It is paid: give the money back by a refund.',
    zh: '已付款，请用退款退回款项。',
  },
  declined: { en: 'It is over: Alipay refused the charge.', zh: '已结束：支付宝拒绝扣款。' },
  closed: { en: 'It is over: nobody paid.', zh: '已结束：没有付款。' },
  reversed: { en: 'It is over: the money went back.', zh: '已结束：款项已退回。' },
} satisfies WordTable & Record<Payment['state'], unknown>;

export const STORY_KINDS = {
  gateway: { en: 'Gateway', zh: '网关' },
  request: { en: 'To Alipay', zh: '发往支付宝' },
  answer: { en: 'From Alipay', zh: '支付宝应答' },
  silence: { en: 'No answer', zh: '无应答' },
  notification: { en: 'Notification', zh: '通知' },
  refund: { en: 'Refund', zh: '退款' },
  incident: { en: 'Incident', zh: '待办' },
  person: { en: 'Person', zh: '人工' },
} satisfies WordTable & Record<Timeline['entries'][number]['kind'], unknown>;
