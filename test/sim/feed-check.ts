/**
 * What merchants hear of a payment, held against its history: every change once, in its order, each with a place in the feed.
 */
import { eventTypesOf } from '../../src/core/event-types.ts';
import { shownState, type Payment } from '../../src/core/payment.ts';
import type { Refund } from '../../src/core/refund.ts';
import type { PaymentEvent } from '../../src/store/events.ts';

/** An event as merchants hear of it, in the order in which they do; one without a place is never heard. */
export type Heard = { readonly type: string; readonly place: number | null };

type Told = {
  readonly payment: Payment;
  readonly events: readonly PaymentEvent[];
  readonly feed: readonly Heard[];
};

/** What is wrong with the feed of a payment. */
export function* feedFaults({ payment, events, feed }: Told): Iterable<string> {
  const heard = feed.map(({ type }) => type).join(', ');
  const due = [...typesOf(events)].join(', ');
  if (heard !== due) yield `${heard} instead of ${due}`;
  if (feed.some(({ place }) => place === null)) yield 'an event without a place';
  const last = feed.findLast(({ type }) => type.startsWith('payment.'))?.type;
  const state = last === 'payment.created' ? 'created' : last?.slice('payment.'.length);
  if (state !== shownState(payment)) {
    yield `${String(last)} is the last of a payment that is ${payment.state}`;
  }
}

/** The changes of a history as merchants should hear of them. */
function* typesOf(events: readonly PaymentEvent[]): Iterable<string> {
  let payment: Payment | undefined;
  const refunds = new Map<string, Refund>();
  for (const { changes } of events) {
    if (changes.payment === undefined) continue;
    const after = { ...payment, ...changes.payment } as Payment;
    const requestNo = changes.refund?.requestNo ?? '';
    const before = refunds.get(requestNo);
    const refund = changes.refund && ({ ...before, ...changes.refund } as Refund);
    const change = { payment: { before: payment, after } };
    yield* eventTypesOf(refund ? { ...change, refund: { before, after: refund } } : change);
    payment = after;
    if (refund !== undefined) refunds.set(requestNo, refund);
  }
}
