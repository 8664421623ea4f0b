/**
 * `kill -9` before, during and after each call of a charge, in virtual time: the node's pending calls never return, a new
 * node starts on the same database, and the payment settles by itself to what the simulator's book says.
 */
import { afterEach, expect, test } from 'vitest';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const CHARGE = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108273550',
  subject: 'Tea',
};
const PAYMENT_NO = 'FF2611230000001';
const DAY_MS = 86_400_000;

async function settle(): Promise<{ state: string | undefined; due: number | null | undefined }> {
  await world.clock.advance(4 * DAY_MS);
  const payment = await findPaymentByNo(world.db, PAYMENT_NO);
  return { state: payment?.state, due: payment?.dueAtMs };
}

test.each([
  ['before Alipay hears of it', '9999', 'alipay.trade.pay', 'closed', undefined],
  ['after the charge, before the answer', '9999', 'answer', 'paid', 'TRADE_SUCCESS'],
  ['while the buyer types the password', '0001', 'alipay.trade.query', 'paid', 'TRADE_SUCCESS'],
  ['while the payment is cancelled', '0002', 'alipay.trade.cancel', 'closed', 'TRADE_CLOSED'],
])('%s', async (_name, code, at, state, status) => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  world.onRequest(async (method) => {
    if (method !== at && at !== 'answer') return;
    world.onRequest(undefined);
    if (at === 'answer') {
      // The request goes out; the node is gone when the answer comes.
      world.clock.at(0, () => void world.crash());
      return;
    }
    await world.crash();
    // The request never left the dead node.
    await new Promise(() => undefined);
  });
  const authCode = `28085193210827${code}`;
  if (at === 'answer') world.control('POST', '/simulator/faults', { kind: 'delay', ms: 5000 });
  void world.send('/f2f/hb_barcode', { ...CHARGE, authCode });
  await world.clock.advance(100_000);
  expect(await settle()).toStrictEqual({ state, due: null });
  expect(world.trade(PAYMENT_NO)?.tradeStatus).toBe(status);
  // A cancel that may have been sent is in the history, whether anybody came back from it or not.
  const { kinds } = await world.history(PAYMENT_NO);
  expect(kinds.includes('cancel_sent')).toBe(state === 'closed');
  expect(world.trade(PAYMENT_NO)?.chargeCount ?? 0).toBeLessThanOrEqual(1);
  const again = await world.ask('/f2f/hb_barcode', { ...CHARGE, authCode });
  expect(again.re['out_trade_no']).toBe(PAYMENT_NO);
  expect(again.re['code']).toBe(state === 'paid' ? '10000' : '40004');
});

test('a node that loses its lease while it still works does no harm', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  const slow: (() => void)[] = [];
  world.onRequest((method) => {
    if (method !== 'alipay.trade.query') return undefined;
    return new Promise((resolve) => slow.push(resolve));
  });
  void world.send('/f2f/hb_barcode', { ...CHARGE, authCode: '280851932108270002' });
  // The first query hangs past its lease, the row is looked at again; then both answers arrive.
  await world.clock.advance(40_000);
  world.onRequest(undefined);
  slow.forEach((go) => go());
  expect(slow.length).toBeGreaterThan(1);
  expect((await settle()).state).toBe('closed');
  expect(world.trade(PAYMENT_NO)?.tradeStatus).toBe('TRADE_CLOSED');
});

test('what the buyer paid in time stays paid when the gateway was down until after the deadline', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  void world.send('/f2f/hb_barcode', { ...CHARGE, authCode: '280851932108270001' });
  await world.clock.advance(1000);
  world.onRequest(() => new Promise(() => undefined));
  await world.clock.advance(120_000);
  world.onRequest(undefined);
  await world.crash();
  expect((await settle()).state).toBe('paid');
  expect(world.trade(PAYMENT_NO)?.refundedAmount).toBe('0.00');
  expect(world.calls.map(({ method }) => method)).not.toContain('alipay.trade.cancel');
});

test('a look that fails by a fault of ours is logged, and the row is looked at again after its lease', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  world.onRequest((method) => {
    if (method !== 'alipay.trade.query') return;
    world.onRequest(undefined);
    throw new TypeError('a fault of ours');
  });
  const asked = world.send('/f2f/hb_barcode', { ...CHARGE, authCode: '280851932108270001' });
  await world.clock.advance(10_000);
  expect(world.alarms).toStrictEqual(['look at a due row failed']);
  await world.clock.advance(30_000);
  expect((await asked).re['code']).toBe('10000');
});
