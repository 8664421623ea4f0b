/** Claims: who gets which due rows, and for how long. Several at once are in `test/postgres/`. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aPayment, aRefund, at } from '../core/payment.fixtures.ts';
import type { Payment } from '../core/payment.ts';
import type { Db } from './database.ts';
import {
  claimDuePayments,
  claimDueRefunds,
  countDuePayments,
  countDueRefunds,
  nextDueAtMs,
  type Claim,
} from './due.ts';
import { findPaymentByNo, insertPayment } from './payments.ts';
import { findRefund, insertRefund } from './refunds.ts';
import { openShop } from './store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openShop();
});
afterEach(() => db.destroy());

async function stored(n: number, dueAtMs: number | null): Promise<Payment> {
  const payment = aPayment({ paymentNo: `FF${n}`, localNo: `L${n}`, dueAtMs });
  await insertPayment(db, payment);
  return payment;
}

const claim = (nowMs: number, limit: number, leaseEndMs = nowMs + at(1000)): Claim => ({
  nowMs,
  leaseEndMs,
  limit,
});
const payments = async (due: Claim): Promise<string[]> =>
  (await claimDuePayments(db, due)).map(({ paymentNo }) => paymentNo).toSorted();

describe('payments', () => {
  test('are claimed when their time has come, longest due first, at most so many', async () => {
    for (const [n, dueAtMs] of [at(30), at(10), null, at(20), at(30) + 1].entries()) {
      await stored(n + 1, dueAtMs);
    }
    expect(await countDuePayments(db, at(30))).toBe(3);
    expect(await countDuePayments(db, at(9))).toBe(0);
    expect(await payments(claim(at(9), 9))).toStrictEqual([]);
    expect(await payments(claim(at(30), 0))).toStrictEqual([]);
    expect(await payments(claim(at(30), 2))).toStrictEqual(['FF2', 'FF4']);
    expect(await payments(claim(at(30), 9))).toStrictEqual(['FF1']);
    expect(await payments(claim(at(30), 9))).toStrictEqual([]);
  });

  test('keep everything but their due time', async () => {
    const payment = await stored(1, at(10));
    await stored(2, at(11));
    await claimDuePayments(db, claim(at(10), 9, at(99)));
    expect(await findPaymentByNo(db, 'FF1')).toStrictEqual({ ...payment, dueAtMs: at(99) });
    expect((await findPaymentByNo(db, 'FF2'))?.dueAtMs).toBe(at(11));
  });

  test('come back when the lease ends and nobody did anything', async () => {
    await stored(1, at(10));
    await claimDuePayments(db, claim(at(10), 9, at(99)));
    expect(await payments(claim(at(99) - 1, 9))).toStrictEqual([]);
    expect(await payments(claim(at(99), 9))).toStrictEqual(['FF1']);
  });

  test('go to one of those who claim at once', async () => {
    for (let n = 1; n <= 20; n += 1) await stored(n, at(n));
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => payments(claim(at(20), 5, at(99)))),
    );
    expect(claims.flat().toSorted()).toStrictEqual([...new Set(claims.flat())].toSorted());
    expect(claims.every((claimed) => claimed.length <= 5)).toBe(true);
    // On a server, one that finds its rows taken goes on without them; they are claimed by the next.
    const rest = await payments(claim(at(20), 99, at(99)));
    expect(new Set([...claims.flat(), ...rest]).size).toBe(20);
  });
});

test('refunds are claimed alike', async () => {
  await stored(1, null);
  const of = (requestNo: string, dueAtMs: number | null) =>
    aRefund({ paymentNo: 'FF1', requestNo, dueAtMs });
  for (const refund of [of('a', at(30)), of('b', at(10)), of('c', null), of('d', at(31))]) {
    await insertRefund(db, refund);
  }
  expect(await countDueRefunds(db, at(30))).toBe(2);
  const claimed = async (due: Claim): Promise<string[]> =>
    (await claimDueRefunds(db, due)).map(({ requestNo }) => requestNo).toSorted();
  expect(await claimed(claim(at(30), 1, at(99)))).toStrictEqual(['b']);
  expect(await findRefund(db, of('b', null))).toStrictEqual(of('b', at(99)));
  expect(await claimed(claim(at(30), 9, at(99)))).toStrictEqual(['a']);
  expect(await claimed(claim(at(99), 9, at(200)))).toStrictEqual(['a', 'b', 'd']);
});

test('the next due time, of payments and refunds alike', async () => {
  expect(await nextDueAtMs(db)).toBeUndefined();
  await stored(1, null);
  expect(await nextDueAtMs(db)).toBeUndefined();
  await insertRefund(db, aRefund({ paymentNo: 'FF1', dueAtMs: at(50) }));
  expect(await nextDueAtMs(db)).toBe(at(50));
  await stored(2, at(60));
  expect(await nextDueAtMs(db)).toBe(at(50));
  await stored(3, at(40));
  expect(await nextDueAtMs(db)).toBe(at(40));
});
