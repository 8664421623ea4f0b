/**
 * What verified evidence, or the lack of it, does to a payment: its state by the table of `payment.ts`, what is kept of the
 * answer, what a human must hear of, and when to look again. Pure: the only caller that stores a decision is
 * `flows/apply-fact.ts`, and one that lost the race for the row decides again from the row as it is then.
 */
import { assert } from './assert.ts';
import { changesBetween } from './history.ts';
import type { IncidentReason } from './incident.ts';
import {
  endedUnpaid,
  isOpen,
  PAYMENT_TABLE,
  type Cell,
  type Payment,
  type PaymentFact,
  type PaymentState,
  type TradeSeen,
} from './payment.ts';
import { dueAtAfter, stepAt } from './schedule.ts';

/** What came with a fact: fields of the verified answer that the payment keeps. */
export type Evidence = {
  readonly fact: PaymentFact;
  readonly method: 'pay' | 'precreate' | 'query' | 'cancel' | 'close';
  /** Alipay's answer, word by word. */
  readonly raw: string;
  readonly alipayTradeNo?: string | undefined;
  readonly qrCode?: string | undefined;
  readonly paidAtMs?: number | undefined;
  /** When Alipay was asked: an answer says how things were then, or a little later, however late it is heard. */
  readonly askedAtMs: number;
  /** The state that the payment had when Alipay was asked: the clocks of two nodes may not tell which came first. */
  readonly askedIn: PaymentState;
};

export type PaymentEffect =
  /** Money arrived after the till was told that it would not. */
  | { readonly kind: 'late_payment' }
  /** A human must look. `reason` is a stable word for the operator's search. */
  | { readonly kind: 'incident'; readonly reason: IncidentReason };

export type Decision = {
  readonly payment: Payment;
  readonly effects: readonly PaymentEffect[];
};

/**
 * How long after a cancel that found no trade an absent trade counts as gone. The pay call itself has long ended by
 * then (it has a deadline of its own, and cancels begin at the payment's); the rest is for Alipay's own replication.
 * Concluded: Alipay documents no such bound, so closed payments of this kind stay watched (`schedule.ts`).
 */
export const GONE_AFTER_CANCEL_MS = 6_000;
/** How long after its death at Alipay an unscanned QR code counts as gone: clocks differ and scans take time. */
export const GONE_AFTER_DEATH_MS = 15_000;

/**
 * Whether "no such trade", asked at `askedAtMs`, means that none can come any more. Before that it proves nothing: a query
 * may run ahead of the pay call, and a QR code has no trade until it is scanned (Alipay docs, precreate).
 */
export function isGone(payment: Payment, askedAtMs: number): boolean {
  if (!isOpen(payment.state)) return false;
  if (payment.method === 'qr') return askedAtMs >= payment.diesAtMs + GONE_AFTER_DEATH_MS;
  const since = payment.cancelFoundNothingAtMs;
  return since !== null && askedAtMs >= since + GONE_AFTER_CANCEL_MS;
}

/** Decides what verified evidence does to a payment. Pure: the caller stores the result, or loses it and asks again. */
export function decide(before: Payment, evidence: Evidence, nowMs: number): Decision {
  const fact = factOf(before, evidence);
  if (isHeld(before, evidence, fact)) {
    return {
      payment: { ...before, version: before.version + 1, firstCallEnded: true },
      effects: [],
    };
  }
  const cell: Cell = PAYMENT_TABLE[before.state][fact];
  const state = stateAfter(before, fact);
  const endsCancel = evidence.method === 'cancel';
  const { answer, answerMethod } = answerAfter(before, evidence, state);
  const isLate = before.isLate || (state === 'paid' && endedUnpaid(before.state));
  const after: Payment = {
    ...before,
    answer,
    answerMethod,
    state,
    isLate,
    version: before.version + 1,
    alipayTradeNo: evidence.alipayTradeNo ?? before.alipayTradeNo,
    qrCode: evidence.qrCode ?? before.qrCode,
    paidAtMs: state === 'paid' ? (before.paidAtMs ?? evidence.paidAtMs ?? nowMs) : before.paidAtMs,
    tradeSeen: tradeSeenAfter(before, evidence, fact, cell),
    heardAtMs: heardAtAfter(before, evidence, fact),
    cancelSentAtMs: endsCancel ? null : before.cancelSentAtMs,
    cancelFoundNothingAtMs: cancelFoundNothingAfter(before, fact, nowMs),
    endingsInVain: before.endingsInVain + (isPaidBehindCancel(before, state) ? 1 : 0),
    asksInVain: fact === 'foreign' ? before.asksInVain + 1 : 0,
    firstCallEnded: true,
  };
  // A paid payment is confirmed by a query that agrees; one that was confirmed before stays so.
  const agrees = fact === 'paid' || fact === 'closed_refunded';
  const confirmed =
    agrees && (evidence.method === 'query' || (before.state === 'paid' && before.dueAtMs === null));
  // A contradiction is a person's to look into: asking again would hear the same, and raise the same.
  const dueAtMs = cell === 'incident' ? null : dueAtAfter(after, nowMs, confirmed);
  const gaveUp = state === 'paid' && !confirmed && dueAtMs === null && before.dueAtMs !== null;
  assert(after.refundedFen + after.refundingFen <= after.amountFen, 'refunds exceed the payment');
  return {
    payment: { ...after, dueAtMs },
    effects: effectsOf(before, after, fact, cell, gaveUp),
  };
}

/**
 * Whether the evidence only says again what is settled: nobody looks at the payment any more, and nothing of it would
 * change but when it was last heard of, which ended payments have no use for.
 */
export function saysNothingNew(before: Payment, { payment, effects }: Decision): boolean {
  if (before.dueAtMs !== null || payment.dueAtMs !== null || effects.length > 0) return false;
  const changed = new Set<string>(Object.keys(changesBetween(before, payment)));
  changed.delete('version');
  changed.delete('heardAtMs');
  return changed.size === 0;
}

/** How far our clock and Alipay's may be apart. Beyond it payments are in doubt, with an alarm, and never misjudged. */
export const CLOCK_SKEW_MS = 10 * 60_000;

function factOf(before: Payment, evidence: Evidence): PaymentFact {
  // Nobody can have paid this trade before it was begun: the number names another one. (The pay call's own answer is ours.)
  const isOlder =
    evidence.method !== 'pay' &&
    evidence.paidAtMs !== undefined &&
    evidence.paidAtMs < before.createdAtMs - CLOCK_SKEW_MS;
  if (isOlder && before.state !== 'paid' && before.state !== 'reversed') return 'foreign';
  return evidence.fact === 'absent' && isGone(before, evidence.askedAtMs) ? 'gone' : evidence.fact;
}

/**
 * While a cancel is on its way, "paid" may be older than what the cancel does to it: whoever told the till would be wrong
 * in a second. Nothing is learnt from it; the answer of the cancel, or the look after its lease, decides.
 */
function isHeld(before: Payment, evidence: Evidence, fact: PaymentFact): boolean {
  return (
    before.cancelSentAtMs !== null &&
    evidence.method !== 'cancel' &&
    fact === 'paid' &&
    before.state !== 'paid'
  );
}

/**
 * A cancel found nothing, and then the money came, be it after we closed the payment: if the line carries that cancel twice,
 * it gives the money back yet.
 */
function isPaidBehindCancel(before: Payment, state: PaymentState): boolean {
  return before.state !== 'paid' && state === 'paid' && before.cancelFoundNothingAtMs !== null;
}

function stateAfter(before: Payment, fact: PaymentFact): PaymentState {
  // All of it went back, and a cancel of ours without an answer is what may have done it.
  const byOurRefunds = before.refundedFen + before.refundingFen === before.amountFen;
  const byOurCancel = before.endingsInVain > 0 && before.method === 'barcode' && !byOurRefunds;
  if (before.state === 'paid' && fact === 'closed_refunded' && byOurCancel) return 'reversed';
  const cell: Cell = PAYMENT_TABLE[before.state][fact];
  return cell === 'same' || cell === 'incident' ? before.state : cell;
}

function heardAtAfter(before: Payment, evidence: Evidence, fact: PaymentFact): number | null {
  return evidence.method === 'query' && fact !== 'foreign' ? evidence.askedAtMs : before.heardAtMs;
}

/**
 * A cancel is about to be sent: stored first, like every intent about money. Undefined when the row, as it is now, is not to
 * be cancelled: another look has learnt more, or has a cancel on its way.
 */
export function withCancelSent(before: Payment, nowMs: number): Decision | undefined {
  if (before.cancelSentAtMs !== null || stepAt(before, nowMs) !== 'cancel') return undefined;
  const payment = { ...before, version: before.version + 1, cancelSentAtMs: nowMs };
  return { payment, effects: [] };
}

/**
 * Somebody wants an open payment ended before its deadline: that is now, once Alipay is known to have it. Before that the first
 * call may be under way (it ends at `firstCallEndsAtMs` at the latest), whatever a query said meanwhile: a cancel that overtook
 * it would find nothing, and the money would come after it. Undefined when there is nothing to end, or it is ending already.
 */
export function withCancelAsked(
  before: Payment,
  nowMs: number,
  firstCallEndsAtMs: number,
): Decision | undefined {
  const hasArrived = before.state === 'awaiting_buyer';
  const mayEndNow = hasArrived || before.method === 'qr';
  const deadlineAtMs = mayEndNow ? nowMs : Math.max(nowMs, firstCallEndsAtMs);
  if (!isOpen(before.state) || before.deadlineAtMs <= deadlineAtMs) return undefined;
  const dueAtMs = hasArrived ? nowMs : before.dueAtMs;
  return {
    payment: { ...before, version: before.version + 1, deadlineAtMs, dueAtMs },
    effects: [],
  };
}

/**
 * A question got no verified answer: nothing is learnt, and the payment is looked at again later. When the schedule is
 * exhausted it stays as it is, and a human must look. `wasEnding`: it was a cancel or a close, which may yet be carried out.
 */
export function afterSilence(before: Payment, nowMs: number, wasEnding: boolean): Decision {
  const after: Payment = {
    ...before,
    version: before.version + 1,
    cancelSentAtMs: wasEnding ? null : before.cancelSentAtMs,
    endingsInVain: before.endingsInVain + (wasEnding ? 1 : 0),
    asksInVain: before.asksInVain + 1,
    firstCallEnded: true,
  };
  const dueAtMs = dueAtAfter(after, nowMs, before.state === 'paid' && before.dueAtMs === null);
  const gaveUp = dueAtMs === null && before.dueAtMs !== null;
  return {
    payment: { ...after, dueAtMs },
    effects: gaveUp ? [{ kind: 'incident', reason: 'alipay_stays_silent' }] : [],
  };
}

const SEEN: Record<PaymentFact, TradeSeen | 'same'> = {
  paid: 'ended',
  waiting: 'open',
  qr_issued: 'same',
  // Whatever was seen while the pay call was under way proves nothing after its refusal: ask anew.
  refused: 'never_asked',
  absent: 'absent',
  gone: 'absent',
  cancel_found_nothing: 'absent',
  foreign: 'foreign',
  closed_unpaid: 'ended',
  closed_refunded: 'ended',
  cancel_refunded: 'ended',
};

function tradeSeenAfter(
  before: Payment,
  { askedIn }: Evidence,
  fact: PaymentFact,
  cell: Cell,
): TradeSeen {
  // Asked before the refusal was heard, the question may have run ahead of the call that left a trade behind.
  if (before.state === 'declined' && fact === 'absent' && askedIn !== 'declined')
    return before.tradeSeen;
  const isDispute = cell === 'incident' || isRefundedElsewhere(before, fact);
  // A trade that ended does not come back to life; such an answer is older than what we know.
  const hasEnded = before.tradeSeen === 'ended' || before.tradeSeen === 'disputed';
  if (isDispute || (hasEnded && fact === 'foreign')) return 'disputed';
  const seen = SEEN[fact];
  return seen === 'same' || (hasEnded && seen !== 'ended') ? before.tradeSeen : seen;
}

/** All of a paid payment went back, and our own refunds do not explain it. */
function isRefundedElsewhere(before: Payment, fact: PaymentFact): boolean {
  const ours = before.refundedFen + before.refundingFen;
  return before.state === 'paid' && fact === 'closed_refunded' && ours < before.amountFen;
}

function cancelFoundNothingAfter(before: Payment, fact: PaymentFact, nowMs: number): number | null {
  if (fact === 'cancel_found_nothing') return before.cancelFoundNothingAtMs ?? nowMs;
  // The trade showed up after all: the next cancel has to look anew.
  return fact === 'absent' || fact === 'gone' ? before.cancelFoundNothingAtMs : null;
}

/** The answer that the till is shown: the first of its kind, so that the same call gets the same words again. */
function answerAfter(
  before: Payment,
  evidence: Evidence,
  state: PaymentState,
): Pick<Payment, 'answer' | 'answerMethod'> {
  const kept: Pick<Payment, 'answer' | 'answerMethod'> = before;
  const { method } = evidence;
  if (method === 'cancel' || method === 'close') return kept;
  const heard = { answer: evidence.raw, answerMethod: method };
  if (method === 'precreate' || before.method === 'qr') return method === 'query' ? kept : heard;
  // What a till was told of a payment that ended stays, whatever arrives late.
  if (!isOpen(before.state) && state === before.state) return kept;
  // A refusal that did not decide the payment (its trade was seen open meanwhile) is not the till's answer.
  if (method === 'pay') {
    return evidence.fact === 'refused' && state !== 'declined' ? kept : heard;
  }
  return state === 'paid' && before.state !== 'paid' ? heard : kept;
}

function effectsOf(
  before: Payment,
  after: Payment,
  fact: PaymentFact,
  cell: Cell,
  gaveUp: boolean,
): readonly PaymentEffect[] {
  if (after.state === 'paid' && endedUnpaid(before.state)) return [{ kind: 'late_payment' }];
  const reason =
    incidentOf(before, after, fact, cell) ?? (gaveUp ? 'paid_stays_unconfirmed' : null);
  return reason === null ? [] : [{ kind: 'incident', reason }];
}

function incidentOf(
  before: Payment,
  after: Payment,
  fact: PaymentFact,
  cell: Cell,
): IncidentReason | undefined {
  if (before.state === 'paid' && after.state === 'reversed') return 'reversed_after_paid';
  // What a person was told of already is not told again each time somebody asks about the trade.
  const isDisputed = before.tradeSeen === 'disputed';
  if (fact === 'foreign' && before.tradeSeen !== 'foreign' && !isDisputed) {
    return 'number_names_another_trade';
  }
  if (isDisputed) return undefined;
  if (cell === 'incident') return 'paid_trade_is_closed';
  return isRefundedElsewhere(before, fact) ? 'refunded_elsewhere' : undefined;
}
