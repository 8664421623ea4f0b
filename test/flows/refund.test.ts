/**
 * Refunds in virtual time: every way the answer can get lost, repetitions, sums, two at once, and trades that an older
 * system made. The simulator's book is the witness: each request number moves money at most once, and never too much.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fen } from '../../src/core/money.ts';
import { decideRefund } from '../../src/core/refund.ts';
import { applyRefund } from '../../src/flows/apply-refund.ts';
import { loadApp } from '../../src/flows/load-app.ts';
import { listIncidents } from '../../src/store/incidents.ts';
import { findAnyMerchant } from '../../src/store/merchants.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type Envelope, type World } from '../support/world.ts';

let world: World;
let paymentNo: string;

beforeEach(async () => {
  world = await createWorld();
  const answer = await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '1.00',
    authCode: '280851932108273550',
    subject: 'Tea',
  });
  paymentNo = String(answer.re['out_trade_no']);
  await world.clock.advance(60_000);
});
afterEach(() => world.close());

const refund = (outRequestNo: string, refundAmount: string, more: object = {}): Promise<Envelope> =>
  world.ask('/f2f/refund', {
    cpiNo: 'DL0001',
    outTradeNo: paymentNo,
    refundAmount,
    outRequestNo,
    refundReason: '退款测试',
    ...more,
  });
const fault = (kind: string, more: object = {}): unknown =>
  world.control('POST', '/simulator/faults', { method: 'alipay.trade.refund', kind, ...more });
const shown = ({ err, data }: Envelope): unknown[] => [err, data['code'], data['sub_code']];
const sums = async (): Promise<unknown[]> => {
  const payment = await findPaymentByNo(world.db, paymentNo);
  return [payment?.refundedFen, payment?.refundingFen, world.trade(paymentNo)?.refundedAmount];
};

test('partial refunds, each once, and never more than was paid', async () => {
  const first = await refund('01', '0.30');
  expect(shown(first)).toStrictEqual(['nothing', '10000', undefined]);
  expect(await refund('01', '0.30')).toStrictEqual(first);
  expect(shown(await refund('01', '0.31'))).toStrictEqual([
    'REFUND_FAILED',
    '40004',
    'ACQ.DISCORDANT_REPEAT_REQUEST',
  ]);
  expect(shown(await refund('02', '0.71'))).toStrictEqual([
    'REFUND_FAILED',
    '40004',
    'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  ]);
  expect(shown(await refund('03', '0.70'))).toStrictEqual(['nothing', '10000', undefined]);
  expect(await sums()).toStrictEqual([100, 0, '1.00']);
  expect(world.trade(paymentNo)?.refunds).toHaveLength(2);
});

test('a refund in doubt is told as under way, and its outcome later', async () => {
  fault('drop_request', { times: 6 });
  expect((await refund('01', '0.40')).data).toStrictEqual({
    code: '10003',
    msg: 'refund in process',
    out_trade_no: paymentNo,
    out_request_no: '01',
  });
  expect(await sums()).toStrictEqual([0, 40, '0.00']);
  await world.clock.advance(3_600_000);
  expect(shown(await refund('01', '0.40'))).toStrictEqual(['nothing', '10000', undefined]);
});

test('a refund asked for while another is on its way does not wait for the lease of that one', async () => {
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.refund',
    kind: 'delay',
    ms: 100,
  });
  const first = refund('01', '0.30');
  await world.clock.advance(50);
  expect(shown(await refund('02', '0.30'))).toStrictEqual(['nothing', '10000', undefined]);
  await first;
  const sent = world.calls.filter(({ method }) => method === 'alipay.trade.refund');
  expect(sent[1]!.atMs - sent[0]!.atMs).toBeLessThan(3500);
});

test('two refunds of one trade are sent one at a time, three seconds apart', async () => {
  const both = Promise.all([refund('01', '0.30'), refund('02', '0.30')]);
  expect((await both).map(shown)).toStrictEqual([
    ['nothing', '10000', undefined],
    ['nothing', '10000', undefined],
  ]);
  const sent = world.calls.filter(({ method }) => method === 'alipay.trade.refund');
  expect(sent).toHaveLength(2);
  expect(sent[1]!.atMs - sent[0]!.atMs).toBeGreaterThanOrEqual(3000);
  expect(sent[1]!.atMs - sent[0]!.atMs).toBeLessThan(3500);
});

test.each([
  ['http_502', {}],
  ['drop_response', {}],
  ['drop_request', {}],
  ['unknown_20000', {}],
  ['unknown_20000_gbk', {}],
  ['unknown_20000', { executed: false }],
  ['bad_signature', {}],
  ['no_signature', {}],
  ['tampered_body', {}],
  ['empty_body', {}],
  ['duplicate_request', {}],
  ['delay', { ms: 60_000 }],
])('a refund whose answer suffers %s %o is executed once and told', async (kind, more) => {
  fault(kind, more);
  const answer = await refund('01', '0.40');
  // Told as done, or as under way; never as a failure.
  expect(answer.err).toBe('nothing');
  expect(['10000', '10003']).toContain(answer.data['code']);
  await world.clock.advance(60_000);
  const later = await refund('01', '0.40');
  expect(later.data).toMatchObject({ code: '10000', fund_change: 'Y', out_trade_no: paymentNo });
  expect(await refund('01', '0.40')).toStrictEqual(later);
  expect(world.trade(paymentNo)?.refunds).toStrictEqual([{ outRequestNo: '01', amount: '0.40' }]);
  expect(await sums()).toStrictEqual([40, 0, '0.40']);
});

test('a refund in the middle of which the node dies is executed once by the next', async () => {
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.refund') return;
    world.onRequest(undefined);
    await world.crash();
  });
  void world.send('/f2f/refund', {
    cpiNo: 'DL0001',
    outTradeNo: paymentNo,
    refundAmount: '0.40',
    outRequestNo: '01',
  });
  await world.clock.advance(120_000);
  expect(world.trade(paymentNo)?.refunds).toStrictEqual([{ outRequestNo: '01', amount: '0.40' }]);
  expect(await sums()).toStrictEqual([40, 0, '0.40']);
});

test('a payment that is not paid is refused in the fitting words', async () => {
  const qr = await world.ask('/f2f/qrcode', {
    cpiNo: 'DL0001',
    localNo: '2',
    totalAmount: '1.00',
    subject: 'Tea',
  });
  const no = String(qr.data['out_trade_no']);
  expect(shown(await refund('a', '1.00', { outTradeNo: no }))).toStrictEqual([
    'REFUND_FAILED',
    '40004',
    'ACQ.TRADE_NOT_EXIST',
  ]);
  world.control('POST', '/simulator/scan', { qrCode: qr.data['qr_code'] });
  expect(shown(await refund('b', '1.00', { outTradeNo: no }))).toStrictEqual([
    'REFUND_FAILED',
    '40004',
    'ACQ.TRADE_STATUS_ERROR',
  ]);
  world.control('POST', `/simulator/trades/${no}/decline`);
  expect(shown(await refund('c', '1.00', { outTradeNo: no }))).toStrictEqual([
    'REFUND_FAILED',
    '40004',
    'ACQ.TRADE_HAS_CLOSE',
  ]);
  expect(shown(await refund('01', '1.00', { outTradeNo: 'NOSUCH' }))).toStrictEqual([
    'REFUND_FAILED',
    '40004',
    'ACQ.TRADE_NOT_EXIST',
  ]);
});

test('a trade of an older system is adopted and refunded', async () => {
  // The older system's payment: known to Alipay, not to this database.
  await world.db.deleteFrom('payment_event').execute();
  await world.db.deleteFrom('event').execute();
  await world.db.deleteFrom('payment').execute();
  expect(shown(await refund('01', '0.40'))).toStrictEqual(['nothing', '10000', undefined]);
  expect(await sums()).toStrictEqual([40, 0, '0.40']);
  expect((await world.history(paymentNo)).kinds[0]).toBe('adopted');
});

test('a trade of an older system is asked to be refunded twice at once: one refund, told to both', async () => {
  await world.db.deleteFrom('payment_event').execute();
  await world.db.deleteFrom('event').execute();
  await world.db.deleteFrom('payment').execute();
  let isFirst = true;
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.query' || !isFirst) return;
    isFirst = false;
    // The other caller is done before this question arrives: the trade is closed by the very refund.
    await world.clock.sleep(5000);
  });
  const both = await Promise.all([refund('01', '1.00'), refund('01', '1.00')]);
  expect(both.map(shown)).toStrictEqual([
    ['nothing', '10000', undefined],
    ['nothing', '10000', undefined],
  ]);
  expect(await sums()).toStrictEqual([100, 0, '1.00']);
});

/** Alipay refuses the repetition of a refund whose first call got no answer, and finds nothing a minute later. */
async function refuseInDoubt(requestNo: string, amount: string): Promise<void> {
  fault('drop_request', { times: 1 });
  const waiting = refund(requestNo, amount);
  await world.clock.advance(20);
  const key = { merchantId: 1, paymentNo, requestNo };
  await applyRefund(world.deps, key, (rows, nowMs) => ({
    refund: decideRefund(
      rows.refund,
      { fact: 'refused', answer: REFUSAL, askedAtMs: nowMs },
      nowMs,
    ),
    refundNotBeforeMs: nowMs,
    event: { kind: 'refund_fact', detail: { requestNo, fact: 'refused' } },
  }));
  expect((await waiting).data['code']).toBe('10003');
  await world.clock.advance(60_000);
  expect(shown(await refund(requestNo, amount))).toStrictEqual([
    'REFUND_FAILED',
    '40004',
    'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  ]);
}

const REFUSAL = '{"code":"40004","sub_code":"ACQ.SELLER_BALANCE_NOT_ENOUGH"}';

/** The first call of the refund, which everybody thought lost, arrives. */
async function arriveLate(requestNo: string, amountFen: number): Promise<void> {
  const merchant = await findAnyMerchant(world.db, 'DL0001');
  const app = await loadApp(world.deps, merchant!.owner, merchant!.appId, merchant!);
  const call = { paymentNo, requestNo, amountFen: fen(amountFen) };
  await world.deps.alipay.refund(app!.app, call);
}

const incidents = async (): Promise<string[]> =>
  (await listIncidents(world.db, {})).map(
    ({ reason, requestNo, state }) => `${reason} ${requestNo} ${state}`,
  );

test('a refund that was refused and is carried out hours later is booked, and a person is told', async () => {
  await refuseInDoubt('01', '0.40');
  expect(await sums()).toStrictEqual([0, 0, '0.00']);
  await arriveLate('01', 40);
  await world.clock.advance(86_400_000);
  expect(await sums()).toStrictEqual([40, 0, '0.40']);
  expect(await incidents()).toStrictEqual(['refund_done_after_refused 01 open']);
  expect(shown(await refund('01', '0.40'))).toStrictEqual(['nothing', '10000', undefined]);
});

test('its money may be promised to another refund by then, which gets what is left', async () => {
  await refuseInDoubt('01', '0.40');
  await arriveLate('01', 40);
  // Another refund stays on its way, with its amount reserved.
  world.onRequest((method) => {
    if (method === 'alipay.trade.refund') throw new NoResponse('connection', 'the line is down');
  });
  expect((await refund('02', '0.80')).data['code']).toBe('10003');
  expect(await sums()).toStrictEqual([0, 80, '0.40']);
  await world.clock.advance(900_000);
  expect(await sums()).toStrictEqual([40, 60, '0.40']);
  world.onRequest(undefined);
  await world.clock.advance(86_400_000);
  expect(await incidents()).toStrictEqual(['refund_done_after_refused 01 open']);
  expect(shown(await refund('02', '0.80'))).toStrictEqual([
    'REFUND_FAILED',
    '40004',
    'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  ]);
  expect(await sums()).toStrictEqual([40, 0, '0.40']);
});

test('a refund that Alipay refuses is told, frees the amount, and stays refused', async () => {
  const refused = await refund('退款', '0.40');
  expect(shown(refused)).toStrictEqual(['REFUND_FAILED', '40004', 'ACQ.INVALID_PARAMETER']);
  expect(await sums()).toStrictEqual([0, 0, '0.00']);
  expect(await refund('退款', '0.40')).toStrictEqual(refused);
  expect(shown(await refund('01', '1.00'))).toStrictEqual(['nothing', '10000', undefined]);
});

test('another merchant cannot see or refund the trade, nor one that shares the app', async () => {
  await world.send('/f2f/company/add', {
    storeDogNo: 'DL0002',
    cpiPid: '2088212612254111',
    cpiAppid: '2016022901171807',
  });
  const answer = await refund('01', '0.40', { cpiNo: 'DL0002' });
  expect(shown(answer)).toStrictEqual(['REFUND_FAILED', '40004', 'ACQ.TRADE_NOT_EXIST']);
  const query = await world.ask('/f2f/query', { cpiNo: 'DL0002', outTradeNo: paymentNo });
  expect(shown(query)).toStrictEqual(['QUERY_FAILED', '40004', 'ACQ.TRADE_NOT_EXIST']);
  const stranger = await world.send(
    '/f2f/query',
    { cpiNo: 'DL0001', outTradeNo: paymentNo },
    'C'.repeat(32),
  );
  expect(stranger.err).toBe('THE_CPI_ISNT_EXISTS');
});
