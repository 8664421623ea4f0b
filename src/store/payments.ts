/**
 * SQL of payments. Rows are written by version: a write names the version it read and tells when it lost.
 * Only `flows/apply-fact.ts` calls `savePayment`; intents come in through `insertPayment`.
 */
import type { QueryCreator } from 'kysely';
import type { AlipayAppRecord } from '../core/merchant.ts';
import type { Payment } from '../core/payment.ts';
import { fen } from '../core/money.ts';
import { joinedApp, JOINED_APP_COLUMNS, type JoinedApp } from './apps.ts';
import type { Queryable } from './database.ts';
import { prepared, wroteOne } from './prepared.ts';
import type { PaymentTable, Schema } from './schema.ts';
import { columnsOf } from './tables.ts';

const PAYMENT_COLUMNS = columnsOf('payment');

/** Stores an intent. False when the payment number, or the attempt of this `localNo`, exists already. */
export async function insertPayment(db: Queryable, payment: Payment): Promise<boolean> {
  return wroteOne(await insertRow(db, toRow(payment)));
}

const insertRow = prepared((db, row: PaymentTable) => paymentInsert(db, row));

/** The statement of `insertPayment`, to be run or to be part of another. */
export function paymentInsert(db: QueryCreator<Schema>, row: PaymentTable) {
  return db
    .insertInto('payment')
    .values(row)
    .onConflict((conflict) => conflict.doNothing());
}

/**
 * Writes what may change of a payment read at `version - 1`; false when somebody else changed it since. Naming the other
 * columns, though with the values that they have, would make SQLite write their indexes anew.
 */
export async function savePayment(db: Queryable, payment: Payment): Promise<boolean> {
  return wroteOne(await updateRow(db, toUpdate(payment)));
}

const updateRow = prepared((db, row: PaymentUpdate) => paymentUpdate(db, row));

/** What may change of a payment, and which row it is of: the one with the version before. */
export type PaymentUpdate = Progress & {
  readonly merchantId: number;
  readonly paymentNo: string;
  readonly readVersion: number;
};

export function toUpdate(payment: Payment): PaymentUpdate {
  const { merchantId, paymentNo, version } = payment;
  return { ...toProgress(payment), merchantId, paymentNo, readVersion: version - 1 };
}

/** The statement of `savePayment`, to be run or to be part of another. */
export function paymentUpdate(db: QueryCreator<Schema>, row: PaymentUpdate) {
  const { merchantId, paymentNo, readVersion, ...columns } = row;
  return db
    .updateTable('payment')
    .set(columns)
    .where('merchant_id', '=', merchantId)
    .where('payment_no', '=', paymentNo)
    .where('version', '=', readVersion);
}

/**
 * Moves the due time of a payment read with this version and due time, and nothing else. False when another was faster.
 * How workers claim what is due is in `due.ts`.
 */
export async function savePaymentDue(
  db: Queryable,
  payment: Pick<Payment, 'merchantId' | 'paymentNo' | 'version' | 'dueAtMs'>,
  dueAtMs: number | null,
): Promise<boolean> {
  const { merchantId, paymentNo, version, dueAtMs: readDueAtMs } = payment;
  return wroteOne(await updateDue(db, { merchantId, paymentNo, version, readDueAtMs, dueAtMs }));
}

type DueMove = Pick<Payment, 'merchantId' | 'paymentNo' | 'version' | 'dueAtMs'> & {
  readonly readDueAtMs: number | null;
};

const updateDue = prepared((db, move: DueMove) =>
  db
    .updateTable('payment')
    .set({ due_at_ms: move.dueAtMs })
    .where('merchant_id', '=', move.merchantId)
    .where('payment_no', '=', move.paymentNo)
    .where('version', '=', move.version)
    .where('due_at_ms', 'is not distinct from', move.readDueAtMs),
);

/** Writes the refund sums of a payment read at `version - 1`, and nothing else of it; false when the race was lost. */
export async function savePaymentRefunds(
  db: Queryable,
  payment: Pick<
    Payment,
    'merchantId' | 'paymentNo' | 'version' | 'refundedFen' | 'refundingFen' | 'refundNotBeforeMs'
  >,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('payment')
    .set({
      refunded_fen: payment.refundedFen,
      refunding_fen: payment.refundingFen,
      refund_not_before_ms: payment.refundNotBeforeMs,
      version: payment.version,
    })
    .where('merchant_id', '=', payment.merchantId)
    .where('payment_no', '=', payment.paymentNo)
    .where('version', '=', payment.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Writes the version of a payment read at `version - 1`: its history goes on, and nothing of the payment changed. */
export async function savePaymentVersion(
  db: Queryable,
  payment: Pick<Payment, 'merchantId' | 'paymentNo' | 'version'>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('payment')
    .set({ version: payment.version })
    .where('merchant_id', '=', payment.merchantId)
    .where('payment_no', '=', payment.paymentNo)
    .where('version', '=', payment.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function findPayment(
  db: Queryable,
  merchantId: number,
  paymentNo: string,
): Promise<Payment | undefined> {
  const { rows } = await selectOne(db, { merchantId, paymentNo });
  return rows[0] && toPayment(rows[0]);
}

const selectOne = prepared((db, key: Pick<Payment, 'merchantId' | 'paymentNo'>) =>
  db
    .selectFrom('payment')
    .select(PAYMENT_COLUMNS)
    .where('merchant_id', '=', key.merchantId)
    .where('payment_no', '=', key.paymentNo),
);

/** Whoever's payment has this number: for operators, and to keep merchants apart. */
export async function findPaymentByNo(
  db: Queryable,
  paymentNo: string,
): Promise<Payment | undefined> {
  const { rows } = await selectByNo(db, { paymentNo });
  return rows[0] && toPayment(rows[0]);
}

const selectByNo = prepared((db, { paymentNo }: Pick<Payment, 'paymentNo'>) =>
  db.selectFrom('payment').select(PAYMENT_COLUMNS).where('payment_no', '=', paymentNo),
);

/** A payment, and the app that it was begun with, as that is today: whoever asks Alipay about the one needs the other. */
export type PaymentWithApp = { readonly payment: Payment; readonly app: AlipayAppRecord };

export async function findPaymentWithApp(
  db: Queryable,
  merchantId: number,
  paymentNo: string,
): Promise<PaymentWithApp | undefined> {
  const { rows } = await selectWithApp(db, { merchantId, paymentNo });
  return rows[0] && toPaymentWithApp(rows[0]);
}

const selectWithApp = prepared((db, key: Pick<Payment, 'merchantId' | 'paymentNo'>) =>
  withApp(db).where('p.merchant_id', '=', key.merchantId).where('p.payment_no', '=', key.paymentNo),
);

/** The same, whoever's payment it is: for notifications. */
export async function findPaymentWithAppByNo(
  db: Queryable,
  paymentNo: string,
): Promise<PaymentWithApp | undefined> {
  const { rows } = await selectWithAppByNo(db, { paymentNo });
  return rows[0] && toPaymentWithApp(rows[0]);
}

const selectWithAppByNo = prepared((db, { paymentNo }: Pick<Payment, 'paymentNo'>) =>
  withApp(db).where('p.payment_no', '=', paymentNo),
);

function withApp(db: Queryable) {
  return db
    .selectFrom('payment as p')
    .innerJoin('alipay_app as a', (join) =>
      join.onRef('a.owner', '=', 'p.app_owner').onRef('a.app_id', '=', 'p.app_id'),
    )
    .select(PAYMENT_COLUMNS.map((name) => `p.${name}` as const))
    .select(JOINED_APP_COLUMNS);
}

function toPaymentWithApp(row: PaymentTable & JoinedApp): PaymentWithApp {
  return { payment: toPayment(row), app: joinedApp(row.app_owner, row.app_id, row) };
}

/** All charges under one `localNo`, newest first. */
export async function listAttempts(
  db: Queryable,
  merchantId: number,
  localNo: string,
): Promise<readonly Payment[]> {
  const rows = await db
    .selectFrom('payment')
    .select(PAYMENT_COLUMNS)
    .where('merchant_id', '=', merchantId)
    .where('local_no', '=', localNo)
    .orderBy('attempt', 'desc')
    .execute();
  return rows.map(toPayment);
}

/** Whether the same `localNo` was charged again after this payment. */
export async function wasChargedAgain(
  db: Queryable,
  { merchantId, localNo, attempt }: Pick<Payment, 'merchantId' | 'localNo' | 'attempt'>,
): Promise<boolean> {
  const { rows } = await selectLaterAttempt(db, { merchantId, localNo, attempt });
  return rows.length > 0;
}

const selectLaterAttempt = prepared(
  (db, { merchantId, localNo, attempt }: Pick<Payment, 'merchantId' | 'localNo' | 'attempt'>) =>
    db
      .selectFrom('payment')
      .select('attempt')
      .where('merchant_id', '=', merchantId)
      .where('local_no', '=', localNo)
      .where('attempt', '>', attempt)
      .limit(1),
);

/** The newest payments, newest first; all merchants' or one's. */
export async function listPayments(
  db: Queryable,
  filter: { merchantId?: number | undefined; limit: number },
): Promise<readonly Payment[]> {
  let query = db.selectFrom('payment').select(PAYMENT_COLUMNS);
  if (filter.merchantId !== undefined) query = query.where('merchant_id', '=', filter.merchantId);
  const rows = await query
    .orderBy('created_at_ms', 'desc')
    .orderBy('payment_no', 'desc')
    .limit(filter.limit)
    .execute();
  return rows.map(toPayment);
}

/** How many payments Alipay will be asked about, now or later. */
export async function countUnsettled(db: Queryable): Promise<number> {
  const { unsettled } = await db
    .selectFrom('payment')
    .select((eb) => eb.fn.countAll<number>().as('unsettled'))
    .where('due_at_ms', 'is not', null)
    .executeTakeFirstOrThrow();
  return unsettled;
}

/** All columns of a payment. */
export function toRow(payment: Payment): PaymentTable {
  return {
    merchant_id: payment.merchantId,
    payment_no: payment.paymentNo,
    local_no: payment.localNo,
    attempt: payment.attempt,
    method: payment.method,
    amount_fen: payment.amountFen,
    subject: payment.subject,
    body: payment.body,
    operator_id: payment.operatorId,
    store_id: payment.storeId,
    auth_code_hash: payment.authCodeHash,
    app_owner: payment.appOwner,
    app_id: payment.appId,
    key_id: payment.keyId,
    authorization_id: payment.authorizationId,
    seller_id: payment.sellerId,
    created_at_ms: payment.createdAtMs,
    metadata: payment.metadata,
    created_by: payment.createdBy,
    created_by_name: payment.createdByName,
    dies_at_ms: payment.diesAtMs,
    ...toProgress(payment),
  };
}

/** The columns that change; what a payment began with stays as it is. */
type Progress = ReturnType<typeof toProgress>;

function toProgress(payment: Payment) {
  return {
    state: payment.state,
    version: payment.version,
    alipay_trade_no: payment.alipayTradeNo,
    qr_code: payment.qrCode,
    answer: payment.answer,
    answer_method: payment.answerMethod,
    refunded_fen: payment.refundedFen,
    refunding_fen: payment.refundingFen,
    refund_not_before_ms: payment.refundNotBeforeMs,
    paid_at_ms: payment.paidAtMs,
    due_at_ms: payment.dueAtMs,
    heard_at_ms: payment.heardAtMs,
    cancel_sent_at_ms: payment.cancelSentAtMs,
    endings_in_vain: payment.endingsInVain,
    is_late: payment.isLate ? 1 : 0,
    trade_seen: payment.tradeSeen,
    cancel_found_nothing_at_ms: payment.cancelFoundNothingAtMs,
    asks_in_vain: payment.asksInVain,
    first_call_ended: payment.firstCallEnded ? 1 : 0,
    deadline_at_ms: payment.deadlineAtMs,
  } satisfies Partial<PaymentTable>;
}

export function toPayment(row: PaymentTable): Payment {
  return {
    merchantId: row.merchant_id,
    paymentNo: row.payment_no,
    localNo: row.local_no,
    attempt: row.attempt,
    method: row.method,
    amountFen: fen(row.amount_fen),
    state: row.state,
    version: row.version,
    subject: row.subject,
    body: row.body,
    operatorId: row.operator_id,
    storeId: row.store_id,
    authCodeHash: row.auth_code_hash,
    appOwner: row.app_owner,
    appId: row.app_id,
    keyId: row.key_id,
    authorizationId: row.authorization_id,
    sellerId: row.seller_id,
    alipayTradeNo: row.alipay_trade_no,
    qrCode: row.qr_code,
    answer: row.answer,
    answerMethod: row.answer_method,
    refundedFen: row.refunded_fen,
    refundingFen: row.refunding_fen,
    refundNotBeforeMs: row.refund_not_before_ms,
    createdAtMs: row.created_at_ms,
    deadlineAtMs: row.deadline_at_ms,
    diesAtMs: row.dies_at_ms,
    paidAtMs: row.paid_at_ms,
    dueAtMs: row.due_at_ms,
    heardAtMs: row.heard_at_ms,
    cancelSentAtMs: row.cancel_sent_at_ms,
    endingsInVain: row.endings_in_vain,
    isLate: row.is_late === 1,
    tradeSeen: row.trade_seen,
    cancelFoundNothingAtMs: row.cancel_found_nothing_at_ms,
    asksInVain: row.asks_in_vain,
    firstCallEnded: row.first_call_ended === 1,
    metadata: row.metadata,
    createdBy: row.created_by,
    createdByName: row.created_by_name,
  };
}
