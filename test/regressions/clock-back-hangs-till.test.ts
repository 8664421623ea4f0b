/** Found by an attack on the money paths (clock back hangs till), in virtual time; the name of each test says what went wrong. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());

test('hb_barcode breaks its time limit when the clock is set back', async () => {
  world = await createWorld({ barcodeWaitS: 5, alipayTimeoutMs: 2000 });
  const clock = world.deps.clock as { nowMs(): number };
  const real = clock.nowMs;
  const startedAtMs = real();
  const asked = world.ask(
    '/f2f/hb_barcode',
    {
      cpiNo: 'DL0001',
      localNo: '1',
      totalAmount: '88.00',
      authCode: '280851932108270006',
      subject: 'Tea',
    },
    1_000_000,
  );
  world.clock.at(2000, () => (clock.nowMs = () => real() - 300_000));
  await asked;
  expect(real() - startedAtMs).toBeLessThanOrEqual(5000 + 2 * 2000 + 1000);
});
