/**
 * The history tells what each event changed, so that it replays to the row, and which notification it came from; and the
 * incidents that wait for a person. Histories begun before it stay as they are: they do not replay, and `f2f payment show` says so.
 */
import { sql, type Kysely } from 'kysely';

/** The new columns have defaults, and older code does not know the new table. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `alter table payment_event add column changes text not null default '{}'`,
  `alter table payment_event add column notify_id text`,
  // Alipay repeats a notification for a day; it is told once.
  `create unique index payment_event_notification on payment_event
    (merchant_id, payment_no, notify_id) where notify_id is not null`,
  `create table incident (
    merchant_id bigint not null,
    incident_no bigint not null unique,
    payment_no text not null,
    request_no text,
    reason text not null,
    state text not null check (state in ('open', 'resolved')),
    opened_at_ms bigint not null,
    last_seen_at_ms bigint not null,
    seen_count bigint not null check (seen_count >= 1),
    resolved_at_ms bigint,
    resolved_by text,
    note text,
    version bigint not null check (version >= 1),
    primary key (merchant_id, incident_no),
    foreign key (merchant_id, payment_no) references payment (merchant_id, payment_no),
    check ((state = 'resolved') = (resolved_at_ms is not null)),
    check ((state = 'resolved') = (resolved_by is not null))
  )`,
  // One open incident for one fact, however often it is seen.
  `create unique index incident_open on incident
    (merchant_id, payment_no, reason, (coalesce(request_no, ''))) where state = 'open'`,
  `create index incident_by_payment on incident (merchant_id, payment_no)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
