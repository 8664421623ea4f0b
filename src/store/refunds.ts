/**
 * SQL of refunds: one row per request number of a payment, written by version. The sums on the payment are written in
 * the same transaction by `flows/apply-refund.ts`, under a constraint that refunds never exceed the payment.
 */
import { sql } from 'kysely';
import { fen } from '../core/money.ts';
import type { Refund } from '../core/refund.ts';
import type { Queryable } from './database.ts';
import { prepared, wroteOne } from './prepared.ts';
import type { RefundTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const REFUND_COLUMNS = columnsOf('refund');

/** Stores an intent. False when this request number exists already for the payment. */
export async function insertRefund(db: Queryable, refund: Refund): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('refund')
    .values(toRow(refund))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Writes a refund read at `version - 1`; false when somebody else changed it since. */
export async function saveRefund(db: Queryable, refund: Refund): Promise<boolean> {
  return wroteOne(await updateRow(db, { ...toRow(refund), readVersion: refund.version - 1 }));
}

const updateRow = prepared((db, row: RefundTable & { readVersion: number }) => {
  const { merchant_id, payment_no, request_no, readVersion, ...columns } = row;
  return db
    .updateTable('refund')
    .set(columns)
    .where('merchant_id', '=', merchant_id)
    .where('payment_no', '=', payment_no)
    .where('request_no', '=', request_no)
    .where('version', '=', readVersion);
});

/** Moves the due time of a refund read with this version and due time. False when another was faster. */
export async function saveRefundDue(
  db: Queryable,
  refund: Refund,
  dueAtMs: number | null,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('refund')
    .set({ due_at_ms: dueAtMs })
    .where('merchant_id', '=', refund.merchantId)
    .where('payment_no', '=', refund.paymentNo)
    .where('request_no', '=', refund.requestNo)
    .where('version', '=', refund.version)
    .where('due_at_ms', 'is not distinct from', refund.dueAtMs)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function findRefund(
  db: Queryable,
  key: Pick<Refund, 'merchantId' | 'paymentNo' | 'requestNo'>,
): Promise<Refund | undefined> {
  const { merchantId, paymentNo, requestNo } = key;
  const { rows } = await selectOne(db, { merchantId, paymentNo, requestNo });
  return rows[0] && toRefund(rows[0]);
}

const selectOne = prepared((db, key: Pick<Refund, 'merchantId' | 'paymentNo' | 'requestNo'>) =>
  db
    .selectFrom('refund')
    .select(REFUND_COLUMNS)
    .where('merchant_id', '=', key.merchantId)
    .where('payment_no', '=', key.paymentNo)
    .where('request_no', '=', key.requestNo),
);

/** The refunds of a payment, oldest first. */
export async function listRefunds(
  db: Queryable,
  payment: Pick<Refund, 'merchantId' | 'paymentNo'>,
): Promise<readonly Refund[]> {
  const rows = await db
    .selectFrom('refund')
    .select(REFUND_COLUMNS)
    .where('merchant_id', '=', payment.merchantId)
    .where('payment_no', '=', payment.paymentNo)
    // Found first, and then sorted: for an order that an index has, SQLite walks through the merchant's refunds instead.
    .orderBy(sql`created_at_ms + 0`)
    .orderBy('request_no')
    .execute();
  return rows.map(toRefund);
}

function toRow(refund: Refund): RefundTable {
  return {
    merchant_id: refund.merchantId,
    payment_no: refund.paymentNo,
    request_no: refund.requestNo,
    amount_fen: refund.amountFen,
    reason: refund.reason,
    store_id: refund.storeId,
    state: refund.state,
    version: refund.version,
    answer: refund.answer,
    answer_fact: refund.answerFact,
    last_sent_at_ms: refund.lastSentAtMs,
    in_doubt: refund.inDoubt ? 1 : 0,
    asks_in_vain: refund.asksInVain,
    created_at_ms: refund.createdAtMs,
    due_at_ms: refund.dueAtMs,
    created_by: refund.createdBy,
    created_by_name: refund.createdByName,
  };
}

export function toRefund(row: RefundTable): Refund {
  return {
    merchantId: row.merchant_id,
    paymentNo: row.payment_no,
    requestNo: row.request_no,
    amountFen: fen(row.amount_fen),
    reason: row.reason,
    storeId: row.store_id,
    state: row.state,
    version: row.version,
    answer: row.answer,
    answerFact: row.answer_fact,
    lastSentAtMs: row.last_sent_at_ms,
    inDoubt: row.in_doubt === 1,
    asksInVain: row.asks_in_vain,
    createdAtMs: row.created_at_ms,
    dueAtMs: row.due_at_ms,
    createdBy: row.created_by,
    createdByName: row.created_by_name,
  };
}
