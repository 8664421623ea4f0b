/**
 * What is made of the samples of several rounds: the median, which a round that the machine disturbed does not move, and
 * the spread, which tells how far it may be trusted.
 */

export type Summary = { readonly median: number; readonly low: number; readonly high: number };

/** Throws for no samples: a figure that was not measured is none. */
export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new Error('no round was measured');
  return { median: quantile(samples, 0.5), low: Math.min(...samples), high: Math.max(...samples) };
}

/** The smallest sample that at least a share `q` of all are not above (nearest rank); the mean of the middle two for a median. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[Math.min(sorted.length - 1, index)] ?? NaN;
  const rank = q * sorted.length;
  if (q === 0.5 && Number.isInteger(rank)) return (at(rank - 1) + at(rank)) / 2;
  return at(Math.max(0, Math.ceil(rank) - 1));
}
