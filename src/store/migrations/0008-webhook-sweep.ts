/**
 * What old webhooks cost: deliveries that ended long ago are deleted with their attempts, and are found by when each was owed;
 * and what happened in a range of time is found by the times of each thousand places of the feed.
 */
import { sql, type Kysely } from 'kysely';

/** A new index, which older code does not notice, and a table that it does not know and that newer code fills afterwards. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create index webhook_delivery_ended on webhook_delivery (created_at_ms)
    where due_at_ms is null`,
  `create table feed_page (
    page bigint primary key,
    earliest_at_ms bigint not null,
    latest_at_ms bigint not null
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
