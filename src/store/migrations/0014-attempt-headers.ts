/**
 * The headers of webhook attempts: with what each was signed, and who answered in the receiver's place, or where a redirect leads.
 */
import { sql, type Kysely } from 'kysely';

/** New columns that may be null: older code leaves them out. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `alter table webhook_attempt add column request_headers text`,
  `alter table webhook_attempt add column answer_headers text`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
