/**
 * What several gateways on one database must agree on: whether code may run on a schema newer than it knows, and that their
 * master keys are the same one.
 */
import { sql, type Kysely } from 'kysely';

/** Only new tables, which older code does not know. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create table migration_note (
    name text primary key,
    old_code_may_run bigint not null check (old_code_may_run in (0, 1))
  )`,
  // One row: a known text, sealed by the vault that is used with this database.
  `create table vault_check (
    id bigint primary key check (id = 1),
    sealed text not null
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
