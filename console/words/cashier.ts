/** Words of the cashier: short, and in the clerk's own language. Those of what became of a payment stand in `cashier-outcome.ts`. */
import type { WordTable } from './words.ts';

export const CASHIER = {
  title: { en: 'Cashier', zh: '收银台' },
  demo: { en: 'Simulator: no money moves', zh: '模拟器：不涉及真实资金' },
  wallet: { en: 'Guest’s wallet', zh: '顾客钱包' },
  walletQr: { en: 'Pay it in the guest’s wallet', zh: '在顾客钱包中付款' },
  console: { en: 'Console', zh: '管理后台' },
  amount: { en: 'Amount', zh: '收款金额' },
  keypad: { en: 'Keypad', zh: '数字键盘' },
  backspace: { en: 'Delete the last digit', zh: '删除一位' },
  clear: { en: 'Clear', zh: '清空' },
  code: { en: 'Payment code', zh: '付款码' },
  codeHint: { en: 'Scan it at any time', zh: '可随时扫描顾客的付款码' },
  charge: { en: 'Charge', zh: '收款' },
  showQr: { en: 'Show a QR code', zh: '出示收款码' },
  subject: { en: 'For', zh: '商品名称' },
  subjectHint: { en: 'What the guest reads in Alipay', zh: '顾客在支付宝中看到的名称' },
  defaultSubject: { en: 'Purchase', zh: '消费' },
  ready: { en: 'Ready', zh: '可以收款' },
  busy: {
    en: 'A payment is under way. This code was not charged.',
    zh: '正在收款，本次扫码未扣款。',
  },
  used: {
    en: 'This code was charged already. Ask the guest for a fresh one.',
    zh: '该付款码已使用，请顾客刷新付款码。',
  },
  no_code: {
    en: 'This is no payment code: those have 16 to 24 digits and begin with 25 to 30.',
    zh: '这不是付款码：付款码为 25 至 30 开头的 16 至 24 位数字。',
  },
  no_amount: { en: 'Type the amount first.', zh: '请先输入金额。' },
  held: {
    en: 'Code read. Now type the amount and press Enter.',
    zh: '已读取付款码，请输入金额并按回车。',
  },
  held_too_long: {
    en: 'The code is too old. Ask the guest for a fresh one.',
    zh: '付款码已过期，请顾客刷新后重新扫描。',
  },
  heldCode: { en: (end: string) => `Code …${end}`, zh: (end: string) => `付款码 …${end}` },
  dropHeld: { en: 'Forget this code', zh: '移除付款码' },
  mute: { en: 'Sound', zh: '提示音' },
  speak: { en: 'Read amounts out', zh: '语音播报' },
  on: { en: 'on', zh: '开' },
  off: { en: 'off', zh: '关' },
  sale: { en: 'Sale', zh: '收款' },
  recent: { en: 'Today', zh: '今日收款' },
  shift: { en: 'Shift', zh: '班次' },
  own: { en: 'Mine', zh: '我的' },
  everybody: { en: 'The whole shop', zh: '全店' },
  whose: { en: 'Whose payments', zh: '收款人' },
  nothingYet: { en: 'No payments yet today.', zh: '今日还没有收款。' },
  more: { en: 'More', zh: '更多' },
  details: {
    en: (reference: string) => `Payment ${reference}`,
    zh: (reference: string) => `收款 ${reference}`,
  },
  mayNotCharge: {
    en: 'Your role does not take payments. You see what was taken.',
    zh: '您的角色不能收款，可以查看收款记录。',
  },
  offline: {
    en: 'No connection to the gateway. Nothing is lost: what began is looked up as soon as it is back.',
    zh: '与网关的连接已中断。记录不会丢失，恢复后自动查询未完成的收款。',
  },
  chooseShop: { en: 'Which shop is this till in?', zh: '请选择本收银台所属门店' },
  otherShop: { en: 'Other shop', zh: '切换门店' },
  noShop: {
    en: 'There is no shop yet. The console registers one.',
    zh: '还没有门店，请在管理后台添加。',
  },
  noShopDemo: {
    en: 'There is no shop yet. With the simulator you can begin at once with a demonstration shop.',
    zh: '还没有门店。使用模拟器时可以立即创建演示门店。',
  },
  makeDemoShop: { en: 'Make a demonstration shop', zh: '创建演示门店' },
  demoShopName: { en: 'Demonstration tea house', zh: '演示茶馆' },
  suspended: { en: 'suspended', zh: '已停用' },
  close: { en: 'Close', zh: '关闭' },
  tryAgain: { en: 'Try again', zh: '重试' },
  asideWaiting: {
    en: (references: string) => `Still watched, you need not wait: ${references}`,
    zh: (references: string) => `系统持续查询中，无需等待：${references}`,
  },
  asidePaid: {
    en: (reference: string, amount: string) =>
      `${reference} · ${amount} was PAID after all. Hand the goods out, or refund it.`,
    zh: (reference: string, amount: string) =>
      `${reference} · ${amount} 最终已付款！请交付商品或退款。`,
  },
  seen: { en: 'Got it', zh: '知道了' },
} satisfies WordTable;

export const KEYS = {
  amount: { en: 'Digits: amount', zh: '数字键：金额' },
  enter: { en: 'Enter: go on', zh: '回车：继续' },
  q: { en: 'Q: QR code', zh: 'Q：收款码' },
  escape: { en: 'Esc: clear', zh: 'Esc：清空' },
} satisfies WordTable;
