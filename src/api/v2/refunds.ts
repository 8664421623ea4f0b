/**
 * Refunds over v2: below their payment, each begun under an idempotency key, which also is its number at Alipay. So the same
 * key is the same refund for ever, also when nobody remembers the call any more.
 */
import { fen } from '../../core/money.ts';
import type { Creator } from '../../core/audit.ts';
import type { Caller } from '../../core/caller.ts';
import type { Payment } from '../../core/payment.ts';
import type { Refund } from '../../core/refund.ts';
import type { Deps } from '../../flows/deps.ts';
import { hashCredential } from '../../flows/hash-credential.ts';
import { refundPayment, waitUntilSettled, type RefundResult } from '../../flows/refund-payment.ts';
import type { IdempotentCall, StoredCall } from '../../store/idempotency.ts';
import { findMerchantWithApp } from '../../store/merchants.ts';
import { findPaymentByNo } from '../../store/payments.ts';
import { pageRefunds } from '../../store/refund-pages.ts';
import { findRefund, listRefunds } from '../../store/refunds.ts';
import { merchantOf, paymentOf } from './caller.ts';
import { fromRefundCursor, toRefundCursor } from './cursor.ts';
import { paymentId, refundKeyOf } from './ids.ts';
import type { Begun } from './idempotency.ts';
import type { ProblemCode } from './problem-table.ts';
import { Problem } from './problems.ts';
import { readTime } from './rules.ts';
import { PAGE_DEFAULT, type RefundCreate, type RefundQuery } from './schemas.ts';
import { refundView, storedRefundState } from './views.ts';

const SECOND_MS = 1000;
/** Characters of a request number: enough that no two keys of a payment share one. */
const REQUEST_NO_LENGTH = 32;

/** The number of a refund at Alipay, made from the key that it was begun under. */
function requestNoOf({ idempotencyKey }: IdempotentCall): string {
  return hashCredential(idempotencyKey).slice(0, REQUEST_NO_LENGTH);
}

export async function beginRefund(
  deps: Deps,
  payment: Payment,
  wanted: RefundCreate,
  waitS: number,
  { call, by }: { readonly call: IdempotentCall; readonly by: Creator },
): Promise<Begun> {
  const merchant = await findMerchantWithApp(deps.db, payment.merchantId);
  if (merchant === undefined) throw new Error(`Merchant ${payment.merchantId} is missing`);
  const input = {
    paymentNo: payment.paymentNo,
    requestNo: requestNoOf(call),
    amountFen: fen(wanted.amount),
    reason: wanted.reason ?? null,
    storeId: payment.storeId,
  };
  const result = await refundPayment(deps, merchant, input, {
    call,
    by,
    waitMs: waitS * SECOND_MS,
  });
  return answerRefund(refundIn(payment, result));
}

/** The refund that was stored. Throws the problem of one that was not. */
function refundIn(payment: Payment, result: RefundResult): Refund {
  const about = { payment: paymentId(payment) };
  switch (result.kind) {
    case 'refund':
      throwIfRefusedHere(result.refund);
      return result.refund;
    case 'refused':
      // Only of a trade that is not stored here, and this one is; or the number stands for another amount.
      throw new Problem('idempotency_key_reused', about);
    case 'in_doubt':
    // Only of a trade that is not stored here.
    case 'not_configured':
      throw new Problem('payment_in_doubt', about);
    case 'refused_by_alipay':
      throw new Problem('payment_not_refundable', about);
    default:
      return result satisfies never;
  }
}

/** What the gateway refuses without Alipay, by the sub-code that its stored answer carries. */
const REFUSED_HERE: Readonly<Record<string, ProblemCode>> = {
  'ACQ.TRADE_NOT_EXIST': 'payment_not_refundable',
  'ACQ.TRADE_STATUS_ERROR': 'payment_not_refundable',
  'ACQ.TRADE_HAS_CLOSE': 'payment_not_refundable',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': 'refund_exceeds_payment',
};

/** A refund that never left the gateway is a mistake of the request's; one that Alipay refused is an outcome. */
function throwIfRefusedHere(refund: Refund): void {
  if (refund.state !== 'refused' || refund.lastSentAtMs !== null) return;
  const { failure, payment } = refundView(refund);
  throw new Problem(REFUSED_HERE[failure?.code ?? ''] ?? 'payment_not_refundable', { payment });
}

export function answerRefund(refund: Refund): Begun {
  const { paymentNo, requestNo } = refund;
  return { status: 201, body: JSON.stringify(refundView(refund)), paymentNo, requestNo };
}

/** The refund of a call that was stored and not answered, as it is now. */
export async function resumeRefund(deps: Deps, stored: StoredCall): Promise<Begun> {
  const { merchantId, paymentNo, requestNo } = stored;
  const refund = await findRefund(deps.db, { merchantId, paymentNo, requestNo: requestNo ?? '' });
  if (refund === undefined) throw new Error(`Refund ${requestNo} of ${paymentNo} is missing`);
  throwIfRefusedHere(refund);
  return answerRefund(refund);
}

/** Whether waiting for the answer to a call that was stored would bring nothing. */
export async function isRefundOver(deps: Deps, stored: StoredCall): Promise<boolean> {
  const { merchantId, paymentNo, requestNo } = stored;
  const refund = await findRefund(deps.db, { merchantId, paymentNo, requestNo: requestNo ?? '' });
  return refund?.state !== 'created';
}

/** The refunds of a payment, oldest first. */
export async function refundsOf({ db }: Pick<Deps, 'db'>, payment: Payment) {
  const refunds = await listRefunds(db, payment);
  return { object: 'list' as const, data: refunds.map(refundView), next_cursor: null };
}

/** A page of refunds over all payments that the caller may see, newest first. */
export async function searchRefunds(deps: Deps, caller: Caller, query: RefundQuery) {
  const isForOne = caller.merchantId !== null || query.merchant !== undefined;
  const merchant = isForOne ? await merchantOf(deps, caller, query.merchant) : undefined;
  const payment =
    query.payment === undefined ? undefined : await paymentOf(deps, caller, query.payment);
  const { found, next } = await pageRefunds(deps.db, {
    merchantId: merchant?.merchantId ?? null,
    payment,
    state: storedRefundState(query.state),
    createdFromMs: readTime('created_from', query.created_from),
    createdBeforeMs: readTime('created_before', query.created_before),
    after: query.cursor === undefined ? undefined : fromRefundCursor(query.cursor),
    limit: query.limit ?? PAGE_DEFAULT,
  });
  return {
    object: 'list' as const,
    data: found.map(refundView),
    next_cursor: next === null ? null : toRefundCursor(next),
  };
}

/** The refund with this id, if the key may see it. Throws `refund_not_found`. */
export async function refundNamed(
  { db }: Pick<Deps, 'db'>,
  { merchantId }: Caller,
  id: string,
): Promise<Refund> {
  const key = refundKeyOf(id);
  // The merchant of the payment: a key for one merchant finds only its own.
  const owner = merchantId ?? (key && (await findPaymentByNo(db, key.paymentNo)))?.merchantId;
  const refund =
    key && owner !== undefined && (await findRefund(db, { merchantId: owner, ...key }));
  if (!refund) throw new Problem('refund_not_found');
  return refund;
}

export function waitForRefund(deps: Deps, refund: Refund, waitS: number): Promise<Refund> {
  return waitUntilSettled(deps, refund, waitS * SECOND_MS);
}
