/**
 * `alipay.trade.precreate` and the scan: no trade before a buyer scans, one payer per code, and
 * every way a code can die.
 */
import { describe, expect, test } from 'vitest';

import { openDesk } from '../testing/client.ts';
import type { Desk, Json } from '../testing/client.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../wire/time.ts';

const order = (fields: Json = {}): Json => ({
  out_trade_no: 'Q1',
  total_amount: '1.00',
  subject: 'x',
  ...fields,
});
const precreate = (desk: Desk, fields: Json = {}): Json =>
  desk.call('alipay.trade.precreate', order(fields));
const scan = (desk: Desk, qrCode: unknown, buyer?: string): { status: number; json: Json } =>
  desk.control('POST', '/simulator/scan', { qrCode, ...(buyer === undefined ? {} : { buyer }) });
const query = (desk: Desk): Json => desk.call('alipay.trade.query', { out_trade_no: 'Q1' });

test('before the scan there is no trade, whoever asks', () => {
  const desk = openDesk();
  expect(precreate(desk)).toMatchObject({ code: '10000', out_trade_no: 'Q1' });
  const named = { out_trade_no: 'Q1' };
  expect(query(desk)).toEqual({
    code: '40004',
    msg: 'Business Failed',
    sub_code: 'ACQ.TRADE_NOT_EXIST',
    sub_msg: '交易不存在',
    buyer_pay_amount: '0.00',
    invoice_amount: '0.00',
    out_trade_no: 'Q1',
    point_amount: '0.00',
    receipt_amount: '0.00',
  });
  expect(desk.call('alipay.trade.close', named)).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
  expect(desk.call('alipay.trade.refund', { ...named, refund_amount: '1' })).toMatchObject({
    sub_code: 'ACQ.TRADE_NOT_EXIST',
  });
  expect(desk.call('alipay.trade.cancel', named)).toEqual({
    code: '10000',
    msg: 'Success',
    out_trade_no: 'Q1',
    retry_flag: 'N',
  });
  expect(desk.trade('Q1')).toBeUndefined();
});

test('after the scan it waits, then the buyer pays', () => {
  const desk = openDesk();
  const { qr_code: qrCode } = precreate(desk);
  expect(scan(desk, qrCode)).toEqual({
    status: 200,
    json: { outTradeNo: 'Q1', tradeStatus: 'WAIT_BUYER_PAY' },
  });
  expect(query(desk)).toMatchObject({
    code: '10000',
    trade_status: 'WAIT_BUYER_PAY',
    buyer_logon_id: '159****5620',
    buyer_pay_amount: '0.00',
    total_amount: '1.00',
  });
  desk.nowMs += 1000;
  expect(desk.control('POST', '/simulator/trades/Q1/pay', {})).toMatchObject({
    status: 200,
    json: { tradeStatus: 'TRADE_SUCCESS', paidAmount: '1.00', chargeCount: 1 },
  });
  expect(query(desk)).toMatchObject({
    trade_status: 'TRADE_SUCCESS',
    send_pay_date: '2026-03-01 12:00:01',
    fund_bill_list: [{ amount: '1.00', fund_channel: 'ALIPAYACCOUNT' }],
  });
  expect(desk.control('POST', '/simulator/trades/Q1/pay', {}).status).toBe(409);
  expect(desk.control('POST', '/simulator/trades/Q1/decline', {}).status).toBe(409);
  expect(scan(desk, qrCode).status).toBe(409);
});

test('one code, one payer; a declined trade closes', () => {
  const desk = openDesk();
  const { qr_code: qrCode } = precreate(desk);
  expect(scan(desk, qrCode, 'poor').status).toBe(200);
  expect(scan(desk, qrCode, 'poor').status).toBe(200);
  expect(scan(desk, qrCode, 'rich').status).toBe(409);
  expect(desk.control('POST', '/simulator/trades/Q1/pay', {})).toMatchObject({
    status: 409,
    json: { error: 'the buyer has no money' },
  });
  expect(desk.control('POST', '/simulator/trades/Q1/decline', {})).toMatchObject({
    status: 200,
    json: { tradeStatus: 'TRADE_CLOSED', chargeCount: 0, paidAmount: '0.00' },
  });
});

test('cancelling an unscanned code does not kill it (protocol 2.1)', () => {
  const desk = openDesk();
  const { qr_code: qrCode } = precreate(desk);
  desk.call('alipay.trade.cancel', { out_trade_no: 'Q1' });
  expect(scan(desk, qrCode).status).toBe(200);
});

describe('a code dies', () => {
  test.each([
    ['after two hours, whatever else is said', { timeout_express: '1d' }, 2 * HOUR_MS],
    ['by its own timeout', { qr_code_timeout_express: '10m' }, 10 * MINUTE_MS],
    ['by the absolute expiry', { time_expire: '2026-03-01 12:30:00' }, 30 * MINUTE_MS],
    ['but not by timeout_express', { timeout_express: '5m' }, 2 * HOUR_MS],
  ])('%s', (_name, fields, spanMs) => {
    const desk = openDesk();
    const { qr_code: qrCode } = precreate(desk, fields);
    desk.nowMs += spanMs;
    expect(scan(desk, qrCode).status).toBe(404);
    desk.nowMs -= 1;
    expect(scan(desk, qrCode).status).toBe(200);
  });

  test('timeout_express runs from the scan', () => {
    const desk = openDesk();
    const { qr_code: qrCode } = precreate(desk, { timeout_express: '5m' });
    desk.nowMs += HOUR_MS;
    scan(desk, qrCode);
    desk.nowMs += 5 * MINUTE_MS - 1;
    expect(query(desk)).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
    desk.nowMs += 1;
    expect(query(desk)).toMatchObject({ trade_status: 'TRADE_CLOSED' });
    expect(scan(desk, qrCode).status).toBe(409);
  });

  test('an unknown code is no code', () => {
    expect(scan(openDesk(), 'https://qr.alipay.com/bax1').status).toBe(404);
  });
});

describe('the same number again', () => {
  test('the same order gets the same code, about twenty times', () => {
    const desk = openDesk();
    const { qr_code: qrCode } = precreate(desk);
    for (let count = 2; count <= 20; count += 1) {
      expect(precreate(desk)).toMatchObject({ code: '10000', qr_code: qrCode });
    }
    expect(precreate(desk)).toMatchObject({ sub_code: 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR' });
  });

  test('before the scan another amount gets another code', () => {
    const desk = openDesk();
    const first = precreate(desk);
    const second = precreate(desk, { total_amount: '2.00' });
    expect(second['qr_code']).not.toBe(first['qr_code']);
    expect(scan(desk, second['qr_code']).status).toBe(200);
    expect(scan(desk, first['qr_code']).status).toBe(409);
  });

  test.each([
    ['waiting', () => undefined, { total_amount: '1.00' }, undefined],
    ['waiting, other amount', () => undefined, { total_amount: '2' }, 'ACQ.CONTEXT_INCONSISTENT'],
    [
      'paid',
      (desk: Desk) => desk.control('POST', '/simulator/trades/Q1/pay', {}),
      {},
      'ACQ.TRADE_HAS_SUCCESS',
    ],
    [
      'closed',
      (desk: Desk) => desk.call('alipay.trade.close', { out_trade_no: 'Q1' }),
      {},
      'ACQ.TRADE_HAS_CLOSE',
    ],
  ] as [string, (desk: Desk) => unknown, Json, string | undefined][])(
    '%s',
    (_name, before, fields, subCode) => {
      const desk = openDesk();
      scan(desk, precreate(desk)['qr_code']);
      before(desk);
      expect(precreate(desk, fields)['sub_code']).toBe(subCode);
    },
  );

  test('two shops may use the same number, two apps of one shop may not', () => {
    const desk = openDesk();
    const publicKey = [...desk.book.app.values()][0]?.keys[0]?.publicKey;
    for (const [appId, pid] of [
      ['55', '2088000000000055'],
      ['66', '2088102146225135'],
    ]) {
      const status = desk.control('POST', '/simulator/apps', {
        appId,
        pid,
        appPublicKey: publicKey,
      }).status;
      expect(status).toBe(200);
    }
    scan(desk, precreate(desk)['qr_code']);
    const asApp = (appId: string): Json =>
      desk.call('alipay.trade.query', { out_trade_no: 'Q1' }, { appId });
    expect(asApp('55')).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
    const { trade_no: tradeNo } = asApp('66');
    expect(tradeNo).toMatch(/^\d{28}$/);
    const byTradeNo = (appId: string): Json =>
      desk.call('alipay.trade.query', { trade_no: tradeNo }, { appId });
    expect(byTradeNo('66')).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
    expect(byTradeNo('55')).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
  });
});

test.each([
  { qr_code_timeout_express: '0m' },
  { qr_code_timeout_express: 'x' },
  { qr_code_timeout_express: '1234567' },
  { total_amount: 0 },
  { out_trade_no: 'ü' },
])('%j is refused', (fields) => {
  expect(precreate(openDesk(), fields)).toMatchObject({
    code: '40004',
    sub_code: 'ACQ.INVALID_PARAMETER',
  });
});

test('nothing of a code is left to do by time itself', () => {
  const desk = openDesk();
  precreate(desk);
  desk.nowMs += DAY_MS;
  expect(query(desk)).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
});
