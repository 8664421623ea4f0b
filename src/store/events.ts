/**
 * SQL of the history: what happened to a payment, appended in the transaction that changed it and never altered.
 */
import type { EventType } from '../core/event-types.ts';
import type { Changes } from '../core/history.ts';
import type { Payment } from '../core/payment.ts';
import type { Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { EventTable, PaymentEventKind, PaymentEventTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const EVENT_COLUMNS = columnsOf('payment_event');

export type PaymentEvent = {
  readonly seq: number;
  readonly atMs: number;
  readonly kind: PaymentEventKind;
  readonly state: string;
  readonly version: number;
  /** What a person needs to follow the story: method, fact, codes, reasons. Never keys or payment codes. */
  readonly detail: Readonly<Record<string, string | number | boolean | null | undefined>>;
  /** The fields that it changed; empty for an effect of the event before it. */
  readonly changes: Changes;
};

/** An event as it is appended. `notifyId` is Alipay's number of the notification that it came from. */
export type NewEvent = Pick<PaymentEvent, 'kind' | 'detail'> & {
  readonly changes?: Changes;
  readonly notifyId?: string | undefined;
  /** What a merchant hears of it as. */
  readonly told?: readonly EventType[] | undefined;
};

/** The row of an event about `payment`, which it carries the state and version of; `index` is its place among those of one change. */
export function toEventRow(
  payment: Payment,
  atMs: number,
  { kind, detail, changes, notifyId }: NewEvent,
  index = 0,
): PaymentEventTable {
  return {
    merchant_id: payment.merchantId,
    payment_no: payment.paymentNo,
    // Each change writes a new version, and at most a hundred events: the sequence needs no extra read.
    seq: payment.version * 100 + index,
    at_ms: atMs,
    kind,
    state: payment.state,
    version: payment.version,
    detail: JSON.stringify(detail),
    changes: JSON.stringify(changes ?? {}),
    notify_id: notifyId ?? null,
  };
}

/**
 * Appends events about `payment`, in order. They carry its state and version after the change. Flows call it through
 * `flows/record-change.ts`, which knows what changed.
 */
export async function appendEvents(
  db: Queryable,
  payment: Payment,
  atMs: number,
  events: readonly NewEvent[],
): Promise<void> {
  for (const [index, event] of events.entries()) {
    await insertRow(db, toEventRow(payment, atMs, event, index));
    for (const type of event.told ?? []) await insertTold(db, toToldRow(payment, atMs, type));
  }
}

/** The row of what a merchant hears of a change; its place in the feed comes later (`event-feed.ts`). */
export function toToldRow(payment: Payment, atMs: number, type: EventType): EventTable {
  const { merchantId, paymentNo, version } = payment;
  return {
    merchant_id: merchantId,
    payment_no: paymentNo,
    version,
    type,
    at_ms: atMs,
    position: null,
  };
}

const insertTold = prepared((db, row: EventTable) => db.insertInto('event').values(row));

const insertRow = prepared((db, row: PaymentEventTable) =>
  db.insertInto('payment_event').values(row),
);

/** Whether an event was refused because the history tells of its notification already. */
export function isToldAlready(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // SQLite names the columns; PostgreSQL does so beside its message, which it tells in the server's language. The name of
  // the index is another one in each partition (`docs/scale.md`).
  const detail = 'detail' in error ? String(error.detail) : '';
  return /UNIQUE.*\bnotify_id\b/.test(error.message) || /\bnotify_id\)=\(/.test(detail);
}

/** The history of a payment, oldest first. */
export async function listEvents(
  db: Queryable,
  payment: Pick<Payment, 'merchantId' | 'paymentNo'>,
): Promise<readonly PaymentEvent[]> {
  const rows = await db
    .selectFrom('payment_event')
    .select(EVENT_COLUMNS)
    .where('merchant_id', '=', payment.merchantId)
    .where('payment_no', '=', payment.paymentNo)
    .orderBy('seq')
    .execute();
  return rows.map(toEvent);
}

function toEvent(row: PaymentEventTable): PaymentEvent {
  const detail: PaymentEvent['detail'] = JSON.parse(row.detail);
  const changes: Changes = JSON.parse(row.changes);
  return {
    seq: row.seq,
    atMs: row.at_ms,
    kind: row.kind,
    state: row.state,
    version: row.version,
    detail,
    changes,
  };
}
