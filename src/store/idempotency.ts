/**
 * SQL of calls that may be sent again: under one key of one merchant, what was asked, what it began, and what was answered.
 * The row is written in the transaction of the intent, so that neither is ever without the other.
 */
import type { Queryable } from './database.ts';
import type { IdempotencyTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const COLUMNS = columnsOf('idempotency');

/** What a caller may send twice and must not happen twice. */
export type IdempotentCall = {
  readonly merchantId: number;
  readonly idempotencyKey: string;
  /** SHA-256 of what was asked. */
  readonly requestHash: string;
};

export type StoredCall = IdempotentCall & {
  readonly paymentNo: string;
  /** The refund that it began, if it is about one. */
  readonly requestNo: string | null;
  readonly createdAtMs: number;
  /** The first answer; null until there is one. */
  readonly answer: StoredAnswer | null;
};

export type StoredAnswer = { readonly status: number; readonly body: string };

/** Another call under this key was stored in between: nothing of this one may be, and it is that one's repetition. */
export class KeyTaken extends Error {
  override readonly name = 'KeyTaken';
}

/** Throws `KeyTaken`, which undoes the transaction that it is part of. */
export async function insertCall(tx: Queryable, call: Omit<StoredCall, 'answer'>): Promise<void> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('idempotency')
    .values({
      merchant_id: call.merchantId,
      idempotency_key: call.idempotencyKey,
      request_hash: call.requestHash,
      payment_no: call.paymentNo,
      request_no: call.requestNo,
      created_at_ms: call.createdAtMs,
      answer_status: null,
      answer: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) throw new KeyTaken();
}

/**
 * For a call that finds begun what it would begin: throws `KeyTaken` when that was begun under its own key. Whoever began it
 * answers it.
 */
export async function requireFreeKey(
  db: Queryable,
  call: Pick<IdempotentCall, 'merchantId' | 'idempotencyKey'> | undefined,
): Promise<void> {
  const stored = call && (await findCall(db, call.merchantId, call.idempotencyKey));
  if (stored !== undefined) throw new KeyTaken();
}

export async function findCall(
  db: Queryable,
  merchantId: number,
  idempotencyKey: string,
): Promise<StoredCall | undefined> {
  const row = await db
    .selectFrom('idempotency')
    .select(COLUMNS)
    .where('merchant_id', '=', merchantId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  return row && toCall(row);
}

/** Keeps the first answer; false when there is one already, which then is the answer. */
export async function saveAnswer(
  db: Queryable,
  { merchantId, idempotencyKey, requestHash }: IdempotentCall,
  { status, body }: StoredAnswer,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('idempotency')
    .set({ answer_status: status, answer: body })
    .where('merchant_id', '=', merchantId)
    .where('idempotency_key', '=', idempotencyKey)
    // Another call may have taken the key while this one found that it began nothing new.
    .where('request_hash', '=', requestHash)
    .where('answer', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Forgets calls that are older than anybody sends again. */
export async function deleteCallsBefore(db: Queryable, beforeMs: number): Promise<void> {
  await db.deleteFrom('idempotency').where('created_at_ms', '<', beforeMs).execute();
}

function toCall(row: IdempotencyTable): StoredCall {
  const { answer_status: status, answer: body } = row;
  return {
    merchantId: row.merchant_id,
    idempotencyKey: row.idempotency_key,
    requestHash: row.request_hash,
    paymentNo: row.payment_no,
    requestNo: row.request_no,
    createdAtMs: row.created_at_ms,
    answer: status === null || body === null ? null : { status, body },
  };
}
