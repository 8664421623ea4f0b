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

export async function pagePayments(
  db: Queryable,
  filter: PaymentFilter,
): Promise<readonly ListedPayment[]> {
  const { merchantId, state, localNo, createdFromMs, createdBeforeMs, after } = filter;
  let query = db
    .selectFrom('payment as p')
    .innerJoin('merchant as m', 'm.merchant_id', 'p.merchant_id')
    .select(columnsOf('payment').map((name) => `p.${name}` as const))
    .select('m.cpi_no');
  if (merchantId !== null) query = query.where('p.merchant_id', '=', merchantId);
  if (state !== undefined) query = query.where(isShownAs(state));
  if (localNo !== undefined) query = query.where('p.local_no', '=', localNo);
  if (createdFromMs !== undefined) query = query.where('p.created_at_ms', '>=', createdFromMs);
  if (createdBeforeMs !== undefined) query = query.where('p.created_at_ms', '<', createdBeforeMs);
  if (after !== undefined) {
    const place = sql<boolean>`(p.created_at_ms, p.payment_no) < (${after.createdAtMs}, ${after.paymentNo})`;
    query = query.where(place);
  }
  const rows = await query
    .orderBy('p.created_at_ms', 'desc')
    .orderBy('p.payment_no', 'desc')
    .limit(rowsAtMost(filter.limit))
    .execute();
  return rows.map(({ cpi_no: cpiNo, ...row }) => ({ payment: toPayment(row), cpiNo }));
}

/** As `shownState` of `core/payment.ts` has it: money that came too late and goes back is shown as reversed. */
function isShownAs(state: Payment['state']): RawBuilder<boolean> {
  const goesBack = sql`(p.is_late = 1 and p.refunded_fen + p.refunding_fen = p.amount_fen)`;
  if (state === 'paid') return sql`(p.state = 'paid' and not ${goesBack})`;
  if (state === 'reversed')
    return sql`(p.state = 'reversed' or (p.state = 'paid' and ${goesBack}))`;
  return sql`p.state = ${state}`;
}
