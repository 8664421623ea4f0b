/**
 * Walks through the payments that are meant, oldest first, a stretch at a time: for whoever needs all of them, however many there
 * are. A stretch ends after so many payments, whether they are meant or not, so that none takes long.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Payment } from '../core/payment.ts';
import { breathe, rowsAtMost, type Queryable } from './database.ts';
import { conditionsOf, meansFew, timeConditionsOf, type PaymentChoice } from './payment-filter.ts';
import { toPayment } from './payments.ts';
import { columnsOf } from './tables.ts';

const PLACE = sql`(p.created_at_ms, p.payment_no)`;

type Place = { readonly created_at_ms: number; readonly payment_no: string };

/** What holds of the payments (`p`) of each stretch. Others have their turn between two. */
export async function* walk(
  db: Queryable,
  choice: PaymentChoice,
  length: number,
): AsyncGenerator<readonly RawBuilder<boolean>[]> {
  const meant = conditionsOf(choice);
  if (meansFew(choice)) {
    yield meant;
    return;
  }
  for (let after: Place | undefined; ;) {
    const upTo = await endOfStretch(db, choice, after, length);
    yield [
      ...meant,
      ...(after === undefined ? [] : [sql<boolean>`${PLACE} > ${placeOf(after)}`]),
      ...(upTo === undefined ? [] : [sql<boolean>`${PLACE} <= ${placeOf(upTo)}`]),
    ];
    if (upTo === undefined) return;
    await breathe(db);
    after = upTo;
  }
}

/** The last payment of the next stretch; undefined when there are not so many any more. */
function endOfStretch(
  db: Queryable,
  choice: PaymentChoice,
  after: Place | undefined,
  length: number,
): Promise<Place | undefined> {
  let query = db.selectFrom('payment as p').select(['p.created_at_ms', 'p.payment_no']);
  for (const condition of timeConditionsOf(choice)) query = query.where(condition);
  if (after !== undefined) query = query.where(sql<boolean>`${PLACE} > ${placeOf(after)}`);
  return query
    .orderBy('p.created_at_ms')
    .orderBy('p.payment_no')
    .limit(1)
    .offset(rowsAtMost(length - 1))
    .executeTakeFirst();
}

function placeOf({ created_at_ms: ms, payment_no: no }: Place): RawBuilder<unknown> {
  return sql`(${ms}, ${no})`;
}

/** A payment with what its merchant is called. */
export type NamedPayment = {
  readonly payment: Payment;
  readonly cpiNo: string;
  readonly merchantName: string | null;
};

/** All payments that are meant, oldest first. Each stretch is read at its own moment, so that a slow reader holds nothing up. */
export async function* readPayments(
  db: Queryable,
  choice: PaymentChoice,
  length: number,
): AsyncGenerator<readonly NamedPayment[]> {
  for await (const conditions of walk(db, choice, length)) {
    let query = db
      .selectFrom('payment as p')
      .innerJoin('merchant as m', 'm.merchant_id', 'p.merchant_id')
      .select(columnsOf('payment').map((name) => `p.${name}` as const))
      .select(['m.cpi_no', 'm.name as merchant_name']);
    for (const condition of conditions) query = query.where(condition);
    // Of few, which are found by their number, an index by time would be the wrong way.
    const createdAt = meansFew(choice)
      ? sql<number>`p.created_at_ms + 0`
      : sql<number>`p.created_at_ms`;
    const rows = await query.orderBy(createdAt).orderBy('p.payment_no').execute();
    yield rows.map(({ cpi_no: cpiNo, merchant_name: merchantName, ...row }) => ({
      payment: toPayment(row),
      cpiNo,
      merchantName,
    }));
  }
}
