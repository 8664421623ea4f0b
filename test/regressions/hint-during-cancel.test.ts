/** A notification that comes while a cancel is on its way must not make another look take that cancel for lost. */
import { afterEach, expect, test } from 'vitest';
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

test('a notification while the cancel is on its way gets "paid" told, and then the cancel takes the money back', async () => {
  world = await createWorld();
  const told: unknown[] = [];
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.cancel') return;
    world.onRequest(undefined);
    world.control('POST', `/simulator/trades/${NO}/pay`, {});
    await world.clock.sleep(1000);
    void world.send('/f2f/hb_barcode', charge).then((answer) => told.push(answer.re['code']));
    await world.clock.sleep(2000);
  });
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(300_000);
  expect(told).not.toContain('10000');
});
