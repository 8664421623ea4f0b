/**
 * SQL of Alipay applications and the key pairs made for them. An app belongs to its owner: two owners that name the
 * same app id have two rows and two key pairs, so that neither can sign as the other.
 */
import type { AlipayAppRecord, AppKeyRecord } from '../core/merchant.ts';
import type { Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { AlipayAppTable, AppKeyTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const APP_COLUMNS = columnsOf('alipay_app');
const APP_KEY_COLUMNS = columnsOf('app_key');

export async function findApp(
  db: Queryable,
  owner: string,
  appId: string,
): Promise<AlipayAppRecord | undefined> {
  const { rows } = await selectApp(db, { owner, appId });
  return rows[0] && toApp(rows[0]);
}

const selectApp = prepared((db, { owner, appId }: { owner: string; appId: string }) =>
  db
    .selectFrom('alipay_app')
    .select(APP_COLUMNS)
    .where('owner', '=', owner)
    .where('app_id', '=', appId),
);

/** Columns of an app (as `a`) that is read beside a row of another table, under names which that table does not use. */
export const JOINED_APP_COLUMNS = [
  'a.sign_type',
  'a.alipay_public_key',
  'a.alipay_key_given',
  'a.key_id as app_key_id',
  'a.next_key_id',
  'a.certificate_id',
  'a.version as app_version',
] as const;

/** What those columns hold; owner and app id are the other row's. */
export type JoinedApp = Pick<
  AlipayAppTable,
  'sign_type' | 'alipay_public_key' | 'alipay_key_given' | 'next_key_id' | 'certificate_id'
> & { readonly app_key_id: number; readonly app_version: number };

export function joinedApp(owner: string, appId: string, row: JoinedApp): AlipayAppRecord {
  const { app_key_id: key_id, app_version: version } = row;
  return toApp({ ...row, owner, app_id: appId, key_id, version });
}

export async function listApps(db: Queryable): Promise<readonly AlipayAppRecord[]> {
  const rows = await db
    .selectFrom('alipay_app')
    .select(APP_COLUMNS)
    .orderBy('owner')
    .orderBy('app_id')
    .execute();
  return rows.map(toApp);
}

/** Returns false when the owner has this app already. */
export async function insertApp(db: Queryable, app: AlipayAppRecord): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('alipay_app')
    .values({
      owner: app.owner,
      app_id: app.appId,
      sign_type: app.signType,
      alipay_public_key: app.alipayPublicKey,
      alipay_key_given: app.alipayKeyGiven ? 1 : 0,
      key_id: app.keyId,
      next_key_id: app.nextKeyId,
      certificate_id: app.certificateId,
      version: app.version,
    })
    .onConflict((conflict) => conflict.columns(['owner', 'app_id']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Writes an app read at `version - 1`; false when somebody else changed it since. */
export async function saveApp(db: Queryable, app: AlipayAppRecord): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('alipay_app')
    .set({
      sign_type: app.signType,
      alipay_public_key: app.alipayPublicKey,
      alipay_key_given: app.alipayKeyGiven ? 1 : 0,
      key_id: app.keyId,
      next_key_id: app.nextKeyId,
      certificate_id: app.certificateId,
      version: app.version,
    })
    .where('owner', '=', app.owner)
    .where('app_id', '=', app.appId)
    .where('version', '=', app.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function insertAppKey(db: Queryable, key: AppKeyRecord): Promise<void> {
  await db
    .insertInto('app_key')
    .values({
      key_id: key.keyId,
      owner: key.owner,
      app_id: key.appId,
      sign_type: key.signType,
      modulus_bits: key.modulusBits,
      public_key: key.publicKey,
      sealed_private_key: key.sealedPrivateKey,
      created_at_ms: key.createdAtMs,
    })
    .execute();
}

export async function findAppKey(db: Queryable, keyId: number): Promise<AppKeyRecord | undefined> {
  const { rows } = await selectKey(db, { keyId });
  return rows[0] && toAppKey(rows[0]);
}

const selectKey = prepared((db, { keyId }: { keyId: number }) =>
  db.selectFrom('app_key').select(APP_KEY_COLUMNS).where('key_id', '=', keyId),
);

/** The newest key pair; undefined before the first. */
export async function findNewestAppKey(db: Queryable): Promise<AppKeyRecord | undefined> {
  const row = await db
    .selectFrom('app_key')
    .select(APP_KEY_COLUMNS)
    .orderBy('key_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toAppKey(row);
}

/** All key pairs ever made, oldest first. */
export async function listAppKeys(db: Queryable): Promise<readonly AppKeyRecord[]> {
  const rows = await db.selectFrom('app_key').select(APP_KEY_COLUMNS).orderBy('key_id').execute();
  return rows.map(toAppKey);
}

function toApp(row: AlipayAppTable): AlipayAppRecord {
  return {
    owner: row.owner,
    appId: row.app_id,
    signType: row.sign_type,
    alipayPublicKey: row.alipay_public_key,
    alipayKeyGiven: row.alipay_key_given === 1,
    keyId: row.key_id,
    nextKeyId: row.next_key_id,
    certificateId: row.certificate_id,
    version: row.version,
  };
}

function toAppKey(row: AppKeyTable): AppKeyRecord {
  return {
    keyId: row.key_id,
    owner: row.owner,
    appId: row.app_id,
    signType: row.sign_type,
    modulusBits: row.modulus_bits,
    publicKey: row.public_key,
    sealedPrivateKey: row.sealed_private_key,
    createdAtMs: row.created_at_ms,
  };
}
