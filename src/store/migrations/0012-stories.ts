/**
 * What pages for people read: refunds of all payments by time, and webhook
 * endpoints that were deleted, whose deliveries can still be read; and which merchants each dongle may use.
 */
import { sql, type Kysely } from 'kysely';

/** New indexes, and a column that older code does not know: to that code a deleted endpoint is a disabled one. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create index refund_by_time on refund (created_at_ms, payment_no, request_no)`,
  `create index refund_of_merchant_by_time on refund
    (merchant_id, created_at_ms, payment_no, request_no)`,
  `create index merchant_grant_of_dongle on merchant_grant (dongle_no, merchant_id)`,
  `create index merchant_of_owner on merchant (owner, merchant_id)`,
  `alter table webhook_endpoint add column deleted_at_ms bigint`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
