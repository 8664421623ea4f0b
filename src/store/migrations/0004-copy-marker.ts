/**
 * The mark of a database that another one is being copied into (`f2f copy`): no gateway starts on half of one. It also holds
 * how far the copy is, so that a copy that was interrupted goes on there.
 */
import { sql, type Kysely } from 'kysely';

/** Only a new table, which older code does not know. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  // One row while a copy is not finished, none otherwise.
  `create table copy_marker (
    id bigint primary key check (id = 1),
    source text not null,
    source_counts text not null,
    began_at_ms bigint not null,
    table_name text not null,
    last_key text,
    rows_done bigint not null check (rows_done >= 0),
    version bigint not null check (version >= 1)
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
