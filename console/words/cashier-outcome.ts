/** What the cashier says of one payment: what is going on, what became of it, and what to do. */
import type { WordTable } from './words.ts';

/** What is large on the screen, and the sentence below it. */
export const VERDICT = {
  sending: { en: 'Charging', zh: '正在收款' },
  sendingText: { en: 'One moment, Alipay is being asked.', zh: '请稍候，正在请求支付宝。' },
  preparing: { en: 'Making the QR code', zh: '正在生成收款码' },
  slow: {
    en: 'Alipay has not answered yet. The outcome is unknown and being checked. Do not charge again.',
    zh: '支付宝尚未应答，结果未知，正在查询。请勿重复收款。',
  },
  looking: { en: 'Outcome unknown, checking', zh: '结果未知，正在查询' },
  lookingText: {
    en: 'The gateway has not answered. The payment may have succeeded. It is looked up by its number until there is an answer. Do not charge again.',
    zh: '网关没有应答，这笔收款可能已成功。正在按单号查询，直到有结果为止。请勿重复收款。',
  },
  confirm: { en: 'Waiting for the guest', zh: '等待顾客确认' },
  confirmText: {
    en: 'The guest has to confirm on the phone.',
    zh: '请顾客在手机上输入密码确认付款。',
  },
  scanMe: { en: 'Scan with Alipay', zh: '请用支付宝扫码' },
  expiring: { en: 'The code has expired', zh: '收款码已过期' },
  expiringText: {
    en: 'Making sure that nobody paid it. Then a new code comes by itself.',
    zh: '正在确认无人付款，随后自动生成新的收款码。',
  },
  cancelling: { en: 'Cancelling', zh: '正在取消' },
  cancellingText: {
    en: 'Alipay is asked what became of the money.',
    zh: '正在向支付宝确认款项状态。',
  },
  paid: { en: 'Paid', zh: '收款成功' },
  paidText: { en: 'The money is there. Hand the goods out.', zh: '款项已到账，请交付商品。' },
  paidBeforeCancel: {
    en: 'The guest had paid before the cancel. The money is there: hand the goods out, or refund it.',
    zh: '取消之前顾客已付款，款项已到账：请交付商品，或办理退款。',
  },
  declined: { en: 'Not paid', zh: '收款失败' },
  declinedText: {
    en: 'Alipay refused. Nothing was charged.',
    zh: '支付宝拒绝了这笔收款，未扣款。',
  },
  closed: { en: 'Not paid', zh: '未付款' },
  closedText: {
    en: 'The payment ended unpaid. Nothing was charged.',
    zh: '这笔收款已关闭，未扣款。',
  },
  cancelled: { en: 'Cancelled', zh: '已取消' },
  cancelledText: { en: 'Nothing was charged.', zh: '未扣款。' },
  reversed: { en: 'Money returned', zh: '款项已退回' },
  reversedText: {
    en: 'The guest had paid, and all of it went back.',
    zh: '顾客曾付款，款项已全额退回。',
  },
  withdrawn: { en: 'Code taken off the screen', zh: '收款码已撤下' },
  withdrawnText: {
    en: 'Nobody has paid so far. A guest who photographed the code could still pay until it ends: you would be told here.',
    zh: '目前无人付款。若顾客已拍下收款码，在失效前仍可能付款，届时会在此提示。',
  },
  refused: { en: 'Not charged', zh: '未收款' },
  absent: { en: 'Not charged', zh: '未收款' },
  absentText: {
    en: 'The gateway has checked: this charge never reached it. Nothing was charged. You can charge again.',
    zh: '已确认：网关没有收到这次请求，未扣款，可以重新收款。',
  },
} satisfies WordTable;

export const OUTCOME = {
  qrAlt: { en: 'QR code of the payment', zh: '收款二维码' },
  leftTime: {
    en: (left: string) => `${left} left`,
    zh: (left: string) => `剩余 ${left}`,
  },
  renewed: {
    en: (count: number) => `New code (no. ${count + 1})`,
    zh: (count: number) => `新收款码（第 ${count + 1} 个）`,
  },
  cancelUnanswered: {
    en: 'The cancel got no answer. The payment is still being watched; you can cancel again.',
    zh: '取消请求没有应答。仍在查询这笔收款，可以再次取消。',
  },
  silent: {
    en: 'No connection. Checking again as soon as it is back.',
    zh: '连接中断，恢复后自动继续查询。',
  },
  cancel: { en: 'Cancel', zh: '取消收款' },
  setAside: { en: 'Next guest; keep looking after this one', zh: '先收下一位，继续查询这笔' },
  scanAgain: {
    en: 'Scan a fresh code to try the same bill again.',
    zh: '扫描新的付款码即可重试本单。',
  },
  again: { en: 'Try again with a QR code', zh: '改用收款码重试' },
  newQr: { en: 'Show a new code', zh: '重新出示收款码' },
  next: { en: 'Next sale', zh: '下一笔' },
  receipt: { en: 'Receipt', zh: '打印小票' },
  refund: { en: 'Refund', zh: '退款' },
  spokenPaid: {
    en: (yuan: string) => `Received ${yuan} yuan`,
    zh: (yuan: string) => `收款${yuan}元`,
  },
  spokenUnpaid: { en: 'Not paid', zh: '收款未成功' },
} satisfies WordTable;

/** Of a payment in a list. */
export const STATES = {
  created: { en: 'checking', zh: '查询中' },
  awaiting_buyer: { en: 'waiting', zh: '待付款' },
  paid: { en: 'paid', zh: '已付款' },
  declined: { en: 'declined', zh: '失败' },
  closed: { en: 'not paid', zh: '未付款' },
  reversed: { en: 'returned', zh: '已退回' },
  refunded: { en: 'refunded', zh: '已退款' },
  partly: { en: 'partly refunded', zh: '部分退款' },
} satisfies WordTable;

/** What Alipay refuses most, in the words of a counter; of everything else Alipay's own sentence is shown. */
export const REFUSALS = {
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': {
    en: 'The guest has too little money. Ask for another way to pay in Alipay.',
    zh: '顾客余额不足，请顾客在支付宝中更换付款方式。',
  },
  'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH': {
    en: 'The guest’s bank card has too little money. Ask for another card.',
    zh: '顾客银行卡余额不足，请顾客更换银行卡。',
  },
  'ACQ.PAYMENT_AUTH_CODE_INVALID': {
    en: 'The code is not valid, or too old. Ask the guest to refresh it.',
    zh: '付款码无效或已过期，请顾客刷新付款码。',
  },
  'ACQ.SOUNDWAVE_PARSER_FAIL': {
    en: 'The code could not be read. Ask the guest to refresh it.',
    zh: '付款码无法识别，请顾客刷新付款码。',
  },
  'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR': {
    en: 'The guest has reached a daily limit.',
    zh: '顾客已达到当日付款限额。',
  },
  'ACQ.BEYOND_PAY_RESTRICTION': {
    en: 'The shop may not take this much. Ask the operator.',
    zh: '超出商户收款限额，请联系管理员。',
  },
  'ACQ.BUYER_ENABLE_STATUS_FORBID': {
    en: 'The guest’s account may not pay. Ask the guest to look into Alipay.',
    zh: '顾客账户状态异常，请顾客在支付宝中查看。',
  },
  'ACQ.ACCESS_FORBIDDEN': {
    en: 'The shop has no contract with Alipay for this way to pay. Ask the operator.',
    zh: '商户未签约此收款产品，请联系管理员。',
  },
} satisfies WordTable;
