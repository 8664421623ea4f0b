/**
 * Statements of one transaction do not see the same moment on PostgreSQL: what another node commits between two of them is
 * seen by the second. Here something is committed after each read in turn.
 */
import type { KyselyPlugin } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fen } from '../../src/core/money.ts';
import { aPayment } from '../../src/core/payment.fixtures.ts';
import { readHistory } from '../../src/flows/read-history.ts';
import { recordChange } from '../../src/flows/record-change.ts';
import { refundPayment, type RefundResult } from '../../src/flows/refund-payment.ts';
import { inTransaction, type Db } from '../../src/store/database.ts';
import { insertPayment } from '../../src/store/payments.ts';
import { aMerchant, anApp, openShop } from '../../src/store/store.fixtures.ts';
import { realClock } from '../../src/system/clock.ts';
import { createNews } from '../../src/system/news.ts';

/** What either reads before it writes anything: from there on it holds the payment's row, and others wait. */
const READS = 4;
const payment = aPayment({
  state: 'paid',
  amountFen: fen(100_000),
  answer: '{"code":"10000"}',
  answerMethod: 'pay',
  dueAtMs: null,
});

let db: Db;
beforeEach(async () => {
  db = await openShop();
  await inTransaction(db, async (tx) => {
    await insertPayment(tx, payment);
    const events = [{ kind: 'adopted', detail: {} }] as const;
    await recordChange(tx, { payment: { before: undefined, after: payment }, events }, 0);
  });
});
afterEach(() => db.destroy());

/** The database for one caller: after its `nth` answer, `commit` runs to its end. */
function interrupted(nth: number, commit: () => Promise<unknown>): Db {
  let answers = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      answers += 1;
      if (answers === nth) await commit();
      return result;
    },
  };
  return db.withPlugin(plugin);
}

function refund(on: Db, requestNo: string): Promise<RefundResult> {
  const deps = {
    db: on,
    clock: realClock,
    news: createNews(realClock),
    log: { debug: fail, info: fail, warn: fail, error: fail },
    // It does not wait: nobody carries refunds out here.
    settings: { alipayTimeoutMs: 100 },
  } as unknown as Parameters<typeof refundPayment>[0];
  return refundPayment(
    deps,
    { ...aMerchant(), app: anApp() },
    {
      paymentNo: payment.paymentNo,
      requestNo,
      amountFen: fen(1),
      reason: null,
      storeId: null,
    },
  );
}

function fail(fields: unknown, message: string): never {
  throw new Error(`${message}: ${JSON.stringify(fields)}`);
}

test('the same refund asked for at two nodes at once is one refund, and both are told', async () => {
  for (let nth = 1; nth <= READS; nth += 1) {
    const number = `same ${nth}`;
    const late = await refund(
      interrupted(nth, () => refund(db, number)),
      number,
    );
    expect(late).toMatchObject({ kind: 'refund', refund: { requestNo: number } });
  }
  const history = await readHistory({ db }, payment.paymentNo);
  expect(history?.payment.refundingFen).toBe(READS);
  expect(history?.refunds).toHaveLength(READS);
});

test('a history that is written to while it is read is told as it was at one moment', async () => {
  for (let nth = 1; nth <= READS; nth += 1) {
    const reader = interrupted(nth, () => refund(db, `other ${nth}`));
    expect((await readHistory({ db: reader }, payment.paymentNo))?.faults).toEqual([]);
  }
});
