/**
 * A clock that moves only when a test moves it. Sleepers are woken in order of their time; after each, everything that
 * can run without time passing runs to its end. No real waiting, so no flakiness and no hurry.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/system/clock.ts';

export type VirtualClock = Clock & {
  /** Lets everything happen that time brings within `ms`. `alsoDue` names another source of due times. */
  advance(ms: number): Promise<void>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Wakes this many milliseconds from now; the test's way to add events of its own. */
  at(ms: number, work: () => void): void;
};

type Sleeper = { readonly wakeAtMs: number; readonly wake: () => void };

/** Turns of the event loop that the longest chain of promises and streams (an injected request) may need. */
const TURNS = 6;

/** What else may be under way that takes real time and none of this clock's: a database server. */
export type RealWork = { readonly isIdle: boolean; idle(): Promise<void> };

const NONE: RealWork = { isIdle: true, idle: () => Promise.resolve() };

export function createVirtualClock(startMs: number, realWork: RealWork = NONE): VirtualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      await nextTurn();
      if (realWork.isIdle) continue;
      await realWork.idle();
      turn = -1;
    }
  };
  const at = (ms: number, work: () => void): Sleeper => {
    const sleeper: Sleeper = {
      wakeAtMs: nowMs + Math.max(0, ms),
      wake: () => {
        sleepers.delete(sleeper);
        work();
      },
    };
    sleepers.add(sleeper);
    return sleeper;
  };
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const sleeper = at(ms, resolve);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    at: (ms, work) => void at(ms, work),
    settle,
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].reduce<Sleeper | undefined>(
          (first, sleeper) =>
            first === undefined || sleeper.wakeAtMs < first.wakeAtMs ? sleeper : first,
          undefined,
        );
        if (next === undefined || next.wakeAtMs > untilMs) break;
        nowMs = Math.max(nowMs, next.wakeAtMs);
        next.wake();
        await settle();
      }
      nowMs = untilMs;
      await settle();
    },
  };
}
