/**
 * The one door: the only place that changes a payment's state. Each change asks `core/` what the evidence means for the row
 * as it was read, and writes row and history together with a version check; whoever lost the race decides again from what
 * the winner wrote. Refund sums have their own door, `apply-refund.ts`.
 */
import { assert } from '../core/assert.ts';
import { fen } from '../core/money.ts';
import {
  afterSilence,
  decide,
  saysNothingNew,
  withCancelAsked,
  withCancelSent,
  type Decision,
  type Evidence,
} from '../core/decide-payment.ts';
import { mootConcerns, type Concern } from '../core/incident.ts';
import type { Payment } from '../core/payment.ts';
import { dueAtAfterNotice, type Notice } from '../core/schedule.ts';
import { newRefund, type Refund, type RefundRequest } from '../core/refund.ts';
import { inRace, RaceLost, type Queryable } from '../store/database.ts';
import { isToldAlready, type NewEvent, type PaymentEvent } from '../store/events.ts';
import { savePaymentWithEvent } from '../store/payment-changes.ts';
import { findPayment, savePayment } from '../store/payments.ts';
import { insertRefund } from '../store/refunds.ts';
import { lateRefundNo } from './apply-refund.ts';
import type { Deps } from './deps.ts';
import { STORED_TOPIC } from './tell-events.ts';
import { plainEventOf, recordChange, type Recorded } from './record-change.ts';

export type PaymentKey = Pick<Payment, 'merchantId' | 'paymentNo'>;
type EventDetail = PaymentEvent['detail'];
type DoorDeps = Pick<Deps, 'db' | 'clock' | 'log' | 'news' | 'settings' | 'turns'>;
/** What the evidence means for the row as it was read; undefined when there is nothing to write. */
type DecideStep = (before: Payment, nowMs: number) => Decision | undefined;

/** Times that a writer may lose against others on one row before something is wrong with the row. */
const RACES_MAX = 50;

/**
 * Stores what verified evidence means for the payment. `detail` goes into the history beside the fact. What is settled and
 * only said again is not stored: a till may ask about one payment all day.
 */
export function applyFact(
  deps: DoorDeps,
  key: PaymentKey | Payment,
  evidence: Evidence,
  detail: EventDetail,
): Promise<Payment> {
  const event = { kind: 'fact', detail: { ...detail, fact: evidence.fact } } as const;
  return change(deps, key, event, (before, nowMs) => {
    const decision = decide(before, evidence, nowMs);
    const question = { payment: { before, after: decision.payment }, heard: event.detail, nowMs };
    const isOldNews = saysNothingNew(before, decision) && mootConcerns(question).length === 0;
    return isOldNews ? undefined : decision;
  });
}

/** Stores that a question got no verified answer: nothing is learnt but when to ask again. */
export function applySilence(
  deps: DoorDeps,
  key: PaymentKey | Payment,
  detail: EventDetail,
  wasEnding = false,
): Promise<Payment> {
  return change(deps, key, { kind: 'silence', detail }, (before, nowMs) =>
    afterSilence(before, nowMs, wasEnding),
  );
}

/**
 * Stores that a cancel is about to be sent, and returns the payment with that moment in it. Undefined when it must not be
 * sent: another look has learnt more since this one read the row, or has a cancel on its way.
 */
export async function applyCancelSent(
  deps: DoorDeps,
  key: PaymentKey | Payment,
): Promise<(Payment & { readonly cancelSentAtMs: number }) | undefined> {
  let sentAtMs: number | undefined;
  const payment = await change(deps, key, { kind: 'cancel_sent', detail: {} }, (before, nowMs) => {
    const decision = withCancelSent(before, nowMs);
    sentAtMs = decision && nowMs;
    return decision;
  });
  return sentAtMs === undefined ? undefined : { ...payment, cancelSentAtMs: sentAtMs };
}

/**
 * Stores that somebody wants the payment ended now, and returns it as it is then. `firstCallEndsAtMs`: when its first call has
 * surely ended. Nothing is stored when it is not open, or is ending already.
 */
export function applyCancelAsked(
  deps: DoorDeps,
  key: PaymentKey | Payment,
  firstCallEndsAtMs: number,
): Promise<Payment> {
  return change(deps, key, { kind: 'cancel_asked', detail: {} }, (before, nowMs) =>
    withCancelAsked(before, nowMs, firstCallEndsAtMs),
  );
}

/**
 * Stores what Alipay's notification says: the row is due at once, unless there is nothing to ask about. One notification is
 * told once: a repetition of its `notifyId` changes nothing.
 */
export function applyHint(
  deps: DoorDeps,
  key: PaymentKey | Payment,
  hint: { readonly notifyId: string; readonly notice: Notice; readonly detail: EventDetail },
): Promise<Payment> {
  const { notifyId, notice, detail } = hint;
  const event = { kind: 'hint', detail: { ...detail, notifyId }, notifyId } as const;
  return change(deps, key, event, (before, nowMs) => ({
    payment: {
      ...before,
      version: before.version + 1,
      dueAtMs: dueAtAfterNotice(before, notice, nowMs),
    },
    effects: [],
  }));
}

/**
 * `key` may be the row as it was read last: the first try then decides from it, and reads nothing; if it has changed since,
 * the write says so.
 */
function change(
  deps: DoorDeps,
  key: PaymentKey | Payment,
  event: NewEvent,
  step: DecideStep,
): Promise<Payment> {
  return deps.turns.take(key.paymentNo, (last) => {
    const isNewer = last !== undefined && (!('version' in key) || last.version > key.version);
    return changeInTurn(deps, isNewer ? last : key, event, step);
  });
}

async function changeInTurn(
  deps: DoorDeps,
  key: PaymentKey | Payment,
  event: NewEvent,
  step: DecideStep,
): Promise<Payment> {
  let known = 'version' in key ? key : undefined;
  for (let race = 0; race < RACES_MAX; race += 1) {
    const nowMs = deps.clock.nowMs();
    const before = known ?? (await findPayment(deps.db, key.merchantId, key.paymentNo));
    assert(before !== undefined, 'a payment is stored before anything is learnt about it');
    const decided = step(before, nowMs);
    // That there is nothing to write is said by a row just read, or by none.
    if (decided === undefined && known === undefined) return before;
    known = undefined;
    if (decided === undefined) continue;
    const decision = withLateRefund(deps, decided);
    const written = await write(deps, { before, decision, event }, nowMs);
    if (written === 'saved') {
      report(deps, before, decision);
      return decision.payment;
    }
    // The notification was told before, and changed what it had to then.
    if (written === 'told') step = () => undefined;
  }
  throw new Error(`Payment ${key.paymentNo} was changed by others ${RACES_MAX} times in a row`);
}

type Written = {
  readonly before: Payment;
  readonly decision: Decision;
  readonly event: NewEvent;
};

/**
 * Row and history, both or neither. `lost`: somebody else changed the row since it was read. `told`: the history tells of the
 * event's notification already.
 */
async function write(
  deps: DoorDeps,
  { before, decision, event }: Written,
  nowMs: number,
): Promise<'saved' | 'lost' | 'told'> {
  const { payment: after } = decision;
  const isLate = decision.effects.some(({ kind }) => kind === 'late_payment');
  const change: Recorded = {
    payment: { before, after },
    events: isLate ? [event, { kind: 'late_payment', detail: {} }] : [event],
    concerns: concernsOf(deps, decision),
  };
  const plainEvent = plainEventOf(change, nowMs);
  try {
    if (plainEvent !== undefined) {
      return (await savePaymentWithEvent(deps.db, after, nowMs, plainEvent)) ? 'saved' : 'lost';
    }
    const saved = await inRace(deps.db, async (tx) => {
      if (!(await savePayment(tx, after))) throw new RaceLost();
      const refund = await insertLateRefund(tx, deps, decision, nowMs);
      const ofRefund = refund && { before: undefined, after: refund };
      await recordChange(tx, { ...change, refund: ofRefund }, nowMs);
      return true;
    });
    return saved === true ? 'saved' : 'lost';
  } catch (error) {
    if (isToldAlready(error)) return 'told';
    throw error;
  }
}

/** By a setting, money that arrives after the till was told "unpaid" goes back by itself. */
function withLateRefund(deps: DoorDeps, decision: Decision): Decision {
  if (!isRefundedByItself(deps, decision)) return decision;
  const { payment } = decision;
  const restFen = payment.amountFen - payment.refundedFen;
  return { ...decision, payment: { ...payment, refundingFen: restFen } };
}

function isRefundedByItself(deps: DoorDeps, decision: Decision): boolean {
  return (
    deps.settings.latePayment === 'refund' &&
    decision.effects.some((effect) => effect.kind === 'late_payment')
  );
}

async function insertLateRefund(
  tx: Queryable,
  deps: DoorDeps,
  decision: Decision,
  nowMs: number,
): Promise<Refund | undefined> {
  if (!isRefundedByItself(deps, decision)) return undefined;
  const { payment } = decision;
  const { merchantId, paymentNo, storeId } = payment;
  const request: RefundRequest = {
    merchantId,
    paymentNo,
    storeId,
    requestNo: lateRefundNo(paymentNo),
    amountFen: fen(payment.refundingFen),
    reason: null,
  };
  let refund = newRefund(request, nowMs, nowMs);
  // A till may have used the number for a refund of its own; ours then takes the next.
  for (let next = 2; !(await insertRefund(tx, refund)); next += 1) {
    refund = { ...refund, requestNo: `${request.requestNo}${next}` };
  }
  return refund;
}

/** What a person must look into. Money that came late is nothing for a person while it goes back by itself. */
function concernsOf(deps: DoorDeps, decision: Decision): readonly Concern[] {
  const isGoingBack = isRefundedByItself(deps, decision);
  return decision.effects.flatMap((effect): readonly Concern[] => {
    if (effect.kind === 'incident') return [{ reason: effect.reason, requestNo: null }];
    return isGoingBack ? [] : [{ reason: 'late_payment', requestNo: null }];
  });
}

function report(deps: DoorDeps, before: Payment, decision: Decision): void {
  const { payment } = decision;
  deps.news.tell(payment.paymentNo);
  if (payment.dueAtMs !== null) deps.news.tell('due', payment.dueAtMs);
  const fields = { paymentNo: payment.paymentNo, merchantId: payment.merchantId };
  if (payment.state !== before.state) {
    deps.news.tell(STORED_TOPIC);
    deps.log.info({ ...fields, from: before.state, to: payment.state }, 'payment moved');
  }
  if (isRefundedByItself(deps, decision)) {
    deps.news.tell('due');
    deps.log.warn(fields, 'late money goes back by itself');
  }
  for (const { reason } of concernsOf(deps, decision)) {
    deps.log.error({ ...fields, reason }, 'payment needs a human: see f2f incident list');
  }
}
