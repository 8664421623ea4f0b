/** The bench fails when the gateway answers wrongly: each way of being wrong, planted. */
import { expect, test } from 'vitest';
import type { Trade } from '../test/support/simulator-client.ts';
import { findWrongSales } from './check-sales.ts';
import type { Sale } from './load.ts';

const sale = (changes: Partial<Sale> = {}): Sale => ({
  shop: 'CPI1',
  localNo: 'bench-1-1',
  amountFen: 880,
  code: '10000',
  paymentNo: 'FF1',
  ms: 12,
  ...changes,
});

const trade = (changes: Partial<Trade> = {}): Trade => ({
  appId: '2016022901171807',
  outTradeNo: 'FF1',
  tradeNo: '2026112722001',
  tradeStatus: 'TRADE_SUCCESS',
  totalAmount: '8.80',
  paidAmount: '8.80',
  refundedAmount: '0.00',
  refunds: [],
  chargeCount: 1,
  ...changes,
});

test('sales that are all as they were told are right', () => {
  const other = sale({ localNo: 'bench-1-2', paymentNo: 'FF2' });
  expect(findWrongSales([sale(), other], [trade(), trade({ outTradeNo: 'FF2' })])).toStrictEqual(
    [],
  );
});

test.each<[string, readonly Sale[], readonly Trade[], string]>([
  ['a refusal', [sale({ code: '40004' })], [trade()], 'told 40004'],
  [
    'no answer of Alipay at all',
    [sale({ code: '200 SYSTEM_ERROR', paymentNo: undefined })],
    [],
    'told 200',
  ],
  ['a payment that Alipay does not have', [sale()], [], 'Alipay has no FF1'],
  [
    'one payment told to two tills',
    [sale(), sale({ localNo: 'bench-1-2' })],
    [trade()],
    "another sale's",
  ],
  ['a trade charged twice', [sale()], [trade({ chargeCount: 2 })], 'charged 2 times'],
  ['a trade that was closed', [sale()], [trade({ tradeStatus: 'TRADE_CLOSED' })], 'TRADE_CLOSED'],
  ['another amount', [sale()], [trade({ paidAmount: '88.00' })], 'rung up 8.80, charged 88.00'],
  ['a charge that nobody was told of', [], [trade()], 'no till was told'],
])('%s is wrong', (_case, sales, trades, expected) => {
  expect(findWrongSales(sales, trades).join()).toContain(expected);
});
