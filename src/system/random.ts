/**
 * The randomness port, from the operating system's CSPRNG. Simulated in simulations, where it is seeded.
 */
import { randomFillSync } from 'node:crypto';

export type Random = {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
};

/** Fetched from the operating system at once: asking it costs more than the few bytes that a request needs. */
const STOCK_BYTES = 4096;
const stock = Buffer.alloc(STOCK_BYTES);
let taken = STOCK_BYTES;

export const realRandom: Random = {
  hex: (bytes) => {
    if (bytes > STOCK_BYTES) throw new RangeError(`at most ${STOCK_BYTES} bytes at a time`);
    if (taken + bytes > STOCK_BYTES) {
      randomFillSync(stock);
      taken = 0;
    }
    const drawn = stock.subarray(taken, taken + bytes);
    taken += bytes;
    const text = drawn.toString('hex');
    // What was given out may be a secret, and is in nobody's memory twice.
    drawn.fill(0);
    return text;
  },
};
