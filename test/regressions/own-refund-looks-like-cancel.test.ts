/** A cancel that was lost on its way, money kept, and later given back in full by the shop: no cancel did that. */
import { afterEach, expect, test } from 'vitest';
import { findPaymentByNo } from '../../src/store/payments.ts';
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

test('the shop refunds all of a payment, and it is booked as reversed by a cancel, with an alarm', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  world.onRequest((method) => {
    if (method !== 'alipay.trade.cancel') return;
    world.onRequest(undefined);
    world.control('POST', `/simulator/trades/${NO}/pay`, {});
    throw new NoResponse('timeout', 'lost');
  });
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(45_000);
  expect((await findPaymentByNo(world.db, NO))?.state).toBe('paid');
  const refund = { cpiNo: 'DL0001', outTradeNo: NO, refundAmount: '88.00', outRequestNo: 'R1' };
  expect((await world.ask('/f2f/refund', refund)).err).toBe('nothing');
  await world.clock.advance(20 * 60_000);
  const { kinds } = await world.history(NO);
  expect((await findPaymentByNo(world.db, NO))?.state).toBe('paid');
  expect(kinds).not.toContain('incident');
});
