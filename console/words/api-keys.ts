/** Words of API keys: what programs sign their calls with. */
import type { WordTable } from './words.ts';

export const API_KEYS = {
  explain: {
    en: 'With a key a program calls the API: a till, an ordering system, a report.',
    zh: '程序凭密钥调用 API，例如收银系统、点单系统、报表程序。',
  },
  tableOf: { en: 'API keys, newest first', zh: 'API 密钥列表，最新的在前' },
  which: { en: 'Which', zh: '范围' },
  active: { en: 'Active', zh: '有效' },
  all: { en: 'With revoked ones', zh: '包括已吊销' },
  none: {
    en: 'There is no key yet. Make one for each program.',
    zh: '还没有密钥。请为每个程序创建一个。',
  },
  noneActive: { en: 'No key is active.', zh: '没有有效的密钥。' },
  name: { en: 'Name', zh: '名称' },
  nameHint: {
    en: 'What uses it, for people: “Till 1”, “Monthly report”',
    zh: '供人识别用途，例如“1 号收银台”“月度报表”',
  },
  hint: { en: 'Begins with', zh: '开头' },
  merchant: { en: 'Merchant', zh: '商户' },
  everyMerchant: { en: 'All merchants', zh: '全部商户' },
  merchantHint: {
    en: 'A merchant’s key sees and does nothing for others. One for all merchants names one in each call.',
    zh: '单个商户的密钥无法查看或操作其他商户。面向全部商户的密钥在每次调用时指明商户。',
  },
  scopes: { en: 'What it may do', zh: '权限' },
  scopesNeeded: { en: 'Choose at least one', zh: '请至少选择一项' },
  scopeOfAll: { en: 'Only for a key of all merchants.', zh: '仅可用于面向全部商户的密钥。' },
  scopeLacking: { en: 'Your own role lacks it.', zh: '您自己的角色没有此权限。' },
  created: { en: 'Made', zh: '创建时间' },
  lastUsed: { en: 'Last used', zh: '最近使用' },
  never: { en: 'never', zh: '从未使用' },
  acts: { en: 'Actions', zh: '操作' },
  make: { en: 'Make a key', zh: '创建密钥' },
  makeTitle: { en: 'Make an API key', zh: '创建 API 密钥' },
  madeTitle: { en: 'The new key', zh: '新的密钥' },
  secret: { en: 'API key', zh: 'API 密钥' },
  secretUse: {
    en: 'Programs send it as Authorization: Bearer … Keep it as you keep a password.',
    zh: '程序在请求头 Authorization: Bearer … 中发送。请像密码一样保管。',
  },
  revoke: { en: 'Revoke', zh: '吊销' },
  revokeTitle: {
    en: (name: string) => `Revoke the key “${name}”?`,
    zh: (name: string) => `吊销密钥“${name}”？`,
  },
  revokeDoes: {
    en: 'Whatever uses this key stops at once: each further call with it is refused. What was begun with it is settled as ever.',
    zh: '使用该密钥的程序立即停止：此后用它的每次调用都会被拒绝。已发起的支付和退款照常处理。',
  },
  revokeForGood: {
    en: 'It cannot be taken back. Make another key first where work has to go on.',
    zh: '吊销后无法恢复。如需继续工作，请先创建另一个密钥。',
  },
  revokeYes: { en: 'Revoke it', zh: '确认吊销' },
  revoked: { en: 'The key is revoked', zh: '密钥已吊销' },
  revokedAt: {
    en: (at: string) => `Revoked ${at}`,
    zh: (at: string) => `已于 ${at} 吊销`,
  },
} satisfies WordTable;

export const SCOPE_WORDS = {
  read: { en: 'Look', zh: '查看' },
  charge: { en: 'Charge', zh: '收款' },
  refund: { en: 'Refund', zh: '退款' },
  manage: { en: 'Manage', zh: '管理' },
  administer: { en: 'Administer', zh: '系统管理' },
} satisfies WordTable;

export const SCOPE_MEANINGS = {
  read: { en: 'See payments, refunds and merchants.', zh: '查看支付、退款和商户。' },
  charge: { en: 'Begin and cancel payments.', zh: '发起和撤销支付。' },
  refund: { en: 'Give money back.', zh: '把钱退给顾客。' },
  manage: { en: 'Set up merchants, webhooks and keys.', zh: '设置商户、Webhook 和密钥。' },
  administer: {
    en: 'Set up people who sign in, and see the audit log and the settings.',
    zh: '管理登录用户，查看操作记录和设置。',
  },
} satisfies WordTable;
