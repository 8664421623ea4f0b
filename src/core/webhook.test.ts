/** When a webhook is tried again: at which gaps, how far chance spreads them, and when it is given up. */
import { expect, test } from 'vitest';
import {
  afterAttempt,
  endpointAfter,
  GIVE_UP_AFTER_MS,
  RETRY_GAPS_MS,
  type WebhookDelivery,
} from './webhook.ts';
import { anEndpoint } from './webhook.fixtures.ts';

const HOUR = 3_600_000;
const NOW = 1_000_000_000_000;
const delivery: WebhookDelivery = {
  merchantId: 1,
  endpointNo: 'e',
  position: 1,
  paymentNo: 'P',
  state: 'pending',
  attempts: 0,
  tries: 0,
  createdAtMs: NOW,
  dueAtMs: NOW,
  version: 1,
};

const endpoint = anEndpoint();

/** How long after each attempt in vain the next one comes, until it is given up. */
function gapsOf(chance: number, createdAtMs = NOW): readonly number[] {
  const gaps: number[] = [];
  let [next, nowMs] = [{ ...delivery, createdAtMs }, NOW];
  for (;;) {
    next = afterAttempt(next, false, nowMs, chance);
    if (next.dueAtMs === null) break;
    gaps.push(next.dueAtMs - nowMs);
    nowMs = next.dueAtMs;
  }
  expect(next).toMatchObject({ state: 'failed', attempts: gaps.length + 1 });
  return gaps;
}

test('gaps grow to eight hours, for three days', () => {
  const gaps = gapsOf(0);
  expect(gaps.slice(0, RETRY_GAPS_MS.length)).toEqual(RETRY_GAPS_MS);
  expect(new Set(gaps.slice(RETRY_GAPS_MS.length))).toEqual(new Set([8 * HOUR]));
  const lastedMs = gaps.reduce((sum, gap) => sum + gap, 0);
  expect(lastedMs).toBeLessThanOrEqual(GIVE_UP_AFTER_MS);
  expect(lastedMs).toBeGreaterThan(GIVE_UP_AFTER_MS - 8 * HOUR);
});

test('chance makes each longer by a fifth at most', () => {
  const most = gapsOf(1 - Number.EPSILON).slice(0, RETRY_GAPS_MS.length);
  expect(most).toEqual(RETRY_GAPS_MS.map((gap) => gap * 1.2));
  expect(gapsOf(0.5)[0]).toBe(5500);
});

test('what was owed long ago is given up after all the gaps that grow, and not before', () => {
  expect(gapsOf(0, 0)).toEqual(RETRY_GAPS_MS);
});

test('an endpoint is left alone for a moment, and for longer once it took nothing for minutes', () => {
  const after = { ...delivery, dueAtMs: NOW + HOUR };
  const restOf = (failingSinceMs: number | null) =>
    (endpointAfter({ ...endpoint, failingSinceMs }, after, NOW)?.notBeforeMs ?? 0) - NOW;
  expect(restOf(null)).toBe(1000);
  expect(restOf(NOW - HOUR / 12 + 1)).toBe(1000);
  expect(restOf(NOW - HOUR / 12)).toBe(30_000);
});

test('what was heard is not tried again', () => {
  expect(afterAttempt(delivery, true, NOW, 0)).toMatchObject({
    state: 'delivered',
    dueAtMs: null,
    attempts: 1,
  });
});
