/**
 * The refund machine: one refund of a payment, known by the merchant's request number. As with payments its input is
 * facts; silence moves nothing. The sums on the payment (asked for, given back) change with it, in `flows/apply-refund.ts`.
 * A repetition always carries the same number and amount, so that Alipay executes it at most once.
 */
import type { Fen } from './money.ts';
import { REFUND_QUERY_PROVES_AFTER_MS, refundDueAtAfter } from './schedule.ts';

export const REFUND_STATES = [
  /** The intent is stored and its amount reserved; the outcome is open. */
  'created',
  /** The money went back. */
  'done',
  /** Alipay refused it for certain; nothing went back and nothing will under this number. */
  'refused',
] as const;
export type RefundState = (typeof REFUND_STATES)[number];

export const REFUND_FACTS = [
  /** `fund_change` is `Y`, or the refund query says REFUND_SUCCESS. */
  'done',
  /** 10000 without `fund_change` `Y`: typically the repetition of an executed request. Proves nothing by itself. */
  'accepted',
  'refused',
  /** The refund query finds no refund of this number. */
  'absent',
] as const;
export type RefundFact = (typeof REFUND_FACTS)[number];

/** One refund. Amounts in fen, times in epoch milliseconds. */
export type Refund = {
  readonly merchantId: number;
  readonly paymentNo: string;
  /** The merchant's number of the refund, unique within the payment (Alipay's `out_request_no`). */
  readonly requestNo: string;
  readonly amountFen: Fen;
  readonly reason: string | null;
  readonly storeId: string | null;
  readonly state: RefundState;
  readonly version: number;
  /** The answer that decides or explains the state, word by word as the till gets it. */
  readonly answer: string | null;
  /** What that answer meant; null while there is none. */
  readonly answerFact: RefundFact | null;
  readonly lastSentAtMs: number | null;
  /** A call that sent it got no verified answer: it may or may not have been executed. */
  readonly inDoubt: boolean;
  readonly asksInVain: number;
  readonly createdAtMs: number;
  readonly dueAtMs: number | null;
  /** Who asked for it over v2, `key_…` or `user_…`, and his name then; null where nobody is known. */
  readonly createdBy: string | null;
  readonly createdByName: string | null;
};

/** What a refund is asked with. */
export type RefundRequest = Pick<
  Refund,
  'merchantId' | 'paymentNo' | 'requestNo' | 'amountFen' | 'reason' | 'storeId'
> &
  Partial<Pick<Refund, 'createdBy' | 'createdByName'>>;

/** A refund as it begins: asked for, and not sent to Alipay yet. */
export function newRefund(request: RefundRequest, nowMs: number, dueAtMs: number): Refund {
  return {
    createdBy: null,
    createdByName: null,
    ...request,
    state: 'created',
    version: 1,
    answer: null,
    answerFact: null,
    lastSentAtMs: null,
    inDoubt: false,
    asksInVain: 0,
    createdAtMs: nowMs,
    dueAtMs,
  };
}

/** The total table of a refund without doubt about earlier calls; `decideRefund` handles the doubt. */
export const REFUND_TABLE = {
  created: { done: 'done', accepted: 'same', refused: 'refused', absent: 'same' },
  done: { done: 'same', accepted: 'same', refused: 'same', absent: 'same' },
  // Should the watch find that it was executed after all, the books follow the money, and a person is told.
  refused: { done: 'done', accepted: 'same', refused: 'same', absent: 'same' },
} as const satisfies Record<RefundState, Record<RefundFact, RefundState | 'same'>>;

/** Verified evidence about a refund. */
export type RefundEvidence = {
  readonly fact: RefundFact;
  /** What the till shall be told, in Alipay's words. */
  readonly answer: string | null;
  /** When Alipay was asked: that nothing is there says nothing of what was sent later. */
  readonly askedAtMs: number;
};

/** Decides what verified evidence does to a refund. */
export function decideRefund(before: Refund, evidence: RefundEvidence, nowMs: number): Refund {
  const { fact, answer } = evidence;
  const state = refundStateAfter(before, evidence);
  // Once settled, the answer that settled it stays: the same call again is answered word by word.
  const keepsAnswer = fact === 'absent' || (before.state !== 'created' && before.state === state);
  const after: Refund = {
    ...before,
    state,
    version: before.version + 1,
    answer: keepsAnswer ? before.answer : answer,
    answerFact: keepsAnswer ? before.answerFact : fact,
    asksInVain: state === 'created' ? asksInVainAfter(before, fact) : 0,
  };
  return { ...after, dueAtMs: refundDueAtAfter(after, nowMs) };
}

/**
 * Answers that settle nothing count as in vain, so that the questions widen and end: `accepted` and `absent` in turns
 * would else be asked for ever. After `accepted` comes a query, which is the even count (`refundStep`).
 */
function asksInVainAfter({ asksInVain }: Refund, fact: RefundFact): number {
  if (fact === 'absent') return asksInVain + 1;
  return fact === 'accepted' ? asksInVain + (asksInVain % 2) : 0;
}

function refundStateAfter(before: Refund, { fact, askedAtMs }: RefundEvidence): RefundState {
  const cell = REFUND_TABLE[before.state][fact];
  // A refusal of a repetition says nothing of the first call. Refused is certain once the query finds nothing, late enough.
  if (cell === 'refused' && before.inDoubt) return before.state;
  const provesNothingWasDone =
    before.lastSentAtMs !== null && askedAtMs >= before.lastSentAtMs + REFUND_QUERY_PROVES_AFTER_MS;
  const wasRefused = before.inDoubt && before.answerFact === 'refused';
  if (before.state === 'created' && fact === 'absent' && wasRefused && provesNothingWasDone) {
    return 'refused';
  }
  return cell === 'same' ? before.state : cell;
}

/** A call about the refund got no verified answer. `sent`: it was the refund call itself. */
export function refundAfterSilence(before: Refund, sent: boolean, nowMs: number): Refund {
  const after: Refund = {
    ...before,
    version: before.version + 1,
    inDoubt: before.inDoubt || sent,
    asksInVain: before.asksInVain + 1,
  };
  return { ...after, dueAtMs: refundDueAtAfter(after, nowMs) };
}
