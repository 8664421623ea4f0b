/**
 * People who sign in: who they are, their sessions, the links by which they choose a password, and the attempts that failed.
 */
import { sql, type Kysely } from 'kysely';

/** Older code knows nothing of people, and of nothing that they may do. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create table user_account (
    user_no text primary key,
    name text not null unique,
    display_name text,
    role text not null check (role in ('administrator', 'finance', 'clerk', 'read_only')),
    merchant_id bigint references merchant (merchant_id),
    state text not null check (state in ('active', 'invited', 'suspended')),
    password_hash text,
    totp_secret text,
    totp_pending text,
    totp_step bigint,
    last_sign_in_at_ms bigint,
    created_at_ms bigint not null,
    version bigint not null check (version >= 1),
    check (state <> 'active' or password_hash is not null)
  )`,
  `create index user_account_by_time on user_account (created_at_ms, user_no)`,
  `create table user_session (
    session_hash text primary key,
    user_no text not null references user_account (user_no),
    must_change_password bigint not null check (must_change_password in (0, 1)),
    created_at_ms bigint not null,
    last_seen_at_ms bigint not null
  )`,
  `create index user_session_of_user on user_session (user_no)`,
  `create index user_session_by_use on user_session (last_seen_at_ms)`,
  `create index user_session_by_age on user_session (created_at_ms)`,
  `create table user_link (
    token_hash text primary key,
    user_no text references user_account (user_no),
    expires_at_ms bigint not null
  )`,
  `create index user_link_of_user on user_link (user_no)`,
  `create index user_link_by_end on user_link (expires_at_ms)`,
  // What was tried is there as a hash: people type their password where the name belongs.
  `create table sign_in_attempts (
    subject_hash text primary key,
    failures bigint not null,
    last_at_ms bigint not null,
    locked_until_ms bigint,
    version bigint not null
  )`,
  `create index sign_in_attempts_by_time on sign_in_attempts (last_at_ms)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
