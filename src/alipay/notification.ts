/**
 * Asynchronous notifications (Alipay docs, 异步通知): parsing the form, verifying it over the bytes that Alipay signed,
 * and matching it to a payment. Three steps, because the key to verify with depends on what the form claims to be.
 * Nothing here throws, whatever the bytes are; a notification is only a hint to look at the trade, never proof.
 */
import type { KeyObject } from 'node:crypto';
import { readYuan, type Fen } from '../core/money.ts';
import { parseShanghaiText } from '../core/time.ts';
import { canonicalNotification, type Parameter } from './canonical.ts';
import { isSignatureValid, type SignType } from './sign.ts';

/** A form that is well formed and not verified. The claims serve to find the key, and nothing else. */
export type ParsedNotification = {
  /** app_id, unverified. */
  readonly claimedAppId: string | undefined;
  /** out_trade_no, unverified. */
  readonly claimedPaymentNo: string | undefined;
  /** notify_id, unverified. */
  readonly claimedNotifyId: string | undefined;
  /** Names and values as byte strings (one character per byte), percent-decoded. */
  readonly parameters: readonly Parameter[];
  /** The charset that the form or the content type names. */
  readonly charset: string | undefined;
};

export type NotificationFault =
  /** Not a form: broken percent-encoding, or text in no known charset. */
  | 'malformed'
  /** A name occurs twice, so that two readers could see two values. */
  | 'duplicate_name'
  | 'unsigned'
  | 'bad_signature';

/** Not exported, so that no other file can make a `VerifiedNotification`. */
const verifiedBrand: unique symbol = Symbol('verified notification');

/** A notification whose signature is Alipay's. */
export type VerifiedNotification = {
  readonly [verifiedBrand]: true;
  /** All parameters as text; an object without prototype. */
  readonly fields: Readonly<Record<string, string>>;
  /** The same over all deliveries of one event. */
  readonly notifyId: string | undefined;
  /** `trade_status_sync` for trades. */
  readonly notifyType: string | undefined;
  readonly appId: string | undefined;
  readonly paymentNo: string | undefined;
};

type Result<Name extends string, Value, Fault> =
  | ({ readonly ok: true } & Readonly<Record<Name, Value>>)
  | { readonly ok: false; readonly reason: Fault };

export type Parsed = Result<'parsed', ParsedNotification, 'malformed' | 'duplicate_name'>;
export type Verified = Result<
  'notification',
  VerifiedNotification,
  'malformed' | 'unsigned' | 'bad_signature'
>;

/** What we know of the payment that a notification should be about. */
export type NotificationSubject = {
  readonly appId: string;
  /** The payee's Alipay id (2088…), when we know it. */
  readonly sellerId?: string | undefined;
  readonly paymentNo: string;
  readonly amountFen: Fen;
};

export type MatchFault =
  /** Not about a trade, or without a status that we know. */
  'not_a_trade' | 'wrong_app' | 'wrong_number' | 'wrong_amount' | 'wrong_seller';

const TRADE_STATUSES = [
  'WAIT_BUYER_PAY',
  'TRADE_SUCCESS',
  'TRADE_FINISHED',
  'TRADE_CLOSED',
] as const;

/** What a matching notification says about its trade. Refunds repeat the status, so look at them first. */
export type TradeHint = {
  readonly alipayTradeNo: string | undefined;
  readonly tradeStatus: (typeof TRADE_STATUSES)[number];
  readonly paidAtMs: number | undefined;
  /** refund_fee: all refunds so far; present only when the event is about a refund. */
  readonly refundedTotalFen: Fen | undefined;
  /** out_biz_no: the request number of that refund. */
  readonly refundRequestNo: string | undefined;
};

export type Match = Result<'hint', TradeHint, MatchFault>;

const PERCENT = /%([0-9A-Fa-f]{2})/g;

/** Percent-decoding to a byte string, or undefined if a `%` is not followed by two hex digits. */
function decodePart(part: string): string | undefined {
  if (part.replaceAll(PERCENT, '').includes('%')) return undefined;
  return part
    .replaceAll('+', ' ')
    .replaceAll(PERCENT, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Alipay also sends `application/x-www-form-urlencoded; text/html; charset=utf-8`, which strict parsers refuse. */
function charsetOf(contentType: string | undefined): string | undefined {
  return /charset\s*=\s*"?([\w-]+)/i.exec(contentType ?? '')?.[1];
}

/** Splits a form into its parameters. Bytes stay bytes: the charset matters only after the signature. */
export function parseNotification(rawBody: Uint8Array, contentType?: string): Parsed {
  const text = Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength).toString(
    'latin1',
  );
  const values = new Map<string, string>();
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decodePart(equals === -1 ? part : part.slice(0, equals));
    const value = decodePart(equals === -1 ? '' : part.slice(equals + 1));
    if (name === undefined || value === undefined) return { ok: false, reason: 'malformed' };
    if (values.has(name)) return { ok: false, reason: 'duplicate_name' };
    values.set(name, value);
  }
  const parsed: ParsedNotification = {
    claimedAppId: values.get('app_id'),
    claimedPaymentNo: values.get('out_trade_no'),
    claimedNotifyId: values.get('notify_id'),
    parameters: [...values],
    charset: values.get('charset') ?? charsetOf(contentType),
  };
  return { ok: true, parsed };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** GBK, GB2312 and GB18030 are one decoder: each contains the one before. */
const GB18030 = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true });

function decodeBytes(
  decoder: TextDecoder,
  parameters: readonly Parameter[],
): Record<string, string> | undefined {
  // Without a prototype, so that a parameter called `__proto__` is a parameter.
  const fields: Record<string, string> = Object.create(null);
  try {
    for (const [name, value] of parameters)
      fields[decoder.decode(Buffer.from(name, 'latin1'))] = decoder.decode(
        Buffer.from(value, 'latin1'),
      );
  } catch {
    return undefined;
  }
  return fields;
}

/** The declared charset first, then the other: Alipay has sent GBK under the name of UTF-8. */
function fieldsOf({ parameters, charset }: ParsedNotification): Record<string, string> | undefined {
  const isGbk = /^gb/i.test(charset ?? '');
  const [first, second] = isGbk ? [GB18030, UTF8] : [UTF8, GB18030];
  return decodeBytes(first, parameters) ?? decodeBytes(second, parameters);
}

/**
 * Verifies a parsed notification over the bytes that Alipay signed, with the algorithm of *our* settings: the form's
 * own `sign_type` is not asked.
 */
export function verifyNotification(
  parsed: ParsedNotification,
  alipayPublicKey: KeyObject,
  signType: SignType,
): Verified {
  const signature = parsed.parameters.find(([name]) => name === 'sign')?.[1] ?? '';
  if (signature === '') return { ok: false, reason: 'unsigned' };
  const bytes = Buffer.from(canonicalNotification(parsed.parameters), 'latin1');
  if (!isSignatureValid(bytes, signature, alipayPublicKey, signType))
    return { ok: false, reason: 'bad_signature' };
  const fields = fieldsOf(parsed);
  if (fields === undefined) return { ok: false, reason: 'malformed' };
  const notification: VerifiedNotification = {
    [verifiedBrand]: true,
    fields,
    notifyId: fields['notify_id'],
    notifyType: fields['notify_type'],
    appId: fields['app_id'],
    paymentNo: fields['out_trade_no'],
  };
  return { ok: true, notification };
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseShanghaiText(text);
}

/**
 * Whether a verified notification is about this payment: application, number, amount, and the seller when both sides
 * name one (`seller_id` is optional in the form). A signature alone proves only that Alipay said it to somebody.
 */
export function matchNotification(
  { fields }: VerifiedNotification,
  subject: NotificationSubject,
): Match {
  if (fields['app_id'] !== subject.appId) return { ok: false, reason: 'wrong_app' };
  const tradeStatus = TRADE_STATUSES.find((status) => status === fields['trade_status']);
  if (tradeStatus === undefined || (fields['notify_type'] ?? '') !== 'trade_status_sync')
    return { ok: false, reason: 'not_a_trade' };
  if (fields['out_trade_no'] !== subject.paymentNo) return { ok: false, reason: 'wrong_number' };
  if (readYuan(fields['total_amount']) !== subject.amountFen)
    return { ok: false, reason: 'wrong_amount' };
  const sellerId = fields['seller_id'] ?? '';
  if (subject.sellerId !== undefined && sellerId !== '' && sellerId !== subject.sellerId)
    return { ok: false, reason: 'wrong_seller' };
  const hint: TradeHint = {
    alipayTradeNo: fields['trade_no'],
    tradeStatus,
    paidAtMs: timeOf(fields['gmt_payment']),
    refundedTotalFen: readYuan(fields['refund_fee']),
    refundRequestNo: fields['refund_fee'] === undefined ? undefined : fields['out_biz_no'],
  };
  return { ok: true, hint };
}
