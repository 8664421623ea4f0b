/** Words of merchants: the list, one merchant, and its Alipay application. The keys and certificates have a table of their own. */
import type { WordTable } from './words.ts';

export const STANDING_WORDS = {
  active: { en: 'Takes payments', zh: '正常收款' },
  suspended: { en: 'Suspended', zh: '已停用' },
  no_alipay_key: { en: 'Alipay’s key is missing', zh: '缺少支付宝公钥' },
  expiring: {
    en: (day: string) => `Certificate ends ${day}`,
    zh: (day: string) => `证书 ${day} 到期`,
  },
  expired: {
    en: (day: string) => `Certificate ended ${day}`,
    zh: (day: string) => `证书已于 ${day} 过期`,
  },
} satisfies WordTable;

export const MERCHANTS = {
  tableOf: { en: 'Merchants, oldest first', zh: '商户列表，最早的在前' },
  none: { en: 'No merchant is registered yet.', zh: '还没有登记商户。' },
  find: { en: 'Find a merchant', zh: '查找商户' },
  add: { en: 'Add a merchant', zh: '添加商户' },
  addTitle: { en: 'Add a merchant', zh: '添加商户' },
  added: { en: 'The merchant is registered', zh: '商户已登记' },
  all: { en: 'All merchants', zh: '全部商户' },
  state: { en: 'State', zh: '状态' },
  facts: { en: 'Facts', zh: '资料' },
  name: { en: 'Name', zh: '名称' },
  nameHint: { en: 'For people: in lists and on receipts', zh: '供人识别：显示在列表和小票上' },
  id: { en: 'Id', zh: '编号' },
  shopNo: { en: 'Shop number', zh: '门店号' },
  shopNoHint: {
    en: 'Your own number of the shop; letters, digits, _ and -',
    zh: '您自己给门店的编号；字母、数字、_ 和 -',
  },
  storeNo: { en: 'Number within the account', zh: '账户内编号' },
  sellerId: { en: 'Alipay account (PID)', zh: '支付宝账户（PID）' },
  sellerIdHint: {
    en: 'Receives the money: 2088 and twelve more digits',
    zh: '收款账户：2088 开头，共 16 位数字',
  },
  appId: { en: 'Alipay application', zh: '支付宝应用（app id）' },
  appIdHint: {
    en: 'From open.alipay.com. Merchants with the same one share its keys.',
    zh: '来自 open.alipay.com。使用同一应用的商户共用密钥。',
  },
  signType: { en: 'Signature', zh: '签名方式' },
  signTypeHint: {
    en: 'RSA2, but for applications of before 2018',
    zh: '一般为 RSA2；2018 年以前的应用可能是 RSA',
  },
  mode: { en: 'Signs with', zh: '接口加签' },
  keyMode: { en: 'Keys', zh: '密钥' },
  certificateMode: { en: 'Certificates', zh: '证书' },
  barcodeProduct: { en: 'Product code for payment codes', zh: '付款码的产品码' },
  qrProduct: { en: 'Product code for QR codes', zh: '二维码的产品码' },
  productHint: {
    en: 'FACE_TO_FACE_PAYMENT, unless the contract with Alipay has another',
    zh: '一般为 FACE_TO_FACE_PAYMENT，以签约内容为准',
  },
  created: { en: 'Registered', zh: '登记时间' },
  changeTitle: { en: 'Change the merchant', zh: '修改商户' },
  changed: { en: 'The merchant is changed', zh: '商户已修改' },
  sharedNote: {
    en: 'The application and its keys are shared by all merchants with the same app id.',
    zh: '应用及其密钥由 app id 相同的所有商户共用。',
  },
  suspend: { en: 'Suspend', zh: '停用' },
  suspendTitle: { en: 'Suspend this merchant?', zh: '停用该商户？' },
  suspendDoes: {
    en: 'New payments are refused at once, at tills too. What began is settled, cancelled and refunded as ever.',
    zh: '立即拒绝新的支付，收银端也一样。已发起的支付照常结清、撤销和退款。',
  },
  suspendYes: { en: 'Suspend it', zh: '确认停用' },
  suspended: { en: 'Suspended: it begins no payment', zh: '已停用，不再发起支付' },
  resume: { en: 'Resume', zh: '恢复' },
  resumeTitle: { en: 'Take payments again?', zh: '恢复收款？' },
  resumeDoes: {
    en: 'New payments are taken again from now on.',
    zh: '从现在起恢复接受新的支付。',
  },
  resumeYes: { en: 'Take payments', zh: '确认恢复' },
  resumed: { en: 'It takes payments again', zh: '已恢复收款' },
  provider: { en: 'Service provider', zh: '服务商（ISV）' },
  providerNone: {
    en: 'The merchant uses an application of its own. Where yours acts for it, give the token that Alipay showed when the merchant authorised you.',
    zh: '商户使用自己的应用。若由您的应用代为收款，请填写商户授权后支付宝给出的令牌。',
  },
  providerGiven: {
    en: (hint: string, at: string) => `Acts with the token that ends in ${hint}, given ${at}.`,
    zh: (hint: string, at: string) => `使用尾号为 ${hint} 的授权令牌，提供于 ${at}。`,
  },
  providerGive: { en: 'Give a token', zh: '填写令牌' },
  providerReplace: { en: 'Replace the token', zh: '更换令牌' },
  providerTitle: { en: 'Authorisation of the merchant', zh: '商户授权' },
  token: { en: 'Token (app_auth_token)', zh: '授权令牌（app_auth_token）' },
  tokenHint: {
    en: 'It is kept sealed. One that takes another’s place is tried at Alipay first.',
    zh: '加密保存。更换时会先在支付宝验证。',
  },
  providerId: { en: 'Your own PID, for the commission', zh: '您的 PID，用于返佣' },
  providerSaved: { en: 'The token is stored', zh: '令牌已保存' },
  providerEnd: { en: 'End it', zh: '结束授权' },
  providerEndTitle: { en: 'Act without the token?', zh: '不再使用该令牌？' },
  providerEndDoes: {
    en: 'New payments go to Alipay without the token: right only where the application belongs to the merchant itself.',
    zh: '新的支付不再携带令牌：仅当应用属于商户自己时才正确。',
  },
  providerEndYes: { en: 'End it', zh: '确认结束' },
  providerEnded: { en: 'The token is used no more', zh: '已不再使用该令牌' },
} satisfies WordTable;
