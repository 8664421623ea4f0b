/**
 * SQL of the attempts to sign in that failed. What was tried comes in as a hash: people type their password where the name
 * belongs. What a failure costs is decided in `core/lock-out.ts`.
 */
import type { Attempts } from '../core/lock-out.ts';
import type { Queryable } from './database.ts';
import type { SignInAttemptsTable } from './user-schema.ts';
import { columnsOf } from './tables.ts';

export async function findAttempts(
  db: Queryable,
  subjectHash: string,
): Promise<Attempts | undefined> {
  const found = await findAttemptsOf(db, [subjectHash]);
  return found.get(subjectHash);
}

export async function findAttemptsOf(
  db: Queryable,
  subjectHashes: readonly string[],
): Promise<ReadonlyMap<string, Attempts>> {
  if (subjectHashes.length === 0) return new Map();
  const rows = await db
    .selectFrom('sign_in_attempts')
    .select(columnsOf('sign_in_attempts'))
    .where('subject_hash', 'in', subjectHashes)
    .execute();
  return new Map(rows.map((row) => [row.subject_hash, toAttempts(row)]));
}

/** Writes attempts read at `version - 1`, or the first ones; false when others came in between. */
export async function saveAttempts(
  db: Queryable,
  subjectHash: string,
  { failures, lastAtMs, lockedUntilMs, version }: Attempts,
): Promise<boolean> {
  const columns = { failures, last_at_ms: lastAtMs, locked_until_ms: lockedUntilMs, version };
  if (version === 1) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('sign_in_attempts')
      .values({ subject_hash: subjectHash, ...columns })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }
  const { numUpdatedRows } = await db
    .updateTable('sign_in_attempts')
    .set(columns)
    .where('subject_hash', '=', subjectHash)
    .where('version', '=', version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function deleteAttempts(db: Queryable, subjectHash: string): Promise<void> {
  await db.deleteFrom('sign_in_attempts').where('subject_hash', '=', subjectHash).execute();
}

export async function deleteAttemptsBefore(db: Queryable, beforeMs: number): Promise<void> {
  await db.deleteFrom('sign_in_attempts').where('last_at_ms', '<', beforeMs).execute();
}

function toAttempts(row: SignInAttemptsTable): Attempts {
  return {
    failures: row.failures,
    lastAtMs: row.last_at_ms,
    lockedUntilMs: row.locked_until_ms,
    version: row.version,
  };
}
