/**
 * What the v2 API keeps: its keys, the answers to calls that may be sent again, what a merchant notes on a payment, and the
 * events that merchants hear of. Lists of payments are read by time, all merchants' or one's.
 */
import { sql, type Kysely } from 'kysely';

/** What older code changed would be missing among the events, which promise that nothing ever is. */
export const OLD_CODE_MAY_RUN = false;

const STATEMENTS = [
  `create table api_key (
    key_no text primary key,
    key_hash text not null unique,
    hint text not null,
    name text not null,
    merchant_id bigint references merchant (merchant_id),
    scopes text not null,
    created_at_ms bigint not null,
    last_used_at_ms bigint,
    revoked_at_ms bigint,
    version bigint not null check (version >= 1)
  )`,
  `create table idempotency (
    merchant_id bigint not null references merchant (merchant_id),
    idempotency_key text not null,
    request_hash text not null,
    payment_no text not null,
    request_no text,
    created_at_ms bigint not null,
    answer_status bigint,
    answer text,
    primary key (merchant_id, idempotency_key),
    check ((answer_status is null) = (answer is null))
  )`,
  `create index idempotency_by_age on idempotency (created_at_ms)`,
  `alter table payment add column metadata text`,
  `create table event (
    merchant_id bigint not null,
    payment_no text not null,
    version bigint not null,
    type text not null,
    at_ms bigint not null,
    position bigint,
    primary key (merchant_id, payment_no, version, type),
    foreign key (merchant_id, payment_no) references payment (merchant_id, payment_no)
  )`,
  `create unique index event_by_position on event (position) where position is not null`,
  `create index event_of_merchant on event (merchant_id, position) where position is not null`,
  `create index event_untold on event (at_ms) where position is null`,
  `create index payment_by_time on payment (created_at_ms, payment_no)`,
  `create index payment_of_merchant_by_time on payment (merchant_id, created_at_ms, payment_no)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
