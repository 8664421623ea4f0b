/**
 * Webhook deliveries that ended long ago are deleted with their attempts: which ones is found by when each was owed.
 */
import { sql, type Kysely } from 'kysely';

/** Only a new index, which older code does not notice; it deletes nothing. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create index webhook_delivery_ended on webhook_delivery (created_at_ms)
    where due_at_ms is null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
