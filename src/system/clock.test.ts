/** The real clock: it sleeps about as long as asked, and an abort wakes it at once without an error. */
import { expect, test } from 'vitest';
import { realClock } from './clock.ts';

/** Far more than any test may take: whoever waits this long was not woken. */
const LONG_MS = 3_600_000;

test('tells the time of the host', () => {
  const before = Date.now();
  const nowMs = realClock.nowMs();
  expect(nowMs).toBeGreaterThanOrEqual(before);
  expect(nowMs).toBeLessThanOrEqual(Date.now());
});

test('measures forward, whatever the time of the host', async () => {
  const before = realClock.monotonicMs();
  await realClock.sleep(5);
  const passedMs = realClock.monotonicMs() - before;
  expect(passedMs).toBeGreaterThan(3);
  expect(passedMs).toBeLessThan(60_000);
});

test('sleeps', async () => {
  const before = performance.now();
  await realClock.sleep(20);
  // A timer may fire a little early, by the granularity of the clock.
  expect(performance.now() - before).toBeGreaterThan(15);
});

test('does not sleep when it is aborted already', async () => {
  await expect(realClock.sleep(LONG_MS, AbortSignal.abort())).resolves.toBeUndefined();
});

test('wakes at an abort', async () => {
  const controller = new AbortController();
  const sleeping = realClock.sleep(LONG_MS, controller.signal);
  controller.abort(new Error('whatever the reason'));
  await expect(sleeping).resolves.toBeUndefined();
});

test('sleeps with a signal that is never used', async () => {
  await expect(realClock.sleep(1, new AbortController().signal)).resolves.toBeUndefined();
});
