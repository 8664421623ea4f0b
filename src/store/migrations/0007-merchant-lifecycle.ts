/**
 * What a merchant's life brings: it is suspended, its contract has other products, its app's keys are changed one after the
 * other without a gap, the app goes over to certificates, or a service provider's app acts for it.
 */
import { sql, type Kysely } from 'kysely';

/** Older code would take payments of a suspended merchant, and sign without certificates and authorisations. */
export const OLD_CODE_MAY_RUN = false;

const STATEMENTS = [
  `create table app_certificate (
    certificate_id bigint primary key,
    owner text not null,
    app_id text not null,
    key_id bigint not null references app_key (key_id),
    app_certificate text not null,
    alipay_certificate text not null,
    root_certificates text not null,
    app_cert_sn text not null,
    alipay_cert_sn text not null,
    root_cert_sn text not null,
    app_expires_at_ms bigint not null,
    alipay_expires_at_ms bigint not null,
    created_at_ms bigint not null
  )`,
  `create index app_certificate_of_key on app_certificate (key_id, certificate_id)`,
  // A merchant's row names it, so that it is written first and cannot name the merchant's.
  `create table app_authorization (
    authorization_id bigint primary key,
    merchant_id bigint not null,
    app_id text not null,
    seller_id text not null,
    sealed_token text not null,
    hint text not null,
    service_provider_id text,
    created_at_ms bigint not null
  )`,
  `alter table alipay_app add column next_key_id bigint references app_key (key_id)`,
  `alter table alipay_app add column certificate_id bigint
    references app_certificate (certificate_id)`,
  `alter table merchant add column state text not null default 'active'
    check (state in ('active', 'suspended'))`,
  `alter table merchant add column barcode_product text not null default 'FACE_TO_FACE_PAYMENT'`,
  `alter table merchant add column qr_product text not null default 'FACE_TO_FACE_PAYMENT'`,
  `alter table merchant add column authorization_id bigint
    references app_authorization (authorization_id)`,
  `alter table payment add column authorization_id bigint
    references app_authorization (authorization_id)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
