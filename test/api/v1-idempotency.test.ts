/**
 * The same call again, many times at once and long after: one `localNo` is one charge, one
 * `outRequestNo` is one refund, and the witness is the simulator's book. Also the rules of v1.md for
 * a `localNo` that is used again after its charge ended unpaid, and for sums of refunds.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, until, type Gateway } from '../support/gateway-process.ts';
import { simulatorClient, type SimulatorClient, type Trade } from '../support/simulator-client.ts';
import {
  aCharge,
  addShop,
  aName,
  aPaymentCode,
  call,
  enrol,
  field,
  text,
  type Reply,
} from '../support/v1-client.ts';

let gateway: Gateway;
let simulator: SimulatorClient;
let token: string;
let cpiNo: string;

beforeAll(async () => {
  gateway = await startGateway({
    F2F_BARCODE_WAIT_S: '15',
    F2F_PAYMENT_DEADLINE_S: '2',
    F2F_ALIPAY_TIMEOUT_MS: '2000',
  });
  simulator = simulatorClient(gateway.simulatorUrl());
  ({ token } = await enrol(gateway.url()));
  ({ cpiNo } = await addShop(gateway.url(), token));
});
afterAll(() => gateway.stop());

const ask = (path: string, data: object): Promise<Reply> =>
  call(gateway.url(), path, { data, token });
const charge = (data: object): Promise<Reply> => ask('/f2f/hb_barcode', data);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

async function bookOf(outTradeNo: string): Promise<Trade> {
  const trade = await simulator.trade(outTradeNo);
  if (trade === undefined) throw new Error(`the book has no ${outTradeNo}`);
  return trade;
}

describe('one localNo is one charge', () => {
  test('fifty equal calls at once charge once and get equal answers', async () => {
    const data = aCharge(cpiNo, { totalAmount: '12.34' });
    const tradesBefore = (await simulator.trades()).length;
    const replies = await Promise.all(times(50, () => charge(data)));
    const outTradeNo = text(replies[0]?.re, 'out_trade_no');
    expect(new Set(replies.map(({ raw }) => raw)).size).toBe(1);
    expect(replies[0]?.re).toMatchObject({ code: '10000', total_amount: '12.34' });
    expect(await bookOf(outTradeNo)).toMatchObject({ chargeCount: 1, paidAmount: '12.34' });
    expect((await simulator.trades()).length - tradesBefore).toBe(1);
  });

  test('fifty equal calls of a payment in doubt charge once, too', async () => {
    const data = aCharge(cpiNo, { authCode: aPaymentCode('0007') });
    const replies = await Promise.all(times(50, () => charge(data)));
    const settled = await charge(data);
    expect(new Set(replies.map(({ re }) => field(re, 'out_trade_no'))).size).toBe(1);
    expect(replies.map(({ re }) => field(re, 'code'))).not.toContain('40004');
    expect(settled.re).toMatchObject({ code: '10000' });
    expect(await bookOf(text(settled.re, 'out_trade_no'))).toMatchObject({ chargeCount: 1 });
  });

  test('twenty different codes race for one localNo: one of them is charged', async () => {
    const data = aCharge(cpiNo);
    const replies = await Promise.all(
      times(20, () => charge({ ...data, authCode: aPaymentCode() })),
    );
    const won = replies.filter(({ err }) => err === 'nothing');
    const lost = replies.filter(({ err }) => err === 'LOCALNO_ALREADY_EXISTS');
    const outTradeNo = text(won[0]?.re, 'out_trade_no');
    expect([won.length, lost.length]).toStrictEqual([1, 19]);
    expect(new Set(lost.map(({ data: told }) => told['out_trade_no']))).toStrictEqual(
      new Set([outTradeNo]),
    );
    expect(await bookOf(outTradeNo)).toMatchObject({ chargeCount: 1 });
  });

  test('the same call after a restart gets the same words', async () => {
    const data = aCharge(cpiNo);
    const first = await charge(data);
    await gateway.restart();
    simulator = simulatorClient(gateway.simulatorUrl());
    const again = await charge(data);
    expect(again.raw).toBe(first.raw);
    expect(await bookOf(text(first.re, 'out_trade_no'))).toMatchObject({ chargeCount: 1 });
  });

  test.each<[what: string, change: () => object]>([
    ['another amount', () => ({ totalAmount: '0.02' })],
    ['another code', () => ({ authCode: aPaymentCode() })],
  ])('%s under the localNo of a paid charge is refused', async (_, change) => {
    const data = aCharge(cpiNo);
    const first = await charge(data);
    const other = await charge({ ...data, ...change() });
    expect(other).toMatchObject({
      err: 'LOCALNO_ALREADY_EXISTS',
      msg: '该订单号已存在!',
      statusNo: 400,
      re: {},
    });
    expect(Object.entries(other.data)).toStrictEqual([
      ['out_trade_no', text(first.re, 'out_trade_no')],
      ['trade_status', 'TRADE_SUCCESS'],
    ]);
  });

  test('a repeated call may word the same amount differently', async () => {
    const data = aCharge(cpiNo, { totalAmount: '1.50' });
    const first = await charge(data);
    const again = await charge({ ...data, totalAmount: 1.5, subject: 'another subject' });
    expect(again.raw).toBe(first.raw);
  });

  test('two shops may use the same localNo', async () => {
    const other = await addShop(gateway.url(), token);
    const localNo = aName('order');
    const [one, two] = await Promise.all([
      charge(aCharge(cpiNo, { localNo })),
      charge(aCharge(other.cpiNo, { localNo })),
    ]);
    expect([field(one?.re, 'code'), field(two?.re, 'code')]).toStrictEqual(['10000', '10000']);
    expect(field(one?.re, 'out_trade_no')).not.toBe(field(two?.re, 'out_trade_no'));
  });
});

describe('a localNo whose charge ended unpaid may be used again', () => {
  test.each([
    ['declined', '0003', 'ACQ.BUYER_BALANCE_NOT_ENOUGH'],
    ['cancelled at its deadline', '0002', 'ACQ.TRADE_HAS_CLOSE'],
  ])('%s', async (_, code, subCode) => {
    const data = aCharge(cpiNo, { authCode: aPaymentCode(code) });
    const first = await charge(data);
    expect(first.re).toMatchObject({ code: '40004', sub_code: subCode });
    expect((await charge(data)).raw).toBe(first.raw);

    const second = { ...data, authCode: aPaymentCode() };
    const paid = await charge(second);
    expect(paid.re).toMatchObject({ code: '10000' });
    expect(field(paid.re, 'out_trade_no')).not.toBe(field(first.re, 'out_trade_no'));
    expect((await charge(second)).raw).toBe(paid.raw);
    // The first code still gets its own answer, and is not charged again.
    expect((await charge(data)).raw).toBe(first.raw);
    const third = await charge({ ...data, authCode: aPaymentCode() });
    expect(third.err).toBe('LOCALNO_ALREADY_EXISTS');
  });
});

describe('qrcode', () => {
  test('fifty equal calls at once show one code', async () => {
    const data = aCharge(cpiNo, { authCode: undefined });
    const replies = await Promise.all(times(50, () => ask('/f2f/qrcode', data)));
    expect(replies.map(({ err }) => err)).toStrictEqual(times(50, () => 'nothing'));
    expect(new Set(replies.map(({ raw }) => raw)).size).toBe(1);
    expect(replies[0]).toMatchObject({ re: 1, data: { code: '10000' } });
  });

  test('qrcode and hb_barcode share their localNos', async () => {
    const data = aCharge(cpiNo);
    const shown = await ask('/f2f/qrcode', data);
    const charged = await charge(data);
    expect(charged).toMatchObject({
      err: 'LOCALNO_ALREADY_EXISTS',
      data: { out_trade_no: shown.data['out_trade_no'], trade_status: 'WAIT_BUYER_PAY' },
    });
    const paid = await charge(aCharge(cpiNo));
    const localNo = aName('order');
    await charge(aCharge(cpiNo, { localNo }));
    expect(await ask('/f2f/qrcode', aCharge(cpiNo, { localNo }))).toMatchObject({
      err: 'LOCALNO_ALREADY_EXISTS',
      data: { trade_status: 'TRADE_SUCCESS' },
    });
    expect(paid.re).toMatchObject({ code: '10000' });
  });

  test('another amount is refused while the code is out', async () => {
    const data = aCharge(cpiNo, { totalAmount: '1.00' });
    await ask('/f2f/qrcode', data);
    const other = await ask('/f2f/qrcode', { ...data, totalAmount: '2.00' });
    expect(other.err).toBe('LOCALNO_ALREADY_EXISTS');
  });

  test('a scan and a payment are seen by query; the same call still shows the same code', async () => {
    const data = aCharge(cpiNo, { totalAmount: '3.00' });
    const shown = await ask('/f2f/qrcode', data);
    const outTradeNo = text(shown.data, 'out_trade_no');
    const query = (): Promise<Reply> => ask('/f2f/query', { cpiNo, outTradeNo });
    expect(await query()).toMatchObject({
      err: 'QUERY_FAILED',
      data: { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' },
    });
    const qrCode = text(shown.data, 'qr_code');
    expect(await simulator.scan(qrCode)).toStrictEqual({
      outTradeNo,
      tradeStatus: 'WAIT_BUYER_PAY',
    });
    expect((await query()).data).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' });
    await simulator.pay(outTradeNo);
    expect((await query()).data).toMatchObject({
      trade_status: 'TRADE_SUCCESS',
      total_amount: '3.00',
    });
    expect(await bookOf(outTradeNo)).toMatchObject({ chargeCount: 1 });
    expect((await ask('/f2f/qrcode', data)).raw).toBe(shown.raw);
  });

  test('after a precreate that got no answer the same call gets a new number', async () => {
    const data = aCharge(cpiNo);
    await simulator.fault({ method: 'alipay.trade.precreate', kind: 'drop_request', times: 1 });
    const lost = await ask('/f2f/qrcode', data);
    const shown = await ask('/f2f/qrcode', data);
    expect([lost.err, lost.statusNo, lost.data]).toStrictEqual(['ALIPAY_UNREACHABLE', 502, {}]);
    expect(shown).toMatchObject({ err: 'nothing', data: { code: '10000' } });
  });
});

describe.concurrent('one outRequestNo is one refund', () => {
  const aPaidTrade = async (totalAmount: string): Promise<string> =>
    text((await charge(aCharge(cpiNo, { totalAmount }))).re, 'out_trade_no');
  const refund = (outTradeNo: string, refundAmount: string, outRequestNo: string): Promise<Reply> =>
    ask('/f2f/refund', { cpiNo, outTradeNo, refundAmount, outRequestNo });
  const isOpen = ({ data }: Reply): boolean => data['code'] === '10003';
  /** Repeats the call, as a terminal does, until it tells the outcome. */
  const settle = (again: () => Promise<Reply>, withinMs = 60_000): Promise<Reply> =>
    until(async () => [await again()].find((reply) => !isOpen(reply)), {
      what: 'the refund to settle',
      withinMs,
    });

  test('the same call again is answered word by word', async () => {
    const outTradeNo = await aPaidTrade('1.00');
    const first = await refund(outTradeNo, '0.40', '1');
    const replies = await Promise.all(times(10, () => refund(outTradeNo, '0.40', '1')));
    expect(first).toMatchObject({ err: 'nothing', data: { code: '10000', fund_change: 'Y' } });
    expect(replies.map(({ raw }) => raw)).toStrictEqual(times(10, () => first.raw));
    expect(await bookOf(outTradeNo)).toMatchObject({
      refundedAmount: '0.40',
      refunds: [{ outRequestNo: '1', amount: '0.40' }],
    });
  });

  test('equal calls at once refund once', async () => {
    const outTradeNo = await aPaidTrade('1.00');
    await Promise.all(times(20, () => refund(outTradeNo, '0.30', 'r')));
    const settled = await settle(() => refund(outTradeNo, '0.30', 'r'));
    expect(settled.err).toBe('nothing');
    expect(await bookOf(outTradeNo)).toMatchObject({ refundedAmount: '0.30' });
  });

  test('the second of two refunds at once waits for its turn of three seconds, and is done', async () => {
    const outTradeNo = await aPaidTrade('1.00');
    const replies = await Promise.all([
      refund(outTradeNo, '0.10', 'one'),
      refund(outTradeNo, '0.20', 'two'),
    ]);
    expect(replies.map(({ data }) => data['code'])).toStrictEqual(['10000', '10000']);
    expect(await bookOf(outTradeNo)).toMatchObject({ refundedAmount: '0.30' });
  });

  test('another amount under the same number is refused in the shape of Alipay', async () => {
    const outTradeNo = await aPaidTrade('1.00');
    await refund(outTradeNo, '0.40', '1');
    const other = await refund(outTradeNo, '0.41', '1');
    expect(other).toMatchObject({
      err: 'REFUND_FAILED',
      msg: '退款失败!,请检查本地付款单号',
      statusNo: 400,
      data: { code: '40004', msg: 'Business Failed' },
    });
    expect(text(other.data, 'sub_code')).toMatch(/^ACQ\./);
    expect(await bookOf(outTradeNo)).toMatchObject({ refundedAmount: '0.40' });
  });

  test('more than was paid is refused, and more than is left', async () => {
    const outTradeNo = await aPaidTrade('1.00');
    const tooMuch = await refund(outTradeNo, '1.01', 'a');
    await settle(() => refund(outTradeNo, '0.60', 'b'));
    const rest = await settle(() => refund(outTradeNo, '0.41', 'c'));
    expect([tooMuch.err, rest.err]).toStrictEqual(['REFUND_FAILED', 'REFUND_FAILED']);
    expect(await bookOf(outTradeNo)).toMatchObject({ refundedAmount: '0.60' });
  });

  test('a refund whose answer is lost is in doubt, then told, and executed once', async () => {
    const outTradeNo = await aPaidTrade('1.00');
    await simulator.fault({ kind: 'drop_response', outTradeNo, times: 2 });
    const first = await refund(outTradeNo, '0.40', 'lost');
    const settled = await settle(() => refund(outTradeNo, '0.40', 'lost'));
    expect(first.err).toBe('nothing');
    expect(['10003', '10000']).toContain(first.data['code']);
    expect(settled).toMatchObject({ err: 'nothing', data: { code: '10000' } });
    expect(await bookOf(outTradeNo)).toMatchObject({ refundedAmount: '0.40' });
    expect((await refund(outTradeNo, '0.40', 'lost')).raw).toBe(settled.raw);
  });

  test('a refund in doubt has the published shape', async () => {
    const outTradeNo = await aPaidTrade('1.00');
    await simulator.fault({ kind: 'drop_request', outTradeNo, times: 3 });
    const { data } = await refund(outTradeNo, '0.40', 'doubt');
    expect(Object.entries(data)).toStrictEqual([
      ['code', '10003'],
      ['msg', 'refund in process'],
      ['out_trade_no', outTradeNo],
      ['out_request_no', 'doubt'],
    ]);
  });

  test('twenty refunds at once never give back more than was paid', async () => {
    const outTradeNo = await aPaidTrade('0.10');
    const ask = (index: number): Promise<Reply> => refund(outTradeNo, '0.01', `at-once-${index}`);
    const first = await Promise.all(times(20, ask));
    expect(Number((await bookOf(outTradeNo)).refundedAmount)).toBeLessThanOrEqual(0.1);
    expect(first.map(({ err }) => err)).not.toContain('SYSTEM_ERROR');

    // Refunds of one trade go to Alipay one at a time, three seconds apart.
    const settled = await Promise.all(times(20, (index) => settle(() => ask(index), 110_000)));
    const done = settled.filter(({ data }) => data['code'] === '10000');
    const { refundedAmount, refunds } = await bookOf(outTradeNo);
    expect(refundedAmount).toBe('0.10');
    expect(refunds).toHaveLength(done.length);
    expect(done).toHaveLength(10);
  }, 120_000);
});
