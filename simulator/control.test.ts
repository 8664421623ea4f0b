/**
 * The control API: its answers, its strictness, and what the clock carries along. Who may call it
 * is tested in `./server.test.ts`.
 */
import { describe, expect, test } from 'vitest';

import { handle } from './simulator.ts';
import { APP_ID, openDesk, PID } from './testing/client.ts';
import type { Json } from './testing/client.ts';
import { ALIPAY_KEY, APP_KEY, publicKeyOf, SMALL_APP_KEY } from './testing/keys.ts';
import { DAY_MS } from './wire/time.ts';

const ORDER = { out_trade_no: 'C1', total_amount: '5.00', subject: 'x' };
const PLAIN = { ...ORDER, auth_code: '281111111111111111' };

describe('apps', () => {
  const appPublicKey = publicKeyOf(SMALL_APP_KEY);

  test('a new one gets a shop number and the key of Alipay', () => {
    const desk = openDesk();
    const { status, json } = desk.control('POST', '/simulator/apps', { appId: '9', appPublicKey });
    expect(status).toBe(200);
    expect(json).toEqual({
      appId: '9',
      pid: expect.stringMatching(/^2088\d{12}$/),
      alipayPublicKey: publicKeyOf(ALIPAY_KEY),
    });
  });

  test('again keeps the shop number, or takes over a new one; trades stay found', () => {
    const desk = openDesk();
    desk.call('alipay.trade.pay', PLAIN);
    const again = (fields: Json): unknown =>
      desk.control('POST', '/simulator/apps', { appId: APP_ID, appPublicKey, ...fields }).json[
        'pid'
      ];
    expect(again({})).toBe(PID);
    expect(again({ pid: '2088000000000001' })).toBe('2088000000000001');
    expect(again({})).toBe('2088000000000001');
    expect(desk.call('alipay.trade.query', ORDER)).toMatchObject({ code: '10000' });
    expect(desk.trade('C1')).toMatchObject({ outTradeNo: 'C1' });
  });

  test('the same key again does not grow the list, and may change its algorithm', () => {
    const desk = openDesk();
    for (const signType of ['RSA', 'RSA2', 'RSA2']) {
      desk.control('POST', '/simulator/apps', { appId: '9', appPublicKey, signType });
    }
    expect(desk.book.app.get('9')?.keys).toEqual([{ publicKey: appPublicKey, signType: 'RSA2' }]);
  });
});

describe('trades', () => {
  test('all of them, or those of a number, in every shop', () => {
    const desk = openDesk();
    const appPublicKey = publicKeyOf(APP_KEY);
    desk.control('POST', '/simulator/apps', { appId: '9', pid: '2088000000000009', appPublicKey });
    desk.call('alipay.trade.pay', PLAIN);
    desk.call('alipay.trade.pay', { ...PLAIN, auth_code: '281111111111112222' }, { appId: '9' });
    desk.call('alipay.trade.pay', {
      ...PLAIN,
      out_trade_no: 'C2',
      auth_code: '281111111111110002',
    });
    const list = (query: string): unknown[] => {
      const { trades } = desk.control('GET', `/simulator/trades${query}`).json;
      return Array.isArray(trades) ? trades : [];
    };
    expect(list('')).toHaveLength(3);
    expect(list('?outTradeNo=C1')).toMatchObject([{ appId: APP_ID }, { appId: '9' }]);
    expect(list('?outTradeNo=NONE')).toEqual([]);
    expect(list('?outTradeNo=C2')).toEqual([
      {
        appId: APP_ID,
        outTradeNo: 'C2',
        tradeNo: expect.stringMatching(/^\d{28}$/),
        tradeStatus: 'WAIT_BUYER_PAY',
        totalAmount: '5.00',
        paidAmount: '0.00',
        refundedAmount: '0.00',
        refunds: [],
        chargeCount: 0,
      },
    ]);
  });

  test('pay and decline of a number nobody has', () => {
    const desk = openDesk();
    expect(desk.control('POST', '/simulator/trades/NONE/pay', {}).status).toBe(404);
    expect(desk.control('POST', '/simulator/trades/%E0%A4%A/decline', {}).status).toBe(404);
  });

  test('a trade waiting after a payment code can be paid from here', () => {
    const desk = openDesk();
    desk.call('alipay.trade.pay', { ...PLAIN, auth_code: '281111111111110011' });
    expect(desk.control('POST', '/simulator/trades/C1/pay', {}).status).toBe(200);
    // The buyer of 0011 meant to decline 2 s later; he has paid now.
    desk.nowMs += DAY_MS;
    expect(desk.trade('C1')).toMatchObject({ tradeStatus: 'TRADE_SUCCESS', chargeCount: 1 });
  });
});

describe('a buyer who pays in the moment of the cancel', () => {
  const asked = { ...ORDER, auth_code: '280000000000000002' };
  const cancel = (desk: ReturnType<typeof openDesk>): Json =>
    desk.call('alipay.trade.cancel', { out_trade_no: 'C1' });
  const wait = (desk: ReturnType<typeof openDesk>) =>
    desk.control('POST', '/simulator/trades/C1/pay', { when: 'cancel' });

  test('gets the money back, once', () => {
    const desk = openDesk();
    desk.call('alipay.trade.pay', asked);
    expect(wait(desk).json).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY', chargeCount: 0 });
    expect(cancel(desk)).toMatchObject({ code: '10000', action: 'refund' });
    expect(cancel(desk)).toMatchObject({ code: '10000', action: 'refund' });
    expect(desk.trade('C1')).toMatchObject({
      tradeStatus: 'TRADE_CLOSED',
      paidAmount: '5.00',
      refundedAmount: '5.00',
      chargeCount: 1,
    });
  });

  test('does not, when the trade ended before it', () => {
    const desk = openDesk();
    desk.call('alipay.trade.pay', asked);
    wait(desk);
    desk.nowMs += 3 * 3_600_000;
    expect(cancel(desk)).toMatchObject({ code: '10000', action: 'close' });
    expect(desk.trade('C1')).toMatchObject({ chargeCount: 0 });
  });

  test('pays at once without it', () => {
    const desk = openDesk();
    desk.call('alipay.trade.pay', asked);
    const paid = desk.control('POST', '/simulator/trades/C1/pay', { when: 'now' });
    expect(paid.json).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' });
    expect(wait(desk).status).toBe(409);
  });
});

describe('the clock', () => {
  test('moves timeouts and the buyers at once', () => {
    const desk = openDesk();
    desk.call('alipay.trade.pay', { ...PLAIN, auth_code: '281111111111110001' });
    expect(desk.control('POST', '/simulator/clock', { advanceMs: 3000 })).toEqual({
      status: 200,
      json: { now: '2026-03-01 12:00:03' },
    });
    expect(desk.book.meta.clockOffsetMs).toBe(3000);
    expect(desk.book.trade.get(`${PID}/C1`)).toMatchObject({
      status: 'TRADE_SUCCESS',
      paidAtMs: desk.nowMs + 3000,
    });
  });

  test('what happens in a long jump happens in order, each at its own time', () => {
    const desk = openDesk();
    desk.call('alipay.trade.pay', { ...PLAIN, auth_code: '281111111111110011' });
    desk.call('alipay.trade.pay', {
      ...PLAIN,
      out_trade_no: 'C2',
      auth_code: '281111111111110002',
    });
    desk.control('POST', '/simulator/clock', { advanceMs: DAY_MS });
    const closedAtMs = (number: string): unknown =>
      (desk.book.trade.get(`${PID}/${number}`)?.closedAtMs ?? 0) - desk.nowMs;
    expect(closedAtMs('C1')).toBe(2000);
    expect(closedAtMs('C2')).toBe(3 * 3_600_000);
  });

  test('a retried notification follows', () => {
    const desk = openDesk();
    desk.send(
      'alipay.trade.pay',
      { ...PLAIN, auth_code: '281111111111110012' },
      { notifyUrl: 'http://s/' },
    );
    const body = Buffer.from('{"advanceMs":5000}');
    const moved = handle(desk.book, desk.nowMs, { method: 'POST', url: '/simulator/clock', body });
    expect(moved.notifications).toHaveLength(3);
  });
});

describe('strictness', () => {
  const key = publicKeyOf(SMALL_APP_KEY);
  test.each([
    ['POST', '/simulator/apps', {}, 400],
    ['POST', '/simulator/apps', { appId: 9, appPublicKey: key }, 400],
    ['POST', '/simulator/apps', { appId: '9 9', appPublicKey: key }, 400],
    ['POST', '/simulator/apps', { appId: '9', appPublicKey: 'x' }, 400],
    ['POST', '/simulator/apps', { appId: '9', appPublicKey: null }, 400],
    ['POST', '/simulator/apps', { appId: '9', appPublicKey: key, signType: 'SM2' }, 400],
    ['POST', '/simulator/apps', { appId: '9', appPublicKey: key, extra: 1 }, 400],
    ['POST', '/simulator/payment-codes', { buyer: 'middling' }, 400],
    ['POST', '/simulator/scan', {}, 400],
    ['POST', '/simulator/scan', { qrCode: ['x'] }, 400],
    ['POST', '/simulator/trades/X/pay', { amount: 1 }, 400],
    ['POST', '/simulator/faults', {}, 400],
    ['POST', '/simulator/faults', { kind: 'meteor' }, 400],
    ['POST', '/simulator/faults', { kind: 'delay' }, 400],
    ['POST', '/simulator/faults', { kind: 'delay', ms: -1 }, 400],
    ['POST', '/simulator/faults', { kind: 'http_502', ms: 1 }, 400],
    ['POST', '/simulator/faults', { kind: 'http_502', times: 0 }, 400],
    ['POST', '/simulator/faults', { kind: 'http_502', times: 1.5 }, 400],
    ['POST', '/simulator/faults', { kind: 'http_502', executed: 'no' }, 400],
    ['POST', '/simulator/faults', { kind: 'http_502', method: 1 }, 400],
    ['POST', '/simulator/clock', {}, 400],
    ['POST', '/simulator/clock', { advanceMs: -1 }, 400],
    ['POST', '/simulator/clock', { advanceMs: '1' }, 400],
    ['POST', '/simulator/clock', [], 400],
    ['POST', '/simulator/clock', 'x', 400],
    ['DELETE', '/simulator/clock', undefined, 405],
    ['DELETE', '/simulator/trades', undefined, 405],
    ['GET', '/simulator/nothing', undefined, 404],
    ['POST', '/simulator/trades//pay', {}, 404],
    ['GET', '/wallet', undefined, 404],
  ])('%s %s %j: %i', (verb, path, body, status) => {
    const answer = openDesk().control(verb, path, body);
    expect(answer).toEqual({ status, json: { error: expect.stringMatching(/\w/) } });
  });

  test.each(['{', 'null', '1', '"x"', '\u0000'])('malformed body %j', (text) => {
    const desk = openDesk();
    const { answer } = handle(desk.book, desk.nowMs, {
      method: 'POST',
      url: '/simulator/faults',
      body: Buffer.from(text),
    });
    expect(answer).toMatchObject({ status: 400 });
  });

  test('what is refused changes nothing', () => {
    const desk = openDesk();
    desk.control('POST', '/simulator/faults', { kind: 'meteor' });
    desk.control('POST', '/simulator/clock', { advanceMs: -1 });
    expect(desk.book.faults).toEqual([]);
    expect(desk.book.meta.clockOffsetMs).toBe(0);
  });
});

test('the front page says what this is', () => {
  const desk = openDesk();
  const { answer } = handle(desk.book, desk.nowMs, {
    method: 'GET',
    url: '/',
    body: Buffer.alloc(0),
  });
  expect(answer.kind === 'reply' && answer.body.toString()).toContain('Alipay simulator');
});
