/**
 * The answers to calls that made something and may be sent again, each written in the transaction of what it tells of.
 */
import { sql, type Kysely } from 'kysely';

/** A table that older code does not look at: calls that went to it are done again when they are repeated. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create table kept_answer (
    caller text not null,
    idempotency_key text not null,
    request_hash text not null,
    sealed_answer text not null,
    created_at_ms bigint not null,
    primary key (caller, idempotency_key)
  )`,
  `create index kept_answer_by_age on kept_answer (created_at_ms)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
