/**
 * SQL of the v1 credentials: dongles and the tokens they hold. Secret keys and tokens come in as hashes only.
 */
import type { Dongle } from '../core/merchant.ts';
import { isPostgres, rowsAtMost, type Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { DongleTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const DONGLE_COLUMNS = columnsOf('dongle');

export async function findDongle(db: Queryable, dongleNo: string): Promise<Dongle | undefined> {
  const row = await db
    .selectFrom('dongle')
    .select(DONGLE_COLUMNS)
    .where('dongle_no', '=', dongleNo)
    .executeTakeFirst();
  return row && toDongle(row);
}

/**
 * As `findDongle`, and nobody changes it before this transaction ends: what is stored for a dongle is stored for it as it is.
 */
export async function holdDongle(tx: Queryable, dongleNo: string): Promise<Dongle | undefined> {
  const row = await tx
    .selectFrom('dongle')
    .select(DONGLE_COLUMNS)
    .where('dongle_no', '=', dongleNo)
    .$if(isPostgres(tx), (query) => query.forShare())
    .executeTakeFirst();
  return row && toDongle(row);
}

/** All dongles, oldest first. */
export async function listDongles(db: Queryable): Promise<readonly Dongle[]> {
  const rows = await db
    .selectFrom('dongle')
    .select(DONGLE_COLUMNS)
    .orderBy('created_at_ms')
    .orderBy('dongle_no')
    .execute();
  return rows.map(toDongle);
}

/** By number, those after `afterNo`. */
export async function pageDongles(
  db: Queryable,
  page: { readonly afterNo: string | undefined; readonly limit: number },
): Promise<readonly Dongle[]> {
  let query = db.selectFrom('dongle').select(DONGLE_COLUMNS);
  if (page.afterNo !== undefined) query = query.where('dongle_no', '>', page.afterNo);
  const rows = await query.orderBy('dongle_no').limit(rowsAtMost(page.limit)).execute();
  return rows.map(toDongle);
}

/** Returns false when the dongle exists already. */
export async function insertDongle(db: Queryable, dongle: Dongle): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('dongle')
    .values({
      dongle_no: dongle.dongleNo,
      state: dongle.state,
      secret_hash: dongle.secretHash,
      is_registered: dongle.isRegistered ? 1 : 0,
      created_at_ms: dongle.createdAtMs,
      version: dongle.version,
    })
    .onConflict((conflict) => conflict.column('dongle_no').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Writes state and secret of a dongle read at `version - 1`; false when somebody else changed it since. */
export async function saveDongle(db: Queryable, dongle: Dongle): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('dongle')
    .set({
      state: dongle.state,
      secret_hash: dongle.secretHash,
      is_registered: dongle.isRegistered ? 1 : 0,
      version: dongle.version,
    })
    .where('dongle_no', '=', dongle.dongleNo)
    .where('version', '=', dongle.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function insertToken(
  db: Queryable,
  token: { tokenHash: string; tokenId: number; dongleNo: string; expiresAtMs: number },
): Promise<void> {
  await db
    .insertInto('token')
    .values({
      token_hash: token.tokenHash,
      token_id: token.tokenId,
      dongle_no: token.dongleNo,
      expires_at_ms: token.expiresAtMs,
    })
    .execute();
}

/** The dongle that holds a living token of this hash; undefined when unknown, expired or revoked. */
export async function findTokenHolder(
  db: Queryable,
  tokenHash: string,
  nowMs: number,
): Promise<string | undefined> {
  const { rows } = await selectHolder(db, { tokenHash, nowMs });
  return rows[0]?.dongle_no;
}

const selectHolder = prepared((db, token: { tokenHash: string; nowMs: number }) =>
  db
    .selectFrom('token')
    .select('dongle_no')
    .where('token_hash', '=', token.tokenHash)
    .where('expires_at_ms', '>', token.nowMs),
);

/** Ends all tokens of a dongle at once. */
export async function deleteTokensOf(db: Queryable, dongleNo: string): Promise<void> {
  await db.deleteFrom('token').where('dongle_no', '=', dongleNo).execute();
}

export async function deleteTokensExpiredBefore(db: Queryable, nowMs: number): Promise<void> {
  await db.deleteFrom('token').where('expires_at_ms', '<=', nowMs).execute();
}

function toDongle(row: DongleTable): Dongle {
  return {
    dongleNo: row.dongle_no,
    state: row.state,
    secretHash: row.secret_hash,
    isRegistered: row.is_registered === 1,
    createdAtMs: row.created_at_ms,
    version: row.version,
  };
}
