/**
 * The things the simulator's book knows, as plain data that survives JSON: apps, trades, QR codes,
 * payment codes, notifications and faults. Types only; they are stored by `./book.ts` and changed
 * by the files one folder up.
 */
import type { Charset } from '../wire/charset.ts';
import type { SignType } from '../wire/signing.ts';

/** One public key of an app; without `signType` it serves both. */
export type AppKey = { publicKey: string; signType?: SignType };

export type App = {
  appId: string;
  /** Alipay's number of the shop (2088 and 12 digits). */
  pid: string;
  /**
   * The number space of `out_trade_no`: the pid under which this app was first registered, shared
   * with that pid's other apps.
   */
  scope: string;
  /** Newest last; all of them are valid. */
  keys: AppKey[];
  /** Since when the app is in certificate mode, and what was issued for it, newest last. */
  certificates?: { sinceMs: number; issued: IssuedNumbers[] };
  /** Merchants that let the app, a service provider's, act for them. */
  authorizations?: Authorization[];
};

/** The numbers (SN) of the certificates of one issue. */
export type IssuedNumbers = {
  appCertSn: string;
  alipayCertSn: string;
  rootCertSn: string;
  expiresAtMs: number;
};

/** An `app_auth_token`, and whose account it opens. */
export type Authorization = { token: string; pid: string; scope: string };

export const BUYERS = ['rich', 'poor'] as const;
export type Buyer = (typeof BUYERS)[number];

export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED';

export type Refund = {
  outRequestNo: string;
  /** False when the caller sent none and the trade's number stands in (protocol 2.6). */
  isNumberGiven: boolean;
  amountFen: number;
  refundedAtMs: number;
  reason?: string;
};

/**
 * What a buyer is asked to pay, as the order came in; a repeated order is compared with it
 * (protocol 4.7).
 */
export type Order = {
  /** Scope and `out_trade_no`. */
  key: string;
  scope: string;
  appId: string;
  sellerId: string;
  outTradeNo: string;
  totalFen: number;
  subject: string;
  body?: string;
  storeId?: string;
  terminalId?: string;
  operatorId?: string;
  passbackParams?: string;
  /** As sent; counted from the creation of the trade. */
  timeoutExpress?: string;
  /** Absolute; wins over `timeoutExpress`. */
  timeExpireMs?: number;
  notifyUrl?: string;
  /** The `charset` that notifications of this order carry. */
  notifyCharset: string;
  signType: SignType;
};

export type Trade = {
  key: string;
  order: Order;
  sequence: number;
  tradeNo: string;
  status: TradeStatus;
  buyer: Buyer;
  createdAtMs: number;
  expiresAtMs: number;
  paidAtMs?: number;
  closedAtMs?: number;
  closedBy?: 'timeout' | 'close' | 'cancel' | 'refund' | 'buyer';
  refunds: Refund[];
  /** How often money left a buyer for this trade: the witness against double charges. */
  chargeCount: number;
  /** The payment code that last moved this trade. */
  authCode?: string;
  /** What the buyer will do by himself, and when. */
  plan?: { atMs: number; act: 'pay' | 'decline' };
  /** Until then `alipay.trade.query` does not see it. */
  hiddenUntilMs?: number;
  /** Notifications come three times and later events first (payment codes 28…0012). */
  isUnruly?: boolean;
  /** The buyer pays when the cancel comes in, just before it (control call `pay` with `when`). */
  paysAtCancel?: boolean;
  /** When time does something to it next. */
  dueMs?: number;
};

export type QrCode = {
  code: string;
  orderKey: string;
  order: Order;
  sequence: number;
  expiresAtMs: number;
  /** How often this order was pre-created (protocol 2.1: about twenty are allowed). */
  count: number;
};

export type PaymentCode = {
  code: string;
  sequence: number;
  buyer: Buyer;
  /** Of a code from the control API; others never age. */
  expiresAtMs?: number;
  /** The buyer wants to be asked before it pays. */
  asksFirst?: true;
  /** The one order it is good for, once used. */
  orderKey?: string;
};

export type Notification = {
  id: string;
  sequence: number;
  /** Alipay's `notify_id`: the same for every copy and every attempt of one event. */
  notifyId: string;
  tradeKey: string;
  url: string;
  charset: Charset;
  signType: SignType;
  /** Everything but `notify_time`, `sign_type` and `sign`. */
  fields: Record<string, string>;
  /** When the first attempt was due; the schedule counts from here. */
  firstDueMs: number;
  attempts: number;
  dueMs: number;
};

export const FAULT_KINDS = [
  'drop_request',
  'drop_response',
  'delay',
  'http_502',
  'empty_body',
  'unknown_20000',
  'unknown_20000_gbk',
  'bad_signature',
  'no_signature',
  'tampered_body',
  'duplicate_request',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type Fault = {
  id: string;
  kind: FaultKind;
  method?: string;
  outTradeNo?: string;
  times: number;
  executed: boolean;
  /** Of `delay`. */
  delayMs: number;
};

export type Entity = App | Trade | QrCode | PaymentCode | Notification;
