/**
 * What the gateway says of itself: whether money moves, which whoever would try something out asks first; what waits for somebody,
 * of those merchants that the caller may see; and the settings, to whoever may know them.
 */
import { afterEach, expect, test } from 'vitest';
import { seeConcern } from '../../src/store/incidents.ts';
import { listPayments } from '../../src/store/payments.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';
import { addOtherMerchant, aPayment, firstMerchant, v2Client } from './client.ts';

let world: World;
afterEach(() => world.close());

test.each([
  [true, 'http://simulator.test', {}],
  [false, null, { simulator: undefined }],
])('simulated: %s, at %s', async (simulated, simulatorUrl, settings) => {
  world = await createWorld(settings);
  const answer = await (await v2Client(world)).get('/v2/gateway');
  expect(answer.body).toMatchObject({
    object: 'gateway',
    simulated,
    simulator_url: simulatorUrl,
    wallet_url: simulatorUrl === null ? null : `${simulatorUrl}/wallet`,
    version: '0.0.0',
    database: 'sqlite',
    alipay: 'simulator',
  });
});

test('what waits is counted: open payments, those in doubt, and incidents', async () => {
  world = await createWorld();
  const operator = await v2Client(world);
  const merchant = await firstMerchant(world);
  const { merchantId: second } = await addOtherMerchant(world);
  const counts = async (client = operator) => {
    const { body } = await client.get('/v2/gateway');
    return [body['open_payments'], body['doubtful_payments'], body['open_incidents']];
  };
  await operator.post('/v2/payments', aPayment(merchant));
  // The guest has to confirm.
  const waiting = { merchant_reference: 'A-2', auth_code: '280851932108270002' };
  await operator.post('/v2/payments', aPayment(merchant, waiting));
  expect(await counts()).toEqual([1, 0, 0]);
  world.onRequest(() => {
    throw new NoResponse('timeout', 'nothing came');
  });
  await world.clock.advance(15_000);
  expect(await counts()).toEqual([1, 1, 0]);
  const [payment] = await listPayments(world.db, { limit: 1 });
  const late = { reason: 'late_payment', requestNo: null } as const;
  await seeConcern(world.db, payment!, late, world.clock.nowMs());
  // Nobody asks about it any more.
  const silent = { reason: 'alipay_stays_silent', requestNo: null } as const;
  await seeConcern(world.db, payment!, silent, world.clock.nowMs());
  await world.db
    .updateTable('payment')
    .set({ due_at_ms: null })
    .where('payment_no', '=', payment!.paymentNo)
    .execute();
  expect(await counts()).toEqual([1, 1, 2]);
  const other = await v2Client(world, { merchantId: second, scopes: ['read'] });
  expect(await counts(other)).toEqual([0, 0, 0]);
  const own = await v2Client(world, { merchantId: payment!.merchantId, scopes: ['read'] });
  expect(await counts(own)).toEqual([1, 1, 2]);
});

test('settings are shown to who may administer, and to nobody else', async () => {
  world = await createWorld();
  const mine = (await (await v2Client(world)).get('/v2/gateway')).body['settings'];
  expect(mine).toEqual([expect.objectContaining({ name: 'F2F_CONFIRM', is_default: true })]);
  const reader = await v2Client(world, { scopes: ['read', 'charge', 'refund', 'manage'] });
  expect((await reader.get('/v2/gateway')).body['settings']).toBeNull();
});
