/**
 * The feed of events as programs read it: from its beginning it is what everybody read on the way, and it alone gives the final
 * state of every payment. What should be in it is in `../feed-check.ts`.
 */
import { shownState } from '../../../src/core/payment.ts';
import { feedFaults } from '../feed-check.ts';
import type { Check, Story } from '../check.ts';
import type { Violation } from '../record.ts';
import type { FeedEvent, Follower } from './follower.ts';

/** The number of the payment that an event is about. */
export function paymentIn({ data }: FeedEvent): string {
  const id = data['object'] === 'payment' ? data['id'] : data['payment'];
  return String(id).replace(/^pay_/, '');
}

export function placeOf({ id }: FeedEvent): number {
  return Number(id.replace(/^evt_/, ''));
}

/** Whether somebody who wants some kinds of events, or all, of one shop, or of all, wants this one. */
export function isWanted(
  { type, merchant }: FeedEvent,
  whose: string | undefined,
  types: readonly string[],
): boolean {
  return (
    (types.length === 0 || types.includes(type)) && (whose === undefined || whose === merchant)
  );
}

const feedIsRead: Check = function* ({ v2 }) {
  if (v2 === undefined) return;
  const rule = 'the feed never changes';
  const outOfOrder = v2.feed.find(
    (event, at) => at > 0 && placeOf(event) <= placeOf(v2.feed[at - 1] ?? event),
  );
  if (outOfOrder !== undefined)
    yield { rule, detail: outOfOrder.id, paymentNo: paymentIn(outOfOrder) };
  for (const follower of v2.followers) yield* differences(rule, v2.feed, follower);
};

/** The first event that a program read otherwise, or not at all. */
function* differences(
  rule: string,
  feed: readonly FeedEvent[],
  { plan, merchant, log }: Follower,
): Iterable<Violation> {
  const types = plan.type === undefined ? [] : [plan.type];
  const wanted = feed.filter((event) => isWanted(event, merchant, types));
  for (const [at, event] of wanted.entries()) {
    if (log[at] === JSON.stringify(event)) continue;
    const detail = `${log[at] ?? 'nothing'} where ${event.id} is`;
    yield { rule, detail, paymentNo: paymentIn(event) };
    return;
  }
  if (log.length > wanted.length) yield { rule, detail: 'more was read', paymentNo: undefined };
}

const feedTellsStories: Check = function* ({ v2, stories }) {
  if (v2 === undefined) return;
  const rule = 'the feed tells every story to its end';
  const byPayment = Map.groupBy(v2.feed, paymentIn);
  for (const story of stories) {
    const { paymentNo } = story.payment;
    const told = byPayment.get(paymentNo) ?? [];
    byPayment.delete(paymentNo);
    for (const detail of storyFaults(story, told)) yield { rule, detail, paymentNo };
  }
  for (const [paymentNo] of byPayment) yield { rule, detail: 'nobody knows it', paymentNo };
};

const OF_REFUND: Readonly<Record<string, string>> = {
  'refund.created': 'pending',
  'refund.succeeded': 'succeeded',
  'refund.failed': 'failed',
};

function* storyFaults(
  { payment, events, trade }: Story,
  told: readonly FeedEvent[],
): Iterable<string> {
  const goesBackByItself = trade?.refunds.some(({ requestNo }) =>
    requestNo.startsWith(`${payment.paymentNo}LATE`),
  );
  // Whoever reads "paid" hands goods out.
  const isRefused = events.some(({ detail }) => detail['reason'] === 'late_refund_refused');
  if (goesBackByItself === true && !isRefused && told.some(({ type }) => type === 'payment.paid')) {
    yield 'late money is told as paid, and goes back by itself';
  }
  const feed = told.map((event) => ({ type: event.type, place: placeOf(event) }));
  yield* feedFaults({ payment, events, feed });
  for (const { id, type, data } of told) {
    const state = OF_REFUND[type] ?? type.slice('payment.'.length);
    // A trade of an older system began paid.
    const isBeginning = type === 'payment.created' && payment.localNo === null;
    if (data['state'] !== state && !isBeginning)
      yield `${id} ${type} tells ${String(data['state'])}`;
  }
  const last = told.findLast(({ type }) => type.startsWith('payment.'));
  if (last?.data['state'] !== shownState(payment)) yield `it ends ${String(last?.data['state'])}`;
  const refundedFen = told
    .filter(({ type }) => type === 'refund.succeeded')
    .reduce((sum, { data }) => sum + Number(data['amount']), 0);
  if (refundedFen !== payment.refundedFen)
    yield `${refundedFen} went back, of ${payment.refundedFen}`;
}

export const FEED_CHECKS: readonly Check[] = [feedIsRead, feedTellsStories];
