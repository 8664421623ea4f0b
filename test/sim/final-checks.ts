/**
 * The books at the end: what the tills were told, the gateway's rows with their history, and the simulator's book must
 * tell one story. Each check is a function from all three to what it found wrong; the first word of a finding is the rule.
 */
import { historyFaults } from '../../src/core/history.ts';
import { PAYMENT_TABLE, type Payment, type PaymentFact } from '../../src/core/payment.ts';
import type { PaymentEvent } from '../../src/store/events.ts';
import { keepsMoney, type BookTrade } from './book.ts';
import { hasIncident, perPayment, type Books, type Check } from './check.ts';
import { feedFaults } from './feed-check.ts';
import type { Violation } from './record.ts';
import { TOLD_CHECKS } from './told-checks.ts';
import { ANSWER_CHECKS } from './v2/answer-checks.ts';
import { AUDIT_CHECKS } from './v2/audit-checks.ts';
import { FEED_CHECKS } from './v2/feed-checks.ts';
import { WEBHOOK_CHECKS } from './v2/webhook-checks.ts';

export function finalChecks(books: Books): readonly Violation[] {
  return CHECKS.flatMap((check) => [...check(books)]);
}

function describe(trade: BookTrade | undefined): string {
  if (trade === undefined) return 'no trade';
  const { status, chargeCount, refundedFen, closedBy } = trade;
  return `${status}, charged ${chargeCount} times, ${refundedFen} fen back${closedBy === undefined ? '' : `, closed by ${closedBy}`}`;
}

const agreesWithBook = perPayment('the row agrees with the book', function* ({ payment, trade }) {
  const { state, refundedFen } = payment;
  const isPaid = trade?.paidAtMs !== undefined;
  const wentBack = trade?.closedBy === 'cancel' && isPaid;
  if (trade !== undefined && trade.totalFen !== payment.amountFen) {
    yield `amount ${payment.amountFen} here, ${trade.totalFen} there`;
  }
  if (state === 'paid' && (!isPaid || wentBack)) yield `paid here, ${describe(trade)} there`;
  if ((state === 'closed' || state === 'declined') && isPaid)
    yield `${state} here, ${describe(trade)} there`;
  if (state === 'reversed' && !wentBack) yield `reversed here, ${describe(trade)} there`;
  const bookFen = trade?.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0) ?? 0;
  if (refundedFen !== bookFen) yield `refunded ${refundedFen} here, ${bookFen} there`;
});

const nothingOpen = perPayment(
  'nothing is open at the end',
  function* ({ payment, refunds, trade }) {
    const { state, dueAtMs } = payment;
    if (state === 'created' || state === 'awaiting_buyer') yield `still ${state}`;
    if (dueAtMs !== null) yield `due at ${dueAtMs} in state ${state}`;
    if (trade?.status === 'WAIT_BUYER_PAY') yield 'the trade still waits for its buyer';
    for (const { requestNo, state: refundState } of refunds) {
      if (refundState === 'created') yield `refund ${requestNo} is open`;
    }
  },
);

const refundsAgree = perPayment('refunds agree with the book', function* ({ refunds, trade }) {
  const rows = new Map(refunds.map((refund) => [refund.requestNo, refund]));
  for (const { requestNo, amountFen } of trade?.refunds ?? []) {
    const row = rows.get(requestNo);
    if (row?.state !== 'done')
      yield `${requestNo} was executed and is ${row?.state ?? 'unknown'} here`;
    else if (row.amountFen !== amountFen)
      yield `${requestNo}: ${row.amountFen} here, ${amountFen} there`;
  }
  const executed = new Set(trade?.refunds.map(({ requestNo }) => requestNo));
  for (const { requestNo, state } of refunds) {
    if (state === 'done' && !executed.has(requestNo)) yield `${requestNo} is done here only`;
  }
});

/** The trades of some payment codes are hidden from queries at first, for so long (contract of the simulator). */
const HIDING_STORY = '0009';
const HIDDEN_MS = 5_000;

/** When evidence was in reach, nobody should have been told "unpaid": money is late only if it could not be known. */
const lateIsLate = perPayment(
  'a payment is only late when it could not be known',
  function* ({ payment, trade, events, told }, { skewMs }) {
    if (!payment.isLate || trade?.paidAtMs === undefined) return;
    const end = events.find(({ state }) => state === 'closed' || state === 'declined');
    if (end === undefined) return;
    // A declined charge may leave an open trade that is paid at once; a closed one may only be followed by a new trade.
    const earliestMs = end.state === 'declined' ? trade.paidAtMs : trade.createdAtMs;
    const isHidden = told.some(({ key }) => key.endsWith(HIDING_STORY));
    const askedMs = askedAtMs(end) - (isHidden ? HIDDEN_MS : 0);
    if (earliestMs < askedMs - skewMs) {
      yield `${end.state} ${askedMs - earliestMs} ms after Alipay knew`;
    }
    if (payment.method === 'qr' && trade.createdAtMs < payment.diesAtMs - skewMs) {
      yield 'closed while its code was still honoured';
    }
  },
);

const CLOSING_FACTS: ReadonlySet<unknown> = new Set(['closed_unpaid', 'absent']);

const closedByProof = perPayment('a payment is closed by proof alone', function* ({ events }) {
  const end = events.find(({ state }) => state === 'closed');
  if (end === undefined || CLOSING_FACTS.has(end.detail['fact'])) return;
  yield `closed by ${end.kind} ${String(end.detail['fact'] ?? '')}`;
});

/** When the question was asked whose answer an event tells. */
function askedAtMs({ atMs, detail }: PaymentEvent): number {
  const askedMs = detail['askedAtMs'];
  return typeof askedMs === 'number' ? askedMs : atMs;
}

const refusedForGood = perPayment(
  'a refund is refused only when nobody could know better',
  function* ({ trade, events }, { skewMs }) {
    for (const { requestNo, atMs } of trade?.refunds ?? []) {
      const refusal = events.find(
        ({ changes }) =>
          changes.refund?.requestNo === requestNo && changes.refund.state === 'refused',
      );
      if (refusal === undefined) continue;
      const knownMs = askedAtMs(refusal) - atMs - skewMs;
      if (knownMs > 0) yield `${requestNo} was refused ${knownMs} ms after Alipay carried it out`;
    }
  },
);

const paidInTimeIsKept = perPayment(
  'what was paid in time is not taken back',
  function* ({ payment, trade, events }, { skewMs }) {
    if (payment.state !== 'reversed' || trade?.paidAtMs === undefined) return;
    // Who was told "declined" does not want to pay any more.
    if (events.some(({ state }) => state === 'declined')) return;
    const earlyMs = payment.deadlineAtMs - trade.paidAtMs;
    if (earlyMs > HIDDEN_MS + skewMs) yield `paid ${earlyMs} ms before the deadline, and reversed`;
  },
);

/** "Paid" was told before a cancel took it back: one that was never answered can do that, or one that the line doubled. */
const reversalIsExplained = perPayment(
  'a reversal after "paid" needs a cancel in doubt',
  function* (story) {
    if (!hasIncident(story, 'reversed_after_paid')) return;
    const { events } = story;
    const isDoubtful = events.some(
      ({ kind, detail }) =>
        (kind === 'silence' && detail['method'] === 'cancel') ||
        detail['fact'] === 'cancel_found_nothing',
    );
    if (!isDoubtful) yield 'every cancel was answered';
  },
);

const lateIsDealtWith = perPayment(
  'late money is given back or an alarm',
  function* ({ payment, trade, incidents }, { latePayment }) {
    if (!payment.isLate || !keepsMoney(trade)) return;
    const reason = latePayment === 'incident' ? 'late_payment' : 'late_refund_refused';
    const isAlarm = incidents.some(
      (incident) => incident.reason === reason && incident.state === 'open',
    );
    if (!isAlarm) yield `the money stays, and there is no open incident ${reason}`;
  },
);

/** One bill, one payment: whatever the clerk pressed, the guest pays once. */
const chargedOnce: Check = function* ({ stories }) {
  const kept = new Map<string, Payment[]>();
  for (const { payment, trade } of stories) {
    // Late money of an earlier attempt is an alarm of its own.
    if (payment.localNo === null || !keepsMoney(trade) || payment.isLate) continue;
    const bill = `${payment.merchantId}/${payment.localNo}`;
    kept.set(bill, [...(kept.get(bill) ?? []), payment]);
  }
  for (const [bill, [first, second]] of kept) {
    if (first === undefined || second === undefined) continue;
    const detail = `${bill}: ${first.paymentNo} and ${second.paymentNo}`;
    yield { rule: 'a bill is paid once', detail, paymentNo: second.paymentNo };
  }
};

const nothingUnknown: Check = function* ({ trades, stories, isForeign }) {
  const known = new Set(stories.map(({ payment }) => payment.paymentNo));
  for (const { outTradeNo } of trades) {
    if (known.has(outTradeNo) || isForeign(outTradeNo)) continue;
    yield { rule: 'no trade without a payment', detail: outTradeNo, paymentNo: outTradeNo };
  }
};

const historyIsAPath = perPayment(
  'the history is a path in the table',
  function* ({ payment, events }) {
    let state: Payment['state'] | undefined;
    let version = 0;
    for (const event of events) {
      if (event.version > version + 1) yield `no event of version ${version + 1}`;
      version = event.version;
      // The column is written from a state.
      const next = event.state as Payment['state'];
      if (state !== undefined && next !== state && !mayMove(state, next, event)) {
        yield `${state} -> ${next} by ${event.kind} ${String(event.detail['fact'] ?? '')}`;
      }
      state = next;
    }
    if (version !== payment.version)
      yield `the row has version ${payment.version}, its history ends at ${version}`;
    if (state !== payment.state) yield `the row is ${payment.state}, its history ends ${state}`;
  },
);

const historyReplays = perPayment(
  'the history replays to the rows',
  function* ({ payment, refunds, events }) {
    yield* historyFaults(events, { payment, refunds });
  },
);

function mayMove(from: Payment['state'], to: Payment['state'], event: PaymentEvent): boolean {
  if (event.kind !== 'fact') return false;
  // The history keeps facts by these names only.
  const fact = event.detail['fact'] as PaymentFact;
  const cells: readonly string[] = [
    PAYMENT_TABLE[from][fact],
    // Absent at a moment when no trade can come into being any more; and our own cancel, heard of from a query.
    ...(fact === 'absent' ? [PAYMENT_TABLE[from].gone] : []),
    ...(from === 'paid' && fact === 'closed_refunded' ? ['reversed'] : []),
  ];
  return cells.includes(to);
}

const noUnexplainedAlarm = perPayment('only what can happen is an alarm', function* (story) {
  // A refund that was refused and carried out all the same looks like somebody else's, until it is found.
  const isExplained = hasIncident(story, 'refund_done_after_refused');
  for (const { kind, detail } of story.events) {
    const reason = String(detail['reason']);
    if (reason === 'refunded_elsewhere' && isExplained) continue;
    if (kind === 'incident' && IMPOSSIBLE_INCIDENTS.has(reason)) yield reason;
  }
});

/** In a world where nobody else touches our trades, and Alipay heals in time. */
const IMPOSSIBLE_INCIDENTS = new Set([
  'paid_trade_is_closed',
  'paid_stays_unconfirmed',
  'refunded_elsewhere',
  'alipay_stays_silent',
  'number_names_another_trade',
  'refund_stays_silent',
]);

const feedTellsAll = perPayment('merchants hear of every change once, in its order', feedFaults);

const CHECKS: readonly Check[] = [
  agreesWithBook,
  nothingOpen,
  refundsAgree,
  lateIsLate,
  closedByProof,
  paidInTimeIsKept,
  reversalIsExplained,
  lateIsDealtWith,
  refusedForGood,
  chargedOnce,
  nothingUnknown,
  historyIsAPath,
  historyReplays,
  feedTellsAll,
  noUnexplainedAlarm,
  ...TOLD_CHECKS,
  ...ANSWER_CHECKS,
  ...AUDIT_CHECKS,
  ...FEED_CHECKS,
  ...WEBHOOK_CHECKS,
];
