/**
 * The clock port: the only source of time for everything outside this folder. Simulated in tests and simulations.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export type Clock = {
  /** Epoch milliseconds. May jump when the host's clock is set; nothing may depend on it running evenly. */
  nowMs(): number;
  /** Milliseconds that only run forward, from any origin: for measuring how long something has waited. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // An abort is how a sleeper is woken.
      if (signal?.aborted !== true) throw error;
    }
  },
};
