/**
 * Who did what: the audit log, which is only ever added to and whose entries are chained by their hashes; and on payments and
 * refunds, who asked for them over v2. The hashes are made by `flows/keep-audit.ts`; here the database refuses to change or
 * delete an entry.
 */
import { sql, type Kysely } from 'kysely';
import { isPostgres } from '../database.ts';
import type { Schema } from '../schema.ts';

/** New tables, and columns that may be empty: what older code does is not in the log, and has nobody who asked for it. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create table audit_entry (
    number bigint primary key check (number > 0),
    at_ms bigint not null,
    kind text not null check (kind in ('request', 'outcome', 'event')),
    of_number bigint,
    actor_kind text not null,
    actor_id text not null,
    actor_name text not null,
    address text,
    operation text not null,
    target text,
    request text not null,
    outcome text,
    prev_hash text not null,
    hash text not null
  )`,
  // An outcome is found by its request, which has one at most; the list shows the others, newest first.
  `create unique index audit_entry_outcome on audit_entry (of_number) where of_number is not null`,
  `create index audit_entry_time on audit_entry (at_ms, number) where of_number is null`,
  `create index audit_entry_actor on audit_entry (actor_id, at_ms, number) where of_number is null`,
  `create index audit_entry_operation on audit_entry (operation, at_ms, number)
    where of_number is null`,
  `create index audit_entry_target on audit_entry (target) where target is not null`,
  // One row: the newest entry. Whoever adds one holds it until his transaction ends.
  `create table audit_head (id bigint primary key, number bigint not null, hash text not null)`,
  `alter table payment add column created_by text`,
  `alter table payment add column created_by_name text`,
  `create index payment_created_by on payment (created_by, created_at_ms, payment_no)
    where created_by is not null`,
  `alter table refund add column created_by text`,
  `alter table refund add column created_by_name text`,
];

const REFUSAL = 'the audit log is only ever added to';

const SQLITE_TRIGGERS = ['update', 'delete'].map(
  (change) => `create trigger audit_entry_no_${change} before ${change} on audit_entry
    begin select raise(abort, '${REFUSAL}'); end`,
);

const POSTGRES_TRIGGERS = [
  `create function refuse_audit_change() returns trigger language plpgsql as
    $$ begin raise exception '${REFUSAL}'; end $$`,
  `create trigger audit_entry_no_change before update or delete on audit_entry
    for each row execute function refuse_audit_change()`,
  `create trigger audit_entry_no_truncate before truncate on audit_entry
    for each statement execute function refuse_audit_change()`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  const triggers = isPostgres(db.withTables<Schema>()) ? POSTGRES_TRIGGERS : SQLITE_TRIGGERS;
  for (const statement of [...STATEMENTS, ...triggers]) await sql.raw(statement).execute(db);
}
