/** A shop moved to another app whose key nobody has given yet: calls made before it are answered as before. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const CHARGE = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108279999',
  subject: 'Tea',
};
const QR = { cpiNo: 'DL0001', localNo: '2', totalAmount: '8.00', subject: 'Tea' };

test('what was paid, or is on display, is not told as a failure', async () => {
  world = await createWorld();
  const paid = await world.ask('/f2f/hb_barcode', CHARGE);
  const shown = await world.ask('/f2f/qrcode', QR);
  expect([paid.re['code'], shown.err]).toStrictEqual(['10000', 'nothing']);
  // From now on as with the real Alipay: a key that the simulator gave counts for nothing.
  (world.deps.settings as { simulator: unknown }).simulator = undefined;
  const moved = await world.ask('/f2f/company/update', {
    cpiNo: 'DL0001',
    cpiAppid: '2016022901179999',
  });
  expect(moved.err).toBe('nothing');
  expect(await world.ask('/f2f/hb_barcode', CHARGE)).toStrictEqual(paid);
  expect(await world.ask('/f2f/qrcode', QR)).toStrictEqual(shown);
  // A new charge is what cannot be made.
  const other = await world.ask('/f2f/hb_barcode', { ...CHARGE, localNo: '3' });
  expect(other.re['code']).toBe('40003');
  const otherQr = await world.ask('/f2f/qrcode', { ...QR, localNo: '4' });
  expect(otherQr.err).toBe('QRCODE_FAILED');
});
