/**
 * SQL of lists of payments: newest first, in pages, one merchant's or all. A page begins after the last payment of the one
 * before, so that what happens in between neither repeats nor hides one.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Payment } from '../core/payment.ts';
import { rowsAtMost, type Queryable } from './database.ts';
import {
  conditionsOf,
  looksAtOthers,
  meansFew,
  timeConditionsOf,
  type PaymentChoice,
} from './payment-filter.ts';
import { toPayment } from './payments.ts';
import { columnsOf } from './tables.ts';

/** The place of a payment in the list. */
export type PagePlace = Pick<Payment, 'createdAtMs' | 'paymentNo'>;

export type PaymentFilter = PaymentChoice & {
  /** Those after this one in the list. */
  readonly after: PagePlace | undefined;
  readonly limit: number;
};

/** A payment with its merchant's number. */
export type ListedPayment = { readonly payment: Payment; readonly cpiNo: string };

export type PaymentPage = {
  readonly found: readonly ListedPayment[];
  /** Where the next page goes on; null when there is none. */
  readonly next: PagePlace | null;
};

/**
 * Payments that are looked at for one page of those in a state, say. Without a bound, a rare state had all payments looked at: a
 * second for a million of them on SQLite, in which nobody else was served. Indexes by state would cost every payment
 * (decision 0016). So such a page may hold fewer than it could, or none, and the next goes on where it ended.
 */
const LOOKED_AT_MAX = 10_000;

export async function pagePayments(db: Queryable, filter: PaymentFilter): Promise<PaymentPage> {
  const { limit } = filter;
  const isLong = looksAtOthers(filter) && !meansFew(filter);
  const end = isLong ? await endOfLook(db, filter) : undefined;
  let query = inOrder(db, filter, conditionsOf(filter))
    .innerJoin('merchant as m', 'm.merchant_id', 'p.merchant_id')
    .select(columnsOf('payment').map((name) => `p.${name}` as const))
    .select('m.cpi_no');
  if (end !== undefined) query = query.where(sql<boolean>`${PLACE} >= ${placeOf(end)}`);
  // One more tells whether there is another page.
  const rows = await query.limit(rowsAtMost(limit + 1)).execute();
  const found = rows
    .slice(0, limit)
    .map(({ cpi_no: cpiNo, ...row }) => ({ payment: toPayment(row), cpiNo }));
  const last = rows.length > limit ? found.at(-1)?.payment : end;
  return { found, next: last ?? null };
}

/** The last payment that is looked at for a page; undefined when all that there are may be. */
async function endOfLook(db: Queryable, filter: PaymentFilter): Promise<PagePlace | undefined> {
  const row = await inOrder(db, filter, timeConditionsOf(filter))
    .select(['p.created_at_ms', 'p.payment_no'])
    .limit(1)
    .offset(rowsAtMost(LOOKED_AT_MAX - 1))
    .executeTakeFirst();
  return row && { createdAtMs: row.created_at_ms, paymentNo: row.payment_no };
}

const PLACE = sql`(p.created_at_ms, p.payment_no)`;

function placeOf({ createdAtMs, paymentNo }: PagePlace): RawBuilder<unknown> {
  return sql`(${createdAtMs}, ${paymentNo})`;
}

/** Payments for which these conditions hold, after a place, newest first. */
function inOrder(db: Queryable, filter: PaymentFilter, conditions: readonly RawBuilder<boolean>[]) {
  const { after } = filter;
  let query = db.selectFrom('payment as p');
  for (const condition of conditions) query = query.where(condition);
  if (after !== undefined) query = query.where(sql<boolean>`${PLACE} < ${placeOf(after)}`);
  // Found first, and then sorted: for an order that an index has, SQLite walks through all payments instead.
  const createdAt = meansFew(filter)
    ? sql<number>`p.created_at_ms + 0`
    : sql<number>`p.created_at_ms`;
  return query.orderBy(createdAt, 'desc').orderBy('p.payment_no', 'desc');
}
