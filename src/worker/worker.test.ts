/** What the worker claims when there is not room for everything that is due. What looks do is tested with the flows. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment, aRefund, at } from '../core/payment.fixtures.ts';
import { lookLeaseMs } from '../core/schedule.ts';
import type { Deps } from '../flows/deps.ts';
import type { Db } from '../store/database.ts';
import { findPayment, insertPayment } from '../store/payments.ts';
import { findRefund, insertRefund } from '../store/refunds.ts';
import { openShop } from '../store/store.fixtures.ts';
import { createClaims } from './worker.ts';

const NOW_MS = at(100);
const TIMEOUT_MS = 10_000;
const LEASE_END_MS = NOW_MS + lookLeaseMs(TIMEOUT_MS);
let db: Db;
let claims: ReturnType<typeof createClaims>;

beforeEach(async () => {
  db = await openShop();
  const clock = { nowMs: () => NOW_MS };
  claims = createClaims({ db, clock, settings: { alipayTimeoutMs: TIMEOUT_MS } } as Deps);
});
afterEach(() => db.destroy());

const PAYMENT = aPayment({ state: 'paid', refundingFen: 1, dueAtMs: at(30) });
const REFUND = aRefund({ dueAtMs: at(20) });

test('each kind is claimed for the length of a look, and by itself', async () => {
  await insertPayment(db, PAYMENT);
  await insertRefund(db, REFUND);
  expect(await claims.payment(9)).toHaveLength(1);
  expect((await findPayment(db, 1, PAYMENT.paymentNo))?.dueAtMs).toBe(LEASE_END_MS);
  expect((await findRefund(db, REFUND))?.dueAtMs).toBe(at(20));
  expect(await claims.refund(9)).toHaveLength(1);
  expect((await findRefund(db, REFUND))?.dueAtMs).toBe(LEASE_END_MS);
});

test('no more than there is room for, and nothing that is not due', async () => {
  await insertPayment(db, PAYMENT);
  await insertPayment(db, { ...PAYMENT, paymentNo: 'FF2', localNo: '2' });
  await insertPayment(db, { ...PAYMENT, paymentNo: 'FF3', localNo: '3', dueAtMs: NOW_MS + 1 });
  expect(await claims.payment(0)).toHaveLength(0);
  expect(await claims.payment(-1)).toHaveLength(0);
  expect(await claims.payment(1)).toHaveLength(1);
  expect(await claims.payment(9)).toHaveLength(1);
  expect(await claims.payment(9)).toHaveLength(0);
});
