/** Found by an attack on the money paths (cancel in flight), in virtual time; the name of each test says what went wrong. */
import { afterEach, expect, test } from 'vitest';
import { findVisibleMerchant } from '../../src/store/merchants.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { loadApp } from '../../src/flows/load-app.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());
const NO = 'FF2611230000001';
const charge = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108270002',
  subject: 'Tea',
};

test('a cancel that arrives after its timeout takes the money back, and nobody ever looks', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.cancel') return;
    world.onRequest(undefined);
    // The request is held up on its way; the buyer pays meanwhile.
    await world.clock.sleep(5_000);
    world.control('POST', `/simulator/trades/${NO}/pay`, {});
    await world.clock.sleep(5_000);
    world.clock.at(4_000, () => void delayedCancel());
    throw new NoResponse('timeout', 'no answer in time');
  });
  const delayedCancel = async (): Promise<void> => {
    const merchant = (await findVisibleMerchant(
      world.db,
      'DL0001',
      'B996377230C16FEF1BA98F127C1A4570',
    ))!;
    const app = (await loadApp(world.deps, merchant.owner, merchant.appId, merchant))!;
    await world.deps.alipay.cancel(app.app, { paymentNo: NO });
  };
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(45_000);
  const told = await world.ask('/f2f/hb_barcode', charge);
  expect(told.re['code']).toBe('10000');
  await world.clock.advance(10 * 86_400_000);
  const payment = await findPaymentByNo(world.db, NO);
  // The shop keeps nothing; somebody must have been told.
  expect(world.trade(NO)?.tradeStatus).toBe('TRADE_CLOSED');
  expect([payment?.state, world.alarms.length > 0]).not.toStrictEqual(['paid', false]);
});

test('a till is told "paid" while the cancel is on its way; then reversed without an alarm', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  let toldCode: unknown;
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.cancel') return;
    world.onRequest(undefined);
    world.control('POST', `/simulator/trades/${NO}/pay`, {});
    const seen = world.send('/f2f/query', { cpiNo: 'DL0001', outTradeNo: NO });
    await world.clock.sleep(200);
    await seen;
    const told = await world.send('/f2f/hb_barcode', charge);
    toldCode = told.re['code'];
  });
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(300_000);
  expect(toldCode).toBe('10000');
  const payment = await findPaymentByNo(world.db, NO);
  expect([payment?.state, world.alarms.length > 0]).not.toStrictEqual(['reversed', false]);
});
