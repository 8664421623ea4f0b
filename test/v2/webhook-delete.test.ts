/**
 * The end of a webhook endpoint: nothing more is sent, what it was owed has ended, its place is free for another, and what it was
 * sent can be looked at until it is swept away with the endpoint.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ENDPOINTS_MAX } from '../../src/core/limits.ts';
import { changeEndpoint } from '../../src/flows/manage-webhooks.ts';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, v2Client, type V2Client } from './client.ts';

const HOUR = 3_600_000;

let world: World;
let operator: V2Client;
let received: string[];
/** What the endpoint answers. */
let status: number;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  received = [];
  status = 200;
  world.onWebhook(async ({ headers }) => {
    received.push(String(headers['webhook-id']));
    return { status, headers: {}, body: Buffer.from('') };
  });
});
afterEach(() => world.close());

const make = async (): Promise<string> => {
  const { body } = await operator.post('/v2/webhook_endpoints', { url: 'https://pms.example/' });
  return String(body['id']);
};
const drop = (id: string) =>
  operator.ask({ method: 'DELETE', path: `/v2/webhook_endpoints/${id}` });
const deliveries = async (id: string) => {
  const { body } = await operator.get(`/v2/webhook_deliveries?endpoint=${id}`);
  return body['data'] as { id: string; state: string; next_attempt_at: string | null }[];
};

async function sell(reference: string): Promise<void> {
  const code = { merchant_reference: reference, auth_code: `28085193210827111${reference}` };
  await operator.post('/v2/payments', aPayment(await firstMerchant(world), code));
  await world.clock.advance(1000);
}

test('nothing more is sent, and what was sent can be read', async () => {
  const id = await make();
  await sell('1');
  expect(received).toHaveLength(2);
  const gone = await drop(id);
  expect([gone.status, gone.body['id'], gone.body['state']]).toEqual([200, id, 'disabled']);
  await sell('2');
  expect(received).toHaveLength(2);
  const [delivery] = await deliveries(id);
  expect((await deliveries(id)).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  const { body } = await operator.get(`/v2/webhook_deliveries/${delivery!.id}`);
  expect(body['attempts']).toHaveLength(1);
});

test('what it was owed has ended', async () => {
  status = 500;
  const id = await make();
  await sell('1');
  expect((await deliveries(id)).map(({ state }) => state)).toEqual(['pending', 'pending']);
  await drop(id);
  const owed = await deliveries(id);
  expect(owed.map((one) => [one.state, one.next_attempt_at])).toEqual([
    ['failed', null],
    ['failed', null],
  ]);
  const before = received.length;
  await world.clock.advance(HOUR);
  expect(received).toHaveLength(before);
});

test('it is not found any more, and cannot be brought back', async () => {
  const id = await make();
  await sell('1');
  const [delivery] = await deliveries(id);
  await drop(id);
  const path = `/v2/webhook_endpoints/${id}`;
  const calls = [
    await operator.get(path),
    await drop(id),
    await operator.ask({ method: 'PATCH', path, body: { enabled: true } }),
    await operator.post(`${path}/rotate_secret`),
    await operator.post(`${path}/test`),
  ];
  const codes = calls.map(({ status: code, body }) => [code, body['code']]);
  expect(codes).toEqual(calls.map(() => [404, 'webhook_endpoint_not_found']));
  const again = await operator.post(`/v2/webhook_deliveries/${delivery!.id}/redeliver`);
  expect([again.status, again.body['detail']]).toEqual([404, expect.stringContaining('deleted')]);
  expect((await operator.get('/v2/webhook_endpoints')).body['data']).toEqual([]);
  expect(received).toHaveLength(2);
  // Nor by whoever found it a moment before.
  const change = { isEnabled: true };
  expect(await changeEndpoint(world.deps, id.slice('whe_'.length), change)).toEqual({
    kind: 'missing',
  });
});

test('its place is free for another', async () => {
  const [first] = await Promise.all(Array.from({ length: ENDPOINTS_MAX }, make));
  expect((await operator.post('/v2/webhook_endpoints', { url: 'https://x.example/' })).status).toBe(
    409,
  );
  await drop(first!);
  expect((await operator.post('/v2/webhook_endpoints', { url: 'https://x.example/' })).status).toBe(
    201,
  );
});

test('its row goes with the last of what it was sent or owed, also if that was never tried', async () => {
  status = 500;
  const id = await make();
  await sell('1');
  // That it was paid waits behind that it was created, whose call failed.
  expect(received).toHaveLength(1);
  await drop(id);
  // As if it had come to be owed at the moment of the deletion.
  await world.db
    .updateTable('webhook_delivery')
    .set({ state: 'pending', due_at_ms: world.clock.nowMs() })
    .where('attempts', '=', 0)
    .execute();
  const rows = () => world.db.selectFrom('webhook_endpoint').select('endpoint_no').execute();
  await world.clock.advance(HOUR);
  expect((await deliveries(id)).map(({ state }) => state)).toEqual(['failed', 'failed']);
  await world.clock.advance(29 * 24 * HOUR);
  expect(await rows()).toHaveLength(1);
  await world.clock.advance(2 * 24 * HOUR);
  expect(await rows()).toEqual([]);
  expect((await operator.get(`/v2/webhook_deliveries?endpoint=${id}`)).status).toBe(404);
});
