/**
 * Gives money back: the amount is reserved and the intent stored in one transaction, the worker sends it, and the till
 * waits as long as its contract allows. The same request number is the same refund for ever. What is not settled in time
 * is answered as under way, and the same call later tells the outcome.
 */
import type { Answer } from '../alipay/verify.ts';
import type { RefundRefusal } from '../alipay/own-answers.ts';
import { assert } from '../core/assert.ts';
import type { Merchant } from '../core/merchant.ts';
import type { Fen } from '../core/money.ts';
import type { Payment, PaymentState } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import { refundTurnAtMs } from '../core/schedule.ts';
import { inTransaction } from '../store/database.ts';
import { appendEvents } from '../store/events.ts';
import { findPayment, savePaymentRefunds } from '../store/payments.ts';
import { findRefund, insertRefund } from '../store/refunds.ts';
import { adoptTrade } from './adopt-trade.ts';
import { refundTopic, type RefundKey } from './apply-refund.ts';
import type { CheckDeps } from './check-payment.ts';
import type { Deps } from './deps.ts';
import { queryTrade, type TradeView } from './query-trade.ts';

export type RefundInput = {
  readonly paymentNo: string;
  readonly requestNo: string;
  readonly amountFen: Fen;
  readonly reason: string | null;
  readonly storeId: string | null;
};

export type RefundResult =
  /** `refund.answer` is what the till is told, when its state is `done` or `refused`. */
  | { readonly kind: 'refund'; readonly refund: Refund }
  /** Refused by the gateway itself; nothing was stored. */
  | { readonly kind: 'refused'; readonly subCode: RefundRefusal }
  /** Refused by Alipay when it was asked about the trade; nothing was stored. */
  | { readonly kind: 'refused_by_alipay'; readonly answer: Answer }
  /** Whether the payment can be refunded is not known yet; nothing was stored. */
  | { readonly kind: 'in_doubt' }
  | { readonly kind: 'not_configured' };

/** Of the two timeouts that the contract grants, a little is left for everything that is not waiting. */
const RESERVE_MS = 200;
const LOOK_EVERY_MS = 1000;

export async function refundPayment(
  deps: CheckDeps,
  merchant: Merchant,
  input: RefundInput,
): Promise<RefundResult> {
  const untilMs = deps.clock.nowMs() + 2 * deps.settings.alipayTimeoutMs - RESERVE_MS;
  const key: RefundKey = { merchantId: merchant.merchantId, ...input };
  const known = await findRefund(deps.db, key);
  if (known !== undefined) return again(deps, known, input, untilMs);
  const found = await findRefundable(deps, merchant, input.paymentNo);
  if (found.kind !== 'paid') return found;
  const reserved = await reserve(deps, key, input);
  if (typeof reserved === 'string') return { kind: 'refused', subCode: reserved };
  return again(deps, reserved, input, untilMs);
}

/** The refund of this number is stored, by this call or before it: its outcome is the answer. */
async function again(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  refund: Refund,
  input: RefundInput,
  untilMs: number,
): Promise<RefundResult> {
  if (refund.amountFen !== input.amountFen) {
    return { kind: 'refused', subCode: 'ACQ.DISCORDANT_REPEAT_REQUEST' };
  }
  return { kind: 'refund', refund: await waitForRefund(deps, refund, untilMs) };
}

type Refundable = { readonly kind: 'paid' } | Exclude<RefundResult, { kind: 'refund' }>;

/** Why a payment in this state cannot be refunded, in Alipay's words. */
const NOT_REFUNDABLE: Record<Exclude<PaymentState, 'paid'>, RefundRefusal> = {
  created: 'ACQ.TRADE_NOT_EXIST',
  awaiting_buyer: 'ACQ.TRADE_STATUS_ERROR',
  declined: 'ACQ.TRADE_STATUS_ERROR',
  closed: 'ACQ.TRADE_HAS_CLOSE',
  reversed: 'ACQ.TRADE_HAS_CLOSE',
};

/** Makes sure that the payment is paid: from our own row, or else from Alipay, which may know more, or an older trade. */
async function findRefundable(
  deps: CheckDeps,
  merchant: Merchant,
  paymentNo: string,
): Promise<Refundable> {
  const stored = await findPayment(deps.db, merchant.merchantId, paymentNo);
  if (stored?.state === 'paid') return { kind: 'paid' };
  const view = await queryTrade(deps, merchant, paymentNo);
  if (view.kind === 'not_yours') return { kind: 'refused', subCode: 'ACQ.TRADE_NOT_EXIST' };
  if (view.kind === 'not_configured') return view;
  const { outcome, payment } = view;
  if (outcome.kind === 'unknown') return { kind: 'in_doubt' };
  if (outcome.kind === 'refused') return { kind: 'refused_by_alipay', answer: outcome.answer };
  if (payment === undefined) return adoptIfPaid(deps, merchant, paymentNo, view);
  if (payment.state === 'paid') return { kind: 'paid' };
  const noTrade = outcome.kind === 'absent';
  return {
    kind: 'refused',
    subCode: noTrade ? 'ACQ.TRADE_NOT_EXIST' : NOT_REFUNDABLE[payment.state],
  };
}

async function adoptIfPaid(
  deps: CheckDeps,
  merchant: Merchant,
  paymentNo: string,
  { outcome, app }: Extract<TradeView, { kind: 'asked' }>,
): Promise<Refundable> {
  if (outcome.kind === 'paid') {
    const adopted = await adoptTrade(deps, merchant, app, paymentNo, outcome);
    return adopted ? { kind: 'paid' } : { kind: 'refused', subCode: 'ACQ.TRADE_NOT_EXIST' };
  }
  if (outcome.kind === 'absent') return { kind: 'refused', subCode: 'ACQ.TRADE_NOT_EXIST' };
  const isClosed = outcome.kind === 'closed';
  return { kind: 'refused', subCode: isClosed ? 'ACQ.TRADE_HAS_CLOSE' : 'ACQ.TRADE_STATUS_ERROR' };
}

/** Reserves the amount and stores the intent, due at once; or the reason why not; or the same refund of another caller. */
async function reserve(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  key: RefundKey,
  input: RefundInput,
): Promise<Refund | RefundRefusal> {
  for (;;) {
    const nowMs = deps.clock.nowMs();
    const stored = await inTransaction(deps.db, async (tx) => {
      const known = await findRefund(tx, key);
      if (known !== undefined) return known;
      const payment = await findPayment(tx, key.merchantId, key.paymentNo);
      assert(payment !== undefined, 'the payment was read or adopted just now');
      // Between the look and now the payment may have been given back as a whole.
      if (payment.state !== 'paid') return NOT_REFUNDABLE[payment.state];
      const restFen = payment.amountFen - payment.refundedFen - payment.refundingFen;
      if (input.amountFen > restFen) return 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL';
      const refund = intent(key, input, payment, nowMs);
      const after: Payment = {
        ...payment,
        refundingFen: payment.refundingFen + input.amountFen,
        version: payment.version + 1,
      };
      if (!(await savePaymentRefunds(tx, after))) return undefined;
      assert(await insertRefund(tx, refund), 'the request number was free in this transaction');
      await appendEvents(tx, after, nowMs, [
        {
          kind: 'refund_created',
          detail: { requestNo: refund.requestNo, amountFen: refund.amountFen },
        },
      ]);
      return refund;
    });
    if (stored === undefined) continue;
    deps.news.tell('due');
    return stored;
  }
}

function intent(key: RefundKey, input: RefundInput, payment: Payment, nowMs: number): Refund {
  return {
    merchantId: key.merchantId,
    paymentNo: key.paymentNo,
    requestNo: key.requestNo,
    amountFen: input.amountFen,
    reason: input.reason,
    storeId: input.storeId,
    state: 'created',
    version: 1,
    answer: null,
    answerFact: null,
    lastSentAtMs: null,
    inDoubt: false,
    asksInVain: 0,
    createdAtMs: nowMs,
    dueAtMs: refundTurnAtMs(nowMs, payment.refundNotBeforeMs),
  };
}

async function waitForRefund(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  key: RefundKey,
  untilMs: number,
): Promise<Refund> {
  const follower = deps.news.follow(refundTopic(key));
  try {
    for (;;) {
      const refund = await findRefund(deps.db, key);
      assert(refund !== undefined, 'a refund that is waited for is stored');
      const leftMs = untilMs - deps.clock.nowMs();
      if (refund.state !== 'created' || leftMs <= 0 || deps.news.stopping) return refund;
      await follower.next(Math.min(leftMs, LOOK_EVERY_MS));
    }
  } finally {
    follower.close();
  }
}
