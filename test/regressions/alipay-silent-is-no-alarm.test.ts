/** Found by the simulation (seed 20006, 40 bills): Alipay's silence about a QR code was logged as a fault of the gateway's own. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { firstMerchant, v2Client } from '../v2/client.ts';

let world: World;
afterEach(() => world.close());

test('a QR code that Alipay is silent about is an answer, and no error in the log', async () => {
  world = await createWorld();
  const till = await v2Client(world);
  const merchant = await firstMerchant(world);
  const fault = { method: 'alipay.trade.precreate', kind: 'drop_response' };
  world.control('POST', '/simulator/faults', fault);
  const { body } = await till.post('/v2/payments', {
    merchant,
    method: 'qr',
    amount: 8800,
    merchant_reference: '1',
    subject: 'Tea',
  });
  expect(body['code']).toBe('alipay_silent');
  expect(world.alarms.filter((line) => line.includes('v2 call failed'))).toEqual([]);
});
