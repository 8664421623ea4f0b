/**
 * The randomness port, from the operating system's CSPRNG. Simulated in simulations, where it is seeded.
 */
import { randomBytes } from 'node:crypto';

export type Random = {
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
};

export const realRandom: Random = { hex: (bytes) => randomBytes(bytes).toString('hex') };
