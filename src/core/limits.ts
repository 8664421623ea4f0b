/**
 * Limits on what a merchant's system may send: Alipay's own field lengths (docs, trade.pay and trade.refund) and ours.
 * Lengths are in characters (code points), amounts in fen. The texts about them belong to each edge.
 */

/** Characters of a text as people and Alipay count them: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

export const TEXT_LIMITS = {
  subject: 256,
  body: 128,
  operatorId: 28,
  storeId: 32,
  requestNo: 64,
  localNo: 64,
  refundReason: 256,
  paymentNo: 64,
  merchantName: 64,
} as const;

/** C0 and C1 controls: no text has a use for them; logs and receipts stumble over them, and PostgreSQL refuses NUL. */
export const CONTROL_PATTERN = /\p{Cc}/u;

/** 0.01 to 100000000.00 yuan. */
export const AMOUNT_FEN_MIN = 1;
export const AMOUNT_FEN_MAX = 10_000_000_000;

/** Webhook endpoints of one merchant, and of the operator: each is looked at for every event. */
export const ENDPOINTS_MAX = 16;

/** A payment code: 16 to 24 digits beginning 25 to 30 (Alipay docs, trade.pay; codes may grow, so no narrower). */
export const AUTH_CODE_PATTERN = /^(?:2[5-9]|30)\d{14,22}$/;
/** A merchant's account id at Alipay (PID). */
export const PID_PATTERN = /^2088\d{12}$/;
/** An Alipay application id. */
export const APP_ID_PATTERN = /^\d{16,32}$/;
/** Alipay's code of a product (product_code), e.g. `FACE_TO_FACE_PAYMENT`; which ones count is in the merchant's contract. */
export const PRODUCT_CODE_PATTERN = /^[A-Z][A-Z_]{0,63}$/;
/** A merchant's authorisation (app_auth_token): at most 40 characters today. */
export const APP_AUTH_TOKEN_PATTERN = /^[\x21-\x7e]{16,64}$/;
/** A shop's number as its vendor chose it (v1 `storeDogNo`). */
export const SHOP_NO_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
/** An order number that Alipay may know: ours, or one of an older system. */
export const TRADE_NO_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
