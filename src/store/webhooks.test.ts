/**
 * What is due to whom, on both engines: of each payment one after another, each row to one claimer, and nothing to an endpoint
 * that is to be left alone.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment } from '../core/payment.fixtures.ts';
import { afterAttempt, type WebhookDelivery } from '../core/webhook.ts';
import { anEndpoint } from '../core/webhook.fixtures.ts';
import type { Db } from './database.ts';
import { insertAttempt, listAttempts } from './webhook-attempts.ts';
import { insertPayment } from './payments.ts';
import { openShop } from './store.fixtures.ts';
import { insertEndpoint, saveEndpoint } from './webhook-endpoints.ts';
import {
  claimDueDeliveries,
  findDelivery,
  insertDelivery,
  listDueEndpoints,
  moveWaiting,
  nextDeliveryAtMs,
  pageDeliveries,
  renewPending,
  saveDelivery,
} from './webhooks.ts';

const NO = 'aaaaaaaaaaaaaaaa';
let db: Db;
beforeEach(async () => {
  db = await openShop();
  for (const paymentNo of ['P1', 'P2']) {
    await insertPayment(db, aPayment({ paymentNo, localNo: paymentNo }));
  }
  await insertEndpoint(db, anEndpoint());
});
afterEach(() => db.destroy());

const owe = (position: number, paymentNo: string, nowMs = 10): Promise<void> =>
  insertDelivery(db, { endpointNo: NO }, { merchantId: 1, paymentNo, position }, nowMs);

const claim = async (nowMs: number, limit = 10): Promise<readonly number[]> => {
  const claimed = await claimDueDeliveries(db, {
    nowMs,
    leaseEndMs: nowMs + 100,
    limit,
    endpointNo: NO,
  });
  return claimed.map(({ position }) => position).toSorted((a, b) => a - b);
};

async function heard(position: number, wasHeard: boolean, nowMs: number): Promise<WebhookDelivery> {
  const delivery = await findDelivery(db, NO, position);
  const after = afterAttempt(delivery!, wasHeard, nowMs, 0);
  expect(await saveDelivery(db, after)).toBe(true);
  return after;
}

test('of each payment the first that is pending, and the next when that was heard', async () => {
  for (const [position, paymentNo] of [
    [1, 'P1'],
    [2, 'P1'],
    [3, 'P2'],
    [4, 'P2'],
  ] as const) {
    await owe(position, paymentNo);
  }
  expect(await listDueEndpoints(db, 10)).toEqual([{ endpointNo: NO, isFailing: false }]);
  expect(await claim(10)).toEqual([1, 3]);
  expect(await claim(10)).toEqual([]);
  await heard(1, true, 20);
  await heard(3, false, 20);
  expect(await claim(20)).toEqual([2]);
  // Of the second payment nothing before the first one's time.
  expect(await claim(5_019)).toEqual([2]);
  expect(await claim(5_020)).toEqual([3]);
});

test('what waits behind one that failed is due when that one is, and at once when that one is over', async () => {
  await owe(1, 'P1');
  await owe(2, 'P1');
  await moveWaiting(db, await heard(1, false, 20), 20);
  await owe(3, 'P1');
  await owe(4, 'P2');
  const dueAtMs = async (position: number) => (await findDelivery(db, NO, position))?.dueAtMs;
  expect(await Promise.all([1, 2, 3, 4].map(dueAtMs))).toEqual([5_020, 5_020, 5_020, 10]);
  await moveWaiting(db, await heard(1, true, 5_030), 5_030);
  expect(await Promise.all([1, 2, 3, 4].map(dueAtMs))).toEqual([null, 5_030, 5_030, 10]);
});

test('who was claimed and never came back is claimed again at the end of the lease', async () => {
  await owe(1, 'P1');
  expect(await claim(10)).toEqual([1]);
  expect(await claim(109)).toEqual([]);
  expect(await claim(110)).toEqual([1]);
});

test('two claim at once: each row goes to one', async () => {
  await owe(1, 'P1');
  await owe(2, 'P2');
  const claims = await Promise.all([claim(10, 1), claim(10, 1), claim(10, 1)]);
  expect(new Set(claims.flat())).toEqual(new Set([1, 2]));
  expect(claims.flat()).toHaveLength(2);
});

test('what is owed twice is owed once', async () => {
  await owe(1, 'P1');
  await owe(1, 'P1', 99);
  expect(await findDelivery(db, NO, 1)).toMatchObject({ createdAtMs: 10, version: 1 });
});

test('nothing is due to one that is disabled, failing, or to be left alone', async () => {
  expect(await nextDeliveryAtMs(db)).toBeUndefined();
  await owe(1, 'P1');
  expect(await nextDeliveryAtMs(db)).toBe(10);
  for (const [version, state] of [
    [2, 'disabled'],
    [3, 'failing'],
  ] as const) {
    await saveEndpoint(db, anEndpoint({ state, version }));
    expect([await listDueEndpoints(db, 10), await nextDeliveryAtMs(db)]).toEqual([[], undefined]);
  }
  await saveEndpoint(db, anEndpoint({ notBeforeMs: 50, version: 4 }));
  expect([await listDueEndpoints(db, 49), await nextDeliveryAtMs(db)]).toEqual([[], 50]);
  expect(await listDueEndpoints(db, 50)).toEqual([{ endpointNo: NO, isFailing: false }]);
  await saveEndpoint(db, anEndpoint({ failingSinceMs: 40, version: 5 }));
  expect(await listDueEndpoints(db, 50)).toEqual([{ endpointNo: NO, isFailing: true }]);
});

test('what is still owed is owed anew, from now', async () => {
  await owe(1, 'P1');
  await owe(2, 'P2');
  await heard(1, false, 20);
  await heard(2, true, 20);
  await renewPending(db, NO, 500);
  expect(await findDelivery(db, NO, 1)).toMatchObject({
    dueAtMs: 500,
    createdAtMs: 500,
    tries: 0,
    attempts: 1,
  });
  expect(await findDelivery(db, NO, 2)).toMatchObject({ state: 'delivered' });
  expect(
    (
      await pageDeliveries(db, { endpointNo: NO, state: undefined, before: undefined, limit: 9 })
    ).map(({ position }) => position),
  ).toEqual([2, 1]);
});

test('each attempt is kept as it was', async () => {
  await owe(1, 'P1');
  const delivery = await findDelivery(db, NO, 1);
  const common = {
    merchantId: 1,
    endpointNo: NO,
    position: 1,
    url: 'https://x/',
    headers: { 'webhook-id': 'evt_1' },
    body: '{}',
    durationMs: 3,
  };
  await insertAttempt(db, { ...common, attempt: 1, atMs: 10, outcome: { fault: 'refused' } });
  await insertAttempt(db, {
    ...common,
    attempt: 2,
    atMs: 20,
    headers: null,
    outcome: { status: 200, headers: { server: 'nginx' }, answer: '' },
  });
  const kept = await listAttempts(db, delivery!);
  expect(kept.map(({ headers, outcome }) => [headers, outcome])).toEqual([
    [{ 'webhook-id': 'evt_1' }, { fault: 'refused' }],
    [null, { status: 200, headers: { server: 'nginx' }, answer: '' }],
  ]);
});
