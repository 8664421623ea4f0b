/**
 * When a payment or a refund is looked at again, and what Alipay is asked then. Pure tables of intervals: dense while a
 * clerk waits, then widening, ending in an incident and never in a verdict. The due time is kept in the row; these
 * functions are asked again each time the row changes. Which evidence moves a payment is decided in `payment.ts`.
 */
import type { Payment, PaymentState } from './payment.ts';
import type { Refund } from './refund.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Gap before the next question while a payment is open, by the age it has reached. */
export const GAPS: Record<Payment['method'], readonly { untilAgeMs: number; gapMs: number }[]> = {
  // Alipay's advice is every 3 to 6 seconds (docs, "payment code": polling); the first ones come sooner, for the clerk.
  barcode: [
    { untilAgeMs: 10 * SECOND, gapMs: 2 * SECOND },
    { untilAgeMs: MINUTE, gapMs: 3 * SECOND },
    { untilAgeMs: Infinity, gapMs: 5 * SECOND },
  ],
  // A guest takes a while to find the phone, and a front desk may have a thousand codes open.
  qr: [
    { untilAgeMs: 30 * SECOND, gapMs: 3 * SECOND },
    { untilAgeMs: 3 * MINUTE, gapMs: 5 * SECOND },
    { untilAgeMs: Infinity, gapMs: 10 * SECOND },
  ],
};

/** Wait after the first, second, … question in a row that got no verified answer; the last repeats. */
export const VAIN_GAPS_MS = [
  ...[1, 2, 3, 5, 5, 5, 10, 10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 30, 60].map((minutes) => minutes * MINUTE),
];
/** After about a week of silence, hour by hour, a person has to look. */
export const VAIN_MAX = 180;

/** Nobody asks about the row any more: a person was told, and only an answer starts the questions again. */
export function hasGivenUp({ asksInVain }: { readonly asksInVain: number }): boolean {
  return asksInVain > VAIN_MAX;
}

/**
 * A payment paid by the pay call's own answer is confirmed by a notification, or by one query, when the rush is over. While
 * queries contradict it, the next waits as long as the payment is old; when it is a week old, a person has to look.
 */
const CONFIRM_AFTER_MS = 10 * SECOND;
export const CONFIRM_AGE_MS_MAX = 7 * 24 * HOUR;

/** Too old to be asked about once more while queries contradict that it is paid. */
export function isPastConfirming(payment: Payment, nowMs: number): boolean {
  return nowMs - payment.createdAtMs > CONFIRM_AGE_MS_MAX;
}
/** A refused pay call may have left an open trade behind (Alipay docs: close out every trade): the first look for it. */
const VERIFY_DECLINE_AFTER_MS = 5 * SECOND;
/**
 * The next looks, while no trade is found: somebody else may have said the refusal of a charge that Alipay carried out
 * (decision 0014), and Alipay may say for some seconds that a trade does not exist which it has just made.
 */
const DECLINE_LOOKS_AT_AGES_MS = [MINUTE, 10 * MINUTE];
/**
 * A payment closed only because no trade was found is watched for money that comes all the same, and a paid one for a
 * cancel that comes all the same: at these ages since the cancel that found nothing, or since Alipay stopped honouring
 * the code. So is a refund that was refused while an earlier call was in doubt, since it was last sent. By age, not by count: a till's own questions are not these.
 */
export const WATCH_AT_AGES_MS = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 30 * HOUR];

export type Step = 'query' | 'cancel' | 'close' | 'none';

/** What to ask Alipay about a payment whose row is due at `nowMs`. */
export function stepAt(payment: Payment, nowMs: number): Step {
  const ending = payment.method === 'qr' ? 'close' : 'cancel';
  switch (payment.state) {
    case 'created':
    case 'awaiting_buyer': {
      if (nowMs < payment.deadlineAtMs) return 'query';
      // Only what is still open at the deadline is ended. A node that was down until now has not heard of a buyer who paid
      // in time, and a cancel would give that money back.
      const wasOpenAtDeadline =
        payment.heardAtMs !== null && payment.heardAtMs >= payment.deadlineAtMs;
      if (payment.method === 'barcode' && !wasOpenAtDeadline) return 'query';
      // Somebody else's trade is not ours to end.
      if (payment.tradeSeen === 'foreign') return 'query';
      // The question that ends a trade got no answer: hear what became of it before asking to end it again.
      if (payment.asksInVain % 2 === 1) return 'query';
      const nothingToCancel =
        payment.cancelFoundNothingAtMs !== null && payment.tradeSeen === 'absent';
      return nothingToCancel ? 'query' : ending;
    }
    case 'paid':
      return 'query';
    case 'declined':
    case 'closed':
      return payment.tradeSeen === 'open' && payment.asksInVain % 2 === 0 ? ending : 'query';
    case 'reversed':
      return 'none';
    default:
      return payment.state satisfies never;
  }
}

/**
 * When a payment must be looked at again after what was learnt (or not) at `nowMs`; null when nothing is left to do.
 * `confirmed`: a query agreed that it is paid.
 */
export function dueAtAfter(payment: Payment, nowMs: number, confirmed: boolean): number | null {
  if (hasGivenUp(payment)) return null;
  const gapMs = GAP_BY_STATE[payment.state](payment, nowMs, confirmed);
  if (payment.asksInVain === 0) return gapMs === null ? null : nowMs + gapMs;
  // What was due stays due until it is answered, also where no further question would follow (a notification's hint).
  if (gapMs === null && payment.dueAtMs === null) return null;
  // Endings that stay without an answer widen the gaps too, though queries between them are answered.
  const vain = Math.max(payment.asksInVain, payment.endingsInVain);
  return nowMs + Math.max(gapMs ?? 0, vainGapMs(vain));
}

type Gap = (payment: Payment, nowMs: number, confirmed: boolean) => number | null;

const GAP_BY_STATE: Record<PaymentState, Gap> = {
  created: openGapMs,
  awaiting_buyer: openGapMs,
  paid: (payment, nowMs, confirmed) => {
    const { createdAtMs, asksInVain } = payment;
    // A cancel of ours without an answer may still arrive at Alipay and take the money back; a close never does.
    const mayGoBack = payment.method === 'barcode' && payment.endingsInVain > 0;
    if (confirmed) return mayGoBack ? watchGapMs(payment, nowMs) : null;
    // Silence contradicts nothing, and widens by itself.
    if (asksInVain > 0) return CONFIRM_AFTER_MS;
    return isPastConfirming(payment, nowMs)
      ? null
      : Math.max(CONFIRM_AFTER_MS, nowMs - createdAtMs);
  },
  declined: ({ method, tradeSeen, createdAtMs }, nowMs) => {
    if (tradeSeen === 'open') return 0;
    if (tradeSeen === 'never_asked') return VERIFY_DECLINE_AFTER_MS;
    // Of a refused QR code nothing was shown that a guest could pay.
    const mayCome = method === 'barcode' && tradeSeen === 'absent';
    return mayCome ? nextGapOf(DECLINE_LOOKS_AT_AGES_MS, nowMs - createdAtMs) : null;
  },
  closed: (payment, nowMs) => {
    if (payment.tradeSeen === 'open') return 0;
    return payment.tradeSeen === 'absent' ? watchGapMs(payment, nowMs) : null;
  },
  reversed: () => null,
};

/** What a notification of Alipay's, verified and matched, says of the trade. */
export type Notice = 'waiting' | 'paid' | 'refunded' | 'closed';

/**
 * When a payment must be looked at after such a notification: at once, as a notification is a reason to ask and no fact.
 * Null where nothing is left to ask: what is settled and said again (Alipay repeats notifications for a day), and "paid" of a
 * payment that the pay call's own answer says is paid. Both are signed and name the order and its amount; a query would be
 * Alipay's third word for the same (decision 0015).
 */
export function dueAtAfterNotice(payment: Payment, notice: Notice, nowMs: number): number | null {
  if (payment.dueAtMs === null) return isOldNews(payment, notice) ? null : nowMs;
  return notice === 'paid' && awaitsConfirmation(payment) ? null : nowMs;
}

function isOldNews({ state, refundedFen, amountFen }: Payment, notice: Notice): boolean {
  if (state === 'reversed') return true;
  return state === 'paid' && (notice !== 'closed' || refundedFen === amountFen);
}

/** Paid by the pay call's own answer, with no doubt: no query was answered since, and no cancel may give it back. */
function awaitsConfirmation(payment: Payment): boolean {
  const { state, answerMethod, heardAtMs, asksInVain, endingsInVain } = payment;
  const isDoubted = heardAtMs !== null || asksInVain > 0 || endingsInVain > 0;
  return state === 'paid' && answerMethod === 'pay' && !isDoubted;
}

function watchGapMs(payment: Payment, nowMs: number): number | null {
  return nextGapOf(WATCH_AT_AGES_MS, nowMs - (payment.cancelFoundNothingAtMs ?? payment.diesAtMs));
}

/** How long until the next of these ages; null when the last is past. */
function nextGapOf(agesMs: readonly number[], ageMs: number): number | null {
  const nextAgeMs = agesMs.find((watchAgeMs) => watchAgeMs > ageMs);
  return nextAgeMs === undefined ? null : nextAgeMs - ageMs;
}

function openGapMs(payment: Payment, nowMs: number): number {
  const ageMs = nowMs - payment.createdAtMs;
  const gapMs = GAPS[payment.method].find(({ untilAgeMs }) => ageMs < untilAgeMs)?.gapMs ?? SECOND;
  if (nowMs < payment.deadlineAtMs) return Math.min(gapMs, payment.deadlineAtMs - nowMs);
  // Past the deadline an open trade is ended at once: a cancel must follow the last query (Alipay docs, cancel).
  if (payment.tradeSeen === 'open') return 0;
  return payment.method === 'barcode' && payment.cancelFoundNothingAtMs === null ? 0 : gapMs;
}

function vainGapMs(asksInVain: number): number {
  return VAIN_GAPS_MS[Math.min(asksInVain, VAIN_GAPS_MS.length) - 1] ?? 0;
}

/** When the first look is due if whoever makes the first call dies: a call that long ago has surely ended. */
export function firstLookAtMs(nowMs: number, alipayTimeoutMs: number): number {
  return nowMs + alipayTimeoutMs + SECOND;
}

/**
 * Whoever stored the intent was held up until its first look is due: others may have given the payment up already, so the
 * first call must not be sent any more.
 */
export function isFirstCallOverdue({ dueAtMs }: Pick<Payment, 'dueAtMs'>, nowMs: number): boolean {
  return dueAtMs !== null && nowMs >= dueAtMs;
}

/** What a look may take beside its calls. */
export const LOOK_RESERVE_MS = 5 * SECOND;
/**
 * How long whoever looks at a row keeps it for himself: longer than a look takes, with two calls to Alipay (an older key
 * may need a second) and the writes around them.
 */
export function lookLeaseMs(alipayTimeoutMs: number): number {
  return 2 * alipayTimeoutMs + LOOK_RESERVE_MS;
}

/** Two refunds of one trade are at least this far apart (Alipay docs, refund). */
export const REFUND_SPACING_MS = 3 * SECOND;
/**
 * When a refund that has to wait for its turn looks again. Whose turn it is usually ends it long before its lease does,
 * so nobody waits for the lease.
 */
export function refundTurnAtMs(nowMs: number, notBeforeMs: number): number {
  return Math.max(nowMs, Math.min(notBeforeMs, nowMs + REFUND_SPACING_MS));
}

/**
 * Before this long after a refund was sent, a refund query that finds nothing proves nothing. Alipay says 10 seconds for a
 * request that it has; one without an answer may still be on its way, and a minute is what a payment waits, too.
 */
export const REFUND_QUERY_PROVES_AFTER_MS = MINUTE;

/** Refused, though an earlier call may yet be carried out (`WATCH_AT_AGES_MS`). */
function isWatched({ state, inDoubt, lastSentAtMs }: Refund): boolean {
  return state === 'refused' && inDoubt && lastSentAtMs !== null;
}

/** What to ask Alipay about a refund that is due: send it (again, same number and amount), or ask what became of it. */
export function refundStep(refund: Refund): 'send' | 'query' | 'none' {
  if (isWatched(refund)) return 'query';
  if (refund.state !== 'created') return 'none';
  if (refund.lastSentAtMs === null) return 'send';
  // Alipay refused a repetition: only the query tells what became of the call before it.
  if (refund.answerFact === 'refused') return 'query';
  return refund.asksInVain % 2 === 0 ? 'query' : 'send';
}

/** When a refund must be looked at again; null once nothing is left to learn, or a human must look. */
export function refundDueAtAfter(refund: Refund, nowMs: number): number | null {
  if (hasGivenUp(refund)) return null;
  if (isWatched(refund)) {
    const { asksInVain, lastSentAtMs } = refund;
    const watchGap = nextGapOf(WATCH_AT_AGES_MS, nowMs - (lastSentAtMs ?? nowMs));
    // A look without an answer is made up for.
    return asksInVain > 0
      ? nowMs + Math.max(watchGap ?? 0, vainGapMs(asksInVain))
      : watchGap && nowMs + watchGap;
  }
  if (refund.state !== 'created') return null;
  const gapMs = Math.max(vainGapMs(refund.asksInVain), REFUND_SPACING_MS);
  if (refund.answerFact !== 'refused' || refund.lastSentAtMs === null) return nowMs + gapMs;
  // Ask when "no such refund" proves that the refusal holds.
  return Math.max(nowMs + gapMs, refund.lastSentAtMs + REFUND_QUERY_PROVES_AFTER_MS);
}
