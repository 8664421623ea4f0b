/**
 * SQL of lists of payments: newest first, in pages, one merchant's or all. A page begins after the last payment of the one
 * before, so that what happens in between neither repeats nor hides one.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Payment } from '../core/payment.ts';
import { rowsAtMost, type Queryable } from './database.ts';
import { toPayment } from './payments.ts';
import { columnsOf } from './tables.ts';

/** The place of a payment in the list. */
export type PagePlace = Pick<Payment, 'createdAtMs' | 'paymentNo'>;

export type PaymentFilter = {
  readonly merchantId: number | null;
  readonly state: Payment['state'] | undefined;
  readonly localNo: string | undefined;
  /** Asked for by this key or user. */
  readonly createdBy?: string | undefined;
  /** Begun then or later. */
  readonly createdFromMs: number | undefined;
  /** Begun before. */
  readonly createdBeforeMs: number | undefined;
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
 * Payments that are looked at for one page of those in a state. Without a bound, a rare state had all payments looked at: a
 * second for a million of them on SQLite, in which nobody else was served. Indexes by state would cost every payment
 * (decision 0016). So such a page may hold fewer than it could, or none, and the next goes on where it ended.
 */
const LOOKED_AT_MAX = 10_000;

export async function pagePayments(db: Queryable, filter: PaymentFilter): Promise<PaymentPage> {
  const { state, limit } = filter;
  // Of one bill there are few.
  const isLong = state !== undefined && filter.localNo === undefined;
  const end = isLong ? await endOfLook(db, filter) : undefined;
  let query = inOrder(db, filter)
    .innerJoin('merchant as m', 'm.merchant_id', 'p.merchant_id')
    .select(columnsOf('payment').map((name) => `p.${name}` as const))
    .select('m.cpi_no');
  if (state !== undefined) query = query.where(isShownAs(state));
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
  const row = await inOrder(db, filter)
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

/** Payments of a merchant, or all, of a bill and a time, after a place, newest first. */
function inOrder(db: Queryable, filter: PaymentFilter) {
  const { merchantId, localNo, createdBy, createdFromMs, createdBeforeMs, after } = filter;
  let query = db.selectFrom('payment as p');
  if (createdBy !== undefined) query = query.where('p.created_by', '=', createdBy);
  if (merchantId !== null) {
    // Whoever it was has asked for fewer than the merchant has: his index is to be searched, and not the merchant's.
    const isOfMerchant = createdBy === undefined ? sql`p.merchant_id` : sql`p.merchant_id + 0`;
    query = query.where(sql<boolean>`${isOfMerchant} = ${merchantId}`);
  }
  if (createdFromMs !== undefined) query = query.where('p.created_at_ms', '>=', createdFromMs);
  if (createdBeforeMs !== undefined) query = query.where('p.created_at_ms', '<', createdBeforeMs);
  if (after !== undefined) query = query.where(sql<boolean>`${PLACE} < ${placeOf(after)}`);
  if (localNo === undefined) {
    return query.orderBy('p.created_at_ms', 'desc').orderBy('p.payment_no', 'desc');
  }
  query = query.where('p.local_no', '=', localNo);
  // Whosever bill it is, it is found by its number at each merchant.
  if (merchantId === null) {
    query = query.where('p.merchant_id', 'in', (eb) =>
      eb.selectFrom('merchant').select('merchant.merchant_id'),
    );
  }
  // Found first, and then sorted: for an order that an index has, SQLite walks through all payments instead.
  return query.orderBy(sql`p.created_at_ms + 0`, 'desc').orderBy('p.payment_no', 'desc');
}

/** As `shownState` of `core/payment.ts` has it: money that came too late and goes back is shown as reversed. */
function isShownAs(state: Payment['state']): RawBuilder<boolean> {
  const goesBack = sql`(p.is_late = 1 and p.refunded_fen + p.refunding_fen = p.amount_fen)`;
  if (state === 'paid') return sql`(p.state = 'paid' and not ${goesBack})`;
  if (state === 'reversed')
    return sql`(p.state = 'reversed' or (p.state = 'paid' and ${goesBack}))`;
  return sql`p.state = ${state}`;
}
