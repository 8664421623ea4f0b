/** The request number of the gateway's own refund of late money can be taken before it, by a till's refused refund. */
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
  authCode: '280851932108279999',
  subject: 'Tea',
};

test('late money is never booked when a till has used the number of its refund', async () => {
  world = await createWorld({ latePayment: 'refund' });
  world.loseNotifications(Infinity);
  let arrive: (() => void) | undefined;
  world.onRequest((method) =>
    method === 'alipay.trade.pay' ? new Promise((resolve) => (arrive = resolve)) : undefined,
  );
  void world.send('/f2f/hb_barcode', charge);
  await world.clock.settle();
  world.deps.news.tell('due');
  await world.clock.advance(90_000);
  const refund = { cpiNo: 'DL0001', outTradeNo: NO, refundAmount: '88.00' };
  await world.ask('/f2f/refund', { ...refund, outRequestNo: `${NO}LATE` });
  arrive!();
  await world.clock.advance(180_000);
  expect(world.trade(NO)?.chargeCount).toBe(1);
  expect((await findPaymentByNo(world.db, NO))?.state).toBe('paid');
});
