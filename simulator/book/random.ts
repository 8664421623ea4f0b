/**
 * The simulator's chance: a seedable generator whose whole state is one number in the book
 * (Mulberry32). It makes identifiers look real and repeats exactly for a seed; it is no source of
 * secrets.
 */

export type Random = { state: number };

/** The next number in [0, 1). */
export function nextRandom(random: Random): number {
  random.state = (random.state + 0x6d2b79f5) >>> 0;
  let t = random.state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** A whole number from 0 to `below` - 1. */
export function randomBelow(random: Random, below: number): number {
  return Math.floor(nextRandom(random) * below);
}

/** `length` characters of an alphabet. */
export function randomText(random: Random, length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomBelow(random, alphabet.length)]).join('');
}
