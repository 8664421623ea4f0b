/**
 * How long no till was told "paid", and after which fault. Pure functions over moments.
 */

export type Gap = { readonly fromMs: number; readonly toMs: number };
type Begun = { readonly beganAtMs: number };
type Span = Begun & { readonly endedAtMs: number };

/** The times between one success and the next, from the beginning to the end. */
export function gapsBetween(successesAtMs: readonly number[], whole: Gap): readonly Gap[] {
  const inside = successesAtMs.filter((atMs) => atMs > whole.fromMs && atMs < whole.toMs);
  const places = [whole.fromMs, ...inside.toSorted((a, b) => a - b), whole.toMs];
  return places.slice(1).map((toMs, index) => ({ fromMs: places[index] ?? toMs, toMs }));
}

export function longestMs(gaps: readonly Gap[]): number {
  return gaps.reduce((longest, { fromMs, toMs }) => Math.max(longest, toMs - fromMs), 0);
}

/**
 * Each gap belongs to one fault: the first that began in it, or else the last that began before it. `faults` are in the order
 * in which they began.
 */
export function gapsByFault<Fault extends Begun>(
  gaps: readonly Gap[],
  faults: readonly Fault[],
): ReadonlyMap<Fault | undefined, readonly Gap[]> {
  return Map.groupBy(
    gaps,
    ({ fromMs, toMs }) =>
      faults.find(({ beganAtMs }) => beganAtMs >= fromMs && beganAtMs <= toMs) ??
      faults.findLast(({ beganAtMs }) => beganAtMs < fromMs),
  );
}

/** Gaps in which nothing was wrong. */
export function gapsWithout(gaps: readonly Gap[], spans: readonly Span[]): readonly Gap[] {
  const isOutside = ({ fromMs, toMs }: Gap, { beganAtMs, endedAtMs }: Span): boolean =>
    toMs < beganAtMs || fromMs > endedAtMs;
  return gaps.filter((gap) => spans.every((span) => isOutside(gap, span)));
}
