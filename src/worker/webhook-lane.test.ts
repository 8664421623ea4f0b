/**
 * Which deliveries are claimed while others are under way, on both engines: who takes long, fails, or was served just now
 * leaves room for the others. Calls end when a test has them answered; time passes when it says so.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment, at } from '../core/payment.fixtures.ts';
import { anEndpoint } from '../core/webhook.fixtures.ts';
import type { Deps } from '../flows/deps.ts';
import type { Db } from '../store/database.ts';
import { insertPayment } from '../store/payments.ts';
import { openShop } from '../store/store.fixtures.ts';
import { findEndpoint, insertEndpoint, saveEndpoint } from '../store/webhook-endpoints.ts';
import { insertDelivery } from '../store/webhooks.ts';
import { createWebhookLane } from './webhook-lane.ts';

let db: Db;
let lane: ReturnType<typeof createWebhookLane>;
let passedMs: number;
/** Calls that wait for their answer, oldest first. */
let calls: { url: string; answer: (status: number) => void }[];
let running: Promise<void>[];
let place: number;
beforeEach(async () => {
  db = await openShop();
  passedMs = 0;
  calls = [];
  running = [];
  place = 0;
  const ignore = () => undefined;
  lane = createWebhookLane({
    db,
    clock: { nowMs: () => at(0) + passedMs, monotonicMs: () => passedMs },
    random: { hex: () => '0' },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    news: { tell: ignore },
    vault: { open: (text: string) => text },
    webhooks: {
      send: ({ url }: { url: string }) =>
        new Promise((resolve) => {
          const body = Buffer.from('');
          calls.push({ url, answer: (status) => resolve({ status, headers: {}, body }) });
        }),
      render: () => Promise.resolve({ id: 'evt', body: '{}' }),
    },
  } as unknown as Deps);
});
afterEach(async () => {
  for (const { answer } of calls) answer(200);
  await Promise.all(running);
  await db.destroy();
});

const numberOf = (name: string): string => Buffer.from(name).toString('hex').padStart(16, '0');

async function addEndpoint(name: string): Promise<void> {
  await insertEndpoint(
    db,
    anEndpoint({ endpointNo: numberOf(name), url: name, sealedSecret: 'whsec_AAAA' }),
  );
}

/** Owes each of the endpoints events of so many payments. */
async function owe(names: readonly string[], count: number): Promise<void> {
  for (let one = 0; one < count; one += 1) {
    place += 1;
    const position = place;
    const paymentNo = `P${position}`;
    await insertPayment(db, aPayment({ paymentNo, localNo: paymentNo }));
    const event = { merchant_id: 1, payment_no: paymentNo, version: 1, at_ms: 1, position };
    await db
      .insertInto('event')
      .values({ ...event, type: 'payment.paid' })
      .execute();
    for (const name of names) {
      const endpointNo = numberOf(name);
      await insertDelivery(db, { endpointNo }, { merchantId: 1, paymentNo, position }, at(0));
    }
  }
}

/** Claims and begins; returns how many calls each endpoint got. */
async function begin(free: number): Promise<Record<string, number>> {
  const before = calls.length;
  const looks = await lane(free);
  running.push(...looks.map((look) => look()));
  while (calls.length < before + looks.length) await new Promise(setImmediate);
  const began = Map.groupBy(calls.slice(before), ({ url }) => url);
  return Object.fromEntries([...began].map(([url, { length }]) => [url, length]));
}

/** Has all calls of the endpoint answered, after a time. */
async function answer(name: string, status: number, afterMs: number): Promise<void> {
  passedMs += afterMs;
  const theirs = calls.filter(({ url }) => url === name);
  calls = calls.filter(({ url }) => url !== name);
  const ended = running;
  for (const call of theirs) call.answer(status);
  while (theirs.length > 0 && (await left(ended)) > calls.length) await new Promise(setImmediate);
}

/** How many of the looks have not ended. */
async function left(looks: readonly Promise<void>[]): Promise<number> {
  const open = Symbol('open');
  const states = await Promise.all(
    looks.map((look) => Promise.race([look, Promise.resolve(open)])),
  );
  return states.filter((state) => state === open).length;
}

const names = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${letter}${index}`);

test('many that hang at the same moment leave room for a first call to others', async () => {
  const hanging = names('h', 16);
  for (const name of [...hanging, 'quick']) await addEndpoint(name);
  await owe(hanging, 5);
  const began = await begin(64);
  expect(Object.keys(began)).toHaveLength(16);
  expect(calls).toHaveLength(48);
  await owe(['quick'], 2);
  expect(await begin(16)).toEqual({ quick: 1 });
});

test('those that hang have half of the room, and the others the rest', async () => {
  const hanging = names('h', 40);
  for (const name of [...hanging, 'quick']) await addEndpoint(name);
  await owe(hanging, 1);
  expect(Object.keys(await begin(64))).toHaveLength(40);
  await owe(hanging, 1);
  await owe(['quick'], 4);
  passedMs = 1001;
  // From the last quarter nobody gets a second call.
  expect(await begin(24)).toEqual({ quick: 4 });
});

test('one that fails is called once at a time until it hears', async () => {
  await addEndpoint('a');
  await owe(['a'], 9);
  const failing = { ...(await findEndpoint(db, numberOf('a')))!, failingSinceMs: 1, version: 2 };
  await saveEndpoint(db, failing);
  expect(await begin(64)).toEqual({ a: 1 });
  expect(await begin(63)).toEqual({});
  await answer('a', 200, 10);
  expect(await begin(64)).toEqual({ a: 4 });
});

test('one that took long is trusted again when it does no more', async () => {
  const hanging = names('h', 32);
  for (const name of [...hanging, 'a', 'b']) await addEndpoint(name);
  await owe(['a', 'b'], 1);
  expect(await begin(64)).toEqual({ a: 1, b: 1 });
  await answer('a', 200, 1001);
  await answer('b', 200, 0);
  await owe(['a'], 1);
  expect(await begin(64)).toEqual({ a: 1 });
  await answer('a', 200, 1000);
  await owe(hanging, 1);
  expect(Object.keys(await begin(64))).toHaveLength(32);
  passedMs += 1001;
  await owe(['a', 'b'], 1);
  expect(await begin(32)).toEqual({ a: 1 });
});

test('where there is no room for all, each has its turn', async () => {
  for (const name of ['a', 'b', 'c']) await addEndpoint(name);
  await owe(['a', 'b', 'c'], 4);
  const served: Record<string, number>[] = [];
  for (let round = 0; round < 3; round += 1) {
    const began = await begin(2);
    served.push(began);
    for (const name of Object.keys(began)) await answer(name, 200, 10);
  }
  expect(served).toEqual([
    { a: 1, b: 1 },
    { c: 1, a: 1 },
    { b: 1, c: 1 },
  ]);
});

test('a database that fails in the middle of a claim takes no room away for ever', async () => {
  for (const name of ['a', 'b']) await addEndpoint(name);
  await owe(['a', 'b'], 4);
  const executor = db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  let claims = 0;
  executor.executeQuery = (query, ...rest) => {
    if (/update "webhook_delivery"/.test(query.sql) && (claims += 1) === 2) {
      return Promise.reject(new Error('away'));
    }
    return execute(query, ...rest);
  };
  await expect(lane(64)).rejects.toThrow('away');
  executor.executeQuery = execute;
  expect(await begin(64)).toEqual({ b: 4 });
  // What was claimed is due again at the end of its lease.
  passedMs = 30_000;
  expect(await begin(60)).toEqual({ a: 4 });
});
