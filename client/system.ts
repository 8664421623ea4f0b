/**
 * What the client needs of the world around it, in one place: network, time, chance. It is what browsers, Node 20, Deno and
 * Bun have in common. A program that is tested in virtual time hands in another one.
 */

export type System = {
  readonly fetch: typeof globalThis.fetch;
  /** Never goes back, unlike the time of day. */
  readonly monotonicMs: () => number;
  /** Rejects with the signal's reason when that comes first. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** A signal for what may take so long, and no longer than another signal allows. */
  readonly limit: (ms: number, outer: AbortSignal | undefined) => Limit;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** A text that nobody else has. */
  readonly newKey: () => string;
};

export type Limit = {
  readonly signal: AbortSignal;
  /** Counts from now on again. */
  readonly renew: () => void;
  /** Aborts what still goes on, and lets go of the timer and of the other signal, which may live for days. */
  readonly end: () => void;
};

const KEY_BYTES = 16;

export const system: System = {
  // Looked up at each call: a program may replace it after this file was loaded.
  fetch: (input, init) => globalThis.fetch(input, init),
  monotonicMs: () => performance.now(),
  sleep: async (ms, outer) => {
    outer?.throwIfAborted();
    const { signal, end } = limit(ms, outer);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    end();
    outer?.throwIfAborted();
  },
  limit,
  chance: () => Math.random(),
  // `randomUUID` is missing in pages that were loaded without TLS.
  newKey: () =>
    [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(''),
};

function limit(ms: number, outer: AbortSignal | undefined): Limit {
  const controller = new AbortController();
  const stop = (): void => controller.abort(outer?.reason);
  const late = (): void =>
    controller.abort(new DOMException(`Nothing came within ${ms} ms`, 'TimeoutError'));
  let timer = setTimeout(late, ms);
  outer?.addEventListener('abort', stop, { once: true });
  if (outer?.aborted === true) stop();
  return {
    signal: controller.signal,
    renew: () => {
      clearTimeout(timer);
      timer = setTimeout(late, ms);
    },
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
      controller.abort();
    },
  };
}

/** The time of day, for what carries one. */
export function currentTimeMs(): number {
  return Date.now();
}
