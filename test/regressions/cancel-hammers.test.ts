/** Found by an attack on the money paths (cancel hammers), in virtual time; the name of each test says what went wrong. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());
test('while cancel answers 20000 and query answers "waiting", Alipay is asked twice a second', async () => {
  world = await createWorld();
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.cancel',
    kind: 'unknown_20000',
    executed: false,
    times: 10_000,
  });
  await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108270002',
    subject: 'Tea',
  });
  await world.clock.advance(35_000);
  const before = world.calls.length;
  await world.clock.advance(30_000);
  expect(world.calls.length - before).toBeLessThan(25);
});
