/**
 * The payment state machine: which evidence from Alipay moves a payment where.
 * Its input is facts (what a verified answer taught us), never requests: a timeout, a 20000 or a bad signature is not a
 * fact and has no member here, so no code can conclude "failed" from silence. When to ask next is decided in
 * `schedule.ts`; the only caller that stores a decision is `flows/apply-fact.ts`.
 */
import { assert } from './assert.ts';
import type { Fen } from './money.ts';
import { dueAtAfter } from './schedule.ts';

export const PAYMENT_STATES = [
  /** The intent is stored; whether Alipay knows of it is unknown. */
  'created',
  /** The QR code is out, or the buyer has to confirm. Nobody has paid. */
  'awaiting_buyer',
  'paid',
  /** Alipay refused; nothing was charged. Final for the till; looked at once more in the background. */
  'declined',
  /** Ended unpaid. */
  'closed',
  /** Was paid, and all of the money went back by a cancel. */
  'reversed',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

export const PAYMENT_FACTS = [
  /** Verified 10000 of a pay call, or a query that says TRADE_SUCCESS or TRADE_FINISHED. */
  'paid',
  /** The trade exists and is unpaid: 10003, or WAIT_BUYER_PAY. */
  'waiting',
  /** A precreate gave a QR code. No trade exists until somebody scans it. */
  'qr_issued',
  /** Alipay refused the pay or precreate call for certain: this call charged nothing. */
  'refused',
  /** Alipay knows no such trade at this moment. Before a scan, or while a call is under way, that proves nothing. */
  'absent',
  /** Alipay knows no such trade, and none can come into being any more (`isGone` below). */
  'gone',
  /** A cancel found no trade. */
  'cancel_found_nothing',
  /** The trade of this number is somebody else's: another amount, or paid before this payment was begun. */
  'foreign',
  /** TRADE_CLOSED of a trade that never was paid; a close; a cancel with action `close`. */
  'closed_unpaid',
  /** TRADE_CLOSED of a trade that had been paid: all of it went back. */
  'closed_refunded',
  /** A cancel with action `refund`: it was paid, and the cancel gave the money back. */
  'cancel_refunded',
] as const;
export type PaymentFact = (typeof PAYMENT_FACTS)[number];

/** What a till and a merchant's books need to know of one payment. Amounts in fen, times in epoch milliseconds. */
export type Payment = {
  readonly merchantId: number;
  /** Our number of the payment and Alipay's `out_trade_no`. */
  readonly paymentNo: string;
  /** The merchant's own number of the charge (v1 `localNo`); null for a trade adopted from an older system. */
  readonly localNo: string | null;
  /** 1 for the first charge under this `localNo`, 2 for the next after that one ended unpaid, and so on. */
  readonly attempt: number;
  readonly method: 'barcode' | 'qr';
  readonly amountFen: Fen;
  readonly state: PaymentState;
  readonly version: number;
  readonly subject: string;
  readonly body: string | null;
  readonly operatorId: string | null;
  readonly storeId: string | null;
  /** A hash of the payment code, to recognise the same call again; null for a QR payment. */
  readonly authCodeHash: string | null;
  /** Which Alipay app and key the trade began with; they may differ from the merchant's of today. */
  readonly appOwner: string;
  readonly appId: string;
  readonly keyId: number;
  readonly sellerId: string;
  readonly alipayTradeNo: string | null;
  /** The QR text of a QR payment once it was issued. */
  readonly qrCode: string | null;
  /** Alipay's answer that the till is shown, word by word, and the method that gave it. */
  readonly answer: string | null;
  readonly answerMethod: AnswerMethod | null;
  readonly refundedFen: number;
  /** The sum of refunds that are asked for and not settled. */
  readonly refundingFen: number;
  /** No refund of this payment may be sent to Alipay before this moment: one at a time, three seconds apart. */
  readonly refundNotBeforeMs: number;
  readonly createdAtMs: number;
  /** When an open payment is cancelled (barcode) or closed (QR). */
  readonly deadlineAtMs: number;
  /** When Alipay stops honouring the QR code; equals the deadline for a barcode payment. */
  readonly diesAtMs: number;
  readonly paidAtMs: number | null;
  /** When the row must be looked at again; null when nothing is left to do. Also the lease of who looks at it now. */
  readonly dueAtMs: number | null;
  /** When the last query that Alipay answered about an existing or absent trade was asked; null before the first. */
  readonly heardAtMs: number | null;
  /** What Alipay last said of the trade: drives the next step past the deadline. */
  readonly tradeSeen: TradeSeen;
  /** When a cancel first found no trade; null before that. */
  readonly cancelFoundNothingAtMs: number | null;
  /** Questions in a row that got no verified answer. */
  readonly asksInVain: number;
  /** A cancel is on its way since then: whatever is heard meanwhile may be older than what it does. */
  readonly cancelSentAtMs: number | null;
  /** Cancels and closes that got no verified answer: each may still be carried out. */
  readonly endingsInVain: number;
  /** Money came after the till was told that it would not. */
  readonly isLate: boolean;
  /** True once the first call to Alipay has ended, with or without an answer. */
  readonly firstCallEnded: boolean;
};
export type TradeSeen = 'never_asked' | 'absent' | 'open' | 'ended' | 'foreign';
export type AnswerMethod = 'pay' | 'query' | 'precreate';

/** Where a fact moves a payment: a state, or nowhere, or nowhere and a person must look. */
type Cell = PaymentState | 'same' | 'incident';

/**
 * The total table. A new state or fact does not compile until each of its cells is decided.
 * `paid` is the strongest evidence: nothing but money going back takes a payment out of it.
 */
export const PAYMENT_TABLE = {
  created: {
    paid: 'paid',
    waiting: 'awaiting_buyer',
    qr_issued: 'awaiting_buyer',
    refused: 'declined',
    absent: 'same',
    gone: 'closed',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'closed',
    closed_refunded: 'reversed',
    cancel_refunded: 'reversed',
  },
  awaiting_buyer: {
    paid: 'paid',
    waiting: 'same',
    qr_issued: 'same',
    // A check saw the open trade before the refusal of the pay call arrived: the trade decides, so ask again.
    refused: 'same',
    absent: 'same',
    gone: 'closed',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'closed',
    closed_refunded: 'reversed',
    cancel_refunded: 'reversed',
  },
  paid: {
    paid: 'same',
    waiting: 'same',
    qr_issued: 'same',
    refused: 'same',
    absent: 'same',
    gone: 'incident',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'incident',
    // All of it refunded: by us (`decide` compares the sums), or behind our back in Alipay's own console.
    closed_refunded: 'same',
    cancel_refunded: 'reversed',
  },
  declined: {
    // The till was told "failed": money that comes all the same is booked, and is late (`decide`).
    paid: 'paid',
    waiting: 'same',
    qr_issued: 'same',
    refused: 'same',
    absent: 'same',
    gone: 'same',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'same',
    closed_refunded: 'reversed',
    cancel_refunded: 'reversed',
  },
  closed: {
    paid: 'paid',
    waiting: 'same',
    qr_issued: 'same',
    refused: 'same',
    absent: 'same',
    gone: 'same',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'same',
    closed_refunded: 'reversed',
    cancel_refunded: 'reversed',
  },
  reversed: {
    // An answer that was on its way while the cancel gave the money back: a closed trade is never paid again.
    paid: 'same',
    waiting: 'same',
    qr_issued: 'same',
    refused: 'same',
    absent: 'same',
    gone: 'same',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'same',
    closed_refunded: 'same',
    cancel_refunded: 'same',
  },
} as const satisfies Record<PaymentState, Record<PaymentFact, Cell>>;

/** A payment that may still be paid by the buyer. */
export function isOpen(state: PaymentState): boolean {
  return state === 'created' || state === 'awaiting_buyer';
}

/** A payment that ended without the shop keeping money: its `localNo` may be charged again. */
export function endedUnpaid(state: PaymentState): boolean {
  return state === 'declined' || state === 'closed' || state === 'reversed';
}

/** A payment of which the shop keeps nothing because it ended so, not because the shop gave money back. */
export function keptNothing(payment: Payment): boolean {
  const wentBackByItself = payment.isLate && payment.refundedFen === payment.amountFen;
  return endedUnpaid(payment.state) || wentBackByItself;
}

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
};

export type PaymentEffect =
  /** Money arrived after the till was told that it would not. */
  | { readonly kind: 'late_payment' }
  /** A human must look. `reason` is a stable word for the operator's search. */
  | { readonly kind: 'incident'; readonly reason: IncidentReason };

export type IncidentReason =
  | 'paid_trade_is_closed'
  | 'refunded_elsewhere'
  | 'alipay_stays_silent'
  /** A till may have been told "paid" before the cancel that gave the money back was heard of. */
  | 'reversed_after_paid'
  /** The number names another trade at Alipay: another system counts the same numbers for this account. */
  | 'number_names_another_trade';

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
  const cell: Cell = PAYMENT_TABLE[before.state][fact];
  const state = stateAfter(before, evidence, fact);
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
    tradeSeen: tradeSeenAfter(before, fact),
    heardAtMs: heardAtAfter(before, evidence, fact),
    cancelSentAtMs: endsCancel ? null : before.cancelSentAtMs,
    cancelFoundNothingAtMs: cancelFoundNothingAfter(before, fact, nowMs),
    asksInVain: fact === 'foreign' ? before.asksInVain + 1 : 0,
    firstCallEnded: true,
  };
  // A paid payment is confirmed by a query that agrees; one that was confirmed before stays so.
  const agrees = fact === 'paid' || fact === 'closed_refunded';
  const confirmed =
    agrees && (evidence.method === 'query' || (before.state === 'paid' && before.dueAtMs === null));
  const dueAtMs = isHeld(before, evidence, fact)
    ? before.dueAtMs
    : dueAtAfter(after, nowMs, confirmed);
  assert(after.refundedFen + after.refundingFen <= after.amountFen, 'refunds exceed the payment');
  return { payment: { ...after, dueAtMs }, effects: effectsOf(before, after, fact, cell) };
}

/** How far our clock and Alipay's may be apart. Beyond it payments are in doubt, with an alarm, and never misjudged. */
const CLOCK_SKEW_MS = 10 * 60_000;

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
 * in a second. The answer of the cancel, or the look after its lease, decides.
 */
function isHeld(before: Payment, evidence: Evidence, fact: PaymentFact): boolean {
  return (
    before.cancelSentAtMs !== null &&
    evidence.method !== 'cancel' &&
    fact === 'paid' &&
    isOpen(before.state)
  );
}

function stateAfter(before: Payment, evidence: Evidence, fact: PaymentFact): PaymentState {
  if (isHeld(before, evidence, fact)) return before.state;
  // All of it went back, and a cancel of ours without an answer is what may have done it.
  const byOurCancel = before.endingsInVain > 0 && before.method === 'barcode';
  if (before.state === 'paid' && fact === 'closed_refunded' && byOurCancel) return 'reversed';
  const cell: Cell = PAYMENT_TABLE[before.state][fact];
  return cell === 'same' || cell === 'incident' ? before.state : cell;
}

function heardAtAfter(before: Payment, evidence: Evidence, fact: PaymentFact): number | null {
  return evidence.method === 'query' && fact !== 'foreign' ? evidence.askedAtMs : before.heardAtMs;
}

/** A cancel is about to be sent: stored first, like every intent about money. */
export function withCancelSent(before: Payment, nowMs: number): Decision {
  const payment = { ...before, version: before.version + 1, cancelSentAtMs: nowMs };
  return { payment, effects: [] };
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

function tradeSeenAfter(before: Payment, fact: PaymentFact): TradeSeen {
  const seen = SEEN[fact];
  if (seen === 'same') return before.tradeSeen;
  // A trade that ended does not come back to life; such an answer is older than what we know.
  return before.tradeSeen === 'ended' ? 'ended' : seen;
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
  // A refusal that did not decide the payment (its trade was seen open meanwhile) is not the till's answer.
  if (method === 'pay') {
    return before.state === 'paid' || (evidence.fact === 'refused' && state !== 'declined')
      ? kept
      : heard;
  }
  return state === 'paid' && before.state !== 'paid' ? heard : kept;
}

function effectsOf(
  before: Payment,
  after: Payment,
  fact: PaymentFact,
  cell: Cell,
): readonly PaymentEffect[] {
  const incident = (reason: IncidentReason): readonly PaymentEffect[] => [
    { kind: 'incident', reason },
  ];
  if (cell === 'incident') return incident('paid_trade_is_closed');
  if (fact === 'foreign' && before.tradeSeen !== 'foreign')
    return incident('number_names_another_trade');
  if (after.state === 'paid' && endedUnpaid(before.state)) return [{ kind: 'late_payment' }];
  if (before.state === 'paid' && after.state === 'reversed') return incident('reversed_after_paid');
  const ours = before.refundedFen + before.refundingFen;
  if (before.state === 'paid' && fact === 'closed_refunded' && ours < before.amountFen) {
    return incident('refunded_elsewhere');
  }
  return [];
}
