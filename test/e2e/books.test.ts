/**
 * The rules of `books.ts` on small books: true ones contradict nothing, and each violation that is planted is found, by its
 * rule and with the payment's name. A checker that finds nothing anywhere would pass for ever.
 */
import { describe, expect, test } from 'vitest';
import { fen } from '../../src/core/money.ts';
import type { Payment } from '../../src/core/payment.ts';
import { aPayment, aRefund, at } from '../../src/core/payment.fixtures.ts';
import type { Trade } from '../support/simulator-client.ts';
import { findViolations, type Bill, type Books, type Rows, type Told } from './books.ts';
import { report } from './report.ts';

const TOLD: Told = {
  call: 'hb_barcode',
  key: '2501',
  verdict: 'paid',
  paymentNo: 'FF1',
  raw: '{"code":"10000"}',
  askedAt: 1,
  toldAt: 2,
  atMs: at(1),
};
const REFUNDED: Told = {
  ...TOLD,
  call: 'refund',
  key: 'a/100',
  verdict: 'refunded',
  askedAt: 3,
  toldAt: 4,
};

function aBill(localNo: string, ...told: Told[]): Bill {
  return { localNo, amountFen: 8800, guest: 'pays', told, neverTold: [] };
}

function rowsOf(changes: Partial<Payment>, more: Partial<Rows> = {}): Rows {
  const payment = aPayment({ state: 'paid', dueAtMs: null, ...changes });
  const event = { seq: 100, atMs: at(0), detail: {}, changes: {}, state: payment.state };
  return {
    payment,
    refunds: [],
    events: [{ ...event, kind: 'created', version: 1 }],
    incidents: [],
    faults: [],
    ...more,
  };
}

const TRADE: Trade = {
  appId: '2016022901171807',
  outTradeNo: 'FF1',
  tradeNo: 'T1',
  tradeStatus: 'TRADE_SUCCESS',
  totalAmount: '88.00',
  paidAmount: '88.00',
  refundedAmount: '0.00',
  refunds: [],
  chargeCount: 1,
};
const CLOSED: Trade = {
  ...TRADE,
  tradeStatus: 'TRADE_CLOSED',
  paidAmount: '0.00',
  chargeCount: 0,
};
const TAKEN_BACK: Trade = {
  ...TRADE,
  tradeStatus: 'TRADE_CLOSED',
  refundedAmount: '88.00',
  refunds: [{ outRequestNo: 'FF1', amount: '88.00' }],
};
const REFUND = aRefund({
  paymentNo: 'FF1',
  requestNo: 'a',
  state: 'done',
  amountFen: fen(100),
  dueAtMs: null,
});
const PAID = rowsOf({ paymentNo: 'FF1', localNo: '1' });
const FAILED: Told = { ...TOLD, verdict: 'failed', raw: '{"code":"40004"}' };

/** One bill, paid; with `refund`, one yuan of it went back. */
const bought: Books = {
  bills: [aBill('1', TOLD)],
  rows: [PAID],
  trades: [TRADE],
  settledAtMs: at(60),
};
const refunded: Books = {
  ...bought,
  bills: [aBill('1', TOLD, REFUNDED)],
  rows: [rowsOf({ paymentNo: 'FF1', localNo: '1', refundedFen: 100 }, { refunds: [REFUND] })],
  trades: [{ ...TRADE, refundedAmount: '1.00', refunds: [{ outRequestNo: 'a', amount: '1.00' }] }],
};
const givenBackLate: Books = {
  ...bought,
  bills: [aBill('1', FAILED)],
  rows: [
    rowsOf(
      { paymentNo: 'FF1', localNo: '1', isLate: true, refundedFen: 8800 },
      { refunds: [{ ...REFUND, requestNo: 'FF1LATE', amountFen: fen(8800) }] },
    ),
  ],
  trades: [{ ...TAKEN_BACK, refunds: [{ outRequestNo: 'FF1LATE', amount: '88.00' }] }],
};
const openRow = (changes: Partial<Payment>): Books => ({
  ...bought,
  bills: [aBill('1', { ...TOLD, verdict: 'open', raw: '10003' })],
  rows: [rowsOf({ paymentNo: 'FF1', localNo: '1', ...changes })],
  trades: [],
});
const unscanned = openRow({ method: 'qr', state: 'awaiting_buyer', dueAtMs: at(65) });
const closed = openRow({ state: 'closed', tradeSeen: 'absent', dueAtMs: at(90) });
const told = (...answers: Told[]): Books => ({ ...bought, bills: [aBill('1', ...answers)] });
const rows = (changes: Partial<Payment>, more: Partial<Rows> = {}): Books => ({
  ...bought,
  rows: [rowsOf({ paymentNo: 'FF1', localNo: '1', ...changes }, more)],
});
const trade = (changes: Partial<Trade>): Books => ({
  ...bought,
  trades: [{ ...TRADE, ...changes }],
});
const refundTrade = (changes: Partial<Trade>): Books => ({
  ...refunded,
  trades: [{ ...refunded.trades[0]!, ...changes }],
});

describe('books that agree contradict nothing', () => {
  test.each<[string, Books]>([
    ['paid', bought],
    ['refunded in part', refunded],
    ['a QR code that nobody scanned, within its life', unscanned],
    ['closed because no trade was found, and watched', closed],
    [
      'declined, and paid with another card',
      {
        ...bought,
        bills: [aBill('1', { ...FAILED, paymentNo: 'FF0', key: '2500' }, TOLD)],
        rows: [rowsOf({ paymentNo: 'FF0', localNo: '1', state: 'declined' }), PAID],
      },
    ],
    [
      'taken back by a cancel',
      { ...rows({ state: 'reversed' }), bills: [aBill('1', FAILED)], trades: [TAKEN_BACK] },
    ],
    ['late, and given back by itself', givenBackLate],
    ['open before the outcome was told', told({ ...TOLD, verdict: 'open', raw: '10003' }, TOLD)],
  ])('%s', (_what, books) => {
    expect(findViolations(books)).toStrictEqual([]);
    expect(report(books, [])).toBe('');
  });
});

describe('a planted violation is found', () => {
  const again = { askedAt: 3, toldAt: 4 };
  test.each<[rule: string, detail: string, Books]>([
    ['charged at most once', 'charged 2 times', trade({ chargeCount: 2 })],
    ['a trade has its payment', 'no such row', { ...bought, rows: [], bills: [] }],
    [
      'a bill is paid once',
      'FF1 and FF2 keep money',
      {
        ...bought,
        rows: [PAID, rowsOf({ paymentNo: 'FF2', localNo: '1', attempt: 2 })],
        trades: [TRADE, { ...TRADE, outTradeNo: 'FF2' }],
      },
    ],
    [
      'one code, one payment',
      '1 codes, 2 payments',
      { ...bought, rows: [PAID, rowsOf({ paymentNo: 'FF2', localNo: '1', state: 'closed' })] },
    ],
    [
      'a till is told the truth',
      'told paid, and the money is given back late',
      { ...givenBackLate, bills: [aBill('1', TOLD)] },
    ],
    ['a payment has its bill', 'no till asked', { ...bought, bills: [] }],
    ['amounts agree', '8800 fen on the bill, 1 here', rows({ amountFen: fen(1) })],
    ['amounts agree', '8800 fen here, 8801 there', trade({ totalAmount: '88.01' })],
    ['amounts agree', '8700 fen were paid', trade({ paidAmount: '87.00' })],
    ['the row agrees with the book', 'closed here, kept there', rows({ state: 'closed' })],
    ['the row agrees with the book', 'declined here, kept', rows({ state: 'declined' })],
    ['the row agrees with the book', 'paid here, none there', { ...bought, trades: [CLOSED] }],
    ['the row agrees with the book', 'taken back there', { ...bought, trades: [TAKEN_BACK] }],
    ['the row agrees with the book', 'reversed here, kept', rows({ state: 'reversed' })],
    ['the row agrees with the book', 'trade T2 here', rows({ alipayTradeNo: 'T2' })],
    ['the row agrees with the book', 'TRADE_CLOSED there', trade({ tradeStatus: 'TRADE_CLOSED' })],
    ['a till is told the truth', 'told failed, and the money is kept', told(FAILED)],
    ['a till is told the truth', 'told paid, and the money is none', { ...bought, trades: [] }],
    [
      'a till is told the truth',
      'told paid, and the money is taken back',
      { ...rows({ state: 'reversed' }), trades: [TAKEN_BACK] },
    ],
    ['a till is told the truth', "is not the bill's", told({ ...TOLD, paymentNo: 'FF9' })],
    [
      'every till is told',
      'never told the outcome of hb_barcode',
      { ...bought, bills: [{ ...aBill('1'), neverTold: ['hb_barcode'] }] },
    ],
    [
      'an answer is one of the contract',
      'SYSTEM_ERROR',
      told({ ...TOLD, verdict: 'strange', raw: 'SYSTEM_ERROR' }),
    ],
    ['the same call, the same answer', 'and then x', told(TOLD, { ...TOLD, ...again, raw: 'x' })],
    [
      'the same call, the same answer',
      'and then 10003',
      told(TOLD, { ...TOLD, ...again, verdict: 'open', raw: '10003' }),
    ],
    ['refunds agree', 'told [], here [a 100]', { ...refunded, bills: [aBill('1', TOLD)] }],
    ['refunds agree', 'here [], there [a 100]', { ...refunded, rows: [PAID] }],
    ['refunds agree', 'there []', refundTrade({ refundedAmount: '0.00', refunds: [] })],
    [
      'refunds agree',
      'there [a 200]',
      refundTrade({ refundedAmount: '2.00', refunds: [{ outRequestNo: 'a', amount: '2.00' }] }),
    ],
    ['refunds agree', '0 fen here, 100 there', { ...refunded, rows: [rowsOf(PAID.payment)] }],
    ['refunds agree', 'the book says 2.00', refundTrade({ refundedAmount: '2.00' })],
    [
      'refunds agree',
      '8900 fen of 8800 went back',
      refundTrade({ refunds: [{ outRequestNo: 'a', amount: '89.00' }] }),
    ],
    [
      'a refund happens once',
      'a was executed more than once',
      refundTrade({ refunds: [0, 1].map(() => ({ outRequestNo: 'a', amount: '1.00' })) }),
    ],
    ['nothing is left to do', 'still created', openRow({ state: 'created' })],
    [
      'nothing is left to do',
      'still awaiting_buyer',
      { ...unscanned, settledAtMs: unscanned.rows[0]!.payment.deadlineAtMs },
    ],
    ['nothing is left to do', 'still awaiting_buyer', { ...unscanned, trades: [CLOSED] }],
    [
      'nothing is left to do',
      'never looked at again',
      openRow({ method: 'qr', state: 'awaiting_buyer' }),
    ],
    ['nothing is left to do', 'paid, and still due', rows({ dueAtMs: at(70) })],
    ['nothing is left to do', 'due for 1000 ms', { ...closed, settledAtMs: at(91) }],
    ['nothing is left to do', 'waits for its buyer', trade({ tradeStatus: 'WAIT_BUYER_PAY' })],
    ['nothing is left to do', 'still being refunded', rows({ refundingFen: 1 })],
    [
      'nothing is left to do',
      'refund a is open',
      rows({}, { refunds: [{ ...REFUND, state: 'created' }] }),
    ],
    [
      'nothing is left to do',
      'refund a is done, and still due',
      rows({}, { refunds: [{ ...REFUND, dueAtMs: at(70) }] }),
    ],
    ['the history is whole', 'no event of version 2 of 2', rows({ version: 2 })],
    [
      'the history is whole',
      'version 3 is missing',
      rows({}, { faults: ['version 3 is missing'] }),
    ],
    [
      'no alarm without a reason',
      'reversed_after_paid',
      rows({}, { incidents: [{ reason: 'reversed_after_paid' } as Rows['incidents'][number]] }),
    ],
  ])('%s: %s', (rule, detail, books) => {
    const violations = findViolations(books);
    const named = violations.filter((found) => found.rule === rule);
    expect(named.map((found) => found.detail).join('\n')).toContain(detail);
    expect(named.map(({ paymentNo }) => paymentNo)).not.toContain(undefined);
    expect(report(books, violations)).toContain(detail);
  });
});

test('the report names the payment and tells its story from every side', () => {
  const books = { ...refunded, trades: [{ ...refunded.trades[0]!, chargeCount: 2 }] };
  const text = report(books, findViolations(books));
  expect(text).toContain('charged at most once: charged 2 times (payment FF1 of bill 1)');
  expect(text).toContain('bill 1 of 8800 fen, pays');
  expect(text).toContain('04:00:00.000 FF1 v1 paid: created {}');
  expect(text).toContain('04:00:01.000 till: refund a/100 [3-4]: refunded {"code":"10000"}');
  expect(text).toContain('row: refund a of 100 fen: done');
  expect(text).toContain('"chargeCount":2');
});
