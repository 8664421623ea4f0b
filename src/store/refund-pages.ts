/**
 * SQL of lists of refunds over all payments: newest first, in pages, one merchant's or all. As with payments a page begins after
 * the last refund of the one before, and a page of those in a state looks at so many and no more (`payment-pages.ts`).
 */
import { sql, type RawBuilder } from 'kysely';
import type { Refund } from '../core/refund.ts';
import { rowsAtMost, type Queryable } from './database.ts';
import { toRefund } from './refunds.ts';
import { columnsOf } from './tables.ts';

/** The place of a refund in the list. */
export type RefundPlace = Pick<Refund, 'createdAtMs' | 'paymentNo' | 'requestNo'>;

export type RefundFilter = {
  readonly merchantId: number | null;
  /** Those of this payment: few. */
  readonly payment: Pick<Refund, 'merchantId' | 'paymentNo'> | undefined;
  readonly state: Refund['state'] | undefined;
  /** Asked for then or later, and before. */
  readonly createdFromMs: number | undefined;
  readonly createdBeforeMs: number | undefined;
  /** Those after this one in the list. */
  readonly after: RefundPlace | undefined;
  readonly limit: number;
};

export type RefundPage = {
  readonly found: readonly Refund[];
  /** Where the next page goes on; null when there is none. */
  readonly next: RefundPlace | null;
};

/** Refunds that are looked at for one page of those in a state. */
const LOOKED_AT_MAX = 10_000;

export async function pageRefunds(db: Queryable, filter: RefundFilter): Promise<RefundPage> {
  const { state, limit } = filter;
  const isLong = state !== undefined && filter.payment === undefined;
  const end = isLong ? await endOfLook(db, filter) : undefined;
  let query = inOrder(db, filter).select(columnsOf('refund'));
  if (state !== undefined) query = query.where('state', '=', state);
  if (end !== undefined) query = query.where(sql<boolean>`${PLACE} >= ${placeOf(end)}`);
  // One more tells whether there is another page.
  const rows = await query.limit(rowsAtMost(limit + 1)).execute();
  const found = rows.slice(0, limit).map(toRefund);
  return { found, next: (rows.length > limit ? found.at(-1) : end) ?? null };
}

/** The last refund that is looked at for a page; undefined when all that there are may be. */
async function endOfLook(db: Queryable, filter: RefundFilter): Promise<RefundPlace | undefined> {
  const row = await inOrder(db, filter)
    .select(['created_at_ms', 'payment_no', 'request_no'])
    .limit(1)
    .offset(rowsAtMost(LOOKED_AT_MAX - 1))
    .executeTakeFirst();
  return (
    row && {
      createdAtMs: row.created_at_ms,
      paymentNo: row.payment_no,
      requestNo: row.request_no,
    }
  );
}

const PLACE = sql`(created_at_ms, payment_no, request_no)`;

function placeOf({ createdAtMs, paymentNo, requestNo }: RefundPlace): RawBuilder<unknown> {
  return sql`(${createdAtMs}, ${paymentNo}, ${requestNo})`;
}

function inOrder(
  db: Queryable,
  { merchantId, payment, createdFromMs, createdBeforeMs, after }: RefundFilter,
) {
  let query = db.selectFrom('refund');
  if (merchantId !== null) query = query.where('merchant_id', '=', merchantId);
  if (createdFromMs !== undefined) query = query.where('created_at_ms', '>=', createdFromMs);
  if (createdBeforeMs !== undefined) query = query.where('created_at_ms', '<', createdBeforeMs);
  if (after !== undefined) query = query.where(sql<boolean>`${PLACE} < ${placeOf(after)}`);
  if (payment !== undefined) {
    query = query
      .where('merchant_id', '=', payment.merchantId)
      .where('payment_no', '=', payment.paymentNo);
  }
  // Those of a payment are found first, and then sorted (`listRefunds`).
  const created = payment === undefined ? sql`created_at_ms` : sql`created_at_ms + 0`;
  return query.orderBy(created, 'desc').orderBy('payment_no', 'desc').orderBy('request_no', 'desc');
}
