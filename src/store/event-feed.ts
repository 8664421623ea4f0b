/**
 * SQL of the feed of events. Each event is stored with the change that it tells of, without a place; places are given
 * afterwards, by one transaction at a time, which holds the counter until it ends: so whoever reads up to a place has read
 * all there will ever be before it. Numbers that are skipped mean nothing.
 */
import type { EventType, Happened } from '../core/event-types.ts';
import { takeNumbers } from './counters.ts';
import { rowsAtMost, type Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { EventTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const EVENT_COLUMNS = columnsOf('event');
/** The counter that places are taken from. */
const COUNTER = 'event';

/** An event with its place in the feed, which never changes. */
export type FeedEvent = Happened & { readonly position: number };

/** Events that have no place yet, oldest first. */
export async function listUntold(db: Queryable, limit: number): Promise<readonly Happened[]> {
  const { rows } = await selectUntold(db, { limit });
  return rows.map(toHappened);
}

const selectUntold = prepared((db, { limit }: { limit: number }) =>
  db
    .selectFrom('event')
    .select(EVENT_COLUMNS)
    .where('position', 'is', null)
    .orderBy('at_ms')
    .orderBy('version')
    .limit(rowsAtMost(limit)),
);

/**
 * Gives events their places, in the order in which they come. One that got its place from another node in between keeps that.
 * Must run in a transaction.
 */
export async function givePlaces(tx: Queryable, events: readonly Happened[]): Promise<void> {
  const first = await takeNumbers(tx, COUNTER, events.length);
  for (const [index, event] of events.entries()) {
    const { merchantId, paymentNo, version, type } = event;
    await updatePlace(tx, { merchantId, paymentNo, version, type, position: first + index });
  }
}

type Place = Omit<FeedEvent, 'atMs'>;

const updatePlace = prepared((db, place: Place) =>
  db
    .updateTable('event')
    .set({ position: place.position })
    .where('merchant_id', '=', place.merchantId)
    .where('payment_no', '=', place.paymentNo)
    .where('version', '=', place.version)
    .where('type', '=', place.type)
    .where('position', 'is', null),
);

export type FeedFilter = {
  /** One merchant's events; null for all. */
  readonly merchantId: number | null;
  readonly types: readonly EventType[] | undefined;
  /** The place that the reader has read up to. */
  readonly after: number;
  readonly limit: number;
};

/** Events after a place, in the order of the feed. */
export async function readFeed(db: Queryable, filter: FeedFilter): Promise<readonly FeedEvent[]> {
  let query = db.selectFrom('event').select(EVENT_COLUMNS).where('position', '>', filter.after);
  if (filter.merchantId !== null) query = query.where('merchant_id', '=', filter.merchantId);
  if (filter.types !== undefined) query = query.where('type', 'in', filter.types);
  const rows = await query.orderBy('position').limit(rowsAtMost(filter.limit)).execute();
  return rows.map(toFeedEvent);
}

export async function findFeedEvent(
  db: Queryable,
  position: number,
): Promise<FeedEvent | undefined> {
  const row = await db
    .selectFrom('event')
    .select(EVENT_COLUMNS)
    .where('position', '=', position)
    .executeTakeFirst();
  return row && toFeedEvent(row);
}

function toHappened(row: EventTable): Happened {
  return {
    merchantId: row.merchant_id,
    paymentNo: row.payment_no,
    version: row.version,
    type: row.type,
    atMs: row.at_ms,
  };
}

function toFeedEvent(row: EventTable): FeedEvent {
  return { ...toHappened(row), position: row.position ?? 0 };
}
