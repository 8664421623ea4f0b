/**
 * An Alipay that is silent, garbled or wrong, on every call of the API and with every fault the
 * simulator knows. Calls without an effect on money say that Alipay is unreachable; a charge or a
 * refund is in doubt, never failed, and settles by itself to what the simulator's book says. All
 * answers come within the time that the contract allows.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, until, type Gateway } from '../support/gateway-process.ts';
import { simulatorClient, type SimulatorClient } from '../support/simulator-client.ts';
import {
  aCharge,
  addShop,
  aName,
  call,
  enrol,
  field,
  text,
  type Reply,
} from '../support/v1-client.ts';

const TIMEOUT_MS = 700;
const WAIT_S = 1;

/** Every way in which an answer can fail to be one. */
const FAULTS = [
  { kind: 'drop_request' },
  { kind: 'drop_response' },
  { kind: 'delay', ms: 2500 },
  { kind: 'http_502' },
  { kind: 'empty_body' },
  { kind: 'unknown_20000' },
  { kind: 'unknown_20000_gbk' },
  { kind: 'bad_signature' },
  { kind: 'no_signature' },
  { kind: 'tampered_body' },
] as const;

let gateway: Gateway;
let simulator: SimulatorClient;
let token: string;
let cpiNo: string;
let paidNo: string;

beforeAll(async () => {
  gateway = await startGateway({
    F2F_ALIPAY_TIMEOUT_MS: String(TIMEOUT_MS),
    F2F_BARCODE_WAIT_S: String(WAIT_S),
    F2F_PAYMENT_DEADLINE_S: '5',
  });
  simulator = simulatorClient(gateway.simulatorUrl());
  ({ token } = await enrol(gateway.url()));
  ({ cpiNo } = await addShop(gateway.url(), token));
  const { re } = await ask('/f2f/hb_barcode', aCharge(cpiNo, { totalAmount: '9.00' }));
  paidNo = text(re, 'out_trade_no');
});
afterAll(() => gateway.stop());

const ask = (path: string, data?: object): Promise<Reply> =>
  call(gateway.url(), path, { data, token });

type Timed<T> = { readonly reply: T; readonly tookMs: number };

async function timed<T>(answer: Promise<T>): Promise<Timed<T>> {
  const startedAtMs = Date.now();
  const reply = await answer;
  return { reply, tookMs: Date.now() - startedAtMs };
}

describe('a call without an effect on money says that Alipay is unreachable', () => {
  test.each(FAULTS)('$kind', async (fault) => {
    const calls = [
      [
        'alipay.trade.query',
        (): Promise<Reply> => ask('/f2f/query', { cpiNo, outTradeNo: paidNo }),
      ],
      ['alipay.trade.precreate', (): Promise<Reply> => ask('/f2f/qrcode', aCharge(cpiNo))],
      ['monitor.heartbeat.syn', (): Promise<Reply> => ask(`/f2f/test/${cpiNo}`)],
    ] as const;
    for (const [method, send] of calls) {
      await simulator.fault({ ...fault, method, times: 3 });
      const { reply, tookMs } = await timed(send());
      await simulator.endFaults();
      expect([method, reply.err, reply.statusNo, reply.msg, reply.data]).toStrictEqual([
        method,
        'ALIPAY_UNREACHABLE',
        502,
        '支付宝网关无响应,请稍后查询!',
        {},
      ]);
      expect(tookMs).toBeLessThan(2 * TIMEOUT_MS + 1000);
      expect((await send()).err).toBe('nothing');
    }
  });
});

/**
 * All charges begin one after the other, because a fault hits the next pay call whosesoever it is,
 * and then settle side by side.
 */
describe('a charge is in doubt, and settles to what the book says', () => {
  const stories = FAULTS.flatMap((fault) => [
    ...(fault.kind === 'drop_request' ? [] : [{ ...fault, executed: true }]),
    { ...fault, executed: false },
  ]);
  const charges = new Map<object, Promise<Charged>>();

  beforeAll(async () => {
    for (const story of stories) {
      const data = aCharge(cpiNo);
      await simulator.fault({ ...story, method: 'alipay.trade.pay', times: 1 });
      const first = await timed(ask('/f2f/hb_barcode', data));
      charges.set(story, settleCharge(data, first));
    }
    await Promise.allSettled(charges.values());
  }, 100_000);

  test.each(stories)('$kind, executed: $executed', async (story) => {
    const charged = await charges.get(story);
    expect(['10003', '10000']).toContain(field(charged?.first.re, 'code'));
    expect(charged?.first.err).toBe('nothing');
    expect(charged?.tookMs).toBeLessThan(WAIT_S * 1000 + 2 * TIMEOUT_MS + 1000);
    expect(field(charged?.settled.re, 'out_trade_no')).toBe(
      field(charged?.first.re, 'out_trade_no'),
    );
    expect([field(charged?.settled.re, 'code'), charged?.trade?.chargeCount ?? 0]).toStrictEqual(
      story.executed ? ['10000', 1] : ['40004', 0],
    );
    expect(charged?.trade?.refundedAmount ?? '0.00').toBe('0.00');
  });
});

type Charged = Awaited<ReturnType<typeof settleCharge>>;

async function settleCharge(data: object, { reply: first, tookMs }: Timed<Reply>) {
  const settled = await until(
    async () => {
      const again = await ask('/f2f/hb_barcode', data);
      return field(again.re, 'code') === '10003' ? undefined : again;
    },
    { what: 'the charge to settle', withinMs: 40_000 },
  );
  const trade = await simulator.trade(text(first.re, 'out_trade_no'));
  return { first, tookMs, settled, trade };
}

test('a pay call that the network carries twice charges once', async () => {
  await simulator.fault({ kind: 'duplicate_request', method: 'alipay.trade.pay' });
  const { re } = await ask('/f2f/hb_barcode', aCharge(cpiNo));
  expect(field(re, 'code')).toBe('10000');
  expect(await simulator.trade(text(re, 'out_trade_no'))).toMatchObject({ chargeCount: 1 });
});

describe('a refund is in doubt, and is executed once', () => {
  const refunds = new Map<string, Promise<Refunded>>();

  beforeAll(async () => {
    for (const fault of FAULTS) refunds.set(fault.kind, refundUnder(fault));
    await Promise.allSettled(refunds.values());
  }, 60_000);

  test.each(FAULTS)('$kind', async ({ kind }) => {
    const refunded = await refunds.get(kind);
    expect(refunded?.first.err).toBe('nothing');
    expect(['10000', '10003']).toContain(refunded?.first.data['code']);
    expect(refunded?.tookMs).toBeLessThan(2 * TIMEOUT_MS + 1000);
    expect(refunded?.settled).toMatchObject({ err: 'nothing', data: { code: '10000' } });
    expect(refunded?.again.raw).toBe(refunded?.settled.raw);
    expect(refunded?.trade).toMatchObject({
      refundedAmount: '0.50',
      refunds: [{ amount: '0.50' }],
    });
  });
});

type Refunded = Awaited<ReturnType<typeof refundUnder>>;

async function refundUnder(fault: (typeof FAULTS)[number]) {
  const charge = aCharge(cpiNo, { totalAmount: '2.00' });
  const outTradeNo = text((await ask('/f2f/hb_barcode', charge)).re, 'out_trade_no');
  const refund = { cpiNo, outTradeNo, refundAmount: '0.50', outRequestNo: aName('refund') };
  const send = (): Promise<Reply> => ask('/f2f/refund', refund);
  await simulator.fault({ ...fault, outTradeNo, method: 'alipay.trade.refund', times: 2 });
  const { reply: first, tookMs } = await timed(send());
  const settled = await until(
    async () => [await send()].find(({ data }) => data['code'] !== '10003'),
    { what: 'the refund to settle', withinMs: 40_000 },
  );
  const again = await send();
  return { first, tookMs, settled, again, trade: await simulator.trade(outTradeNo) };
}

test("a shop whose Alipay key is not Alipay's believes nothing", async () => {
  const stranger = await addShop(gateway.url(), token);
  const shop = await addShop(gateway.url(), token, { cpiAlipubKey: stranger.data['cpiPubKey'] });
  const data = aCharge(shop.cpiNo);
  const charged = await ask('/f2f/hb_barcode', data);
  const outTradeNo = text(charged.re, 'out_trade_no');
  const asked = [
    await ask(`/f2f/test/${shop.cpiNo}`),
    await ask('/f2f/query', { cpiNo: shop.cpiNo, outTradeNo }),
    await ask('/f2f/qrcode', aCharge(shop.cpiNo)),
  ];
  expect(shop.data['cpiAlipubKey']).toBe(stranger.data['cpiPubKey']);
  expect(field(charged.re, 'code')).toBe('10003');
  expect(asked.map(({ err }) => err)).toStrictEqual(asked.map(() => 'ALIPAY_UNREACHABLE'));
  expect(await simulator.trade(outTradeNo)).toMatchObject({ chargeCount: 1 });
});
