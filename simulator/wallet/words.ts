/**
 * What people read in the wallet, in both languages side by side: a text that lacks one does not compile, nor does a magic code, a
 * fault or a notice that lacks its words. A text with something in it is a function. `Alipay`'s own codes stay as they are.
 */
import type { FaultKind } from '../book/entities.ts';
import type { MagicEnding } from '../magic-codes.ts';
import type { NoticeKind } from './outcomes.ts';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

type Words<Text = string> = Readonly<Record<Language, Text>>;
type With = Words<(value: string) => string>;

export const WORDS = {
  title: { en: 'Wallet', zh: '钱包' },
  simulated: { en: 'Simulation · no real money', zh: '模拟环境 · 非真实资金' },
  otherLanguage: { en: '中文', zh: 'English' },
  switchLanguage: { en: '切换到中文', zh: 'Switch to English' },
  buyer: { en: 'Who pays', zh: '付款人' },
  rich: { en: 'Rich buyer', zh: '富裕买家' },
  poor: { en: 'Poor buyer', zh: '余额不足买家' },
  balance: { en: 'Balance', zh: '账户余额' },
  views: { en: 'Parts of the wallet', zh: '钱包功能' },
  code: { en: 'Pay', zh: '付款码' },
  scan: { en: 'Scan', zh: '扫一扫' },
  history: { en: 'History', zh: '账单' },
  demo: { en: 'Demo', zh: '演示' },

  codeTitle: { en: 'Show this code to the shop', zh: '向商家出示付款码' },
  barCode: { en: 'Payment code as bar code', zh: '付款码条形码' },
  qrCode: { en: 'Payment code as QR code', zh: '付款码二维码' },
  digits: { en: 'Digits of the payment code', zh: '付款码数字' },
  renewNow: { en: 'Renew now', zh: '立即刷新' },
  copy: { en: 'Copy', zh: '复制' },
  copied: { en: 'Copied', zh: '已复制' },
  copyFailed: { en: 'Copying is not allowed here', zh: '此处不允许复制' },
  asksFirst: { en: 'Ask me before paying', zh: '付款前先询问我' },
  asksFirstHint: {
    en: 'The till sees 10003 until you confirm.',
    zh: '确认之前，收银台收到 10003（等待付款）。',
  },
  loading: { en: 'One moment…', zh: '请稍候…' },

  waiting: { en: 'Waiting for you', zh: '等待您确认' },
  confirmTitle: { en: 'Confirm payment', zh: '确认付款' },
  pay: { en: 'Pay', zh: '确认付款' },
  decline: { en: 'Decline', zh: '拒绝付款' },
  later: { en: 'Decide later', zh: '稍后决定' },
  open: { en: 'Show', zh: '查看' },
  done: { en: 'Done', zh: '完成' },
  close: { en: 'Close', zh: '关闭' },
  shop: { en: 'Shop', zh: '商家' },
  store: { en: 'Branch', zh: '门店' },
  subject: { en: 'For', zh: '商品' },
  orderNumber: { en: "Shop's number", zh: '商户单号' },
  tradeNumber: { en: 'Trade number', zh: '交易号' },
  payFrom: { en: 'From', zh: '付款账户' },

  scanTitle: { en: 'Scan a QR code', zh: '扫描二维码' },
  scanHint: {
    en: "Point the camera at the shop's QR code, or paste its text.",
    zh: '将摄像头对准商家的二维码，或粘贴二维码内容。',
  },
  openCamera: { en: 'Open the camera', zh: '打开摄像头' },
  closeCamera: { en: 'Close the camera', zh: '关闭摄像头' },
  cameraPicture: { en: 'Picture of the camera', zh: '摄像头画面' },
  looking: { en: 'Looking for a QR code…', zh: '正在寻找二维码…' },
  cameraRefused: {
    en: 'The browser may not use the camera. Allow it in the address bar, or paste the text below.',
    zh: '浏览器无权使用摄像头。请在地址栏中允许，或在下方粘贴二维码内容。',
  },
  cameraMissing: {
    en: 'There is no camera here that can be used. Paste the text below.',
    zh: '没有可用的摄像头。请在下方粘贴二维码内容。',
  },
  cameraInsecure: {
    en: 'Browsers open the camera only for https or on this same machine. Paste the text below.',
    zh: '浏览器仅在 https 或本机访问时允许使用摄像头。请在下方粘贴二维码内容。',
  },
  qrText: { en: 'Text of the QR code', zh: '二维码内容' },
  next: { en: 'Continue', zh: '下一步' },
  qrTextWrong: {
    en: 'The text of a QR code has no spaces and at most 1024 characters.',
    zh: '二维码内容不能包含空格，最多 1024 个字符。',
  },

  historyEmpty: {
    en: 'Nothing paid yet. What you pay and get back is listed here.',
    zh: '暂无记录。付款和退款会显示在这里。',
  },
  refundOf: { en: 'Refund', zh: '退款' },
  reason: { en: 'Reason', zh: '退款原因' },
  more: { en: 'Show more', zh: '加载更多' },
  fullyRefunded: { en: 'Refunded in full', zh: '已全额退款' },

  magicTitle: { en: 'Magic payment codes', zh: '魔法付款码' },
  magicHint: {
    en: 'Codes that tell a story. Let the till scan one, or paste its digits.',
    zh: '每个付款码对应一种情形。请用收银台扫描，或粘贴数字。',
  },
  magicSheet: { en: 'Magic code', zh: '魔法付款码' },
  goodOnce: { en: 'Good for one order.', zh: '一个付款码只能用于一笔订单。' },

  faultsTitle: { en: 'Faults', zh: '故障注入' },
  faultsHint: {
    en: 'The next calls of the shop suffer as chosen.',
    zh: '商家接下来的请求将按所选方式出错。',
  },
  faultKind: { en: 'What happens', zh: '故障类型' },
  faultMethod: { en: 'To which calls', zh: '作用于' },
  anyMethod: { en: 'Any call', zh: '所有请求' },
  faultTimes: { en: 'How often', zh: '次数' },
  faultDelay: { en: 'Delay in seconds', zh: '延迟（秒）' },
  faultExecuted: { en: 'The call is carried out all the same', zh: '请求仍会被执行' },
  setFault: { en: 'Set fault', zh: '设置故障' },
  endFaults: { en: 'End all faults', zh: '清除所有故障' },
  noFaults: { en: 'No faults are set.', zh: '当前没有故障。' },
  setFaults: { en: 'Faults that are set', zh: '已设置的故障' },
  notExecuted: { en: 'not carried out', zh: '不执行' },

  clockTitle: { en: 'Clock', zh: '时钟' },
  clockHint: {
    en: 'Timeouts, bills and notifications follow. It never goes back.',
    zh: '超时、账单和通知随之变化。时钟不能倒退。',
  },
  clockNow: { en: 'It is now', zh: '当前时间' },
  minute: { en: '1 minute', zh: '1 分钟' },
  tenMinutes: { en: '10 minutes', zh: '10 分钟' },
  hour: { en: '1 hour', zh: '1 小时' },
  day: { en: '1 day', zh: '1 天' },
  aheadNothing: { en: 'in step with real time', zh: '与真实时间一致' },

  lost: {
    en: 'The simulator does not answer. Trying again…',
    zh: '模拟器没有响应，正在重试…',
  },
  failed: { en: 'That did not work', zh: '操作失败' },
  tokenTitle: { en: 'Control token', zh: '控制令牌' },
  tokenHint: {
    en: 'You are not on the machine of the simulator. Enter the control token that it was started with.',
    zh: '您不在模拟器所在的机器上。请输入启动模拟器时设置的控制令牌。',
  },
  tokenWrong: { en: 'This token is not accepted.', zh: '令牌无效。' },
  enter: { en: 'Continue', zh: '继续' },
} as const satisfies Record<string, Words>;

export const SENTENCES = {
  renewsIn: { en: (left) => `New code in ${left}`, zh: (left) => `${left} 后自动刷新` },
  expiresIn: { en: (left) => `Open for ${left}`, zh: (left) => `剩余 ${left}` },
  refunded: { en: (amount) => `${amount} refunded`, zh: (amount) => `已退款 ${amount}` },
  times: { en: (count) => `${count}×`, zh: (count) => `${count} 次` },
  seconds: { en: (count) => `${count} s`, zh: (count) => `${count} 秒` },
  ahead: { en: (time) => `${time} ahead`, zh: (time) => `快 ${time}` },
  forward: { en: (time) => `+ ${time}`, zh: (time) => `+ ${time}` },
} as const satisfies Record<string, With>;

export const NOTICES: Record<NoticeKind, { title: Words; text: Words }> = {
  paid: {
    title: { en: 'Paid', zh: '付款成功' },
    text: { en: 'The shop has your payment.', zh: '商家已收到您的付款。' },
  },
  already_paid: {
    title: { en: 'Paid already', zh: '已付款' },
    text: { en: 'Nothing was charged again.', zh: '没有重复扣款。' },
  },
  declined: {
    title: { en: 'Declined', zh: '已拒绝付款' },
    text: { en: 'Nothing was charged.', zh: '未扣款。' },
  },
  too_late: {
    title: { en: 'Too late', zh: '付款超时' },
    text: {
      en: 'The time for this payment is over. Nothing was charged.',
      zh: '付款时间已过，未扣款。',
    },
  },
  closed_by_shop: {
    title: { en: 'Cancelled by the shop', zh: '商家已取消' },
    text: { en: 'Nothing was charged.', zh: '未扣款。' },
  },
  returned: {
    title: { en: 'Given back', zh: '款项已退回' },
    text: { en: 'The shop has returned your money.', zh: '商家已将款项退回您的账户。' },
  },
  no_balance: {
    title: { en: 'Not enough balance', zh: '余额不足' },
    text: {
      en: 'Nothing was charged. The rich buyer can pay.',
      zh: '未扣款。可切换为富裕买家付款。',
    },
  },
  unknown_code: {
    title: { en: 'Unknown code', zh: '无法识别的二维码' },
    text: {
      en: 'This is no QR code of a shop at this simulator.',
      zh: '这不是此模拟器中商家的二维码。',
    },
  },
  expired_code: {
    title: { en: 'Code expired', zh: '二维码已失效' },
    text: { en: 'Ask the shop for a new one.', zh: '请商家重新生成二维码。' },
  },
  taken_code: {
    title: { en: 'Scanned by somebody else', zh: '二维码已被他人扫描' },
    text: { en: 'One code, one buyer.', zh: '一个二维码只能由一位买家付款。' },
  },
  in_doubt: {
    title: { en: 'No answer', zh: '没有响应' },
    text: {
      en: 'It is not known whether this was done. History and balance will tell.',
      zh: '操作结果未知，请查看账单和余额。',
    },
  },
};

export const STORIES: Record<MagicEnding, Words> = {
  '0001': {
    en: 'The buyer types the password and pays 3 s later',
    zh: '买家输入密码，3 秒后付款',
  },
  '0002': {
    en: 'The buyer is asked and never pays by himself',
    zh: '等待买家付款，买家不会自动付款',
  },
  '0003': { en: 'Refused: not enough balance', zh: '拒绝：余额不足' },
  '0004': { en: 'Refused: the code is invalid', zh: '拒绝：付款码无效' },
  '0005': { en: 'Unknown error (20000), but the money moved', zh: '未知错误（20000），但已扣款' },
  '0006': { en: 'Unknown error (20000), the money did not move', zh: '未知错误（20000），未扣款' },
  '0007': { en: 'Paid, the connection breaks before the answer', zh: '已扣款，响应前连接断开' },
  '0008': { en: 'Paid, the answer comes after 60 s', zh: '已扣款，60 秒后才响应' },
  '0009': {
    en: 'As 0007, and a query does not find the trade for 5 s',
    zh: '同 0007，且 5 秒内查询不到交易',
  },
  '0010': { en: "Paid, the answer's signature is wrong", zh: '已扣款，响应签名错误' },
  '0011': { en: 'The buyer is asked and declines 2 s later', zh: '等待买家付款，2 秒后买家拒绝' },
  '0012': {
    en: 'Paid, every notification comes three times and out of order',
    zh: '已付款，每条通知重复三次且乱序',
  },
};

export const FAULTS: Record<FaultKind, Words> = {
  drop_request: { en: 'Request lost, not carried out', zh: '请求丢失，未执行' },
  drop_response: { en: 'Answer lost', zh: '响应丢失' },
  delay: { en: 'Answer delayed', zh: '响应延迟' },
  http_502: { en: 'HTTP 502', zh: 'HTTP 502 错误' },
  empty_body: { en: 'Empty answer', zh: '空响应' },
  unknown_20000: { en: 'Unknown error 20000', zh: '未知错误 20000' },
  unknown_20000_gbk: {
    en: 'Unknown error 20000, unsigned, GBK',
    zh: '未知错误 20000（GBK，无签名）',
  },
  bad_signature: { en: 'Wrong signature', zh: '签名错误' },
  no_signature: { en: 'No signature', zh: '缺少签名' },
  tampered_body: { en: 'Answer tampered with', zh: '响应被篡改' },
  duplicate_request: { en: 'Request arrives twice', zh: '请求重复到达' },
};
