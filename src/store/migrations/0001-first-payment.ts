/**
 * The first tables: credentials, apps and merchants, payments with their history, refunds.
 * Never edited after release; later changes are new files.
 * What must hold whatever the code does is a constraint here: numbers are unique, one charge per `local_no` and attempt,
 * refunds never exceed the payment.
 */
import { sql, type Kysely } from 'kysely';

/** There is no older code. */
export const OLD_CODE_MAY_RUN = true;

const STATEMENTS = [
  `create table counter (
    name text primary key,
    next bigint not null check (next >= 1)
  )`,
  `create table dongle (
    dongle_no text primary key,
    state text not null check (state in ('registered', 'issued', 'revoked')),
    secret_hash text,
    is_registered bigint not null check (is_registered in (0, 1)),
    created_at_ms bigint not null,
    version bigint not null
  )`,
  `create table token (
    token_hash text primary key,
    token_id bigint not null unique,
    dongle_no text not null references dongle (dongle_no),
    expires_at_ms bigint not null
  )`,
  `create index token_by_expiry on token (expires_at_ms)`,
  `create index token_by_dongle on token (dongle_no)`,
  `create table app_key (
    key_id bigint primary key,
    owner text not null,
    app_id text not null,
    sign_type text not null check (sign_type in ('RSA2', 'RSA')),
    modulus_bits bigint not null,
    public_key text not null,
    sealed_private_key text not null,
    created_at_ms bigint not null
  )`,
  `create table alipay_app (
    owner text not null,
    app_id text not null,
    sign_type text not null check (sign_type in ('RSA2', 'RSA')),
    alipay_public_key text not null,
    alipay_key_given bigint not null check (alipay_key_given in (0, 1)),
    key_id bigint not null references app_key (key_id),
    version bigint not null,
    primary key (owner, app_id)
  )`,
  `create table merchant (
    merchant_id bigint primary key,
    cpi_no text not null unique,
    shop_no text not null unique,
    store_no text not null,
    owner text not null,
    app_id text not null,
    seller_id text not null,
    name text,
    created_at_ms bigint not null,
    version bigint not null,
    foreign key (owner, app_id) references alipay_app (owner, app_id)
  )`,
  `create table merchant_grant (
    merchant_id bigint not null references merchant (merchant_id),
    dongle_no text not null,
    created_at_ms bigint not null,
    primary key (merchant_id, dongle_no)
  )`,
  `create table payment (
    merchant_id bigint not null references merchant (merchant_id),
    payment_no text not null unique,
    local_no text,
    attempt bigint not null check (attempt >= 1),
    method text not null check (method in ('barcode', 'qr')),
    amount_fen bigint not null check (amount_fen > 0),
    state text not null
      check (state in ('created', 'awaiting_buyer', 'paid', 'declined', 'closed', 'reversed')),
    version bigint not null check (version >= 1),
    subject text not null,
    body text,
    operator_id text,
    store_id text,
    auth_code_hash text,
    app_owner text not null,
    app_id text not null,
    key_id bigint not null references app_key (key_id),
    seller_id text not null,
    alipay_trade_no text,
    qr_code text,
    answer text,
    answer_method text check (answer_method in ('pay', 'query', 'precreate')),
    refunded_fen bigint not null check (refunded_fen >= 0),
    refunding_fen bigint not null check (refunding_fen >= 0),
    refund_not_before_ms bigint not null,
    created_at_ms bigint not null,
    deadline_at_ms bigint not null,
    dies_at_ms bigint not null,
    paid_at_ms bigint,
    due_at_ms bigint,
    heard_at_ms bigint,
    cancel_sent_at_ms bigint,
    endings_in_vain bigint not null,
    is_late bigint not null check (is_late in (0, 1)),
    trade_seen text not null check (trade_seen in ('never_asked', 'absent', 'open', 'ended', 'foreign', 'disputed')),
    cancel_found_nothing_at_ms bigint,
    asks_in_vain bigint not null,
    first_call_ended bigint not null check (first_call_ended in (0, 1)),
    primary key (merchant_id, payment_no),
    unique (merchant_id, local_no, attempt),
    check (refunded_fen + refunding_fen <= amount_fen)
  )`,
  `create index payment_due on payment (due_at_ms) where due_at_ms is not null`,
  `create table payment_event (
    merchant_id bigint not null,
    payment_no text not null,
    seq bigint not null,
    at_ms bigint not null,
    kind text not null,
    state text not null,
    version bigint not null,
    detail text not null,
    primary key (merchant_id, payment_no, seq),
    foreign key (merchant_id, payment_no) references payment (merchant_id, payment_no)
  )`,
  `create table refund (
    merchant_id bigint not null,
    payment_no text not null,
    request_no text not null,
    amount_fen bigint not null check (amount_fen > 0),
    reason text,
    store_id text,
    state text not null check (state in ('created', 'done', 'refused')),
    version bigint not null check (version >= 1),
    answer text,
    answer_fact text check (answer_fact in ('done', 'accepted', 'refused', 'absent')),
    last_sent_at_ms bigint,
    in_doubt bigint not null check (in_doubt in (0, 1)),
    asks_in_vain bigint not null,
    created_at_ms bigint not null,
    due_at_ms bigint,
    primary key (merchant_id, payment_no, request_no),
    foreign key (merchant_id, payment_no) references payment (merchant_id, payment_no)
  )`,
  `create index refund_due on refund (due_at_ms) where due_at_ms is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
