/** The hold on "paid" while a cancel is on its way ends with any look, and Alipay's notification of that payment is one. */
import { afterEach, expect, test } from 'vitest';
import { findPaymentByNo } from '../../src/store/payments.ts';
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

test('a notification during the cancel makes the till hear "paid" of money that goes back a second later', async () => {
  world = await createWorld();
  let toldCode: unknown;
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.cancel') return;
    world.onRequest(undefined);
    // The cancel is three seconds under way; the buyer pays in the first, and Alipay says so at once.
    world.control('POST', `/simulator/trades/${NO}/pay`, {});
    await world.clock.sleep(2_500);
    const told = world.send('/f2f/hb_barcode', charge);
    await world.clock.sleep(500);
    toldCode = (
      await Promise.race([told, world.clock.sleep(1).then(() => ({ re: { code: '?' } }))])
    ).re['code'];
  });
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(120_000);
  const payment = await findPaymentByNo(world.db, NO);
  expect(payment?.state).toBe('reversed');
  expect(toldCode).not.toBe('10000');
});

test('a refund asked for while "paid" is held is refused for ever, though the cancel never arrived', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  const refund = { cpiNo: 'DL0001', outTradeNo: NO, refundAmount: '1.00', outRequestNo: 'R1' };
  let first: Record<string, unknown> = {};
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.cancel') return;
    world.onRequest(undefined);
    world.control('POST', `/simulator/trades/${NO}/pay`, {});
    // Alipay itself says TRADE_SUCCESS to this call.
    first = (await world.send('/f2f/refund', refund)).data;
    throw new (await import('../../src/system/http.ts')).NoResponse('timeout', 'lost');
  });
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(120_000);
  expect((await findPaymentByNo(world.db, NO))?.state).toBe('paid');
  expect(first['code']).toBe('10003');
  expect((await world.ask('/f2f/refund', refund)).err).toBe('nothing');
});
