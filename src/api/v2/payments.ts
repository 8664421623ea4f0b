/**
 * Payments over v2: begin one, look at it, list them, end one that is open. A payment that is declined or closed is an
 * answer like any other: what became of it stands in its `state`.
 */
import type { Creator } from '../../core/audit.ts';
import type { Caller } from '../../core/caller.ts';
import { fen } from '../../core/money.ts';
import type { MerchantWithApp } from '../../core/merchant.ts';
import type { Payment } from '../../core/payment.ts';
import { cancelPayment } from '../../flows/cancel-payment.ts';
import { chargeBarcode } from '../../flows/charge-barcode.ts';
import { createQrPayment, isShowable } from '../../flows/create-qr-payment.ts';
import type { Deps } from '../../flows/deps.ts';
import { shownState, waitsForScan } from '../../flows/describe-payment.ts';
import type { ChargeInput } from '../../flows/start-charge.ts';
import { isEnded, waitUntilEnded } from '../../flows/wait-for-payment.ts';
import type { IdempotentCall, StoredCall } from '../../store/idempotency.ts';
import { pagePayments } from '../../store/payment-pages.ts';
import { findPayment } from '../../store/payments.ts';
import { cpiNoOfMerchant } from './caller.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { paymentId } from './ids.ts';
import type { Begun } from './idempotency.ts';
import { choiceOf, type PaymentQuery } from './payment-query.ts';
import { invalidField, Problem } from './problems.ts';
import { PAGE_DEFAULT, type PaymentCreate, type PaymentResource } from './schemas.ts';
import { paymentView } from './views.ts';

const SECOND_MS = 1000;

/** A payment as the answer to whoever asked, with what its call is remembered by. */
export async function answerPayment(deps: Deps, payment: Payment, status: number): Promise<Begun> {
  const cpiNo = await cpiNoOfMerchant(deps, payment.merchantId);
  const body = JSON.stringify(await viewOf(deps, payment, cpiNo));
  return { status, body, paymentNo: payment.paymentNo, requestNo: null };
}

async function viewOf(deps: Deps, payment: Payment, cpiNo: string): Promise<PaymentResource> {
  const isSuperseded = waitsForScan(payment) && !(await isShowable(deps, payment));
  return paymentView(deps, payment, cpiNo, deps.clock.nowMs(), isSuperseded);
}

/** Begins the payment. Throws the problem of one that was not begun, and of a QR payment that has no code to show. */
export async function beginPayment(
  deps: Deps,
  merchant: MerchantWithApp,
  wanted: PaymentCreate,
  waitS: number,
  made: { readonly call: IdempotentCall; readonly by: Creator },
): Promise<Begun> {
  const input = inputOf(wanted);
  const waitMs = waitS * SECOND_MS;
  if (wanted.method === 'qr') {
    const result = await createQrPayment(deps, merchant, input, made);
    if (result.kind === 'issued') {
      return answerPayment(deps, await waitUntilEnded(deps, result.payment, waitMs), 201);
    }
    if (result.kind === 'no_answer') throw silent(result.payment);
    return answerOther(deps, result);
  }
  const { auth_code: authCode = '' } = wanted;
  const charge = { ...input, authCode };
  return answerOther(deps, await chargeBarcode(deps, merchant, charge, { ...made, waitMs }));
}

type Outcome =
  | { readonly kind: 'payment' | 'refused' | 'local_no_taken'; readonly payment: Payment }
  | { readonly kind: 'not_configured' }
  | { readonly kind: 'suspended' };

function answerOther(deps: Deps, outcome: Outcome): Promise<Begun> {
  if (outcome.kind === 'not_configured') throw new Problem('merchant_not_configured');
  if (outcome.kind === 'suspended') throw new Problem('merchant_suspended');
  if (outcome.kind === 'local_no_taken') {
    const payment = paymentId(outcome.payment);
    throw new Problem('merchant_reference_taken', { field: 'merchant_reference', payment });
  }
  return answerPayment(deps, outcome.payment, 201);
}

/** The payment of a call that was stored and not answered, as it is now. */
export async function resumePayment(deps: Deps, stored: StoredCall): Promise<Begun> {
  const payment = await findPayment(deps.db, stored.merchantId, stored.paymentNo);
  if (payment === undefined) throw new Error(`Payment ${stored.paymentNo} is missing`);
  const isOutcome = payment.state === 'declined' || (isEnded(payment) && payment.qrCode !== null);
  const isAnswer = payment.method === 'barcode' || isOutcome || (await isShowable(deps, payment));
  if (!isAnswer) throw silent(payment);
  return answerPayment(deps, payment, 201);
}

/** Whether waiting for the answer to a call that was stored would bring nothing: it ended, or got no code. */
export async function isPaymentOver(deps: Deps, stored: StoredCall): Promise<boolean> {
  const payment = await findPayment(deps.db, stored.merchantId, stored.paymentNo);
  if (payment === undefined) return true;
  const hasNoCode = payment.method === 'qr' && payment.firstCallEnded && payment.qrCode === null;
  return hasNoCode || isEnded(payment);
}

function silent(payment: Payment): Problem {
  return new Problem('alipay_silent', { payment: paymentId(payment) });
}

function inputOf(wanted: PaymentCreate): ChargeInput {
  const hasCode = wanted.auth_code !== undefined;
  if (wanted.method === 'barcode' && !hasCode) {
    throw invalidField(
      'auth_code',
      'is required for method barcode',
      'method 为 barcode 时不能为空',
    );
  }
  if (wanted.method === 'qr' && hasCode) {
    throw invalidField('auth_code', 'is for method barcode only', '仅用于 method 为 barcode');
  }
  const { metadata } = wanted;
  return {
    localNo: wanted.merchant_reference,
    amountFen: fen(wanted.amount),
    subject: wanted.subject,
    body: wanted.description ?? null,
    operatorId: wanted.operator_id ?? null,
    storeId: wanted.store_id ?? null,
    metadata: metadata === undefined ? null : JSON.stringify(metadata),
  };
}

/** Ends an open payment. One that ended unpaid stays as it is; a paid one is refused. */
export async function cancelAnswer(
  deps: Deps,
  payment: Payment,
  waitS: number,
  call?: IdempotentCall,
): Promise<Begun> {
  const ended = await cancelPayment(deps, payment, waitS * SECOND_MS, call);
  if (shownState(ended) === 'paid') {
    throw new Problem('payment_not_cancelable', { payment: paymentId(ended) });
  }
  return answerPayment(deps, ended, 200);
}

/** A page of payments, newest first, of those that the key may see. */
export async function listPayments(deps: Deps, caller: Caller, query: PaymentQuery) {
  const { found, next } = await pagePayments(deps.db, {
    ...(await choiceOf(deps, caller, query)),
    after: query.cursor === undefined ? undefined : fromCursor(query.cursor),
    limit: query.limit ?? PAGE_DEFAULT,
  });
  return {
    object: 'list' as const,
    data: await Promise.all(found.map(({ payment, cpiNo }) => viewOf(deps, payment, cpiNo))),
    next_cursor: next === null ? null : toCursor(next),
  };
}
