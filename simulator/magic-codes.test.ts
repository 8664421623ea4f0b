/**
 * Each magic payment code of the contract's table, told as what the caller sees and what the book
 * says.
 */
import { describe, expect, test } from 'vitest';

import { nextDueMs, tick } from './simulator.ts';
import { openDesk, readAnswer } from './testing/client.ts';
import type { Desk, Json } from './testing/client.ts';

const PAY = 'alipay.trade.pay';
const order = (ending: string, fields: Json = {}): Json => ({
  out_trade_no: 'M1',
  total_amount: '5.00',
  subject: 'x',
  auth_code: `28777777777777${ending}`,
  ...fields,
});
const query = (desk: Desk): Json => desk.call('alipay.trade.query', { out_trade_no: 'M1' });

const MOVED = { tradeStatus: 'TRADE_SUCCESS', paidAmount: '5.00', chargeCount: 1 };
const NOT_MOVED = { paidAmount: '0.00', chargeCount: 0 };

test('0001: the buyer types the password and pays 3 s later', () => {
  const desk = openDesk();
  expect(desk.call(PAY, order('0001'))).toMatchObject({ code: '10003', total_amount: '5.00' });
  expect(nextDueMs(desk.book)).toBe(desk.nowMs + 3000);
  desk.nowMs += 2999;
  // Asking again does not make the buyer start over.
  expect(desk.call(PAY, order('0001'))).toMatchObject({ code: '10003' });
  tick(desk.book, desk.nowMs);
  expect(desk.trade('M1')).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY', ...NOT_MOVED });
  desk.nowMs += 1;
  expect(query(desk)).toMatchObject({
    trade_status: 'TRADE_SUCCESS',
    send_pay_date: '2026-03-01 12:00:03',
  });
  expect(desk.trade('M1')).toMatchObject(MOVED);
});

test('0002: the buyer never pays', () => {
  const desk = openDesk();
  expect(desk.call(PAY, order('0002'))).toMatchObject({ code: '10003' });
  desk.nowMs += 3 * 3_600_000 - 1;
  expect(query(desk)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
  desk.nowMs += 1;
  expect(query(desk)).toMatchObject({ trade_status: 'TRADE_CLOSED' });
  expect(desk.trade('M1')).toMatchObject(NOT_MOVED);
});

test.each([
  ['0003', 'ACQ.BUYER_BALANCE_NOT_ENOUGH'],
  ['0004', 'ACQ.PAYMENT_AUTH_CODE_INVALID'],
])('%s: %s, and no trade', (ending, subCode) => {
  const desk = openDesk();
  expect(desk.call(PAY, order(ending))).toMatchObject({
    code: '40004',
    sub_code: subCode,
    out_trade_no: 'M1',
    receipt_amount: '0.00',
  });
  expect(desk.trade('M1')).toBeUndefined();
  // The number is still free: the till scans another code.
  expect(desk.call(PAY, order('1111'))).toMatchObject({ code: '10000' });
});

test('0005: 20000, and the money moved', () => {
  const desk = openDesk();
  const answer = readAnswer(desk.send(PAY, order('0005')).answer);
  expect(answer.isSigned).toBe(true);
  expect(answer.node).toEqual({
    code: '20000',
    msg: 'Service Currently Unavailable',
    sub_code: 'isp.unknow-error',
    sub_msg: '系统繁忙',
  });
  expect(desk.trade('M1')).toMatchObject(MOVED);
  expect(desk.call(PAY, order('0005'))).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_SUCCESS' });
});

test('0006: 20000, no trade, however often', () => {
  const desk = openDesk();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect(desk.call(PAY, order('0006'))).toMatchObject({ code: '20000' });
    expect(query(desk)).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
  }
  expect(desk.trade('M1')).toBeUndefined();
});

test('0007: the money moves, the connection closes', () => {
  const desk = openDesk();
  expect(desk.send(PAY, order('0007')).answer).toEqual({ kind: 'reset', holdMs: 0 });
  expect(query(desk)).toMatchObject({ trade_status: 'TRADE_SUCCESS' });
  expect(desk.trade('M1')).toMatchObject(MOVED);
});

test('0008: the money moves, the answer takes 60 s', () => {
  const desk = openDesk();
  const { answer } = desk.send(PAY, order('0008'));
  expect(answer).toMatchObject({ kind: 'reply', status: 200, holdMs: 60_000 });
  expect(readAnswer(answer)).toMatchObject({ isSigned: true, node: { code: '10000' } });
  expect(desk.trade('M1')).toMatchObject(MOVED);
});

test('0009: as 0007, and query does not see it for 5 s', () => {
  const desk = openDesk();
  expect(desk.send(PAY, order('0009')).answer.kind).toBe('reset');
  expect(desk.trade('M1')).toMatchObject(MOVED);
  desk.nowMs += 4999;
  expect(query(desk)).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
  desk.nowMs += 1;
  expect(query(desk)).toMatchObject({ trade_status: 'TRADE_SUCCESS' });
});

test('0010: the money moves, the signature is wrong', () => {
  const desk = openDesk();
  const answer = readAnswer(desk.send(PAY, order('0010')).answer);
  expect(answer.isSigned).toBe(false);
  expect(answer.text).toMatch(/"sign":"[A-Za-z0-9+/]+=*"\}$/);
  expect(answer.node).toMatchObject({ code: '10000' });
  expect(desk.trade('M1')).toMatchObject(MOVED);
});

test('0011: 2 s later the buyer declines and the trade closes', () => {
  const desk = openDesk();
  expect(desk.call(PAY, order('0011'))).toMatchObject({ code: '10003' });
  desk.nowMs += 1999;
  expect(query(desk)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
  desk.nowMs += 1;
  expect(query(desk)).toMatchObject({ trade_status: 'TRADE_CLOSED' });
  expect(desk.trade('M1')).toMatchObject(NOT_MOVED);
});

describe('0012: unruly notifications', () => {
  test('three times from 3 s on, later events first', () => {
    const desk = openDesk();
    const options = { notifyUrl: 'http://shop/notify' };
    expect(desk.call(PAY, order('0012'), options)).toMatchObject({ code: '10000' });
    desk.nowMs += 1000;
    desk.call('alipay.trade.refund', { out_trade_no: 'M1', refund_amount: '5' });
    const seen: [number, string, string][] = [];
    const start = desk.nowMs - 1000;
    for (let dueMs = nextDueMs(desk.book); dueMs !== undefined && seen.length < 9;) {
      for (const sent of tick(desk.book, dueMs).notifications) {
        seen.push([dueMs - start, sent.tradeStatus, sent.notifyId]);
      }
      dueMs = nextDueMs(desk.book);
    }
    expect(seen.map(([atMs, status]) => [atMs, status])).toEqual([
      [4000, 'TRADE_CLOSED'],
      [5000, 'TRADE_CLOSED'],
      [6000, 'TRADE_CLOSED'],
      [6001, 'TRADE_SUCCESS'],
      [6001, 'TRADE_SUCCESS'],
      [6001, 'TRADE_SUCCESS'],
    ]);
    expect(new Set(seen.map(([, , notifyId]) => notifyId)).size).toBe(2);
  });

  test('alone, from 3 s on', () => {
    const desk = openDesk();
    const { notifications } = desk.send(PAY, order('0012'), { notifyUrl: 'http://shop/notify' });
    expect(notifications).toEqual([]);
    expect(tick(desk.book, desk.nowMs + 2999).notifications).toEqual([]);
    expect(tick(desk.book, desk.nowMs + 3000).notifications).toHaveLength(1);
    expect(tick(desk.book, desk.nowMs + 5000).notifications).toHaveLength(2);
  });
});

describe('0013: the buyer pays in the moment of the cancel', () => {
  const cancel = (desk: Desk): Json => desk.call('alipay.trade.cancel', { out_trade_no: 'M1' });

  test('and the cancel gives the money back, once', () => {
    const desk = openDesk();
    expect(desk.call(PAY, order('0013'))).toMatchObject({ code: '10003' });
    expect(query(desk)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
    expect(cancel(desk)).toMatchObject({ code: '10000', action: 'refund' });
    expect(cancel(desk)).toMatchObject({ code: '10000', action: 'refund' });
    expect(desk.trade('M1')).toMatchObject({
      tradeStatus: 'TRADE_CLOSED',
      paidAmount: '5.00',
      refundedAmount: '5.00',
      chargeCount: 1,
    });
  });

  test('and not when the trade ended before it', () => {
    const desk = openDesk();
    desk.call(PAY, order('0013'));
    desk.nowMs += 3 * 3_600_000;
    expect(cancel(desk)).toMatchObject({ code: '10000', action: 'close' });
    expect(desk.trade('M1')).toMatchObject(NOT_MOVED);
  });
});

test('the endings mean nothing in codes that do not begin with 28', () => {
  const desk = openDesk();
  const fields = { auth_code: '25777777777777770004' };
  expect(desk.call(PAY, order('', fields))).toMatchObject({ code: '10000' });
});
