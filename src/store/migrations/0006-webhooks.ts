/**
 * Webhooks: where merchants' programs want to be called, what each is owed, and every attempt at it.
 */
import { sql, type Kysely } from 'kysely';

/** What older code told would be owed to nobody. */
export const OLD_CODE_MAY_RUN = false;

const STATEMENTS = [
  `create table webhook_endpoint (
    endpoint_no text primary key,
    merchant_id bigint references merchant (merchant_id),
    url text not null,
    types text not null,
    description text,
    sealed_secret text not null,
    older_sealed_secret text,
    older_until_ms bigint,
    state text not null check (state in ('enabled', 'disabled', 'failing')),
    failing_since_ms bigint,
    not_before_ms bigint not null,
    created_at_ms bigint not null,
    version bigint not null check (version >= 1),
    check ((older_sealed_secret is null) = (older_until_ms is null))
  )`,
  `create table webhook_delivery (
    merchant_id bigint not null,
    endpoint_no text not null references webhook_endpoint (endpoint_no),
    position bigint not null,
    payment_no text not null,
    state text not null check (state in ('pending', 'delivered', 'failed')),
    attempts bigint not null check (attempts >= 0),
    tries bigint not null check (tries between 0 and attempts),
    created_at_ms bigint not null,
    due_at_ms bigint,
    version bigint not null check (version >= 1),
    primary key (merchant_id, endpoint_no, position),
    check ((state = 'pending') = (due_at_ms is not null))
  )`,
  `create index webhook_delivery_due on webhook_delivery (endpoint_no, due_at_ms)
    where due_at_ms is not null`,
  `create index webhook_delivery_before on webhook_delivery
    (merchant_id, endpoint_no, payment_no, position) where state = 'pending'`,
  `create index webhook_delivery_of_endpoint on webhook_delivery (endpoint_no, position)`,
  `create table webhook_attempt (
    merchant_id bigint not null,
    endpoint_no text not null,
    position bigint not null,
    attempt bigint not null check (attempt >= 1),
    at_ms bigint not null,
    url text not null,
    body text not null,
    status bigint,
    answer text,
    fault text,
    duration_ms bigint not null,
    primary key (merchant_id, endpoint_no, position, attempt),
    foreign key (merchant_id, endpoint_no, position)
      references webhook_delivery (merchant_id, endpoint_no, position),
    check ((status is null) <> (fault is null))
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
