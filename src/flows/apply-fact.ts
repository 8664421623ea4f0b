/**
 * The one door: the only place that changes a payment's state. Each change reads the current row, asks `core/` what the
 * evidence means for it, and writes row and history in one short transaction with a version check; whoever lost the
 * race decides again from what the winner wrote. Refund sums have their own door, `apply-refund.ts`.
 */
import { assert } from '../core/assert.ts';
import { fen } from '../core/money.ts';
import {
  afterSilence,
  decide,
  saysNothingNew,
  withCancelSent,
  type Decision,
  type Evidence,
} from '../core/decide-payment.ts';
import { mootConcerns, type Concern } from '../core/incident.ts';
import type { Payment } from '../core/payment.ts';
import { dueAtAfterNotice, type Notice } from '../core/schedule.ts';
import { newRefund, type Refund, type RefundRequest } from '../core/refund.ts';
import { inTransaction, type Queryable } from '../store/database.ts';
import { hasNotification, type NewEvent, type PaymentEvent } from '../store/events.ts';
import { findPayment, savePayment } from '../store/payments.ts';
import { insertRefund } from '../store/refunds.ts';
import { lateRefundNo } from './apply-refund.ts';
import type { Deps } from './deps.ts';
import { recordChange, type Recorded } from './record-change.ts';

export type PaymentKey = Pick<Payment, 'merchantId' | 'paymentNo'>;
type EventDetail = PaymentEvent['detail'];
type DoorDeps = Pick<Deps, 'db' | 'clock' | 'log' | 'news' | 'settings'>;

/** Times that a writer may lose against others on one row before something is wrong with the row. */
const RACES_MAX = 50;

/**
 * Stores what verified evidence means for the payment. `detail` goes into the history beside the fact. What is settled and
 * only said again is not stored: a till may ask about one payment all day.
 */
export function applyFact(
  deps: DoorDeps,
  key: PaymentKey,
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
  key: PaymentKey,
  detail: EventDetail,
  wasEnding = false,
): Promise<Payment> {
  return change(deps, key, { kind: 'silence', detail }, (before, nowMs) =>
    afterSilence(before, nowMs, wasEnding),
  );
}

/**
 * Stores that a cancel is about to be sent, and returns when. Undefined when it must not be: another look has learnt more
 * since this one read the row, or has a cancel on its way.
 */
export async function applyCancelSent(
  deps: DoorDeps,
  key: PaymentKey,
): Promise<number | undefined> {
  let sentAtMs: number | undefined;
  await change(deps, key, { kind: 'cancel_sent', detail: {} }, (before, nowMs) => {
    const decision = withCancelSent(before, nowMs);
    sentAtMs = decision && nowMs;
    return decision;
  });
  return sentAtMs;
}

/**
 * Stores what Alipay's notification says: the row is due at once, unless there is nothing to ask about. One notification is
 * told once: a repetition of its `notifyId` changes nothing.
 */
export function applyHint(
  deps: DoorDeps,
  key: PaymentKey,
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

async function change(
  deps: DoorDeps,
  key: PaymentKey,
  event: NewEvent,
  step: (before: Payment, nowMs: number) => Decision | undefined,
): Promise<Payment> {
  for (let race = 0; race < RACES_MAX; race += 1) {
    const nowMs = deps.clock.nowMs();
    const changed = await inTransaction(deps.db, async (tx) => {
      const before = await findPayment(tx, key.merchantId, key.paymentNo);
      assert(before !== undefined, 'a payment is stored before anything is learnt about it');
      const { notifyId } = event;
      const isTold = notifyId !== undefined && (await hasNotification(tx, key, notifyId));
      const decided = isTold ? undefined : step(before, nowMs);
      if (decided === undefined) return { before, payment: before, effects: [] };
      const decision = withLateRefund(deps, decided);
      if (!(await savePayment(tx, decision.payment))) return undefined;
      const refund = await insertLateRefund(tx, deps, decision, nowMs);
      const isLate = decision.effects.some(({ kind }) => kind === 'late_payment');
      const change: Recorded = {
        payment: { before, after: decision.payment },
        refund: refund && { before: undefined, after: refund },
        events: isLate ? [event, { kind: 'late_payment', detail: {} }] : [event],
        concerns: concernsOf(deps, decision),
      };
      await recordChange(tx, change, nowMs);
      return { before, ...decision };
    });
    if (changed === undefined) continue;
    report(deps, changed.before, changed);
    return changed.payment;
  }
  throw new Error(`Payment ${key.paymentNo} was changed by others ${RACES_MAX} times in a row`);
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
