/** Words of what the cashier does afterwards: refunds, receipts, the shift. */
import type { WordTable } from './words.ts';

export const REFUND = {
  title: { en: 'Refund', zh: '退款' },
  of: {
    en: (reference: string, amount: string) => `Of payment ${reference} over ${amount}`,
    zh: (reference: string, amount: string) => `收款 ${reference}，金额 ${amount}`,
  },
  amount: { en: 'Amount to give back', zh: '退款金额' },
  atMost: { en: (most: string) => `At most ${most}`, zh: (most: string) => `最多 ${most}` },
  badAmount: {
    en: (most: string) => `Type an amount from 0.01 to ${most}.`,
    zh: (most: string) => `请输入 0.01 至 ${most} 之间的金额。`,
  },
  reason: { en: 'Reason', zh: '退款原因' },
  reasonMissing: { en: 'Say why: it stands in the books.', zh: '请填写原因，以便对账。' },
  returned: { en: 'Goods returned', zh: '顾客退货' },
  wrongAmount: { en: 'Wrong amount', zh: '金额有误' },
  twice: { en: 'Charged twice', zh: '重复收款' },
  soldOut: { en: 'Sold out', zh: '商品缺货' },
  submit: { en: (amount: string) => `Refund ${amount}`, zh: (amount: string) => `退款 ${amount}` },
  pending: {
    en: 'On its way. It becomes certain by itself; do not refund again.',
    zh: '退款处理中，系统会自动确认结果，请勿重复退款。',
  },
  done: {
    en: (amount: string) => `${amount} went back.`,
    zh: (amount: string) => `已退款 ${amount}。`,
  },
  failed: { en: 'Alipay refused the refund. Nothing went back.', zh: '支付宝拒绝了退款，未退款。' },
  unknown: {
    en: 'No answer: whether it went back is not known yet. Check again asks about this very refund; it never goes back twice.',
    zh: '没有应答：退款结果未知。点“再次查询”将查询同一笔退款，不会重复退款。',
  },
  checkAgain: { en: 'Check again', zh: '再次查询' },
  notAllowed: {
    en: 'Your role may not refund. Ask finance or an administrator.',
    zh: '您的角色不能退款，请联系财务或管理员。',
  },
  nothingLeft: {
    en: 'There is nothing to give back: it is not paid, or went back already.',
    zh: '没有可退金额：尚未付款，或已全部退回。',
  },
} satisfies WordTable;

export const RECEIPT = {
  title: { en: 'Receipt', zh: '收款小票' },
  refundTitle: { en: 'Receipt (refunded)', zh: '收款小票（已退款）' },
  print: { en: 'Print', zh: '打印' },
  paper: { en: 'Paper', zh: '纸宽' },
  subject: { en: 'For', zh: '商品' },
  amount: { en: 'Paid by Alipay', zh: '支付宝实收' },
  refunded: { en: 'Given back', zh: '已退款' },
  paidAt: { en: 'Paid at', zh: '付款时间' },
  reference: { en: 'Bill', zh: '商户单号' },
  number: { en: 'Payment', zh: '支付单号' },
  tradeNo: { en: 'Alipay no.', zh: '支付宝交易号' },
  buyer: { en: 'Account', zh: '付款账户' },
  clerk: { en: 'Clerk', zh: '收银员' },
  shop: { en: 'Shop no.', zh: '门店编号' },
  thanks: { en: 'Thank you!', zh: '谢谢惠顾' },
  simulated: { en: 'SIMULATION, NOT A RECEIPT', zh: '模拟交易，不作凭证' },
} satisfies WordTable;

export const SHIFT = {
  title: { en: 'Shift', zh: '班次' },
  since: { en: (at: string) => `Since ${at}`, zh: (at: string) => `自 ${at} 起` },
  span: {
    en: (from: string, to: string) => `${from}\nto ${to}`,
    zh: (from: string, to: string) => `${from}\n至 ${to}`,
  },
  net: { en: 'Money taken, less refunds', zh: '实收净额' },
  paid: { en: 'Paid', zh: '已收款' },
  refunded: { en: 'Refunded', zh: '已退款' },
  barcode: { en: 'By payment code', zh: '付款码' },
  qr: { en: 'By QR code', zh: '收款码' },
  open: { en: 'Not certain yet', zh: '未确定' },
  unpaid: { en: 'Not paid', zh: '未付款' },
  count: { en: (count: number) => `${count}×`, zh: (count: number) => `${count} 笔` },
  openWarning: {
    en: (count: number) => `${count} payments are not certain yet. Close the shift once they are.`,
    zh: (count: number) => `还有 ${count} 笔收款未确定，建议确定后再交班。`,
  },
  print: { en: 'Print', zh: '打印' },
  close: { en: 'Close the shift', zh: '交班' },
  closeNow: { en: 'Close it now?', zh: '确认现在交班？' },
  yes: { en: 'Yes, close and begin a new one', zh: '确认交班并开始新班次' },
  no: { en: 'Not yet', zh: '暂不' },
  closed: {
    en: 'The shift is closed, and a new one has begun. Print it for the hand-over:',
    zh: '已交班，新班次已开始。可打印交班单：',
  },
  last: { en: 'The shift before', zh: '上一班次' },
  slip: { en: 'Shift report', zh: '交班单' },
  signature: { en: 'Signature', zh: '签字' },
} satisfies WordTable;
