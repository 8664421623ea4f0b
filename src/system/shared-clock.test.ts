/** The time is the server's, however this host's clock is set and however long the answer takes, within half of that. */
import { expect, test } from 'vitest';
import { createSharedClock } from './shared-clock.ts';

/** A host whose clocks stand where the test puts them, and a server that answers after `takesMs`. */
function aHost() {
  const state = { monotonicMs: 500, serverMs: 1_000_000, takesMs: 0, isAway: false };
  const host = {
    // Wrong by years, and never asked.
    nowMs: () => 7,
    monotonicMs: () => state.monotonicMs,
    sleep: async () => undefined,
  };
  const ask = async (): Promise<number> => {
    if (state.isAway) throw new Error('away');
    state.monotonicMs += state.takesMs / 2;
    state.serverMs += state.takesMs / 2;
    const told = state.serverMs;
    state.monotonicMs += state.takesMs / 2;
    state.serverMs += state.takesMs / 2;
    return told;
  };
  const pass = (ms: number): void => {
    state.monotonicMs += ms;
    state.serverMs += ms;
  };
  return { state, host, ask, pass };
}

test("the server's time, carried on by the monotonic clock", async () => {
  const { state, host, ask, pass } = aHost();
  state.takesMs = 80;
  const clock = await createSharedClock(host, ask);
  expect(clock.nowMs()).toBe(state.serverMs);
  pass(30_000);
  expect(clock.nowMs()).toBe(state.serverMs);
  expect(clock.monotonicMs()).toBe(state.monotonicMs);
});

test('follows a server whose clock was set, at the next question', async () => {
  const { state, host, ask } = aHost();
  const clock = await createSharedClock(host, ask);
  state.serverMs -= 5000;
  expect(clock.nowMs()).toBe(state.serverMs + 5000);
  await clock.steer();
  expect(clock.nowMs()).toBe(state.serverMs);
});

test('an answer that took too long changes nothing, and no answer neither', async () => {
  const { state, host, ask, pass } = aHost();
  const clock = await createSharedClock(host, ask);
  state.serverMs += 60_000;
  state.takesMs = 1001;
  await clock.steer();
  expect(clock.nowMs()).toBe(state.serverMs - 60_000);
  state.isAway = true;
  await expect(clock.steer()).rejects.toThrow('away');
  pass(10);
  expect(clock.nowMs()).toBe(state.serverMs - 60_000);
});

test('the first answer is taken however long it took, and without one there is no clock', async () => {
  const { state, host, ask } = aHost();
  state.takesMs = 5000;
  expect((await createSharedClock(host, ask)).nowMs()).toBe(state.serverMs);
  state.isAway = true;
  await expect(createSharedClock(host, ask)).rejects.toThrow('away');
});
