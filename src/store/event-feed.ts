/**
 * SQL of the feed of events. Each event is stored with the change that it tells of, without a place; places are given
 * afterwards, by one transaction at a time, which holds the counter until it ends: so whoever reads up to a place has read
 * all there will ever be before it. Numbers that are skipped mean nothing.
 */
import { sql } from 'kysely';
import type { EventType, Happened } from '../core/event-types.ts';
import type { Payment } from '../core/payment.ts';
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

/** How many events have no place yet; `limit` at most. */
export async function countUntold(db: Queryable, limit: number): Promise<number> {
  const { rows } = await selectCount(db, { limit });
  return rows[0]?.untold ?? 0;
}

const selectCount = prepared((db, { limit }: { limit: number }) =>
  db
    .selectFrom((from) =>
      from
        .selectFrom('event')
        .select('version')
        .where('position', 'is', null)
        .limit(rowsAtMost(limit))
        .as('untold'),
    )
    .select((eb) => eb.fn.countAll<number>().as('untold')),
);

/**
 * Gives `count` events their places, and returns them in the order of the feed. They are ordered by time, and those of one
 * payment by version, whatever the clocks of two nodes said: an event counts as no older than those of its payment before it.
 * Must run in a transaction, whose beginning is to take the numbers: the next one waits there.
 */
export async function givePlaces(tx: Queryable, count: number): Promise<readonly FeedEvent[]> {
  const first = await takeNumbers(tx, COUNTER, count);
  const { rows } = await updatePlaces(tx, { first, count });
  return rows.map(toFeedEvent).toSorted((a, b) => a.position - b.position);
}

// What has no place is gathered first: left to itself, SQLite walks through all events there are, in the order of the window.
const updatePlaces = prepared((db, { first, count }: { first: number; count: number }) =>
  db
    .with(
      (cte) => cte('untold').materialized(),
      (from) =>
        from
          .selectFrom('event')
          .select(['merchant_id', 'payment_no', 'version', 'type', 'at_ms'])
          .where('position', 'is', null),
    )
    .with('waiting', (from) =>
      from
        .selectFrom('untold')
        .select(['merchant_id', 'payment_no', 'version', 'type'])
        .select(
          sql<number>`max(at_ms) over (partition by merchant_id, payment_no order by version, type)`.as(
            'told_at_ms',
          ),
        ),
    )
    .with('placed', (from) =>
      from
        .selectFrom('waiting')
        .select(['merchant_id', 'payment_no', 'version', 'type'])
        .select(
          sql<number>`row_number() over (order by told_at_ms, version, merchant_id, payment_no, type)`.as(
            'number',
          ),
        ),
    )
    .updateTable('event')
    .from('placed')
    .set({ position: sql<number>`cast(${first} as bigint) - 1 + placed.number` })
    .whereRef('event.merchant_id', '=', 'placed.merchant_id')
    .whereRef('event.payment_no', '=', 'placed.payment_no')
    .whereRef('event.version', '=', 'placed.version')
    .whereRef('event.type', '=', 'placed.type')
    .where('event.position', 'is', null)
    .where(sql<boolean>`placed.number <= cast(${count} as bigint)`)
    .returning(EVENT_COLUMNS.map((name) => `event.${name}` as const)),
);

export type FeedFilter = {
  /** One merchant's events; null for all. */
  readonly merchantId: number | null;
  readonly types: readonly EventType[] | undefined;
  /** The place that the reader has read up to. */
  readonly after: number;
  /** The last place that is read; all of them without it. */
  readonly upTo?: number | undefined;
  /** Those that happened then or later, and before; all without it. */
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly limit: number;
};

/** The last place that is given: everything up to it can be read, and nothing will ever come before it. */
export async function lastPlace(db: Queryable): Promise<number> {
  const { rows } = await selectLast(db, {});
  return rows[0]?.last ?? 0;
}

const selectLast = prepared((db) =>
  db
    .selectFrom('event')
    .select((eb) => eb.fn.max('position').as('last'))
    .where('position', 'is not', null),
);

/** Events after a place, in the order of the feed. */
export async function readFeed(db: Queryable, filter: FeedFilter): Promise<readonly FeedEvent[]> {
  let query = db.selectFrom('event').select(EVENT_COLUMNS).where('position', '>', filter.after);
  if (filter.upTo !== undefined) query = query.where('position', '<=', filter.upTo);
  if (filter.merchantId !== null) query = query.where('merchant_id', '=', filter.merchantId);
  if (filter.types !== undefined) query = query.where('type', 'in', filter.types);
  if (filter.fromMs !== undefined) query = query.where('at_ms', '>=', filter.fromMs);
  if (filter.untilMs !== undefined) query = query.where('at_ms', '<', filter.untilMs);
  const rows = await query.orderBy('position').limit(rowsAtMost(filter.limit)).execute();
  return rows.map(toFeedEvent);
}

export async function findFeedEvent(
  db: Queryable,
  position: number,
): Promise<FeedEvent | undefined> {
  return (await findFeedEvents(db, [position]))[0];
}

/** The events at these places, in any order. */
export async function findFeedEvents(
  db: Queryable,
  positions: readonly number[],
): Promise<readonly FeedEvent[]> {
  if (positions.length === 0) return [];
  const rows = await db
    .selectFrom('event')
    .select(EVENT_COLUMNS)
    .where('position', 'in', positions)
    .execute();
  return rows.map(toFeedEvent);
}

/** Whether the feed tells, before this place, of a later charge under the payment's `localNo`: that never changes. */
export async function wasChargedAgainBefore(
  db: Queryable,
  payment: Pick<Payment, 'merchantId' | 'localNo' | 'attempt'>,
  position: number,
): Promise<boolean> {
  const { merchantId, localNo, attempt } = payment;
  const { rows } = await selectToldBefore(db, { merchantId, localNo, attempt, position });
  return rows.length > 0;
}

type ToldBefore = Pick<Payment, 'merchantId' | 'localNo' | 'attempt'> & Pick<FeedEvent, 'position'>;

// Asked of each later charge: of a join, SQLite walks through the merchant's events.
const selectToldBefore = prepared((db, { merchantId, localNo, attempt, position }: ToldBefore) =>
  db
    .selectFrom('payment as later')
    .select('later.attempt')
    .where('later.merchant_id', '=', merchantId)
    .where('later.local_no', '=', localNo)
    .where('later.attempt', '>', attempt)
    .where(
      (eb) =>
        eb
          .selectFrom('event as e')
          .select((inner) => inner.fn.min('e.position').as('first'))
          .whereRef('e.merchant_id', '=', 'later.merchant_id')
          .whereRef('e.payment_no', '=', 'later.payment_no'),
      '<',
      position,
    )
    .limit(1),
);

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
