/**
 * SQL of what an app signs and is allowed with beside its key pair: certificates, and merchants' authorisations of a service
 * provider's app. Rows are never changed and never deleted: trades begun under them still resolve.
 */
import type { AppCertificates, Authorization } from '../core/merchant.ts';
import type { Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { AppAuthorizationTable, AppCertificateTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const CERTIFICATE_COLUMNS = columnsOf('app_certificate');
const AUTHORIZATION_COLUMNS = columnsOf('app_authorization');

export async function insertCertificates(db: Queryable, added: AppCertificates): Promise<void> {
  await db
    .insertInto('app_certificate')
    .values({
      certificate_id: added.certificateId,
      owner: added.owner,
      app_id: added.appId,
      key_id: added.keyId,
      app_certificate: added.appCertificate,
      alipay_certificate: added.alipayCertificate,
      root_certificates: added.rootCertificates,
      app_cert_sn: added.appCertSn,
      alipay_cert_sn: added.alipayCertSn,
      root_cert_sn: added.rootCertSn,
      app_expires_at_ms: added.appExpiresAtMs,
      alipay_expires_at_ms: added.alipayExpiresAtMs,
      created_at_ms: added.createdAtMs,
    })
    .execute();
}

export async function findCertificates(
  db: Queryable,
  certificateId: number,
): Promise<AppCertificates | undefined> {
  const { rows } = await selectCertificates(db, { certificateId });
  return rows[0] && toCertificates(rows[0]);
}

const selectCertificates = prepared((db, { certificateId }: { certificateId: number }) =>
  db
    .selectFrom('app_certificate')
    .select(CERTIFICATE_COLUMNS)
    .where('certificate_id', '=', certificateId),
);

/** The newest certificates for a key pair; undefined for one that never had any. */
export async function findCertificatesOfKey(
  db: Queryable,
  keyId: number,
): Promise<AppCertificates | undefined> {
  const row = await db
    .selectFrom('app_certificate')
    .select(CERTIFICATE_COLUMNS)
    .where('key_id', '=', keyId)
    .orderBy('certificate_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toCertificates(row);
}

export async function insertAuthorization(db: Queryable, added: Authorization): Promise<void> {
  await db
    .insertInto('app_authorization')
    .values({
      authorization_id: added.authorizationId,
      merchant_id: added.merchantId,
      app_id: added.appId,
      seller_id: added.sellerId,
      sealed_token: added.sealedToken,
      hint: added.hint,
      service_provider_id: added.serviceProviderId,
      created_at_ms: added.createdAtMs,
    })
    .execute();
}

export async function findAuthorization(
  db: Queryable,
  authorizationId: number,
): Promise<Authorization | undefined> {
  const { rows } = await selectAuthorization(db, { authorizationId });
  return rows[0] && toAuthorization(rows[0]);
}

const selectAuthorization = prepared((db, { authorizationId }: { authorizationId: number }) =>
  db
    .selectFrom('app_authorization')
    .select(AUTHORIZATION_COLUMNS)
    .where('authorization_id', '=', authorizationId),
);

function toCertificates(row: AppCertificateTable): AppCertificates {
  return {
    certificateId: row.certificate_id,
    owner: row.owner,
    appId: row.app_id,
    keyId: row.key_id,
    appCertificate: row.app_certificate,
    alipayCertificate: row.alipay_certificate,
    rootCertificates: row.root_certificates,
    appCertSn: row.app_cert_sn,
    alipayCertSn: row.alipay_cert_sn,
    rootCertSn: row.root_cert_sn,
    appExpiresAtMs: row.app_expires_at_ms,
    alipayExpiresAtMs: row.alipay_expires_at_ms,
    createdAtMs: row.created_at_ms,
  };
}

function toAuthorization(row: AppAuthorizationTable): Authorization {
  return {
    authorizationId: row.authorization_id,
    merchantId: row.merchant_id,
    appId: row.app_id,
    sellerId: row.seller_id,
    sealedToken: row.sealed_token,
    hint: row.hint,
    serviceProviderId: row.service_provider_id,
    createdAtMs: row.created_at_ms,
  };
}
