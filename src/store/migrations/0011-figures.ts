/**
 * What figures are read from: sums of payments by the hour and by the day, made afterwards and by nobody's payment, and how far
 * they go. Alipay's number of a trade gets an index, because people search by it.
 */
import { sql, type Kysely } from 'kysely';

/** Older code writes the events from which newer code learns which sums are out of date, and reads none of this. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create table figure (
    span text not null check (span in ('hour', 'day')),
    from_ms bigint not null,
    merchant_id bigint not null,
    method text not null,
    state text not null,
    payments bigint not null,
    amount_fen bigint not null,
    refunds bigint not null,
    refunded_fen bigint not null,
    primary key (span, from_ms, merchant_id, method, state)
  )`,
  `create index figure_of_merchant on figure (merchant_id, span, from_ms)`,
  `create table figure_progress (
    id bigint primary key check (id = 1),
    until_ms bigint not null,
    position bigint not null
  )`,
  `create index payment_by_trade_no on payment (alipay_trade_no) where alipay_trade_no is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
