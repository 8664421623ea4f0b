/**
 * SQL of due rows. The due time of a payment or a refund is the job: a claim moves it into the future, to the end of a
 * lease, and whoever dies with a claim loses it when that time comes. Several workers may claim at the same time: each row
 * goes to one, and on PostgreSQL none waits for a row that another holds.
 */
import { sql } from 'kysely';
import type { Payment } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import { isPostgres, rowsAtMost, type Queryable } from './database.ts';
import { prepared } from './prepared.ts';

export type Claim = {
  readonly nowMs: number;
  readonly leaseEndMs: number;
  /** Rows at most: those due longest. */
  readonly limit: number;
};

export type DuePayment = Pick<Payment, 'merchantId' | 'paymentNo'>;
export type DueRefund = Pick<Refund, 'merchantId' | 'paymentNo' | 'requestNo'>;

/** Claims payments that are due. */
export async function claimDuePayments(
  db: Queryable,
  claim: Claim,
): Promise<readonly DuePayment[]> {
  const { rows } = await updatePayments(db, claim);
  return rows.map(({ merchant_id, payment_no }) => ({
    merchantId: merchant_id,
    paymentNo: payment_no,
  }));
}

// The rows are chosen once and first: a planner that chose them again for each row would claim more than it was told.
const updatePayments = prepared((db, { nowMs, leaseEndMs, limit }: Claim) =>
  db
    .with(
      (cte) => cte('due').materialized(),
      (from) =>
        from
          .selectFrom('payment')
          .select(['merchant_id', 'payment_no'])
          .where('due_at_ms', '<=', nowMs)
          .orderBy('due_at_ms')
          .limit(rowsAtMost(limit))
          .$if(isPostgres(db), (query) => query.forUpdate().skipLocked()),
    )
    .updateTable('payment')
    .from('due')
    .set({ due_at_ms: leaseEndMs })
    .whereRef('payment.merchant_id', '=', 'due.merchant_id')
    .whereRef('payment.payment_no', '=', 'due.payment_no')
    .returning(['payment.merchant_id', 'payment.payment_no']),
);

/** Claims refunds that are due. */
export async function claimDueRefunds(db: Queryable, claim: Claim): Promise<readonly DueRefund[]> {
  const { rows } = await updateRefunds(db, claim);
  return rows.map(({ merchant_id, payment_no, request_no }) => ({
    merchantId: merchant_id,
    paymentNo: payment_no,
    requestNo: request_no,
  }));
}

const updateRefunds = prepared((db, { nowMs, leaseEndMs, limit }: Claim) =>
  db
    .with(
      (cte) => cte('due').materialized(),
      (from) =>
        from
          .selectFrom('refund')
          .select(['merchant_id', 'payment_no', 'request_no'])
          .where('due_at_ms', '<=', nowMs)
          .orderBy('due_at_ms')
          .limit(rowsAtMost(limit))
          .$if(isPostgres(db), (query) => query.forUpdate().skipLocked()),
    )
    .updateTable('refund')
    .from('due')
    .set({ due_at_ms: leaseEndMs })
    .whereRef('refund.merchant_id', '=', 'due.merchant_id')
    .whereRef('refund.payment_no', '=', 'due.payment_no')
    .whereRef('refund.request_no', '=', 'due.request_no')
    .returning(['refund.merchant_id', 'refund.payment_no', 'refund.request_no']),
);

/**
 * How many open payments are asked about, of all merchants or of one, and of how many of them the last questions taught nothing.
 * Those of all states that are due are looked through: they are of the last minutes.
 */
export async function countOpenPayments(
  db: Queryable,
  merchantId: number | null,
): Promise<{ readonly open: number; readonly doubtful: number }> {
  let query = db
    .selectFrom('payment')
    .select((eb) => [
      eb.fn.countAll<number>().as('open'),
      eb.fn.countAll<number>().filterWhere('asks_in_vain', '>', 0).as('doubtful'),
    ])
    .where('due_at_ms', 'is not', null)
    .where('state', 'in', ['created', 'awaiting_buyer']);
  // Among those that are due, and not among all of the merchant's.
  if (merchantId !== null) query = query.where(sql<number>`merchant_id + 0`, '=', merchantId);
  return query.executeTakeFirstOrThrow();
}

/** When the next row of any kind is due; undefined when none is. */
export async function nextDueAtMs(db: Queryable): Promise<number | undefined> {
  const { rows } = await selectNextDue(db, {});
  const dueAtMs = Math.min(rows[0]?.payment_due ?? Infinity, rows[0]?.refund_due ?? Infinity);
  return Number.isFinite(dueAtMs) ? dueAtMs : undefined;
}

const selectNextDue = prepared((db) =>
  db.selectNoFrom((eb) => [
    eb
      .selectFrom('payment')
      .select((column) => column.fn.min('due_at_ms').as('due'))
      .where('due_at_ms', 'is not', null)
      .as('payment_due'),
    eb
      .selectFrom('refund')
      .select((column) => column.fn.min('due_at_ms').as('due'))
      .where('due_at_ms', 'is not', null)
      .as('refund_due'),
  ]),
);

/** How many payments are waiting for a look. */
export async function countDuePayments(db: Queryable, nowMs: number): Promise<number> {
  const { due } = await db
    .selectFrom('payment')
    .select((eb) => eb.fn.countAll<number>().as('due'))
    .where('due_at_ms', '<=', nowMs)
    .executeTakeFirstOrThrow();
  return due;
}

/** How many refunds are waiting for a look. */
export async function countDueRefunds(db: Queryable, nowMs: number): Promise<number> {
  const { due } = await db
    .selectFrom('refund')
    .select((eb) => eb.fn.countAll<number>().as('due'))
    .where('due_at_ms', '<=', nowMs)
    .executeTakeFirstOrThrow();
  return due;
}
