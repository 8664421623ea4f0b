/**
 * The world as it is: the one part of the client that the stand-in of the other tests replaces.
 */
import { expect, test } from 'vitest';
import { system } from '../../client/system.ts';

test('keys are never the same', () => {
  const keys = Array.from({ length: 1000 }, () => system.newKey());
  expect(new Set(keys).size).toBe(1000);
  expect(keys.filter((key) => !/^[0-9a-f]{32}$/.test(key))).toStrictEqual([]);
});

test('a sleep ends when its time is up, or its signal says so', async () => {
  const before = system.monotonicMs();
  await system.sleep(20, undefined);
  // Timers of whole milliseconds may be a fraction early.
  expect(system.monotonicMs() - before).toBeGreaterThan(18);
  const controller = new AbortController();
  const sleeping = system.sleep(600_000, controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(system.sleep(600_000, controller.signal)).rejects.toBe(reason);
});

test('a limit ends with its time, with the other signal, and with its work', async () => {
  const late = system.limit(5, undefined);
  await new Promise((resolve) => late.signal.addEventListener('abort', resolve));
  expect(late.signal.reason).toMatchObject({ name: 'TimeoutError' });
  const outer = new AbortController();
  const within = system.limit(600_000, outer.signal);
  const done = system.limit(600_000, outer.signal);
  done.end();
  expect([within.signal.aborted, done.signal.aborted]).toStrictEqual([false, true]);
  outer.abort('closing time');
  expect(within.signal.reason).toBe('closing time');
  expect(done.signal.reason).toMatchObject({ name: 'AbortError' });
  within.end();
  const tooLate = system.limit(600_000, outer.signal);
  expect(tooLate.signal.reason).toBe('closing time');
  tooLate.end();
});
