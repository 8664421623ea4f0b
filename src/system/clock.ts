/**
 * The clock port: the only source of time for everything outside this folder. Simulated in tests and simulations.
 */
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
  // Not that of `node:timers/promises`: it makes an exception of each abort, and sleepers are woken all the time.
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
    }),
};
