/** Each app has its own Alipay key today; a new app id must not take over the key of the app before. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());

test("with the real Alipay a new cpiAppid keeps the old app's Alipay key: charges go out that can never be verified", async () => {
  world = await createWorld();
  (world.deps.settings as { simulator: unknown }).simulator = undefined;
  await world.ask('/f2f/company/update', { cpiNo: 'DL0001', cpiAppid: '2016022901179999' });
  const before = world.calls.length;
  await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '1.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  });
  expect(world.calls.slice(before).map(({ method }) => method)).toStrictEqual([]);
});
