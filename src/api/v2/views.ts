/**
 * Payments, refunds and keys as the v2 API writes them. What a merchant should see of a payment is decided in
 * `flows/describe-payment.ts`; here it gets its names.
 */
import type { ApiKey } from '../../core/api-key.ts';
import type { PaymentRecord, RefundRecord } from '../../core/history.ts';
import type { Refund } from '../../core/refund.ts';
import { rfc3339 } from '../../core/time.ts';
import {
  allowedActions,
  buyerLogonId,
  nextStep,
  paymentRefusal,
  refundRefusal,
  shownState,
} from '../../flows/describe-payment.ts';
import type { Deps } from '../../flows/deps.ts';
import { hashCredential } from '../../flows/hash-credential.ts';
import { isEnded } from '../../flows/wait-for-payment.ts';
import { apiKeyId, merchantId, paymentId, refundId } from './ids.ts';
import type { PaymentResource, PaymentStatus, RefundResource } from './schemas.ts';

/** Of the hash of a QR code's text, which nobody can guess who has not seen the code. */
const QR_TOKEN_LENGTH = 32;

/** `isSuperseded`: a later attempt took its place. */
export function paymentView(
  deps: Pick<Deps, 'vault'>,
  payment: PaymentRecord,
  cpiNo: string,
  nowMs: number,
  isSuperseded: boolean,
): PaymentResource {
  return {
    id: paymentId(payment),
    object: 'payment',
    merchant: merchantId(cpiNo),
    merchant_reference: payment.localNo,
    attempt: payment.attempt,
    method: payment.method,
    amount: payment.amountFen,
    currency: 'CNY',
    refunded_amount: payment.refundedFen,
    refunding_amount: payment.refundingFen,
    state: shownState(payment),
    late: payment.isLate,
    allowed_actions: [...allowedActions(payment, nowMs)],
    next_action: nextActionOf(payment, isSuperseded, nowMs),
    stream_url: `/v2/payments/${paymentId(payment)}/stream?token=${streamToken(deps, payment)}`,
    failure: paymentRefusal(payment),
    subject: payment.subject,
    description: payment.body,
    operator_id: payment.operatorId,
    store_id: payment.storeId,
    metadata: metadataOf(payment),
    created_by: creatorOf(payment),
    alipay: {
      out_trade_no: payment.paymentNo,
      trade_no: payment.alipayTradeNo,
      buyer_logon_id: buyerLogonId(payment),
    },
    created_at: rfc3339(payment.createdAtMs),
    expires_at: rfc3339(payment.deadlineAtMs),
    paid_at: payment.paidAtMs === null ? null : rfc3339(payment.paidAtMs),
  };
}

/** What a page may see of a payment, whoever looks at it: nothing of the buyer, and nothing that is the merchant's own. */
export function paymentStatusView(payment: PaymentRecord): PaymentStatus {
  return {
    id: paymentId(payment),
    object: 'payment_status',
    state: shownState(payment),
    final: isEnded(payment),
    amount: payment.amountFen,
    currency: 'CNY',
    refunded_amount: payment.refundedFen,
    refunding_amount: payment.refundingFen,
    expires_at: rfc3339(payment.deadlineAtMs),
  };
}

/** What the link to a payment's stream carries instead of an API key. Also for barcodes, which have no secret of their own. */
export function streamToken(
  { vault }: Pick<Deps, 'vault'>,
  { paymentNo }: Pick<PaymentRecord, 'paymentNo'>,
): string {
  return vault.token(`payment-stream:${paymentNo}`);
}

/** Null where nobody is known, and in what was written before anybody was. */
function creatorOf({
  createdBy,
  createdByName,
}: Pick<PaymentRecord, 'createdBy' | 'createdByName'>): PaymentResource['created_by'] {
  return createdBy ? { id: createdBy, name: createdByName ?? '' } : null;
}

function metadataOf({ metadata }: PaymentRecord): Record<string, string> {
  const noted: Record<string, string> = metadata === null ? {} : JSON.parse(metadata);
  return noted;
}

function nextActionOf(
  payment: PaymentRecord,
  isSuperseded: boolean,
  nowMs: number,
): PaymentResource['next_action'] {
  const type = nextStep(payment, isSuperseded, nowMs);
  if (type === null) return null;
  const { qrCode } = payment;
  if (qrCode === null) return { type };
  const picture = `/v2/payments/${paymentId(payment)}/qr_code`;
  const token = qrToken(qrCode);
  return {
    type,
    qr_code: qrCode,
    svg_url: `${picture}.svg?token=${token}`,
    png_url: `${picture}.png?token=${token}`,
  };
}

/** What the link to a code's picture carries instead of an API key: a page may show it. */
export function qrToken(qrCode: string): string {
  return hashCredential(qrCode).slice(0, QR_TOKEN_LENGTH);
}

const REFUND_STATES = { created: 'pending', done: 'succeeded', refused: 'failed' } as const;

/** The state of a row that is shown as this one. */
export function storedRefundState(
  shown: RefundResource['state'] | undefined,
): Refund['state'] | undefined {
  return shown === undefined ? undefined : STORED_REFUND_STATES[shown];
}

const STORED_REFUND_STATES = { pending: 'created', succeeded: 'done', failed: 'refused' } as const;

export function refundView(refund: RefundRecord): RefundResource {
  return {
    id: refundId(refund),
    object: 'refund',
    payment: paymentId(refund),
    amount: refund.amountFen,
    currency: 'CNY',
    state: REFUND_STATES[refund.state],
    reason: refund.reason,
    failure: refundRefusal(refund),
    created_by: creatorOf(refund),
    created_at: rfc3339(refund.createdAtMs),
  };
}

/** `secret` only in the answer that made the key. */
export function apiKeyView(apiKey: ApiKey, cpiNo: string | null, secret?: string) {
  return {
    id: apiKeyId(apiKey.keyNo),
    object: 'api_key' as const,
    name: apiKey.name,
    merchant: cpiNo === null ? null : merchantId(cpiNo),
    scopes: [...apiKey.scopes],
    hint: apiKey.hint,
    ...(secret === undefined ? {} : { secret }),
    created_at: rfc3339(apiKey.createdAtMs),
    last_used_at: apiKey.lastUsedAtMs === null ? null : rfc3339(apiKey.lastUsedAtMs),
    revoked_at: apiKey.revokedAtMs === null ? null : rfc3339(apiKey.revokedAtMs),
  };
}
