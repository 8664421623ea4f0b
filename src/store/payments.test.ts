/**
 * Payments in SQL: what is written is read again, whoever lost a race is told and changes nothing, due rows are found in
 * their order and claimed once, and each of these questions is answered from an index.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fen } from '../core/money.ts';
import { aPayment, at } from '../core/payment.fixtures.ts';
import type { Payment } from '../core/payment.ts';
import type { Db } from './database.ts';
import {
  findPayment,
  findPaymentByNo,
  findPaymentWithApp,
  findPaymentWithAppByNo,
  insertPayment,
  listAttempts,
  listPayments,
  savePayment,
  savePaymentDue,
  savePaymentRefunds,
} from './payments.ts';
import { anApp, openShop } from './store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openShop();
});
afterEach(() => db.destroy());

/** The nth payment, under a number and a `localNo` of its own. */
const nth = (n: number, changes: Partial<Payment> = {}): Payment =>
  aPayment({ paymentNo: `FF${n}`, localNo: `L${n}`, ...changes });

const stored = async (...payments: readonly Payment[]): Promise<void> => {
  for (const payment of payments) expect(await insertPayment(db, payment)).toBe(true);
};

const FULL: Payment = {
  ...aPayment(),
  state: 'paid',
  version: 7,
  body: 'b',
  operatorId: 'op007',
  storeId: '01',
  alipayTradeNo: '2016032121001004840204701229',
  qrCode: 'https://qr.alipay.com/bax',
  answer: '{"code":"10000"}',
  answerMethod: 'query',
  refundedFen: 100,
  refundingFen: 200,
  refundNotBeforeMs: at(33),
  paidAtMs: at(5),
  heardAtMs: at(6),
  cancelSentAtMs: at(7),
  endingsInVain: 2,
  isLate: true,
  tradeSeen: 'ended',
  cancelFoundNothingAtMs: at(60),
  asksInVain: 3,
  firstCallEnded: true,
};

/** Every field differs from that of `FULL` that may change, so that a forgotten column shows. */
const CHANGED: Payment = {
  ...FULL,
  state: 'reversed',
  version: 8,
  alipayTradeNo: 'other',
  qrCode: null,
  answer: '{}',
  answerMethod: 'pay',
  refundedFen: 50,
  refundingFen: 60,
  refundNotBeforeMs: at(34),
  paidAtMs: null,
  dueAtMs: null,
  heardAtMs: null,
  cancelSentAtMs: null,
  endingsInVain: 0,
  isLate: false,
  tradeSeen: 'open',
  cancelFoundNothingAtMs: null,
  asksInVain: 0,
  firstCallEnded: false,
};

describe('a payment', () => {
  test.each<[string, Payment]>([
    ['as it begins', aPayment()],
    ['of a QR code', aPayment({ method: 'qr' })],
    ['with everything', FULL],
    ['adopted, without a number of the till', aPayment({ localNo: null })],
    ['of the largest amount', aPayment({ amountFen: fen(10_000_000_000) })],
    ['with Chinese and quotes', aPayment({ subject: `迪联'"\\;--𠮷`, body: '' })],
  ])('%s is read as it was written', async (_case, payment) => {
    await stored(payment);
    expect(await findPayment(db, 1, payment.paymentNo)).toStrictEqual(payment);
    expect(await findPaymentByNo(db, payment.paymentNo)).toStrictEqual(payment);
    const withApp = { payment, app: anApp() };
    expect(await findPaymentWithApp(db, 1, payment.paymentNo)).toStrictEqual(withApp);
    expect(await findPaymentWithAppByNo(db, payment.paymentNo)).toStrictEqual(withApp);
    expect(await findPaymentWithApp(db, 2, payment.paymentNo)).toBeUndefined();
  });

  test('is changed as a whole', async () => {
    await stored(FULL);
    expect(await savePayment(db, CHANGED)).toBe(true);
    expect(await findPaymentByNo(db, FULL.paymentNo)).toStrictEqual(CHANGED);
  });

  test("is not another merchant's", async () => {
    await stored(aPayment());
    expect(await findPayment(db, 2, aPayment().paymentNo)).toBeUndefined();
    expect(await savePayment(db, aPayment({ merchantId: 2, version: 2 }))).toBe(false);
  });

  test('that is not there is not found', async () => {
    expect(await findPayment(db, 1, 'FF0')).toBeUndefined();
    expect(await findPaymentByNo(db, 'FF0')).toBeUndefined();
    expect(await savePayment(db, aPayment({ version: 2 }))).toBe(false);
  });
});

describe('an intent is not stored twice', () => {
  test.each<[string, Partial<Payment>, boolean]>([
    ['the same payment number', { localNo: 'other' }, false],
    ['the same payment number, at another merchant', { merchantId: 2, localNo: 'other' }, false],
    ['the same attempt of the same localNo', { paymentNo: 'FF2' }, false],
    ['the next attempt of the same localNo', { paymentNo: 'FF2', attempt: 2 }, true],
    ['the same localNo of another merchant', { paymentNo: 'FF2', merchantId: 2 }, true],
    ['another localNo', { paymentNo: 'FF2', localNo: 'other' }, true],
  ])('%s', async (_case, changes, expected) => {
    await stored(aPayment());
    expect(await insertPayment(db, aPayment({ subject: 'second', ...changes }))).toBe(expected);
    expect((await findPaymentByNo(db, aPayment().paymentNo))?.subject).toBe('Tea');
  });

  test('trades adopted from an older system have no localNo, and are many', async () => {
    await stored(nth(1, { localNo: null }), nth(2, { localNo: null }));
    expect(await listPayments(db, { limit: 9 })).toHaveLength(2);
  });
});

describe('of two writers that read the same version, one loses', () => {
  type Write = (payment: Payment) => Promise<boolean>;
  const next = (payment: Payment): Payment => ({ ...payment, version: payment.version + 1 });

  test.each<[string, Write]>([
    ['state', (payment) => savePayment(db, { ...next(payment), state: 'paid' })],
    ['refund sums', (payment) => savePaymentRefunds(db, { ...next(payment), refundingFen: 1 })],
    ['due time', (payment) => savePaymentDue(db, payment, at(99))],
  ])('%s', async (_what, write) => {
    const read = aPayment();
    await stored(read);
    expect((await Promise.all([write(read), write(read)])).filter(Boolean)).toHaveLength(1);
  });

  test.each<[string, Write, Write]>([
    [
      'a fact against a reservation',
      (payment) => savePayment(db, { ...next(payment), state: 'paid' }),
      (payment) => savePaymentRefunds(db, { ...next(payment), refundingFen: 1 }),
    ],
    [
      'a reservation against a fact',
      (payment) => savePaymentRefunds(db, { ...next(payment), refundingFen: 1 }),
      (payment) => savePayment(db, { ...next(payment), state: 'paid' }),
    ],
    [
      'a fact against a due time',
      (payment) => savePayment(db, next(payment)),
      (payment) => savePaymentDue(db, payment, at(99)),
    ],
  ])('%s', async (_what, first, second) => {
    const read = aPayment();
    await stored(read);
    expect(await first(read)).toBe(true);
    const between = await findPaymentByNo(db, read.paymentNo);
    expect(await second(read)).toBe(false);
    expect(await findPaymentByNo(db, read.paymentNo)).toStrictEqual(between);
  });

  test('refund sums change nothing else', async () => {
    await stored(FULL);
    const sums = { refundedFen: 300, refundingFen: 0, refundNotBeforeMs: at(40) };
    expect(await savePaymentRefunds(db, { ...CHANGED, ...sums })).toBe(true);
    expect(await findPaymentByNo(db, FULL.paymentNo)).toStrictEqual({
      ...FULL,
      ...sums,
      version: 8,
    });
  });
});

describe('a due time', () => {
  test.each<[number | null, number | null]>([
    [at(10), at(99)],
    [at(10), null],
    [null, at(99)],
  ])('of %d moves to %d once, and nothing else changes', async (dueAtMs, untilMs) => {
    const payment = nth(1, { dueAtMs });
    await stored(payment);
    const moves = Array.from({ length: 5 }, () => savePaymentDue(db, payment, untilMs));
    expect((await Promise.all(moves)).filter((won) => won)).toHaveLength(1);
    expect(await findPaymentByNo(db, 'FF1')).toStrictEqual({ ...payment, dueAtMs: untilMs });
  });
});

describe('lists', () => {
  test('the charges under one localNo, newest first, of one merchant', async () => {
    await stored(
      nth(1, { localNo: 'A', attempt: 1 }),
      nth(2, { localNo: 'A', attempt: 2 }),
      nth(3, { localNo: 'A', attempt: 10 }),
      nth(4, { localNo: 'a' }),
      nth(5, { localNo: 'A', merchantId: 2 }),
    );
    const attempts = await listAttempts(db, 1, 'A');
    expect(attempts.map(({ attempt }) => attempt)).toStrictEqual([10, 2, 1]);
    expect(await listAttempts(db, 1, 'B')).toStrictEqual([]);
  });

  test('the newest payments first, of all merchants or of one', async () => {
    await stored(
      nth(1, { createdAtMs: at(1) }),
      nth(2, { createdAtMs: at(3) }),
      nth(3, { createdAtMs: at(2), merchantId: 2 }),
      nth(4, { createdAtMs: at(3) }),
    );
    const list = async (merchantId: number | undefined, limit: number): Promise<string[]> =>
      (await listPayments(db, { merchantId, limit })).map(({ paymentNo }) => paymentNo);
    expect(await list(undefined, 9)).toStrictEqual(['FF4', 'FF2', 'FF3', 'FF1']);
    expect(await list(undefined, 2)).toStrictEqual(['FF4', 'FF2']);
    expect(await list(1, 9)).toStrictEqual(['FF4', 'FF2', 'FF1']);
  });
});
