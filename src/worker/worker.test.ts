/** What the worker claims when there is not room for everything that is due. What looks do is tested with the flows. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment, aRefund, at } from '../core/payment.fixtures.ts';
import { lookLeaseMs } from '../core/schedule.ts';
import type { Deps } from '../flows/deps.ts';
import type { Db } from '../store/database.ts';
import { insertPayment, listDuePayments } from '../store/payments.ts';
import { insertRefund, listDueRefunds } from '../store/refunds.ts';
import { openShop } from '../store/store.fixtures.ts';
import { claimDue } from './worker.ts';

const NOW_MS = at(100);
const TIMEOUT_MS = 10_000;
let db: Db;

beforeEach(async () => {
  db = await openShop();
});
afterEach(() => db.destroy());

/** A payment and a refund of it, due at these seconds. */
async function store(n: number, paymentDueS: number, refundDueS: number): Promise<void> {
  const payment = aPayment({
    paymentNo: `FF${n}`,
    localNo: `L${n}`,
    state: 'paid',
    refundingFen: 1,
    dueAtMs: at(paymentDueS),
  });
  await insertPayment(db, payment);
  await insertRefund(db, aRefund({ paymentNo: payment.paymentNo, dueAtMs: at(refundDueS) }));
}

async function claim(limit: number): Promise<number> {
  const deps = {
    db,
    clock: { nowMs: () => NOW_MS },
    settings: { alipayTimeoutMs: TIMEOUT_MS },
  } as Deps;
  return (await claimDue(deps, limit)).length;
}

/** What is left to claim: payments by number, refunds in brackets. */
async function left(): Promise<string[]> {
  const payments = await listDuePayments(db, NOW_MS, 99);
  const refunds = await listDueRefunds(db, NOW_MS, 99);
  return [
    ...payments.map(({ paymentNo }) => paymentNo),
    ...refunds.map(({ paymentNo }) => `(${paymentNo})`),
  ];
}

test('the longest due comes first, be it a payment or a refund, so neither starves the other', async () => {
  await store(1, 30, 10);
  await store(2, 20, 40);
  const order: string[] = [];
  for (let before = await left(); before.length > 0;) {
    expect(await claim(1)).toBe(1);
    const after = await left();
    order.push(...before.filter((name) => !after.includes(name)));
    before = after;
  }
  expect(order).toStrictEqual(['(FF1)', 'FF2', 'FF1', '(FF2)']);
});

test('no more than there is room for, and nothing that is not due', async () => {
  await store(1, 30, 10);
  await store(2, 20, 101);
  expect(await claim(0)).toBe(0);
  expect(await claim(2)).toBe(2);
  expect(await claim(9)).toBe(1);
  expect(await claim(9)).toBe(0);
});

test('a claim lasts for a look, and comes back when nobody ends it', async () => {
  await store(1, 30, 10);
  await claim(9);
  const leaseEndMs = NOW_MS + lookLeaseMs(TIMEOUT_MS);
  expect(await listDuePayments(db, leaseEndMs - 1, 9)).toHaveLength(0);
  expect(await listDuePayments(db, leaseEndMs, 9)).toHaveLength(1);
  expect(await listDueRefunds(db, leaseEndMs, 9)).toHaveLength(1);
});
