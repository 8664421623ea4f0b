/**
 * What is sent again, by a person or by somebody whose turn had passed: of its payment everything still comes in order and soon,
 * and each attempt is a row, whatever happened to the delivery during the call.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deliverWebhook } from '../../src/flows/deliver-webhooks.ts';
import { findDelivery } from '../../src/store/webhooks.ts';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, v2Client, type V2Client } from './client.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

let world: World;
let operator: V2Client;
let endpoint: string;
/** What the endpoint was called with, and what it answers from now on. */
let called: string[];
let answer: (id: string) => number | Promise<number>;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  called = [];
  answer = () => 500;
  world.onWebhook(async ({ headers }) => {
    const id = String(headers['webhook-id']);
    called.push(id);
    return { status: await answer(id), headers: {}, body: Buffer.from('') };
  });
  const { body } = await operator.post('/v2/webhook_endpoints', { url: 'https://pms.example/' });
  endpoint = String(body['id']);
  await operator.post('/v2/payments', aPayment(await firstMerchant(world)));
  await world.clock.advance(SECOND);
});
afterEach(() => world.close());

type Delivery = {
  readonly id: string;
  readonly event: string;
  readonly state: string;
  readonly attempt_count: number;
  readonly next_attempt_at: string | null;
};

/** Oldest first: that the payment was created, and that it was paid. */
async function deliveries(): Promise<readonly [Delivery, Delivery]> {
  const { body } = await operator.get(`/v2/webhook_deliveries?endpoint=${endpoint}`);
  return (body['data'] as Delivery[]).toReversed() as [Delivery, Delivery];
}
const states = async () => (await deliveries()).map(({ state }) => state);
const redeliver = async ({ id }: Delivery) =>
  (await operator.post(`/v2/webhook_deliveries/${id}/redeliver`)).body as Delivery;
const change = (body: object) =>
  operator.ask({ method: 'PATCH', path: `/v2/webhook_endpoints/${endpoint}`, body });
const statusesOf = async ({ id }: Delivery) => {
  const { body } = await operator.get(`/v2/webhook_deliveries/${id}`);
  expect((body['attempts'] as object[]).length).toBe(body['attempt_count']);
  return (body['attempts'] as { status: number }[]).map(({ status }) => status);
};

test('what waits behind one that failed for hours comes as soon as that one was heard', async () => {
  await world.clock.advance(6 * HOUR);
  called = [];
  answer = () => 200;
  const [first] = await deliveries();
  await redeliver(first);
  await world.clock.advance(SECOND);
  expect(called).toEqual(['evt_1', 'evt_2']);
});

test('one that waits behind another is not sent before it, and says when', async () => {
  await world.clock.advance(2 * HOUR);
  const [first, second] = await deliveries();
  called = [];
  expect((await redeliver(second)).next_attempt_at).toBe(first.next_attempt_at);
  const range = { from: '2026-11-23T00:00:00Z', until: '2026-11-24T00:00:00Z' };
  await world.clock.advance(SECOND);
  expect(called).toEqual([]);
  // With the one before it, both are due.
  answer = () => 200;
  await operator.post(`/v2/webhook_endpoints/${endpoint}/redeliver`, range);
  await world.clock.advance(SECOND);
  expect(called).toEqual(['evt_1', 'evt_2']);
});

test('an attempt is a row, also when the delivery was sent again during the call', async () => {
  answer = () => 200;
  await world.clock.advance(HOUR);
  const [first] = await deliveries();
  const [early, late] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
  for (const held of [early, late]) {
    answer = () => held.promise;
    await redeliver(first);
    await world.clock.advance(SECOND);
  }
  early.resolve(200);
  await world.clock.advance(SECOND);
  expect(await statusesOf(first)).toEqual([500, 200, 200]);
  // What was sent again decides what becomes of it.
  expect(await states()).toEqual(['pending', 'delivered']);
  answer = () => 200;
  late.resolve(503);
  await world.clock.advance(HOUR);
  expect(await statusesOf(first)).toEqual([500, 200, 200, 503, 200]);
  expect(await states()).toEqual(['delivered', 'delivered']);
  expect(called).toEqual(['evt_1', 'evt_1', 'evt_2', 'evt_1', 'evt_1', 'evt_1']);
});

test('whoever stood still until his lease had nearly ended, or was disabled, does not send', async () => {
  const [{ id }] = await deliveries();
  const [, no = '', place = ''] = id.split('_');
  const dueAtMs = world.clock.nowMs() + 30 * SECOND;
  const claimed = { ...(await findDelivery(world.db, no, Number(place)))!, dueAtMs };
  const late = { ...claimed, dueAtMs: dueAtMs - 20 * SECOND - 1 };
  called = [];
  await deliverWebhook(world.deps, late);
  expect(called).toEqual([]);
  await deliverWebhook(world.deps, claimed);
  expect(called).toEqual(['evt_1']);
  await change({ enabled: false });
  await deliverWebhook(world.deps, claimed);
  expect(called).toEqual(['evt_1']);
});

test('chance spreads what failed together', async () => {
  vi.spyOn(world.deps.random, 'hex').mockImplementation((bytes) => 'f'.repeat(2 * bytes));
  await world.clock.advance(5 * SECOND);
  // The second gap is half a minute, and a fifth of it more.
  const [{ next_attempt_at: next }] = await deliveries();
  expect(Date.parse(next!) - world.clock.nowMs()).toBeGreaterThan(34 * SECOND);
  vi.restoreAllMocks();
});

test('a gateway that was off for days tries as often as any other, before it gives up', async () => {
  await change({ enabled: false });
  // As if nobody had tried it since.
  await world.db.updateTable('webhook_delivery').set({ created_at_ms: 0 }).execute();
  await world.db.updateTable('webhook_endpoint').set({ state: 'enabled' }).execute();
  await world.clock.advance(2 * HOUR);
  expect(await states()).toEqual(['pending', 'pending']);
  answer = () => 200;
  await world.clock.advance(3 * HOUR);
  expect(await states()).toEqual(['delivered', 'delivered']);
});
