/** What a person is told, for everything that the simulator can say. */
import { describe, expect, test } from 'vitest';

import type { ActOutcome, ScanOutcome, WalletTrade } from '../wallet-calls.ts';
import { noticeOfAct, noticeOfCode, noticeOfScan, noticeOfTrade } from './outcomes.ts';

const aTrade = (changes: Partial<WalletTrade>): WalletTrade => ({
  tradeNo: '2026030122001',
  outTradeNo: 'W1',
  shop: '2088',
  subject: 'x',
  amount: '5.00',
  refundedAmount: '0.00',
  status: 'WAIT_BUYER_PAY',
  ...changes,
});
const closed = (closedBy: NonNullable<WalletTrade['closedBy']>, refundedAmount = '0.00') =>
  aTrade({ status: 'TRADE_CLOSED', closedBy, refundedAmount });

describe('a trade', () => {
  test.each([
    [aTrade({}), undefined],
    [aTrade({ status: 'TRADE_SUCCESS' }), 'paid'],
    [aTrade({ status: 'TRADE_SUCCESS', refundedAmount: '1.00' }), 'paid'],
    [aTrade({ status: 'TRADE_FINISHED' }), 'paid'],
    [closed('timeout'), 'too_late'],
    [closed('close'), 'closed_by_shop'],
    [closed('cancel'), 'closed_by_shop'],
    [closed('cancel', '5.00'), 'returned'],
    [closed('refund', '5.00'), 'returned'],
    [closed('buyer'), 'declined'],
  ])('%j', (trade, kind) => {
    expect(noticeOfTrade(trade)).toEqual(kind && { kind, trade });
  });
});

describe('an act', () => {
  test.each<[ActOutcome, WalletTrade, string]>([
    ['paid', aTrade({ status: 'TRADE_SUCCESS' }), 'paid'],
    ['declined', closed('buyer'), 'declined'],
    ['already_paid', aTrade({ status: 'TRADE_SUCCESS' }), 'already_paid'],
    ['closed', closed('timeout'), 'too_late'],
    ['closed', closed('cancel'), 'closed_by_shop'],
    ['no_balance', aTrade({}), 'no_balance'],
  ])('%s', (outcome, trade, kind) => {
    expect(noticeOfAct({ outcome, trade })).toEqual({ kind, trade });
  });
});

describe('a scan', () => {
  test.each<[ScanOutcome, WalletTrade | undefined, string | undefined]>([
    ['asked', aTrade({}), undefined],
    ['unknown', undefined, 'unknown_code'],
    ['expired', undefined, 'expired_code'],
    ['expired', aTrade({}), 'expired_code'],
    ['paid', aTrade({ status: 'TRADE_SUCCESS' }), 'already_paid'],
    ['closed', closed('timeout'), 'too_late'],
    ['closed', closed('close'), 'closed_by_shop'],
    ['taken', undefined, 'taken_code'],
  ])('%s', (outcome, trade, kind) => {
    const shown = trade === undefined ? {} : { trade };
    expect(noticeOfScan({ outcome, ...shown })).toEqual(kind && { kind, ...shown });
  });
});

test('a code that was used', () => {
  const used = { authCode: '28', state: 'used', expiresInMs: 0 } as const;
  expect(noticeOfCode(used)).toEqual({ kind: 'no_balance' });
  // The buyer is being asked: that is shown in another way.
  expect(noticeOfCode({ ...used, trade: aTrade({}) })).toBeUndefined();
  const trade = aTrade({ status: 'TRADE_SUCCESS' });
  expect(noticeOfCode({ ...used, trade })).toEqual({ kind: 'paid', trade });
});
