/**
 * Which changes of payments and refunds are events that a merchant hears of. Pure; the events are written in the transaction of the change (`store/events.ts`).
 */
import type { RowChange } from './history.ts';
import { shownState } from './payment.ts';

export const EVENT_TYPES = [
  'payment.created',
  'payment.awaiting_buyer',
  'payment.paid',
  'payment.declined',
  'payment.closed',
  'payment.reversed',
  'refund.created',
  'refund.succeeded',
  'refund.failed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What a change is told as; nothing for one that a merchant sees nothing of. */
export function eventTypesOf({ payment, refund }: RowChange): readonly EventType[] {
  return [...ofPayment(payment), ...(refund === undefined ? [] : ofRefund(refund))];
}

function ofPayment({ before, after }: RowChange['payment']): readonly EventType[] {
  const shown = shownState(after);
  if (before === undefined) {
    // A trade taken over from an older system begins paid.
    return shown === 'created' ? ['payment.created'] : ['payment.created', `payment.${shown}`];
  }
  return shown === shownState(before) ? [] : [`payment.${shown}`];
}

const OF_REFUND = {
  created: 'refund.created',
  done: 'refund.succeeded',
  refused: 'refund.failed',
} as const;

function ofRefund({ before, after }: NonNullable<RowChange['refund']>): readonly EventType[] {
  return before?.state === after.state ? [] : [OF_REFUND[after.state]];
}

/** What an event is about, and when it happened by the clock of the node that stored it. */
export type Happened = {
  readonly merchantId: number;
  readonly paymentNo: string;
  readonly version: number;
  readonly type: EventType;
  readonly atMs: number;
};
