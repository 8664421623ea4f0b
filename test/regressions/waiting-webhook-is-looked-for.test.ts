/**
 * Found by the simulation, which killed a gateway at every call of a webhook: what waited behind a webhook that had failed was due
 * all the time, so every gateway looked for it four times a second, for days, and could not tell when there was something to do.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nextDeliveryAtMs } from '../../src/store/webhooks.ts';
import { createWorld, type World } from '../support/world.ts';
import { firstMerchant, v2Client, type V2Client } from '../v2/client.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let world: World;
let till: V2Client;
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
});
afterEach(() => world.close());

test('nothing is due while all that is owed waits for an endpoint that is down', async () => {
  let isUp = false;
  const heard: string[] = [];
  world.onWebhook(async ({ body }) => {
    if (isUp) heard.push((JSON.parse(String(body)) as { type: string }).type);
    return { status: isUp ? 200 : 503, headers: {}, body: Buffer.from('') };
  });
  await till.post('/v2/webhook_endpoints', { url: 'https://pms.example/hook' });
  const { body } = await till.post('/v2/payments', {
    merchant: await firstMerchant(world),
    method: 'barcode',
    auth_code: '280851932108279999',
    amount: 8800,
    merchant_reference: '1',
    subject: 'Tea',
  });
  await world.clock.advance(HOUR);
  await till.post(`/v2/payments/${String(body['id'])}/refunds`, { amount: 1 });
  await world.clock.advance(MINUTE);
  const nextAtMs = (await nextDeliveryAtMs(world.db)) ?? 0;
  expect(nextAtMs - world.clock.nowMs()).toBeGreaterThan(10 * MINUTE);
  isUp = true;
  await world.clock.advance(nextAtMs - world.clock.nowMs() + 5 * SECOND);
  expect(heard).toEqual(['payment.created', 'payment.paid', 'refund.created', 'refund.succeeded']);
});
