/**
 * SQL of answers to calls that made something and may be sent again. A row is written in the transaction of what it tells of, so
 * that neither is ever without the other. Calls that move money have rows of their own (`idempotency.ts`).
 */
import type { Queryable } from './database.ts';
import { KeyTaken } from './idempotency.ts';

/** A call under an idempotency key of its caller's. */
export type KeyedCall = {
  /** The id of the API key or of the user. */
  readonly caller: string;
  readonly idempotencyKey: string;
  /** SHA-256 of what was asked. */
  readonly requestHash: string;
};

export type KeptAnswer = KeyedCall & {
  /** It may hold what is shown once. */
  readonly sealedAnswer: string;
  readonly createdAtMs: number;
};

/** Throws `KeyTaken`, which undoes the transaction that it is part of. */
export async function insertKeptAnswer(tx: Queryable, kept: KeptAnswer): Promise<void> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('kept_answer')
    .values({
      caller: kept.caller,
      idempotency_key: kept.idempotencyKey,
      request_hash: kept.requestHash,
      sealed_answer: kept.sealedAnswer,
      created_at_ms: kept.createdAtMs,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) throw new KeyTaken();
}

export async function findKeptAnswer(
  db: Queryable,
  { caller, idempotencyKey }: Pick<KeyedCall, 'caller' | 'idempotencyKey'>,
): Promise<KeptAnswer | undefined> {
  const row = await db
    .selectFrom('kept_answer')
    .select(['request_hash', 'sealed_answer', 'created_at_ms'])
    .where('caller', '=', caller)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  return (
    row && {
      caller,
      idempotencyKey,
      requestHash: row.request_hash,
      sealedAnswer: row.sealed_answer,
      createdAtMs: row.created_at_ms,
    }
  );
}

export async function deleteKeptAnswersBefore(db: Queryable, beforeMs: number): Promise<void> {
  await db.deleteFrom('kept_answer').where('created_at_ms', '<', beforeMs).execute();
}
