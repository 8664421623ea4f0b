/**
 * What the wallet page asks: a buyer's balance, what waits, what became of a code, scans and acts with their outcomes, and the
 * history. The page itself is tested in a browser (`test/e2e/browser/wallet.test.ts`), who may ask in `./server.test.ts`.
 */
import { describe, expect, test } from 'vitest';

import { openDesk, PID } from './testing/client.ts';
import type { Desk, Json } from './testing/client.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './wire/time.ts';

const ORDER = { out_trade_no: 'W1', total_amount: '5.00', subject: '早餐', store_id: '西湖店' };

const get = (desk: Desk, path: string): Json => desk.control('GET', `/simulator/${path}`).json;
const post = (desk: Desk, path: string, body: Json = {}): Json =>
  desk.control('POST', `/simulator/${path}`, body).json;

const codeOf = (desk: Desk, body: Json = {}): string =>
  String(post(desk, 'payment-codes', body)['authCode']);

const precreate = (desk: Desk, order: Json = ORDER): string =>
  String(desk.call('alipay.trade.precreate', order)['qr_code']);

/** Scans as a buyer; the trade of the answer. */
function scanned(desk: Desk, qrCode: string, buyer = 'rich'): Json {
  return post(desk, 'wallet/scan', { qrCode, buyer });
}
const tradeNoOf = (answer: Json): string => {
  const { trade } = answer as { trade: { tradeNo: string } };
  return trade.tradeNo;
};

describe('a buyer', () => {
  test('has what is left, and what came back', () => {
    const desk = openDesk();
    expect(get(desk, 'wallet')).toEqual({
      buyer: 'rich',
      account: '159****5620',
      balance: '1000000.00',
      waiting: [],
    });
    desk.call('alipay.trade.pay', { ...ORDER, auth_code: codeOf(desk) });
    expect(get(desk, 'wallet')).toMatchObject({ balance: '999995.00' });
    desk.call('alipay.trade.refund', { ...ORDER, refund_amount: '1.50', out_request_no: 'R1' });
    expect(get(desk, 'wallet?buyer=rich')).toMatchObject({ balance: '999996.50' });
    expect(get(desk, 'wallet?buyer=poor')).toMatchObject({
      account: '854***@qq.com',
      balance: '0.00',
    });
  });

  test('who is rich stays so', () => {
    const desk = openDesk();
    const dear = { ...ORDER, total_amount: '1000000.00', auth_code: codeOf(desk) };
    expect(desk.call('alipay.trade.pay', dear)).toMatchObject({ code: '10000' });
    expect(get(desk, 'wallet')).toMatchObject({ balance: '1000000.00' });
  });

  test('sees what waits for the password, newest first, and nobody else does', () => {
    const desk = openDesk();
    desk.call('alipay.trade.pay', { ...ORDER, auth_code: '280000000000010002' });
    desk.nowMs += MINUTE_MS;
    scanned(desk, precreate(desk, { ...ORDER, out_trade_no: 'W2' }));
    expect(get(desk, 'wallet')['waiting']).toEqual([
      expect.objectContaining({ outTradeNo: 'W2', expiresInMs: 3 * HOUR_MS }),
      {
        tradeNo: expect.stringMatching(/^\d{28}$/),
        outTradeNo: 'W1',
        shop: PID,
        storeId: '西湖店',
        subject: '早餐',
        amount: '5.00',
        refundedAmount: '0.00',
        status: 'WAIT_BUYER_PAY',
        expiresInMs: 3 * HOUR_MS - MINUTE_MS,
      },
    ]);
    expect(get(desk, 'wallet?buyer=poor')['waiting']).toEqual([]);
  });
});

describe('a payment code on the screen', () => {
  const fate = (desk: Desk, code: string): unknown => get(desk, `wallet?authCode=${code}`)['code'];

  test('is fresh for a minute', () => {
    const desk = openDesk();
    const authCode = codeOf(desk);
    desk.nowMs += MINUTE_MS - 1;
    expect(fate(desk, authCode)).toEqual({ authCode, state: 'fresh', expiresInMs: 1 });
    desk.nowMs += 1;
    expect(fate(desk, authCode)).toEqual({ authCode, state: 'expired', expiresInMs: 0 });
    expect(fate(desk, '280000000000000000')).toBeUndefined();
  });

  test('was used, and for what', () => {
    const desk = openDesk();
    const code = codeOf(desk);
    desk.call('alipay.trade.pay', { ...ORDER, auth_code: code });
    expect(fate(desk, code)).toMatchObject({
      state: 'used',
      trade: { outTradeNo: 'W1', status: 'TRADE_SUCCESS' },
    });
  });

  test('was used, and the shop went on with another', () => {
    const desk = openDesk();
    const [first, second] = [codeOf(desk, { asksFirst: true }), codeOf(desk)];
    desk.call('alipay.trade.pay', { ...ORDER, auth_code: first });
    desk.call('alipay.trade.pay', { ...ORDER, auth_code: second });
    expect(fate(desk, first)).toMatchObject({ state: 'used', trade: { status: 'TRADE_SUCCESS' } });
  });

  test('of the poor one is refused, and no trade stands beside it', () => {
    const desk = openDesk();
    const authCode = codeOf(desk, { buyer: 'poor' });
    expect(desk.call('alipay.trade.pay', { ...ORDER, auth_code: authCode })).toMatchObject({
      sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
    });
    expect(fate(desk, authCode)).toEqual({ authCode, state: 'used', expiresInMs: MINUTE_MS });
  });

  test('asks first when its buyer wants that, and pays when he says so', () => {
    const desk = openDesk();
    const authCode = codeOf(desk, { asksFirst: true });
    const paid = { ...ORDER, auth_code: authCode };
    expect(desk.call('alipay.trade.pay', paid)).toMatchObject({ code: '10003' });
    desk.nowMs += HOUR_MS;
    expect(desk.trade('W1')).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY', chargeCount: 0 });
    // The till asks again with the same code, as the protocol lets it.
    expect(desk.call('alipay.trade.pay', paid)).toMatchObject({ code: '10003' });
    const [waiting] = get(desk, 'wallet')['waiting'] as { tradeNo: string }[];
    expect(post(desk, `wallet/trades/${waiting?.tradeNo}/pay`)).toMatchObject({ outcome: 'paid' });
    expect(desk.trade('W1')).toMatchObject({ tradeStatus: 'TRADE_SUCCESS', chargeCount: 1 });
  });
});

describe('a scan', () => {
  test('asks, and the same buyer may scan again', () => {
    const desk = openDesk();
    const qrCode = precreate(desk);
    const asked = {
      outcome: 'asked',
      trade: { outTradeNo: 'W1', amount: '5.00', subject: '早餐' },
    };
    expect(scanned(desk, qrCode)).toMatchObject(asked);
    expect(scanned(desk, qrCode)).toMatchObject(asked);
    expect(scanned(desk, qrCode, 'poor')).toEqual({ outcome: 'taken' });
  });

  test('of a code that nobody made, or that is over', () => {
    const desk = openDesk();
    const qrCode = precreate(desk);
    expect(scanned(desk, 'https://qr.alipay.com/bax0')).toEqual({ outcome: 'unknown' });
    desk.nowMs += 2 * HOUR_MS;
    expect(scanned(desk, qrCode)).toEqual({ outcome: 'expired' });
  });

  test('of an order that is paid, or closed', () => {
    const desk = openDesk();
    const [first, second] = [precreate(desk), precreate(desk, { ...ORDER, out_trade_no: 'W2' })];
    post(desk, `wallet/trades/${tradeNoOf(scanned(desk, first))}/pay`);
    post(desk, `wallet/trades/${tradeNoOf(scanned(desk, second))}/decline`);
    expect(scanned(desk, first)).toMatchObject({ outcome: 'paid', trade: { outTradeNo: 'W1' } });
    expect(scanned(desk, second)).toMatchObject({
      outcome: 'closed',
      trade: { closedBy: 'buyer' },
    });
  });
});

describe('an act', () => {
  test('pays once, whatever comes after', () => {
    const desk = openDesk();
    const path = `wallet/trades/${tradeNoOf(scanned(desk, precreate(desk)))}`;
    expect(post(desk, `${path}/pay`)).toMatchObject({ outcome: 'paid' });
    expect(post(desk, `${path}/pay`)).toMatchObject({ outcome: 'already_paid' });
    expect(post(desk, `${path}/decline`)).toMatchObject({ outcome: 'already_paid' });
    expect(desk.trade('W1')).toMatchObject({ tradeStatus: 'TRADE_SUCCESS', chargeCount: 1 });
    expect(get(desk, path)).toMatchObject({ trade: { status: 'TRADE_SUCCESS' } });
  });

  test('declines', () => {
    const desk = openDesk();
    const path = `wallet/trades/${tradeNoOf(scanned(desk, precreate(desk)))}`;
    expect(post(desk, `${path}/decline`)).toMatchObject({ outcome: 'declined' });
    expect(post(desk, `${path}/pay`)).toMatchObject({
      outcome: 'closed',
      trade: { closedBy: 'buyer' },
    });
    expect(desk.trade('W1')).toMatchObject({ tradeStatus: 'TRADE_CLOSED', chargeCount: 0 });
  });

  test('comes too late', () => {
    const desk = openDesk();
    const tradeNo = tradeNoOf(scanned(desk, precreate(desk)));
    desk.nowMs += 3 * HOUR_MS;
    expect(post(desk, `wallet/trades/${tradeNo}/pay`)).toMatchObject({
      outcome: 'closed',
      trade: { closedBy: 'timeout' },
    });
  });

  test('of the poor one changes nothing', () => {
    const desk = openDesk();
    const tradeNo = tradeNoOf(scanned(desk, precreate(desk), 'poor'));
    expect(post(desk, `wallet/trades/${tradeNo}/pay`)).toMatchObject({ outcome: 'no_balance' });
    expect(desk.trade('W1')).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY', chargeCount: 0 });
  });

  test('on nothing is an error', () => {
    const desk = openDesk();
    const error = { error: 'no trade has this number' };
    expect(desk.control('POST', '/simulator/wallet/trades/W1/pay')).toEqual({
      status: 404,
      json: error,
    });
    expect(desk.control('GET', '/simulator/wallet/trades/W1')).toEqual({
      status: 404,
      json: error,
    });
  });
});

describe('the history', () => {
  type Page = {
    entries: { cursor: string; kind: string; amount: string; at: string }[];
    hasMore: boolean;
  };
  const page = (desk: Desk, query = ''): Page => get(desk, `wallet/history${query}`) as Page;

  /** Three payments, a day apart; the first is given back in two parts, the second part by a cancel of nothing else. */
  function busyDesk(): Desk {
    const desk = openDesk();
    for (const number of [1, 2, 3]) {
      const order = { ...ORDER, out_trade_no: `W${number}`, total_amount: `${number}.00` };
      desk.call('alipay.trade.pay', { ...order, auth_code: codeOf(desk) });
      desk.nowMs += DAY_MS;
    }
    const back = { out_trade_no: 'W1', refund_reason: '退房' };
    desk.call('alipay.trade.refund', { ...back, refund_amount: '0.40', out_request_no: 'R1' });
    desk.call('alipay.trade.refund', { ...back, refund_amount: '0.60', out_request_no: 'R2' });
    // Never paid: nothing to list.
    scanned(desk, precreate(desk, { ...ORDER, out_trade_no: 'W4' }));
    return desk;
  }

  test('is what was paid and what came back, newest first', () => {
    const { entries, hasMore } = page(busyDesk());
    expect(hasMore).toBe(false);
    expect(entries.map(({ kind, amount, at }) => [kind, amount, at.slice(0, 10)])).toEqual([
      ['refund', '0.60', '2026-03-04'],
      ['refund', '0.40', '2026-03-04'],
      ['payment', '3.00', '2026-03-03'],
      ['payment', '2.00', '2026-03-02'],
      ['payment', '1.00', '2026-03-01'],
    ]);
    expect(entries[0]).toMatchObject({
      reason: '退房',
      trade: { outTradeNo: 'W1', refundedAmount: '1.00', closedBy: 'refund' },
    });
    expect(page(busyDesk(), '?buyer=poor').entries).toEqual([]);
  });

  test('is read on from any entry, without a gap or a repeat, whatever is new meanwhile', () => {
    const desk = busyDesk();
    const all = page(desk).entries.map(({ cursor }) => cursor);
    const first = page(desk, '?limit=2');
    expect(first.hasMore).toBe(true);
    desk.call('alipay.trade.pay', { ...ORDER, out_trade_no: 'W9', auth_code: codeOf(desk) });
    const second = page(desk, `?limit=2&before=${first.entries[1]?.cursor}`);
    const third = page(desk, `?limit=2&before=${second.entries[1]?.cursor}`);
    const read = [first, second, third].flatMap(({ entries }) => entries);
    expect(read.map(({ cursor }) => cursor)).toEqual(all);
    expect(third.hasMore).toBe(false);
  });
});

test('what waits for the shop: faults, and the clock', () => {
  const desk = openDesk();
  expect(get(desk, 'faults')).toEqual({ faults: [] });
  post(desk, 'faults', { kind: 'delay', ms: 5, method: 'alipay.trade.pay', times: 2 });
  post(desk, 'faults', { kind: 'http_502', outTradeNo: 'W1', executed: false });
  desk.call('alipay.trade.pay', { ...ORDER, auth_code: codeOf(desk) });
  const [first, second] = get(desk, 'faults')['faults'] as Json[];
  expect(first).toEqual({
    id: expect.any(String),
    kind: 'delay',
    method: 'alipay.trade.pay',
    times: 1,
    executed: true,
    ms: 5,
  });
  expect(second).toMatchObject({ kind: 'http_502', outTradeNo: 'W1', executed: false });
  expect(get(desk, 'clock')).toEqual({ now: '2026-03-01 12:00:00', aheadMs: 0 });
  post(desk, 'clock', { advanceMs: 1000 });
  expect(get(desk, 'clock')).toMatchObject({ aheadMs: 1000 });
});

test.each([
  ['GET', 'wallet?buyer=nobody', '"buyer" must be one of rich, poor'],
  ['GET', 'wallet?who=rich', '"who" is no field of this call'],
  ['GET', 'wallet?authCode=12', '"authCode" must be a payment code'],
  ['GET', 'wallet/history?limit=0', '"limit" must be a whole number from 1 to 100'],
  ['GET', 'wallet/history?limit=101', '"limit" must be a whole number from 1 to 100'],
  ['GET', 'wallet/history?before=yesterday', '"before" must be the cursor of an entry'],
  ['POST', 'wallet/scan', '"qrCode" is missing'],
  ['POST', 'payment-codes', '"asksFirst" must be true or false'],
])('%s %s is refused', (verb, path, error) => {
  const body = path === 'payment-codes' ? { asksFirst: 'yes' } : verb === 'POST' ? {} : undefined;
  expect(openDesk().control(verb, `/simulator/${path}`, body)).toEqual({
    status: 400,
    json: { error },
  });
});
