/**
 * What an answer's (method, code, sub_code) means, as tables from Alipay's pages (公共错误码, and the error codes of each
 * method). The rule above all rows: "refused" is written only where it is certain that this request moves no money;
 * **what no table knows is unknown, and is asked about again**. Nothing here looks at other fields: `decode.ts` does.
 */

/** The methods that this client speaks, with Alipay's names. */
export const METHODS = {
  pay: 'alipay.trade.pay',
  precreate: 'alipay.trade.precreate',
  query: 'alipay.trade.query',
  cancel: 'alipay.trade.cancel',
  close: 'alipay.trade.close',
  refund: 'alipay.trade.refund',
  refundQuery: 'alipay.trade.fastpay.refund.query',
  heartbeat: 'monitor.heartbeat.syn',
} as const;

/** Our name of one of Alipay's methods. */
export type Method = keyof typeof METHODS;

/**
 * Who can do something about a refusal. `payment_code`: scan again. `buyer`: the buyer, or another way to pay.
 * `order`: this order or request, as it is, never. `balance`: the shop's balance, then the same request again.
 * `configuration`: contract, keys, settings: an operator. `rate`: too many calls, later again. `manual`: a human at Alipay.
 */
export type RefusalCause =
  | 'payment_code'
  | 'buyer'
  | 'order'
  | 'balance'
  | 'configuration'
  | 'rate'
  | 'manual';

export type Meaning =
  /** 10000: the request was worked on; the business fields tell the rest. */
  | { readonly kind: 'accepted' }
  /** 10003: the buyer must act. */
  | { readonly kind: 'waiting' }
  /** Certain: this request did nothing and will do nothing. */
  | { readonly kind: 'refused'; readonly cause: RefusalCause }
  /** Alipay knows no such trade. */
  | { readonly kind: 'absent' }
  /** The trade is not waiting for its buyer: paid, or closed already. */
  | { readonly kind: 'not_open' }
  /** Alipay itself does not know, or says something about a trade whose end we do not know. */
  | { readonly kind: 'doubt' }
  /** In no table. */
  | { readonly kind: 'unknown' };

function refused(cause: RefusalCause): Meaning {
  return { kind: 'refused', cause };
}

const ACCEPTED: Meaning = { kind: 'accepted' };
const WAITING: Meaning = { kind: 'waiting' };
const UNKNOWN: Meaning = { kind: 'unknown' };
const DOUBT: Meaning = { kind: 'doubt' };
const ABSENT: Meaning = { kind: 'absent' };
const NOT_OPEN: Meaning = { kind: 'not_open' };
const CODE = refused('payment_code');
const BUYER = refused('buyer');
const ORDER = refused('order');
const BALANCE = refused('balance');
const CONFIG = refused('configuration');
const RATE = refused('rate');
const MANUAL = refused('manual');

type Table = Readonly<Record<string, Meaning>>;

/** Rows that the pages of both alipay.trade.pay and alipay.trade.precreate list. */
const CREATE: Table = {
  INVALID_PARAMETER: CONFIG,
  ACCESS_FORBIDDEN: CONFIG,
  PARTNER_ERROR: CONFIG,
  EXIST_FORBIDDEN_WORD: ORDER,
  TOTAL_FEE_EXCEED: ORDER,
  // A closed trade takes no money any more, whoever tries.
  TRADE_HAS_CLOSE: ORDER,
  // These three say that a trade of this number exists whose end we do not know: it may be paid, or may yet be. The
  // pages say "query the old one first" (Concluded for TRADE_BUYER_NOT_MATCH: the other buyer may still pay it).
  TRADE_HAS_SUCCESS: DOUBT,
  CONTEXT_INCONSISTENT: DOUBT,
  TRADE_BUYER_NOT_MATCH: DOUBT,
  BUYER_SELLER_EQUAL: ORDER,
  BUYER_ENABLE_STATUS_FORBID: BUYER,
  BUYER_NOT_EXIST: BUYER,
  BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR: BUYER,
  BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR: BUYER,
  ERROR_BUYER_CERTIFY_LEVEL_LIMIT: BUYER,
  BEYOND_PAY_RESTRICTION: CONFIG,
  BEYOND_PER_RECEIPT_RESTRICTION: CONFIG,
  BEYOND_PER_RECEIPT_DAY_RESTRICTION: CONFIG,
  BEYOND_PER_RECEIPT_SINGLE_RESTRICTION: CONFIG,
  MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT: CONFIG,
  MERCHANT_PERM_RECEIPT_SINGLE_LIMIT: CONFIG,
  MERCHANT_PERM_RECEIPT_DAY_LIMIT: CONFIG,
  SELLER_BEEN_BLOCKED: CONFIG,
  SELLER_NOT_EXIST: CONFIG,
  INVALID_RECEIVE_ACCOUNT: CONFIG,
  INVALID_STORE_ID: CONFIG,
  MERCHANT_STATUS_NOT_NORMAL: CONFIG,
  NOW_TIME_AFTER_EXPIRE_TIME_ERROR: ORDER,
  RISK_MERCHANT_IP_NOT_EXIST: CONFIG,
  SUB_GOODS_SIZE_MAX_COUNT: CONFIG,
  // "Abnormal settlement": the page does not say before or after the money moved, so it is not certain.
  TRADE_SETTLE_ERROR: DOUBT,
  SECONDARY_MERCHANT_STATUS_ERROR: CONFIG,
  SECONDARY_MERCHANT_ID_BLANK: CONFIG,
  SECONDARY_MERCHANT_ID_INVALID: CONFIG,
  SECONDARY_MERCHANT_NOT_MATCH: CONFIG,
  SECONDARY_MERCHANT_ALIPAY_ACCOUNT_INVALID: CONFIG,
  SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT: CONFIG,
};

/** Rows of alipay.trade.pay alone. */
const PAY: Table = {
  ...CREATE,
  // No trade was created; a fresh code may even use the same number.
  PAYMENT_AUTH_CODE_INVALID: CODE,
  AUTH_TOKEN_IS_NOT_EXIST: CODE,
  BUYER_BALANCE_NOT_ENOUGH: BUYER,
  BUYER_BANKCARD_BALANCE_NOT_ENOUGH: BUYER,
  ERROR_BALANCE_PAYMENT_DISABLE: BUYER,
  MOBILE_PAYMENT_SWITCH_OFF: BUYER,
  USER_FACE_PAYMENT_SWITCH_OFF: BUYER,
  PAYMENT_FAIL: BUYER,
  PAYMENT_REQUEST_HAS_RISK: BUYER,
  NO_PAYMENT_INSTRUMENTS_AVAILABLE: BUYER,
  NOT_CERTIFIED_USER: BUYER,
  BUYER_NOT_MAINLAND_CERT: BUYER,
  NOT_SUPPORT_PAYMENT_INST: BUYER,
  USER_LOGONID_DUP: BUYER,
  // The trade exists and the cashier may still open on the buyer's phone: "query first".
  PULL_MOBILE_CASHIER_FAIL: DOUBT,
  TRADE_STATUS_ERROR: DOUBT,
  PRODUCT_AMOUNT_LIMIT_ERROR: CONFIG,
  MERCHANT_AGREEMENT_NOT_EXIST: CONFIG,
  MERCHANT_AGREEMENT_INVALID: CONFIG,
  SUB_MERCHANT_CREATE_FAIL: CONFIG,
  SUB_MERCHANT_TYPE_INVALID: CONFIG,
  PLATFORM_BUSINESS_ACQUIRE_MODE_MUST_MERCHANT_ID: CONFIG,
  ROYALTY_ACCOUNT_NOT_EXIST: CONFIG,
  UN_SUPPORT_TRADE_SCENE: CONFIG,
  RESTRICTED_MERCHANT_INDUSTRY: CONFIG,
  SMILE_PAY_MERCHANT_NOT_MATCH: CONFIG,
  CURRENCY_NOT_SUPPORT: CONFIG,
  AMOUNT_OR_CURRENCY_ERROR: CONFIG,
  // Paying out of a pre-authorisation.
  AUTH_NO_ERROR: DOUBT,
  AUTH_AMOUNT_NOT_ENOUGH: ORDER,
  AUTH_ORDER_NOT_PAID: ORDER,
  AUTH_ORDER_HAS_FINISHED: ORDER,
  AUTH_ORDER_HAS_CLOSED: ORDER,
  PRE_AUTH_PROD_CODE_INCONSISTENT: CONFIG,
  REQUEST_AMOUNT_EXCEED: ORDER,
  PAYER_UNMATCHED: ORDER,
};

const PRECREATE: Table = {
  ...CREATE,
  // Too many QR codes asked for one number.
  APPLY_PC_MERCHANT_CODE_ERROR: ORDER,
  DEFAULT_SETTLE_RULE_NOT_EXIST: CONFIG,
};

const QUERY: Table = {
  TRADE_NOT_EXIST: ABSENT,
  INVALID_PARAMETER: CONFIG,
  ENTERPRISE_PAY_BIZ_ERROR: DOUBT,
};

const CANCEL: Table = {
  INVALID_PARAMETER: CONFIG,
  SELLER_BALANCE_NOT_ENOUGH: BALANCE,
  REASON_TRADE_BEEN_FREEZEN: MANUAL,
  // A refund exists already, or 24 hours are over: only a refund can return the money.
  REASON_TRADE_REFUND_FEE_ERR: ORDER,
  TRADE_CANCEL_TIME_OUT: ORDER,
  CANCEL_NOT_ALLOWED: ORDER,
  TRADE_HAS_FINISHED: MANUAL,
};

const CLOSE: Table = {
  TRADE_NOT_EXIST: ABSENT,
  TRADE_STATUS_ERROR: NOT_OPEN,
  REASON_TRADE_STATUS_INVALID: NOT_OPEN,
  REASON_ILLEGAL_STATUS: NOT_OPEN,
  INVALID_PARAMETER: CONFIG,
};

/**
 * Certain for *this* request. When an earlier attempt of the same request number went unanswered, only the refund
 * query tells whether that one was executed: the state that a row complains about may be its doing.
 */
const REFUND: Table = {
  INVALID_PARAMETER: CONFIG,
  SELLER_BALANCE_NOT_ENOUGH: BALANCE,
  REFUND_AMT_NOT_EQUAL_TOTAL: ORDER,
  REASON_TRADE_REFUND_FEE_ERR: ORDER,
  REFUND_FEE_ERROR: ORDER,
  NOT_ALLOW_PARTIAL_REFUND: ORDER,
  DISCORDANT_REPEAT_REQUEST: ORDER,
  TRADE_NOT_EXIST: ORDER,
  TRADE_HAS_FINISHED: MANUAL,
  TRADE_NOT_ALLOW_REFUND: MANUAL,
  ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND: MANUAL,
  REASON_TRADE_BEEN_FREEZEN: MANUAL,
  BUYER_ENABLE_STATUS_FORBID: MANUAL,
  BUYER_ERROR: MANUAL,
  BUYER_NOT_EXIST: MANUAL,
  USER_NOT_MATCH_ERR: MANUAL,
  CUSTOMER_VALIDATE_ERROR: MANUAL,
  ALLOC_AMOUNT_VALIDATE_ERROR: CONFIG,
  REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST: CONFIG,
  REFUNDALLOC_UNAUTH_LIMIT: CONFIG,
  OVERDRAFT_AGREEMENT_NOT_MATCH: CONFIG,
  OVERDRAFT_ASSIGN_ACCOUNT_INVALID: CONFIG,
  REFUND_ACCOUNT_NOT_EXIST: CONFIG,
  CURRENCY_NOT_SUPPORT: CONFIG,
  // Perhaps refunded already (closed by it), perhaps half done: only the refund query tells.
  TRADE_STATUS_ERROR: DOUBT,
  TRADE_HAS_CLOSE: DOUBT,
  REASON_TRADE_STATUS_INVALID: DOUBT,
  REFUND_CHARGE_ERROR: DOUBT,
  TRADE_SETTLE_ERROR: DOUBT,
  ENTERPRISE_PAY_BIZ_ERROR: DOUBT,
};

const REFUND_QUERY: Table = {
  // Not "absent": we ask only about trades that were paid, so this contradicts us and proves nothing about the refund.
  TRADE_NOT_EXIST: ORDER,
  INVALID_PARAMETER: CONFIG,
  ENTERPRISE_PAY_BIZ_ERROR: DOUBT,
};

const HEARTBEAT: Table = {
  INVALID_PARAMETER: CONFIG,
  ACCESS_FORBIDDEN: CONFIG,
};

/** The business rows (code 40004) of each method. */
export const BUSINESS_CODES: Readonly<Record<Method, Table>> = {
  pay: PAY,
  precreate: PRECREATE,
  query: QUERY,
  cancel: CANCEL,
  close: CLOSE,
  refund: REFUND,
  refundQuery: REFUND_QUERY,
  heartbeat: HEARTBEAT,
};

/** Codes with which the gateway refuses before any business runs (公共错误码). 20000 is not among them. */
const GATEWAY_REFUSALS: Table = {
  '20001': CONFIG,
  '40001': CONFIG,
  '40002': CONFIG,
  '40003': CONFIG,
  '40005': RATE,
  '40006': CONFIG,
};

/** Alipay's own "I do not know", under whatever code: system-error, AQC.SYSTEM_ERROR, isp.unknow-error … */
const DOUBT_SPELLING = /SYSTEM_?ERROR|UNKNOWN?_?ERROR|SERVICE_?(?:CURRENTLY_?)?UNAVAILABLE/;

/**
 * The sub_code for comparison: upper case, `-` as `_`, without the prefixes `ACQ.`, `AQC.` (Alipay's own slip),
 * `isp.`, `isv.`, `aop.`, which come and go on the wire. Log the raw one.
 */
export function normaliseSubCode(subCode: string): string {
  return subCode
    .trim()
    .toUpperCase()
    .replace(/^(?:(?:ACQ|AQC|ISP|ISV|AOP)\.)+/, '')
    .replaceAll('-', '_');
}

function rowOf(table: Table, key: string): Meaning | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The meaning of an answer's codes. Whatever the tables do not know, contradictions included, is `unknown`. */
export function meaningOf(method: Method, code: string, subCode: string | undefined): Meaning {
  // A success that carries an error code contradicts itself.
  if (code === '10000') return subCode === undefined ? ACCEPTED : UNKNOWN;
  if (code === '10003') return subCode === undefined && method === 'pay' ? WAITING : UNKNOWN;
  if (code === '20000') return DOUBT;
  const reason = normaliseSubCode(subCode ?? '');
  if (DOUBT_SPELLING.test(reason)) return DOUBT;
  const row = rowOf(BUSINESS_CODES[method], reason);
  if (code === '40004') return row ?? UNKNOWN;
  // A business row under a gateway code would be new to us; doubt wins over a refusal.
  if (row !== undefined && row.kind !== 'refused') return DOUBT;
  return rowOf(GATEWAY_REFUSALS, code) ?? UNKNOWN;
}
