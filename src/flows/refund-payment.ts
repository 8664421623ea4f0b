/**
 * Gives money back: the amount is reserved and the intent stored in one transaction, the worker sends it, and the till
 * waits as long as its contract allows. The same request number is the same refund for ever. What is not settled in time
 * is answered as under way, and the same call later tells the outcome.
 */
import type { Answer } from '../alipay/verify.ts';
import { refundRefused, type RefundRefusal } from '../alipay/own-answers.ts';
import { assert } from '../core/assert.ts';
import type { Creator } from '../core/audit.ts';
import type { MerchantWithApp } from '../core/merchant.ts';
import type { Fen } from '../core/money.ts';
import type { Payment, PaymentState } from '../core/payment.ts';
import { newRefund, type Refund } from '../core/refund.ts';
import { refundTurnAtMs } from '../core/schedule.ts';
import { inTransaction } from '../store/database.ts';
import { insertCall, requireFreeKey, type IdempotentCall } from '../store/idempotency.ts';
import { findPayment, savePaymentRefunds } from '../store/payments.ts';
import { findRefund, insertRefund, saveRefundDue } from '../store/refunds.ts';
import { adoptTrade } from './adopt-trade.ts';
import { refundTopic, type RefundKey } from './apply-refund.ts';
import type { CheckDeps } from './check-payment.ts';
import type { Deps } from './deps.ts';
import { queryTrade, type TradeView } from './query-trade.ts';
import { createdBy, detailOfCreator, recordChange, type Recorded } from './record-change.ts';
import { STORED_TOPIC } from './tell-events.ts';
import { waitForRow } from './wait-for-row.ts';

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
  /** Refused by the gateway itself, for a trade that is not stored here or a number that stands for another amount. */
  | { readonly kind: 'refused'; readonly subCode: RefundRefusal }
  /** Refused by Alipay, under its signature, when it was asked about a trade that is not stored here. */
  | { readonly kind: 'refused_by_alipay'; readonly answer: Answer }
  /** Whether the payment can be refunded is not known yet; nothing was stored. */
  | { readonly kind: 'in_doubt' }
  | { readonly kind: 'not_configured' };

/** Of the two timeouts that the contract grants, a little is left for everything that is not waiting. */
const RESERVE_MS = 200;

export type RefundOptions = {
  /** The idempotency key that the caller gave, stored with the intent. */
  readonly call?: IdempotentCall | undefined;
  /** Who asks for it, where that is known. */
  readonly by?: Creator | undefined;
  /** How long the outcome is waited for, if not as long as v1 grants. */
  readonly waitMs?: number | undefined;
};

/** Throws `KeyTaken` when another call took the idempotency key meanwhile; then nothing is stored. */
export async function refundPayment(
  deps: CheckDeps,
  merchant: MerchantWithApp,
  input: RefundInput,
  { call, by, waitMs = 2 * deps.settings.alipayTimeoutMs - RESERVE_MS }: RefundOptions = {},
): Promise<RefundResult> {
  const untilMs = deps.clock.monotonicMs() + waitMs;
  const key: RefundKey = { merchantId: merchant.merchantId, ...input };
  const known = await findRefund(deps.db, key);
  if (known !== undefined) {
    await requireFreeKey(deps.db, call);
    return again(deps, known, input, untilMs);
  }
  const found = await findRefundable(deps, merchant, input.paymentNo);
  const isOurs = found.kind === 'paid' || (found.kind === 'refused' && found.isStored);
  if (!isOurs) return found;
  const refusal = found.kind === 'refused' ? found.subCode : undefined;
  const refund = await storeIntent(deps, key, input, refusal, { call, by });
  try {
    return await again(deps, refund, input, untilMs);
  } catch (cause) {
    // It is stored, so the worker carries it out: a fault of ours now is doubt for the till, and never a failure.
    deps.log.error({ err: cause, paymentNo: key.paymentNo }, 'refund left in doubt');
    return { kind: 'refund', refund };
  }
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
  // Nobody asks any more, and a person was told: whoever wants to know has it asked once more.
  if (refund.state === 'created' && refund.dueAtMs === null) {
    if (await saveRefundDue(deps.db, refund, deps.clock.nowMs())) deps.news.tell('due');
  }
  return { kind: 'refund', refund: await waitUntil(deps, refund, untilMs) };
}

/** The refund as it is once its outcome is certain, or when `waitMs` have passed. */
export async function waitUntilSettled(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  refund: Refund,
  waitMs: number,
): Promise<Refund> {
  if (waitMs === 0 || refund.state !== 'created') return refund;
  return waitUntil(deps, refund, deps.clock.monotonicMs() + waitMs);
}

function waitUntil(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  refund: Refund,
  untilMs: number,
): Promise<Refund> {
  const isSettled = ({ state }: Refund) => state !== 'created';
  const read = () => findRefund(deps.db, refund);
  return waitForRow(deps, { topic: refundTopic(refund), read, isSettled }, untilMs);
}

type Refundable =
  | { readonly kind: 'paid' }
  /** `isStored`: the payment is a row of ours, so the refusal can be kept as the answer to this request number. */
  | { readonly kind: 'refused'; readonly subCode: RefundRefusal; readonly isStored: boolean }
  | Exclude<RefundResult, { kind: 'refund' | 'refused' }>;

function refused(subCode: RefundRefusal, isStored: boolean): Refundable {
  return { kind: 'refused', subCode, isStored };
}

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
  merchant: MerchantWithApp,
  paymentNo: string,
): Promise<Refundable> {
  const stored = await findPayment(deps.db, merchant.merchantId, paymentNo);
  if (stored?.state === 'paid') return { kind: 'paid' };
  const view = await queryTrade(deps, merchant, paymentNo);
  if (view.kind === 'not_yours') return refused('ACQ.TRADE_NOT_EXIST', false);
  // A question about the trade that cannot be asked, or is refused, says nothing of this refund: who was told "refused"
  // may give cash, and the same call must then never pay.
  if (view.kind === 'not_configured') return stored === undefined ? view : { kind: 'in_doubt' };
  const { outcome, payment } = view;
  if (outcome.kind === 'unknown') return { kind: 'in_doubt' };
  if (outcome.kind === 'refused') {
    const isAlipays = payment === undefined && outcome.answer.isSigned;
    return isAlipays ? { kind: 'refused_by_alipay', answer: outcome.answer } : { kind: 'in_doubt' };
  }
  if (payment === undefined) return adoptIfPaid(deps, merchant, paymentNo, view);
  if (payment.state === 'paid') return { kind: 'paid' };
  // Paid at Alipay and not here: a cancel is on its way, or the number names another trade. Neither is a refusal for ever.
  if (outcome.kind === 'paid') return { kind: 'in_doubt' };
  const noTrade = outcome.kind === 'absent';
  // Kept as the answer to this number also while the payment is open: who was told "refused" may have given cash.
  return refused(noTrade ? 'ACQ.TRADE_NOT_EXIST' : NOT_REFUNDABLE[payment.state], true);
}

async function adoptIfPaid(
  deps: CheckDeps,
  merchant: MerchantWithApp,
  paymentNo: string,
  { outcome, askedAtMs, app }: Extract<TradeView, { kind: 'asked' }>,
): Promise<Refundable> {
  if (outcome.kind === 'paid') {
    const adopted = await adoptTrade(deps, merchant, app, paymentNo, outcome, askedAtMs);
    return adopted ? { kind: 'paid' } : refused('ACQ.TRADE_NOT_EXIST', false);
  }
  // Another caller may have adopted it meanwhile, and what closed the trade be this very refund.
  const adopted = await findPayment(deps.db, merchant.merchantId, paymentNo);
  if (adopted !== undefined) return { kind: 'paid' };
  if (outcome.kind === 'absent') return refused('ACQ.TRADE_NOT_EXIST', false);
  const isClosed = outcome.kind === 'closed';
  return refused(isClosed ? 'ACQ.TRADE_HAS_CLOSE' : 'ACQ.TRADE_STATUS_ERROR', false);
}

/**
 * Stores what this request number stands for, once for ever: the intent, due at once, with its amount reserved; or the
 * refusal of the gateway, so that the same call never becomes a refund later; or finds what another caller stored.
 */
async function storeIntent(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  key: RefundKey,
  input: RefundInput,
  refusal: RefundRefusal | undefined,
  { call, by }: Pick<RefundOptions, 'call' | 'by'>,
): Promise<Refund> {
  for (;;) {
    const nowMs = deps.clock.nowMs();
    const stored = await inTransaction(deps.db, async (tx) => {
      // The payment first: whoever stores a refund of it later writes its version, and this one loses the race then.
      const payment = await findPayment(tx, key.merchantId, key.paymentNo);
      assert(payment !== undefined, 'the payment was read or adopted just now');
      const known = await findRefund(tx, key);
      if (known !== undefined) {
        await requireFreeKey(tx, call);
        return known;
      }
      // What was true when Alipay was asked is not, if the payment was found paid since.
      const earlier = payment.state === 'paid' ? undefined : refusal;
      const subCode = earlier ?? refusalOf(payment, input);
      const asked = { ...input, ...createdBy(by) };
      const refund = intent(key, asked, payment, subCode, nowMs);
      const reservedFen = subCode === undefined ? input.amountFen : 0;
      const after: Payment = {
        ...payment,
        refundingFen: payment.refundingFen + reservedFen,
        version: payment.version + 1,
      };
      if (!(await savePaymentRefunds(tx, after))) return undefined;
      assert(await insertRefund(tx, refund), 'the request number was free in this transaction');
      const { paymentNo, requestNo, amountFen } = refund;
      if (call) await insertCall(tx, { ...call, paymentNo, requestNo, createdAtMs: nowMs });
      const creator = detailOfCreator(by);
      const change: Recorded = {
        payment: { before: payment, after },
        refund: { before: undefined, after: refund },
        events: [
          subCode === undefined
            ? { kind: 'refund_created', detail: { requestNo, amountFen, ...creator } }
            : { kind: 'refund_refused', detail: { requestNo, amountFen, subCode, ...creator } },
        ],
      };
      await recordChange(tx, change, nowMs);
      return refund;
    });
    if (stored === undefined) continue;
    deps.news.tell('due');
    deps.news.tell(STORED_TOPIC);
    return stored;
  }
}

/** Why the gateway itself refuses a refund, from the row as it is now; undefined when it does not. */
function refusalOf(payment: Payment, input: RefundInput): RefundRefusal | undefined {
  // Between the look and now the payment may have been given back as a whole.
  if (payment.state !== 'paid') return NOT_REFUNDABLE[payment.state];
  const restFen = payment.amountFen - payment.refundedFen - payment.refundingFen;
  return input.amountFen > restFen ? 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' : undefined;
}

function intent(
  key: RefundKey,
  input: RefundInput & Pick<Refund, 'createdBy' | 'createdByName'>,
  payment: Payment,
  refusal: RefundRefusal | undefined,
  nowMs: number,
): Refund {
  const { merchantId, paymentNo, requestNo } = key;
  const { amountFen, reason, storeId, createdBy: by, createdByName } = input;
  const creator = { createdBy: by, createdByName };
  const request = { merchantId, paymentNo, requestNo, amountFen, reason, storeId, ...creator };
  const refund = newRefund(request, nowMs, refundTurnAtMs(nowMs, payment.refundNotBeforeMs));
  if (refusal === undefined) return refund;
  const answer = refundRefused(refusal);
  return { ...refund, state: 'refused', answer, answerFact: 'refused', dueAtMs: null };
}
