/**
 * A length of time as a reader's text in both languages: whole units, the largest that fits. For the generated documents;
 * times of day are written by `src/core/time.ts`.
 */
import type { Text } from '../src/flows/incident-texts.ts';

type Unit = readonly [ms: number, en: string, zh: string];
const SECONDS: Unit = [1000, 's', '秒'];
const UNITS: readonly Unit[] = [
  [24 * 3_600_000, 'd', '天'],
  [3_600_000, 'h', '小时'],
  [60_000, 'min', '分钟'],
];

/** `90 s` and `90 秒`: exact, because a rounded number in a table of intervals would be a wrong one. */
export function duration(ms: number): Text {
  const fits = ([unitMs]: Unit): boolean => ms > 0 && ms % unitMs === 0;
  const [unitMs, en, zh] = UNITS.find(fits) ?? SECONDS;
  return { en: `${ms / unitMs} ${en}`, zh: `${ms / unitMs} ${zh}` };
}
