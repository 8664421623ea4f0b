/**
 * Wakes whoever in this process waits for a row to change. A hint that makes things prompt, never the only way: a
 * follower also looks again after a while by itself, so news of another node, or lost news, cost time and nothing else.
 */
import type { Clock } from './clock.ts';

export type News = {
  /**
   * Something about `topic` changed: its followers look again, at once or at `atMs` (epoch milliseconds), if they would
   * not sooner by themselves.
   */
  tell(topic: string, atMs?: number): void;
  follow(topic: string): Follower;
  /** The process is stopping: all waits end now, and later ones at once. */
  stop(): void;
  readonly stopping: boolean;
};

export type Follower = {
  /** Resolves when it is time to look since the topic changed (after the last call, or `follow`), after `ms`, or at the stop. */
  next(ms: number): Promise<void>;
  /** Hears no more; a `next` that is under way ends now. */
  close(): void;
};

/** `atMs`: when it was told to look; Infinity when it was not. `wake` ends its sleep, which would last until `untilMs`. */
type Listener = { atMs: number; untilMs: number; wake: (() => void) | undefined };

/**
 * `tellOthers` hears what is told here and may matter to other processes: a topic whose followers should look at once.
 */
export function createNews(
  clock: Pick<Clock, 'sleep' | 'nowMs'>,
  tellOthers?: (topic: string) => void,
): News & { hear(topic: string): void } {
  const listeners = new Map<string, Set<Listener>>();
  let stopping = false;
  const wake = (listener: Listener, atMs: number): void => {
    listener.atMs = Math.min(listener.atMs, atMs);
    // Whoever looks before that anyway sleeps on.
    if (listener.atMs < listener.untilMs) listener.wake?.();
  };
  const tellFollowers = (topic: string, atMs: number): void =>
    listeners.get(topic)?.forEach((listener) => wake(listener, atMs));
  return {
    tell: (topic, atMs = -Infinity) => {
      tellFollowers(topic, atMs);
      tellOthers?.(topic);
    },
    hear: (topic) => tellFollowers(topic, -Infinity),
    follow: (topic) => {
      const listener: Listener = { atMs: Infinity, untilMs: Infinity, wake: undefined };
      const others = listeners.get(topic) ?? new Set();
      listeners.set(topic, others.add(listener));
      return {
        next: async (ms) => {
          const endMs = clock.nowMs() + ms;
          let isWoken = true;
          while (isWoken) {
            listener.untilMs = Math.min(endMs, listener.atMs);
            // A wall clock that is set back makes nobody sleep longer than `ms`.
            const leftMs = stopping ? 0 : Math.min(ms, listener.untilMs - clock.nowMs());
            if (leftMs <= 0) break;
            isWoken = await sleepUntilTold(clock, listener, leftMs);
          }
          listener.atMs = Infinity;
        },
        close: () => {
          wake(listener, -Infinity);
          others.delete(listener);
          if (others.size === 0 && listeners.get(topic) === others) listeners.delete(topic);
        },
      };
    },
    stop: () => {
      stopping = true;
      for (const followers of listeners.values()) {
        for (const listener of followers) wake(listener, -Infinity);
      }
    },
    get stopping() {
      return stopping;
    },
  };
}

/** Whether it was woken before its time. */
async function sleepUntilTold(
  clock: Pick<Clock, 'sleep'>,
  listener: Listener,
  ms: number,
): Promise<boolean> {
  const woken = new AbortController();
  // With a reason of its own, no exception is made for each of the many wakes.
  listener.wake = () => woken.abort('told');
  await clock.sleep(ms, woken.signal);
  listener.wake = undefined;
  return woken.signal.aborted;
}
