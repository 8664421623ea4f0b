/**
 * A first-in first-out queue of keys with O(1) amortised push and shift. A `Map` keeps insertion
 * order too, but finding its first key walks over every deleted one. It holds keys only; what they
 * stand for is in `./book.ts`.
 */

export type KeyQueue = { keys: string[]; head: number };

export function createQueue(): KeyQueue {
  return { keys: [], head: 0 };
}

export function pushKey(queue: KeyQueue, key: string): void {
  queue.keys.push(key);
}

export function firstKey(queue: KeyQueue): string | undefined {
  return queue.keys[queue.head];
}

/**
 * Takes the oldest key out. The array is cut when half of it is used up, which makes the cost
 * constant on average.
 */
export function shiftKey(queue: KeyQueue): string | undefined {
  const key = queue.keys[queue.head];
  if (key === undefined) return undefined;
  queue.head += 1;
  if (queue.head > 1024 && queue.head * 2 > queue.keys.length) {
    queue.keys.splice(0, queue.head);
    queue.head = 0;
  }
  return key;
}

/** Drops the keys of things already gone when they outnumber the living; keeps the order. */
export function sweepQueue(
  queue: KeyQueue,
  livingCount: number,
  isLiving: (key: string) => boolean,
): void {
  if (queue.keys.length - queue.head <= 2 * livingCount + 1024) return;
  queue.keys = queue.keys.slice(queue.head).filter(isLiving);
  queue.head = 0;
}
