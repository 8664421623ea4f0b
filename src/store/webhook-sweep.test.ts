/** What is deleted of deliveries and attempts, and what is not; on both engines. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment } from '../core/payment.fixtures.ts';
import type { WebhookDelivery } from '../core/webhook.ts';
import { anEndpoint } from '../core/webhook.fixtures.ts';
import { inTransaction, type Db } from './database.ts';
import { insertPayment } from './payments.ts';
import { openShop } from './store.fixtures.ts';
import { insertAttempt, listAttempts } from './webhook-attempts.ts';
import { deleteEndedBefore } from './webhook-sweep.ts';
import { insertEndpoint } from './webhook-endpoints.ts';
import { findDelivery, insertDelivery, saveDelivery } from './webhooks.ts';

const ENDPOINTS = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'] as const;
const [NO] = ENDPOINTS;
const BEFORE_MS = 1000;
let db: Db;
beforeEach(async () => {
  db = await openShop();
  await insertPayment(db, aPayment({ paymentNo: 'P1', localNo: 'P1' }));
  for (const endpointNo of ENDPOINTS) {
    await insertEndpoint(db, anEndpoint({ endpointNo }));
  }
});
afterEach(() => db.destroy());

type Story = {
  readonly owedAtMs: number;
  /** When each attempt was. */
  readonly tried: readonly number[];
  readonly becomes: WebhookDelivery['state'];
  readonly endpointNo?: string;
};

async function deliver(position: number, story: Story): Promise<void> {
  const { owedAtMs, tried, becomes: state, endpointNo = NO } = story;
  await insertDelivery(db, { endpointNo }, { merchantId: 1, paymentNo: 'P1', position }, owedAtMs);
  for (const [index, atMs] of tried.entries()) {
    await insertAttempt(db, {
      merchantId: 1,
      endpointNo,
      position,
      attempt: index + 1,
      atMs,
      url: 'https://pms.example/',
      headers: null,
      body: '{}',
      outcome: { status: 200, headers: null, answer: '' },
      durationMs: 1,
    });
  }
  const owed = await findDelivery(db, endpointNo, position);
  const dueAtMs = state === 'pending' ? 0 : null;
  const attempts = tried.length;
  await saveDelivery(db, { ...owed!, state, dueAtMs, attempts, tries: attempts, version: 2 });
}

const sweep = (limit = 10): Promise<number> =>
  inTransaction(db, (tx) => deleteEndedBefore(tx, BEFORE_MS, limit));

/** The places of the deliveries that are left to an endpoint, each with how many attempts are. */
async function left(endpointNo: string = NO): Promise<readonly (readonly [number, number])[]> {
  const found: (readonly [number, number])[] = [];
  for (let position = 1; position < 10; position += 1) {
    const delivery = await findDelivery(db, endpointNo, position);
    if (delivery) found.push([position, (await listAttempts(db, delivery)).length]);
  }
  return found;
}

test('what was delivered or given up before, with its attempts, and nothing else', async () => {
  await deliver(1, { owedAtMs: 10, tried: [20, 30], becomes: 'delivered' });
  await deliver(2, { owedAtMs: 10, tried: [20, 999], becomes: 'failed' });
  // It ended at the moment itself.
  await deliver(3, { owedAtMs: 10, tried: [20, 1000], becomes: 'failed' });
  // A gateway that was down for long sent it late.
  await deliver(4, { owedAtMs: 10, tried: [5000], becomes: 'delivered' });
  await deliver(5, { owedAtMs: 10, tried: [20], becomes: 'pending' });
  // It was sent again since, and then owed anew.
  await deliver(6, { owedAtMs: 2000, tried: [20, 2010], becomes: 'delivered' });
  await deliver(1, {
    owedAtMs: 1000,
    tried: [1010],
    becomes: 'delivered',
    endpointNo: ENDPOINTS[1],
  });
  // It was given up, because its endpoint was deleted, before anybody tried it.
  await deliver(7, { owedAtMs: 10, tried: [], becomes: 'failed' });
  await deliver(8, { owedAtMs: 1000, tried: [], becomes: 'failed' });
  expect(await sweep()).toBe(3);
  expect(await left()).toEqual([
    [3, 2],
    [4, 1],
    [5, 1],
    [6, 2],
    [8, 0],
  ]);
  expect(await left(ENDPOINTS[1])).toEqual([[1, 1]]);
  expect(await sweep()).toBe(0);
});

test('so many at a time, those that were owed longest ago first', async () => {
  for (const [position, owedAtMs] of [
    [1, 50],
    [2, 10],
    [3, 40],
    [4, 20],
    [5, 30],
  ] as const) {
    await deliver(position, { owedAtMs, tried: [owedAtMs + 1], becomes: 'delivered' });
  }
  expect(await sweep(2)).toBe(2);
  expect((await left()).map(([position]) => position)).toEqual([1, 3, 5]);
  expect(await sweep(2)).toBe(2);
  expect((await left()).map(([position]) => position)).toEqual([1]);
  expect(await sweep(2)).toBe(1);
  expect(await left()).toEqual([]);
});
