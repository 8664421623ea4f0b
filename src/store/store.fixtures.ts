/**
 * What the tests of this folder store: a migrated database, and the rows that others refer to. `runRaw` goes
 * past the code, to what the database itself holds.
 */
import { CompiledQuery } from 'kysely';
import {
  FACE_TO_FACE_PRODUCT,
  type AlipayAppRecord,
  type AppKeyRecord,
  type Merchant,
} from '../core/merchant.ts';
import type { User } from '../core/user.ts';
import { insertApp, insertAppKey } from './apps.ts';
import { isPostgres, type Db, type Queryable } from './database.ts';
import { insertMerchant } from './merchants.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';

export const OWNER = 'B996377230C16FEF1BA98F127C1A4570';
export const APP_ID = '2016022901171807';

export function anAppKey(changes: Partial<AppKeyRecord> = {}): AppKeyRecord {
  return {
    keyId: 1,
    owner: OWNER,
    appId: APP_ID,
    signType: 'RSA2',
    modulusBits: 2048,
    publicKey: 'public',
    sealedPrivateKey: 'sealed',
    createdAtMs: 1_000,
    ...changes,
  };
}

export function anApp(changes: Partial<AlipayAppRecord> = {}): AlipayAppRecord {
  return {
    owner: OWNER,
    appId: APP_ID,
    signType: 'RSA2',
    alipayPublicKey: 'of Alipay',
    alipayKeyGiven: false,
    keyId: 1,
    nextKeyId: null,
    certificateId: null,
    version: 1,
    ...changes,
  };
}

export function aMerchant(changes: Partial<Merchant> = {}): Merchant {
  return {
    merchantId: 1,
    cpiNo: 'DL20160328000001',
    shopNo: 'DL0001',
    storeNo: '001',
    owner: OWNER,
    appId: APP_ID,
    sellerId: '2088212612254111',
    name: null,
    state: 'active',
    barcodeProduct: FACE_TO_FACE_PRODUCT,
    qrProduct: FACE_TO_FACE_PRODUCT,
    authorizationId: null,
    createdAtMs: 1_000,
    version: 1,
    ...changes,
  };
}

export function aUser(changes: Partial<User> = {}): User {
  return {
    userNo: '0000000000000001',
    name: 'li.wei',
    displayName: null,
    role: 'administrator',
    merchantId: null,
    state: 'active',
    passwordHash: 'hash',
    totpSecret: null,
    totpPending: null,
    totpStep: null,
    lastSignInAtMs: null,
    createdAtMs: 1_000,
    version: 1,
    ...changes,
  };
}

/** A database with an app, its key, and merchants 1 and 2. */
export async function openShop(): Promise<Db> {
  const db = await openTestDatabase();
  await fillShop(db);
  return db;
}

/** Stores an app, its key, and merchants 1 and 2 in a migrated database. */
export async function fillShop(db: Db): Promise<void> {
  await insertAppKey(db, anAppKey());
  await insertApp(db, anApp());
  await insertMerchant(db, aMerchant());
  await insertMerchant(
    db,
    aMerchant({ merchantId: 2, cpiNo: 'DL20160328000002', shopNo: 'DL0002' }),
  );
}

/** Runs SQL as it is. */
export async function runRaw(
  db: Queryable,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const { rows } = await db.executeQuery<object>(CompiledQuery.raw(text, [...parameters]));
  // The driver's rows have no prototype, which no comparison is about.
  return rows.map((row): Record<string, unknown> => ({ ...row }));
}

export type Refusal = 'CHECK' | 'NOT NULL' | 'UNIQUE' | 'FOREIGN KEY';

/** What an engine says when a constraint refuses a write. */
export const REFUSALS: Readonly<Record<Refusal, RegExp>> = {
  CHECK: /check constraint/i,
  'NOT NULL': /not.null constraint/i,
  UNIQUE: /unique constraint/i,
  'FOREIGN KEY': /foreign key constraint/i,
};

/** From now on the database changes and deletes entries of the audit log, as it does for somebody who owns it. */
export async function unlockAuditLog(db: Db): Promise<void> {
  if (isPostgres(db)) await runRaw(db, 'alter table audit_entry disable trigger user');
  else {
    for (const change of ['update', 'delete'])
      await runRaw(db, `drop trigger audit_entry_no_${change}`);
  }
}
