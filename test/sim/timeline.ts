/**
 * Virtual time: a heap of events, one carried out at a time; after each, everything that needs no time runs to its end.
 * Between two events nothing is under way, so a run depends on its seed alone. Clocks of nodes are views on it, each
 * with an error of its own; sleeping always takes true time.
 */
import { setImmediate as realSetImmediate } from 'node:timers';
import type { Clock } from '../../src/system/clock.ts';

export type Timeline = {
  readonly nowMs: number;
  /** Events carried out so far. */
  readonly steps: number;
  /**
   * Something happens after `ms`, which are whole ones, as clocks have them. Events of one moment happen in the order in which
   * they were added.
   */
  after(ms: number, work: () => void): Ticket;
  /** A clock of a node that is wrong by `skew.ms`. */
  clock(skew: { readonly ms: number }): Clock;
  /** Lets everything happen that is due until `untilMs`, or until `isOver` says so after an event. */
  run(untilMs: number, isOver?: () => boolean): Promise<void>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
};

/** An event to come; taken back, it never happens. */
export type Ticket = { isOff: boolean };

type Event = Ticket & { readonly atMs: number; readonly order: number; work: () => void };

export function createTimeline(startMs: number): Timeline {
  const heap: Event[] = [];
  const state = { nowMs: startMs, steps: 0, order: 0 };
  const after = (ms: number, work: () => void): Ticket => {
    state.order += 1;
    const event = {
      atMs: state.nowMs + Math.max(0, Math.round(ms)),
      order: state.order,
      work,
      isOff: false,
    };
    push(heap, event);
    return event;
  };
  return {
    get nowMs() {
      return state.nowMs;
    },
    get steps() {
      return state.steps;
    },
    after,
    settle,
    clock: (skew) => ({
      nowMs: () => state.nowMs + skew.ms,
      monotonicMs: () => state.nowMs - startMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) return resolve();
          const ticket = after(ms, resolve);
          const wake = (): void => {
            ticket.isOff = true;
            resolve();
          };
          return signal?.addEventListener('abort', wake, { once: true });
        }),
    }),
    run: async (untilMs, isOver = () => false) => {
      await settle();
      for (;;) {
        const event = heap[0];
        if (event === undefined || event.atMs > untilMs) break;
        pop(heap);
        if (event.isOff) continue;
        state.nowMs = event.atMs;
        state.steps += 1;
        event.work();
        await settle();
        if (isOver()) return;
      }
      state.nowMs = Math.max(state.nowMs, untilMs);
    },
  };
}

/**
 * Everything here is promises, ticks and immediates; nothing does real input or output. So all has run when no immediate
 * of anybody else's is left, and those are counted.
 */
const immediates = { left: 0 };
const originalSetImmediate = globalThis.setImmediate;
function countImmediates(): void {
  if (globalThis.setImmediate !== originalSetImmediate) return;
  const counted = (work: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
    immediates.left += 1;
    return realSetImmediate(() => {
      immediates.left -= 1;
      work(...args);
    });
  };
  globalThis.setImmediate = Object.assign(counted, originalSetImmediate);
}
countImmediates();

async function settle(): Promise<void> {
  do {
    await new Promise<void>((resolve) => {
      realSetImmediate(resolve);
    });
  } while (immediates.left > 0);
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Event[], event: Event): void {
  let at = heap.push(event) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, event)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    let least = heap[child];
    const right = heap[child + 1];
    if (least !== undefined && right !== undefined && isBefore(right, least)) {
      child += 1;
      least = right;
    }
    if (least === undefined || isBefore(last, least)) break;
    heap[at] = least;
    at = child;
  }
  heap[at] = last;
}
