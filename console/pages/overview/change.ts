/**
 * How a figure changed against the time before, and how rates are written. Pure; in whole numbers up to the last step, and with
 * one decimal at most, because nobody acts on more.
 */

/** `more`, `less`, `same`, or `new` when there was nothing to compare with. */
export type Change =
  | { readonly kind: 'more' | 'less'; readonly text: string }
  | { readonly kind: 'same' }
  | { readonly kind: 'new' };

/** From here on a percentage says less than "many times". */
const PER_MILLE_MAX = 9_990;

/** Of amounts and counts: in percent of what it was. */
export function changeOf(now: number, before: number): Change {
  if (now === before) return { kind: 'same' };
  if (before === 0) return { kind: 'new' };
  const perMille = Math.round((Math.abs(now - before) * 1000) / before);
  const kind = now > before ? 'more' : 'less';
  if (perMille > PER_MILLE_MAX) return { kind, text: `>${PER_MILLE_MAX / 10}%` };
  return { kind, text: `${tenths(perMille)}%` };
}

/** Of rates: in points of a percent, because percents of percents mislead. */
export function pointsOf(now: number | null, before: number | null): Change {
  if (before === null) return now === null ? { kind: 'same' } : { kind: 'new' };
  const perMille = Math.round(((now ?? 0) - before) * 1000);
  if (now === null || perMille === 0) return { kind: 'same' };
  return { kind: perMille > 0 ? 'more' : 'less', text: tenths(Math.abs(perMille)) };
}

/** `97.5%`, of 0.975. What is not quite all is never written as all. */
export function rateText(rate: number): string {
  const perMille = Math.round(rate * 1000);
  return `${tenths(rate < 1 ? Math.min(perMille, 999) : perMille)}%`;
}

/** `1` of 10, `1.5` of 15. */
function tenths(value: number): string {
  const [whole, rest] = [Math.trunc(value / 10), value % 10];
  return rest === 0 ? `${whole}` : `${whole}.${rest}`;
}

/** How much of a whole it is, in percent from 0 to 100, for the length of a bar. */
export function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * 1000) / whole) / 10;
}
