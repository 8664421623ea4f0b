/**
 * Wakes whoever in this process waits for a row to change. A hint that makes things prompt, never the only way: a
 * follower also looks again after a while by itself, so news of another node, or lost news, cost time and nothing else.
 */
import type { Clock } from './clock.ts';

export type News = {
  /** Something about `topic` changed: its followers look again. */
  tell(topic: string): void;
  follow(topic: string): Follower;
  /** The process is stopping: all waits end now, and later ones at once. */
  stop(): void;
  readonly stopping: boolean;
};

export type Follower = {
  /** Resolves when the topic changed since the last call (or since `follow`), after `ms`, or at the stop. */
  next(ms: number): Promise<void>;
  close(): void;
};

type Listener = { told: boolean; wake: (() => void) | undefined };

export function createNews(clock: Pick<Clock, 'sleep'>): News {
  const listeners = new Map<string, Set<Listener>>();
  let stopping = false;
  const wake = (listener: Listener): void => {
    listener.told = true;
    listener.wake?.();
  };
  return {
    tell: (topic) => listeners.get(topic)?.forEach(wake),
    follow: (topic) => {
      const listener: Listener = { told: false, wake: undefined };
      const others = listeners.get(topic) ?? new Set();
      listeners.set(topic, others.add(listener));
      return {
        next: async (ms) => {
          if (!listener.told && !stopping) await sleepUntilTold(clock, listener, ms);
          listener.told = false;
        },
        close: () => {
          others.delete(listener);
          if (others.size === 0 && listeners.get(topic) === others) listeners.delete(topic);
        },
      };
    },
    stop: () => {
      stopping = true;
      for (const followers of listeners.values()) followers.forEach(wake);
    },
    get stopping() {
      return stopping;
    },
  };
}

async function sleepUntilTold(
  clock: Pick<Clock, 'sleep'>,
  listener: Listener,
  ms: number,
): Promise<void> {
  const woken = new AbortController();
  // With a reason of its own, no exception is made for each of the many wakes.
  listener.wake = () => woken.abort('told');
  await clock.sleep(ms, woken.signal);
  listener.wake = undefined;
}
