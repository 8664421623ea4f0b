/**
 * Seeded pseudo-random numbers (sfc32): everything that a simulation draws comes from here, so that a seed repeats a run.
 * Streams are forked by name: what one actor draws does not move what another draws, and a run with fewer payments
 * keeps the fate of those that stay.
 */
export type Prng = {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, bound). */
  below(bound: number): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** True with this probability; draws nothing when it is 0, so that a fault which is off changes no other draw. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the keys, each with its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** A stream of its own, the same for the same name. */
  fork(name: string): Prng;
};

/** FNV-1a over the text, started elsewhere for each of the four words of state. */
function words(text: string): [number, number, number, number] {
  const state: [number, number, number, number] = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
  for (let at = 0; at < text.length; at += 1) {
    for (let word = 0; word < 4; word += 1) {
      state[word] = Math.imul((state[word] ?? 0) ^ (text.charCodeAt(at) + word), 0x01000193);
    }
  }
  return state;
}

/** Draws thrown away at the beginning, so that seeds that differ by one bit differ in everything. */
const WARM_UP = 12;

export function createPrng(name: string): Prng {
  let [a, b, c, d] = words(name);
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let round = 0; round < WARM_UP; round += 1) next();
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    next,
    below,
    between: (min, max) => min + below(max - min + 1),
    chance: (probability) => probability > 0 && next() < probability,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('picked from an empty list');
      return item;
    },
    weighted: (weights) => pickWeighted(weights, next()),
    fork: (fork) => createPrng(`${name}/${fork}`),
  };
}

function pickWeighted<K extends string>(weights: Readonly<Record<K, number>>, draw: number): K {
  // `Object.entries` forgets the type of the keys; the object has these and no others.
  const entries = Object.entries(weights) as [K, number][];
  let left = draw * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  throw new Error('the weights are all zero');
}
