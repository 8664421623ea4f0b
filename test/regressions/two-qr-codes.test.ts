/** Found by an attack on the money paths (two qr codes), in virtual time; the name of each test says what went wrong. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());
const call = { cpiNo: 'DL0001', localNo: '1', totalAmount: '88.00', subject: 'Tea' };
test('a clock set forward during precreate gives out two payable codes for one localNo', async () => {
  world = await createWorld();
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.precreate',
    kind: 'delay',
    ms: 5000,
  });
  const clock = world.deps.clock as { nowMs(): number };
  const real = clock.nowMs;
  const first = world.send('/f2f/qrcode', call);
  await world.clock.advance(1000);
  clock.nowMs = () => real() + 60_000;
  world.deps.news.tell('due');
  await world.clock.advance(1000);
  const second = world.send('/f2f/qrcode', call);
  await world.clock.advance(10_000);
  const [a, b] = [await first, await second];
  expect(
    a.err === 'nothing' && b.err === 'nothing' && a.data['qr_code'] !== b.data['qr_code'],
  ).toBe(false);
});
