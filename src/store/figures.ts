/**
 * SQL of figures: cells summed up from the payments themselves, a stretch at a time, so that others have their turn in between;
 * the cells that are kept for whole hours and days; and which hours of a merchant changed since they were kept. Cells are made
 * by `flows/keep-figures.ts` and read by `flows/read-figures.ts`.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Cell, Step, TimeRange } from '../core/figures.ts';
import { breathe, type Queryable } from './database.ts';
import { SHOWN_STATE, type PaymentChoice } from './payment-filter.ts';
import { walk } from './payment-walk.ts';
import { prepared } from './prepared.ts';
import type { FigureTable } from './schema.ts';
import { columnsOf } from './tables.ts';

/** Payments that are summed up at a stretch: some milliseconds on SQLite, in which nobody else is served. */
const STRETCH = 1000;
/** Events that are looked at so. */
const EVENTS = 4000;
/** Cells that are written by one statement. */
const CELLS = 100;

const HOUR = sql<number>`(p.created_at_ms / 3600000) * 3600000`;
/** Of the payment of an event `e`. No join: where many events are new, PostgreSQL would walk through all payments for them. */
const HOUR_OF_EVENT = sql<number>`
  (select ${HOUR} from payment p where p.merchant_id = e.merchant_id and p.payment_no = e.payment_no)
`.as('hourMs');

/** Cells by hour of the payments that are meant. One may come in several parts. */
export async function* sumPayments(
  db: Queryable,
  choice: PaymentChoice,
): AsyncGenerator<readonly Cell[]> {
  for await (const conditions of walk(db, choice, STRETCH)) yield sumStretch(db, conditions);
}

/** Refunds that are done, of a payment: of most there are none, which its own row tells. */
const REFUNDS = sql<number>`case when p.refunded_fen = 0 then 0 else (
  select count(*) from refund as r
  where r.merchant_id = p.merchant_id and r.payment_no = p.payment_no and r.state = 'done') end`;

async function sumStretch(
  db: Queryable,
  conditions: readonly RawBuilder<boolean>[],
): Promise<readonly Cell[]> {
  let query = db
    .selectFrom('payment as p')
    .select(['p.merchant_id as merchantId', 'p.method'])
    .select([
      HOUR.as('fromMs'),
      SHOWN_STATE.as('state'),
      sql<number>`count(*)`.as('payments'),
      sumOf(sql`p.amount_fen`).as('amountFen'),
      sumOf(REFUNDS).as('refunds'),
      sumOf(sql`p.refunded_fen`).as('refundedFen'),
    ]);
  for (const condition of conditions) query = query.where(condition);
  return query.groupBy(['p.merchant_id', 'p.method']).groupBy([HOUR, SHOWN_STATE]).execute();
}

/** PostgreSQL adds whole numbers up to a kind of its own. */
function sumOf(what: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`cast(sum(${what}) as bigint)`;
}

/** How far the kept cells go: hours before `untilMs` are kept, and what the feed tells up to `position` is in them. */
export type FigureProgress = { readonly untilMs: number; readonly position: number };

export async function findProgress(db: Queryable): Promise<FigureProgress | undefined> {
  const { rows } = await selectProgress(db, {});
  return rows[0];
}

const selectProgress = prepared((db) =>
  db.selectFrom('figure_progress').select(['until_ms as untilMs', 'position']).where('id', '=', 1),
);

/** False when another node was faster: then nothing else may be written either. */
export async function saveProgress(
  db: Queryable,
  before: FigureProgress | undefined,
  { untilMs, position }: FigureProgress,
): Promise<boolean> {
  if (before === undefined) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('figure_progress')
      .values({ id: 1, until_ms: untilMs, position })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }
  const { numUpdatedRows } = await db
    .updateTable('figure_progress')
    .set({ until_ms: untilMs, position })
    .where('id', '=', 1)
    .where('until_ms', '=', before.untilMs)
    .where('position', '=', before.position)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** When the first payment at or after a time was begun; undefined when there is none. */
export async function firstPaymentFrom(db: Queryable, fromMs: number): Promise<number | undefined> {
  const { rows } = await selectFirst(db, { fromMs });
  return rows[0]?.created_at_ms;
}

const selectFirst = prepared((db, { fromMs }: { readonly fromMs: number }) =>
  db
    .selectFrom('payment')
    .select('created_at_ms')
    .where('created_at_ms', '>=', fromMs)
    .orderBy('created_at_ms')
    .limit(1),
);

/** An hour of a merchant. */
export type MerchantHour = { readonly merchantId: number; readonly hourMs: number };

/** The hours of payments of which the feed tells after one place and up to another. Some may come twice. */
export async function* listToldHours(
  db: Queryable,
  after: number,
  upTo: number,
): AsyncGenerator<readonly MerchantHour[]> {
  for (let from = after; from < upTo; from += EVENTS) {
    const { rows } = await selectTold(db, { after: from, upTo: Math.min(upTo, from + EVENTS) });
    yield rows;
    await breathe(db);
  }
}

const selectTold = prepared((db, { after, upTo }: { after: number; upTo: number }) =>
  db
    .selectFrom('event as e')
    .select(['e.merchant_id as merchantId', HOUR_OF_EVENT])
    .where('e.position', '>', after)
    .where('e.position', '<=', upTo),
);

/** The hours of payments of which there are events without a place. Some may come twice. */
export async function listUntoldHours(db: Queryable): Promise<readonly MerchantHour[]> {
  const { rows } = await selectUntold(db, {});
  return rows;
}

const selectUntold = prepared((db) =>
  db
    .selectFrom('event as e')
    .select(['e.merchant_id as merchantId', HOUR_OF_EVENT])
    .where('e.position', 'is', null),
);

/** The cells that are kept of an hour, of one merchant or (null) of each. */
export async function findKept(
  db: Queryable,
  hourMs: number,
  merchantId: number | null,
): Promise<readonly Cell[]> {
  const { rows } = await selectKept(db, {
    hourMs,
    from: merchantId ?? 1,
    to: merchantId ?? Number.MAX_SAFE_INTEGER,
  });
  return rows.map(toCell);
}

const FIGURE_COLUMNS = columnsOf('figure');

const selectKept = prepared(
  (db, { hourMs, from, to }: { hourMs: number; from: number; to: number }) =>
    db
      .selectFrom('figure')
      .select(FIGURE_COLUMNS)
      .where('span', '=', 'hour')
      .where('from_ms', '=', hourMs)
      .where('merchant_id', '>=', from)
      .where('merchant_id', '<=', to),
);

/** Kept cells of a range, each hour's of one merchant or (0) of all; with `day`, those of an hour become those of its day. */
export async function sumHours(
  db: Queryable,
  merchantId: number,
  { fromMs, beforeMs }: TimeRange,
  step: Step,
): Promise<readonly Cell[]> {
  const beginning =
    step === 'hour'
      ? sql<number>`from_ms`
      : sql<number>`((from_ms + 28800000) / 86400000) * 86400000 - 28800000`;
  return db
    .selectFrom('figure')
    .select([sql<number>`cast(${merchantId} as bigint)`.as('merchantId'), 'method', 'state'])
    .select([beginning.as('fromMs'), ...KEPT_SUMS])
    .where('span', '=', 'hour')
    .where('merchant_id', '=', merchantId)
    .where('from_ms', '>=', fromMs)
    .where('from_ms', '<', beforeMs)
    .groupBy(['method', 'state'])
    .groupBy(beginning)
    .execute();
}

/** Kept cells of a range by merchant and state, whatever hour, day or method they are of. */
export async function sumByMerchant(
  db: Queryable,
  step: Step,
  { fromMs, beforeMs }: TimeRange,
): Promise<readonly Omit<Cell, 'method'>[]> {
  return db
    .selectFrom('figure')
    .select(['merchant_id as merchantId', 'state'])
    .select([sql<number>`cast(${fromMs} as bigint)`.as('fromMs'), ...KEPT_SUMS])
    .where('span', '=', step)
    .where('from_ms', '>=', fromMs)
    .where('from_ms', '<', beforeMs)
    .where('merchant_id', '<>', 0)
    .groupBy(['merchant_id', 'state'])
    .execute();
}

const KEPT_SUMS = [
  sumOf(sql`payments`).as('payments'),
  sumOf(sql`amount_fen`).as('amountFen'),
  sumOf(sql`refunds`).as('refunds'),
  sumOf(sql`refunded_fen`).as('refundedFen'),
] as const;

/** Puts the cells of merchants' hours in the place of those that were kept. */
export async function replaceHours(
  tx: Queryable,
  hours: readonly MerchantHour[],
  cells: readonly Cell[],
): Promise<void> {
  for (const { merchantId, hourMs } of hours) {
    await tx
      .deleteFrom('figure')
      .where('span', '=', 'hour')
      .where('from_ms', '=', hourMs)
      .where('merchant_id', '=', merchantId)
      .execute();
  }
  for (let done = 0; done < cells.length; done += CELLS) {
    await tx
      .insertInto('figure')
      .values(cells.slice(done, done + CELLS).map(toRow))
      .execute();
  }
}

/** Adds an hour's cells to those of their merchants' day. */
export async function addToDays(
  tx: Queryable,
  dayMs: number,
  cells: readonly Cell[],
): Promise<void> {
  const rows = cells.map((cell) => ({ ...toRow(cell), span: 'day' as const, from_ms: dayMs }));
  const added = (name: 'payments' | 'amount_fen' | 'refunds' | 'refunded_fen') =>
    sql<number>`figure.${sql.ref(name)} + excluded.${sql.ref(name)}`;
  for (let done = 0; done < rows.length; done += CELLS) {
    await tx
      .insertInto('figure')
      .values(rows.slice(done, done + CELLS))
      .onConflict((conflict) =>
        conflict.columns(['span', 'from_ms', 'merchant_id', 'method', 'state']).doUpdateSet({
          payments: added('payments'),
          amount_fen: added('amount_fen'),
          refunds: added('refunds'),
          refunded_fen: added('refunded_fen'),
        }),
      )
      .execute();
  }
}

/** Sums the merchants' hours of an hour up again, for all of them together. */
export async function renewHourOfAll(tx: Queryable, hourMs: number): Promise<void> {
  await renew(tx, { span: 'hour', fromMs: hourMs, merchantId: 0 }, hourMs, hourMs + 1);
}

/** Sums the hours of a merchant's day up again. */
export async function renewDay(tx: Queryable, merchantId: number, day: TimeRange): Promise<void> {
  await renew(tx, { span: 'day', fromMs: day.fromMs, merchantId }, day.fromMs, day.beforeMs);
}

type Kept = { readonly span: Step; readonly fromMs: number; readonly merchantId: number };

async function renew(
  tx: Queryable,
  { span, fromMs, merchantId }: Kept,
  fromHourMs: number,
  beforeHourMs: number,
): Promise<void> {
  await tx
    .deleteFrom('figure')
    .where('span', '=', span)
    .where('from_ms', '=', fromMs)
    .where('merchant_id', '=', merchantId)
    .execute();
  await tx
    .insertInto('figure')
    .columns(FIGURE_COLUMNS)
    .expression((from) => {
      const hours = from
        .selectFrom('figure')
        .select([
          sql<Step>`cast(${span} as text)`.as('span'),
          sql<number>`cast(${fromMs} as bigint)`.as('from_ms'),
          sql<number>`cast(${merchantId} as bigint)`.as('merchant_id'),
          'method',
          'state',
          ...KEPT_SUMS,
        ])
        .where('span', '=', 'hour')
        .where('from_ms', '>=', fromHourMs)
        .where('from_ms', '<', beforeHourMs)
        .groupBy(['method', 'state']);
      return merchantId === 0
        ? hours.where('merchant_id', '<>', 0)
        : hours.where('merchant_id', '=', merchantId);
    })
    .execute();
}

function toCell(row: FigureTable): Cell {
  return {
    merchantId: row.merchant_id,
    fromMs: row.from_ms,
    method: row.method,
    state: row.state,
    payments: row.payments,
    amountFen: row.amount_fen,
    refunds: row.refunds,
    refundedFen: row.refunded_fen,
  };
}

function toRow(cell: Cell): FigureTable {
  return {
    span: 'hour',
    merchant_id: cell.merchantId,
    from_ms: cell.fromMs,
    method: cell.method,
    state: cell.state,
    payments: cell.payments,
    amount_fen: cell.amountFen,
    refunds: cell.refunds,
    refunded_fen: cell.refundedFen,
  };
}
