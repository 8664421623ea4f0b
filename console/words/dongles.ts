/** Words of dongles: what tills of the v1 API call with. */
import type { Dongle } from '../../client/client.ts';
import type { WordTable } from './words.ts';

export const DONGLES = {
  explain: {
    en: 'Tills that use the v1 API call with the number of a dongle. The setting F2F_ENROLMENT decides whether one that nobody registered gets a key.',
    zh: '使用 v1 API 的收银端凭加密狗编号调用。未登记的加密狗能否领取密钥，由设置 F2F_ENROLMENT 决定。',
  },
  tableOf: { en: 'Dongles, by number', zh: '加密狗列表，按编号排列' },
  none: {
    en: 'There is no dongle yet. Register one for each till that uses the v1 API.',
    zh: '还没有加密狗。请为每台使用 v1 API 的收银端登记一个。',
  },
  operatorsOnly: {
    en: 'Dongles are for whoever is of all merchants: one may use the merchants of several owners.',
    zh: '加密狗由面向全部商户的用户管理：一个加密狗可以使用多个商户。',
  },
  number: { en: 'Number', zh: '编号' },
  numberHint: { en: 'The 32 characters on the dongle', zh: '加密狗上的 32 位编号' },
  state: { en: 'State', zh: '状态' },
  byOperator: { en: 'Registered by an operator', zh: '人工登记' },
  byItself: { en: 'Enrolled by itself', zh: '自行登记' },
  own: { en: 'Own merchants', zh: '自有商户' },
  granted: { en: 'Granted merchants', zh: '授权商户' },
  acts: { en: 'Actions', zh: '操作' },
  register: { en: 'Register a dongle', zh: '登记加密狗' },
  registerTitle: { en: 'Register a dongle', zh: '登记加密狗' },
  registerNote: {
    en: 'It may then ask for its secret key, once. A revoked one is registered anew.',
    zh: '登记后可领取一次密钥。已吊销的会重新登记。',
  },
  registerYes: { en: 'Register it', zh: '登记' },
  registered: { en: 'The dongle is registered', zh: '加密狗已登记' },
  reopen: { en: 'Reopen', zh: '重新开放' },
  reopenTitle: {
    en: 'Let this dongle ask for a new key?',
    zh: '允许该加密狗重新领取密钥？',
  },
  reopenDoes: {
    en: 'The till may ask for a secret key once more, and gets a new one. The present key works until then. For a till that lost its key.',
    zh: '收银端可以再领取一次，得到新的密钥；在此之前现有密钥继续有效。用于丢失密钥的收银端。',
  },
  reopenStolen: {
    en: 'Was the key stolen? Then revoke first, and reopen after that.',
    zh: '如果密钥被盗，请先吊销，再重新开放。',
  },
  reopenYes: { en: 'Let it ask', zh: '确认开放' },
  reopened: { en: 'The dongle may ask for a new key', zh: '该加密狗可以重新领取密钥' },
  mayAsk: { en: 'It may ask for its key already.', zh: '它已经可以领取密钥。' },
  revoke: { en: 'Revoke', zh: '吊销' },
  revokeTitle: { en: 'Revoke this dongle?', zh: '吊销该加密狗？' },
  revokeDoes: {
    en: 'Its key and all its tokens end at once: the till can charge, ask and refund no more. What it began is settled as ever.',
    zh: '其密钥和全部令牌立即失效：收银端不能再收款、查询和退款。已发起的支付照常处理。',
  },
  revokeBack: {
    en: '“Reopen” lets it ask for a new key again.',
    zh: '之后可用“重新开放”允许它领取新的密钥。',
  },
  revokeYes: { en: 'Revoke it', zh: '确认吊销' },
  revoked: { en: 'The dongle is revoked', zh: '加密狗已吊销' },
  isRevoked: { en: 'It is revoked already.', zh: '它已被吊销。' },
  grant: { en: 'Grant a merchant', zh: '授权商户' },
  grantTitle: { en: 'Let this dongle use a merchant', zh: '授权该加密狗使用商户' },
  grantNote: {
    en: 'The till may then take payments for this merchant and refund them, beside those that it registered.',
    zh: '授权后，收银端除自有商户外，还可为该商户收款和退款。',
  },
  grantYes: { en: 'Grant it', zh: '确认授权' },
  grantDone: { en: 'The dongle may use the merchant', zh: '该加密狗已可使用该商户' },
  withdraw: { en: 'Withdraw', zh: '取消授权' },
  withdrawTitle: {
    en: (name: string) => `Withdraw “${name}” from this dongle?`,
    zh: (name: string) => `取消该加密狗对“${name}”的授权？`,
  },
  withdrawDoes: {
    en: 'The till can use this merchant no more, at once. Merchants that it registered stay its own.',
    zh: '收银端立即不能再使用该商户。自有商户不受影响。',
  },
  withdrawYes: { en: 'Withdraw it', zh: '确认取消' },
  withdrawn: { en: 'The dongle may use the merchant no more', zh: '该加密狗已不能使用该商户' },
} satisfies WordTable;

export const DONGLE_STATE_WORDS = {
  registered: { en: 'May ask for its key', zh: '可领取密钥' },
  issued: { en: 'Has its key', zh: '已领取密钥' },
  revoked: { en: 'Revoked', zh: '已吊销' },
} satisfies WordTable & Record<Dongle['state'], unknown>;
