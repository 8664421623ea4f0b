/**
 * SQL of the v2 API's keys. They come in as hashes only; a revoked one stays, so that its number is never another's and a
 * log can be read.
 */
import type { ApiKey } from '../core/api-key.ts';
import type { Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { ApiKeyTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const COLUMNS = columnsOf('api_key');

export async function insertApiKey(db: Queryable, key: ApiKey): Promise<void> {
  await db.insertInto('api_key').values(toRow(key)).execute();
}

/** The key with this hash, revoked or not. */
export async function findApiKeyByHash(
  db: Queryable,
  keyHash: string,
): Promise<ApiKey | undefined> {
  const { rows } = await selectByHash(db, { keyHash });
  return rows[0] && toApiKey(rows[0]);
}

const selectByHash = prepared((db, { keyHash }: Pick<ApiKey, 'keyHash'>) =>
  db.selectFrom('api_key').select(COLUMNS).where('key_hash', '=', keyHash),
);

export async function findApiKey(db: Queryable, keyNo: string): Promise<ApiKey | undefined> {
  const row = await db
    .selectFrom('api_key')
    .select(COLUMNS)
    .where('key_no', '=', keyNo)
    .executeTakeFirst();
  return row && toApiKey(row);
}

/** Newest first; all of them, or those for one merchant. */
export async function listApiKeys(db: Queryable, merchantId?: number): Promise<readonly ApiKey[]> {
  let query = db.selectFrom('api_key').select(COLUMNS);
  if (merchantId !== undefined) query = query.where('merchant_id', '=', merchantId);
  const rows = await query.orderBy('created_at_ms', 'desc').orderBy('key_no').execute();
  return rows.map(toApiKey);
}

/** Writes the end of a key read at `version - 1`; false when somebody else changed it since. */
export async function saveRevoked(db: Queryable, key: ApiKey): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_key')
    .set({ revoked_at_ms: key.revokedAtMs, version: key.version })
    .where('key_no', '=', key.keyNo)
    .where('version', '=', key.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Notes a use, which is no change of the key: the newest moment of several stays. */
export async function saveLastUse(db: Queryable, keyNo: string, atMs: number): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ last_used_at_ms: atMs })
    .where('key_no', '=', keyNo)
    .where((eb) => eb.or([eb('last_used_at_ms', 'is', null), eb('last_used_at_ms', '<', atMs)]))
    .execute();
}

function toRow(key: ApiKey): ApiKeyTable {
  return {
    key_no: key.keyNo,
    key_hash: key.keyHash,
    hint: key.hint,
    name: key.name,
    merchant_id: key.merchantId,
    scopes: JSON.stringify(key.scopes),
    created_at_ms: key.createdAtMs,
    last_used_at_ms: key.lastUsedAtMs,
    revoked_at_ms: key.revokedAtMs,
    version: key.version,
  };
}

function toApiKey(row: ApiKeyTable): ApiKey {
  const scopes: ApiKey['scopes'] = JSON.parse(row.scopes);
  return {
    keyNo: row.key_no,
    keyHash: row.key_hash,
    hint: row.hint,
    name: row.name,
    merchantId: row.merchant_id,
    scopes,
    createdAtMs: row.created_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
    revokedAtMs: row.revoked_at_ms,
    version: row.version,
  };
}
