/** Refunds in SQL: one row for each request number of a payment, written by version, claimed once, found when due. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fen } from '../core/money.ts';
import { aPayment, aRefund, at } from '../core/payment.fixtures.ts';
import type { Refund } from '../core/refund.ts';
import type { Db } from './database.ts';
import { insertPayment } from './payments.ts';
import { findRefund, insertRefund, listRefunds, saveRefund, saveRefundDue } from './refunds.ts';
import { openShop } from './store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openShop();
  await insertPayment(db, aPayment({ paymentNo: 'FF1', localNo: '1' }));
  await insertPayment(db, aPayment({ paymentNo: 'FF2', localNo: '2' }));
});
afterEach(() => db.destroy());

const of = (changes: Partial<Refund> = {}): Refund => aRefund({ paymentNo: 'FF1', ...changes });

const FULL = of({
  reason: '退款测试',
  storeId: '01',
  version: 3,
  answer: '{}',
  answerFact: 'accepted',
  lastSentAtMs: at(3),
  inDoubt: true,
  asksInVain: 4,
  dueAtMs: at(9),
});

/** Every field that may change differs from that of `FULL`. */
const CHANGED: Refund = {
  ...FULL,
  state: 'done',
  version: 4,
  answer: '{"fund_change":"Y"}',
  answerFact: 'done',
  lastSentAtMs: at(4),
  inDoubt: false,
  asksInVain: 0,
  dueAtMs: null,
};

describe('a refund', () => {
  test.each([
    ['as it begins', of()],
    ['with everything', FULL],
    ['of the largest amount', of({ amountFen: fen(10_000_000_000) })],
  ])('%s is read as it was written', async (_case, refund) => {
    expect(await insertRefund(db, refund)).toBe(true);
    expect(await findRefund(db, refund)).toStrictEqual(refund);
  });

  test('is changed as a whole', async () => {
    await insertRefund(db, FULL);
    expect(await saveRefund(db, CHANGED)).toBe(true);
    expect(await findRefund(db, FULL)).toStrictEqual(CHANGED);
  });

  test('that is not there is not found', async () => {
    await insertRefund(db, of());
    expect(await findRefund(db, of({ requestNo: '1' }))).toBeUndefined();
    expect(await findRefund(db, of({ paymentNo: 'FF2' }))).toBeUndefined();
    expect(await findRefund(db, of({ merchantId: 2 }))).toBeUndefined();
  });

  test.each<[string, Partial<Refund>, boolean]>([
    ['the same number', {}, false],
    ['the same number, of another payment', { paymentNo: 'FF2' }, true],
    ['another number', { requestNo: '1' }, true],
  ])('%s is another refund: %s', async (_case, changes, expected) => {
    await insertRefund(db, of());
    expect(await insertRefund(db, of({ reason: 'second', ...changes }))).toBe(expected);
    expect((await findRefund(db, of()))?.reason).toBeNull();
  });
});

test('of two writers that read the same version, one loses', async () => {
  await insertRefund(db, of());
  const writes = [1, 2].map((asksInVain) => saveRefund(db, of({ version: 2, asksInVain })));
  const won = (await Promise.all(writes)).flatMap((isWinner, index) =>
    isWinner ? [index + 1] : [],
  );
  expect(won).toHaveLength(1);
  expect(await findRefund(db, of())).toMatchObject({ version: 2, asksInVain: won[0] });
  expect(await saveRefundDue(db, of(), at(99))).toBe(false);
});

test.each<[number | null, number | null]>([
  [at(10), at(99)],
  [at(10), null],
  [null, at(99)],
])('a due time of %d moves to %d once, and nothing else changes', async (dueAtMs, untilMs) => {
  const refund = of({ dueAtMs });
  await insertRefund(db, refund);
  const moves = Array.from({ length: 5 }, () => saveRefundDue(db, refund, untilMs));
  expect((await Promise.all(moves)).filter((won) => won)).toHaveLength(1);
  expect(await findRefund(db, refund)).toStrictEqual({ ...refund, dueAtMs: untilMs });
});

test('the refunds of a payment, oldest first', async () => {
  await insertRefund(db, of({ requestNo: 'b', createdAtMs: at(2) }));
  await insertRefund(db, of({ requestNo: 'c', createdAtMs: at(1) }));
  await insertRefund(db, of({ requestNo: 'a', createdAtMs: at(2) }));
  await insertRefund(db, of({ requestNo: 'd', paymentNo: 'FF2' }));
  const listed = await listRefunds(db, { merchantId: 1, paymentNo: 'FF1' });
  expect(listed.map(({ requestNo }) => requestNo)).toStrictEqual(['c', 'a', 'b']);
});
