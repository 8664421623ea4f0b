/** Words of webhook endpoints: who is called when something happens, and how. Those of deliveries are in `deliveries.ts`. */
import type { Event, WebhookEndpoint } from '../../client/client.ts';
import type { WordTable } from './words.ts';

export const WEBHOOKS = {
  explain: {
    en: 'A program of yours is called, signed, when something happens to a payment or a refund.',
    zh: '支付或退款有变化时，网关调用您的程序，并附上签名。',
  },
  tableOf: { en: 'Endpoints, oldest first', zh: '端点列表，最早的在前' },
  all: { en: 'All webhooks', zh: '全部 Webhook' },
  none: {
    en: 'No program is called yet. Add an endpoint for each that shall hear of payments.',
    zh: '还没有端点。请为每个要接收事件的程序添加一个。',
  },
  url: { en: 'Address', zh: '地址' },
  urlHint: {
    en: 'Where events are sent to by POST. It begins with https:// and is on the internet, unless the setting F2F_WEBHOOKS allows more.',
    zh: '事件以 POST 发送到此地址。须为互联网上的 https:// 地址，除非设置 F2F_WEBHOOKS 允许更多。',
  },
  description: { en: 'Description', zh: '说明' },
  descriptionHint: { en: 'For people: which program this is', zh: '供人识别：这是哪个程序' },
  merchant: { en: 'Merchant', zh: '商户' },
  everyMerchant: { en: 'All merchants', zh: '全部商户' },
  merchantHint: {
    en: 'Whose events it hears. It stays so: add another endpoint for another merchant.',
    zh: '接收哪个商户的事件。添加后不能更改，其他商户请另加端点。',
  },
  hears: { en: 'Events', zh: '事件' },
  allEvents: { en: 'All', zh: '全部' },
  everything: { en: 'All, also kinds that come later', zh: '全部，包括以后新增的类型' },
  onlyThese: { en: 'Only these', zh: '仅以下类型' },
  typesNeeded: { en: 'Choose at least one', zh: '请至少选择一项' },
  state: { en: 'State', zh: '状态' },
  vainSince: {
    en: (at: string) => `No success since ${at}`,
    zh: (at: string) => `自 ${at} 起投递未成功`,
  },
  olderUntil: {
    en: (at: string) => `The older secret signs until ${at}`,
    zh: (at: string) => `旧签名密钥有效至 ${at}`,
  },
  created: { en: 'Added', zh: '添加时间' },
  id: { en: 'Id', zh: '编号' },
  facts: { en: 'Facts', zh: '资料' },
  add: { en: 'Add an endpoint', zh: '添加端点' },
  addTitle: { en: 'Add a webhook endpoint', zh: '添加 Webhook 端点' },
  addedTitle: { en: 'The endpoint is added', zh: '端点已添加' },
  secret: { en: 'Secret', zh: '签名密钥' },
  secretUse: {
    en: 'Your program verifies the signature of each call with it (Standard Webhooks).',
    zh: '您的程序用它验证每次调用的签名（Standard Webhooks）。',
  },
  changeTitle: { en: 'Change the endpoint', zh: '修改端点' },
  changed: { en: 'The endpoint is changed', zh: '端点已修改' },
  failingTitle: {
    en: (at: string) => `Nothing is sent any more: all attempts since ${at} were in vain`,
    zh: (at: string) => `已停止投递：自 ${at} 起的尝试均未成功`,
  },
  failingAdvice: {
    en: 'Look at the last attempts below, put the program or the address right, and press “Send a test”. When the test is answered, enable the endpoint: what it is still owed is sent at once. What failed for good, send again with “Resend a period”.',
    zh: '请查看下方最近的尝试，修复程序或地址，然后点“发送测试”。测试有应答后启用端点：尚未送达的立即补发。已最终失败的，用“重发一段时间”再次发送。',
  },
  vainAdvice: {
    en: 'It is tried again by itself, less and less often, for three days. Then the endpoint is failing, and waits for you.',
    zh: '网关会自动重试，间隔逐渐变长，持续三天；之后端点转为“投递失败”，等待您处理。',
  },
  enable: { en: 'Enable', zh: '启用' },
  enableTitle: { en: 'Enable this endpoint?', zh: '启用该端点？' },
  enableDoes: {
    en: 'Events are sent to it from now on. What it is still owed from before is sent at once.',
    zh: '从现在起向它发送事件；此前尚未送达的立即补发。',
  },
  enableYes: { en: 'Enable it', zh: '确认启用' },
  enabled: { en: 'The endpoint is enabled', zh: '端点已启用' },
  disable: { en: 'Disable', zh: '停用' },
  disableTitle: { en: 'Disable this endpoint?', zh: '停用该端点？' },
  disableDoes: {
    en: 'Nothing is sent to it until it is enabled again. What happens meanwhile is not sent later by itself; “Resend a period” can send it.',
    zh: '重新启用之前不再向它发送。此期间发生的事件之后不会自动补发，可用“重发一段时间”发送。',
  },
  disableYes: { en: 'Disable it', zh: '确认停用' },
  disabled: { en: 'The endpoint is disabled', zh: '端点已停用' },
  rotate: { en: 'New secret', zh: '更换签名密钥' },
  rotateTitle: { en: 'Make a new secret?', zh: '更换签名密钥？' },
  rotateDoes: {
    en: 'The new secret signs at once. For one day the older one signs beside it: each call carries both signatures, and your program goes on with either.',
    zh: '新密钥立即用于签名。一天之内旧密钥同时签名：每次调用带有两个签名，您的程序用哪个验证都可以。',
  },
  rotateThen: {
    en: 'Give the new one to your program within that day. Making a third one now ends the first.',
    zh: '请在这一天内把新密钥交给您的程序。其间再次更换会使最早的一个失效。',
  },
  rotateYes: { en: 'Make a new secret', zh: '确认更换' },
  rotatedTitle: { en: 'The new secret', zh: '新的签名密钥' },
  delete: { en: 'Delete', zh: '删除' },
  deleteTitle: { en: 'Delete this endpoint?', zh: '删除该端点？' },
  deleteDoes: {
    en: 'Nothing more is sent to it, and what it was still owed ends. It cannot be taken back.',
    zh: '不再向它发送，尚未送达的也随之结束。删除后无法恢复。',
  },
  deleteYes: { en: 'Delete it', zh: '确认删除' },
  deleted: { en: 'The endpoint is deleted', zh: '端点已删除' },
  test: { en: 'Send a test', zh: '发送测试' },
  testOk: { en: 'The program took the test', zh: '程序已接收测试' },
  testRefused: { en: 'The program did not take the test', zh: '程序没有接收测试' },
  testAdvice: {
    en: 'Only a status from 200 to 299 within ten seconds counts as taken.',
    zh: '十秒内以 200 到 299 的状态应答才算接收。',
  },
} satisfies WordTable;

export const ENDPOINT_STATE_WORDS = {
  enabled: { en: 'Enabled', zh: '已启用' },
  disabled: { en: 'Disabled', zh: '已停用' },
  failing: { en: 'Failing', zh: '投递失败' },
} satisfies WordTable & Record<WebhookEndpoint['state'], unknown>;

export const EVENT_WORDS = {
  'payment.created': { en: 'A payment was begun', zh: '支付已发起' },
  'payment.awaiting_buyer': { en: 'The guest has to confirm or scan', zh: '等待顾客确认或扫码' },
  'payment.paid': { en: 'The guest paid', zh: '顾客已付款' },
  'payment.declined': { en: 'Alipay declined', zh: '支付宝拒绝' },
  'payment.closed': { en: 'It ended unpaid', zh: '未付款而关闭' },
  'payment.reversed': { en: 'It was taken back', zh: '已撤销' },
  'refund.created': { en: 'A refund was asked for', zh: '退款已发起' },
  'refund.succeeded': { en: 'The money went back', zh: '退款成功' },
  'refund.failed': { en: 'Alipay refused the refund', zh: '支付宝拒绝退款' },
} satisfies WordTable & Record<Event['type'], unknown>;
