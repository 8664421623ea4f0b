/**
 * Alipay's clock text: `yyyy-MM-dd HH:mm:ss` in GMT+8, and the grammar of its timeouts (protocol 0,
 * 4.2). All of it is arithmetic on epoch milliseconds, so that no time zone database and no ambient
 * `Date` is involved.
 */

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const GMT8_MS = 8 * HOUR_MS;

/** Calendar fields of a moment in GMT+8. */
export type Moment = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
};

/** Days since 1970-01-01 of a proleptic Gregorian date (Hinnant's `days_from_civil`). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The calendar fields in GMT+8 of an epoch time (Hinnant's `civil_from_days`). */
export function momentOf(epochMs: number): Moment {
  const local = epochMs + GMT8_MS;
  const days = Math.floor(local / DAY_MS);
  const inDay = local - days * DAY_MS;
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
    hour: Math.floor(inDay / HOUR_MS),
    minute: Math.floor(inDay / MINUTE_MS) % 60,
    second: Math.floor(inDay / SECOND_MS) % 60,
    ms: inDay % SECOND_MS,
  };
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** `2016-09-16`, GMT+8. */
export function dateText(epochMs: number): string {
  const { year, month, day } = momentOf(epochMs);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** `2016-09-16 10:55:16`, GMT+8: the form of every time on the wire but `gmt_refund`. */
export function timeText(epochMs: number): string {
  const { hour, minute, second } = momentOf(epochMs);
  return `${dateText(epochMs)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
}

/**
 * `2020-03-27 18:19:15.143`: only `gmt_refund` of a notification has milliseconds (protocol 5.2).
 */
export function timeTextWithMs(epochMs: number): string {
  return `${timeText(epochMs)}.${pad(momentOf(epochMs).ms, 3)}`;
}

/** `20160916`, the start of most of Alipay's numbers. */
export function dayDigits(epochMs: number): string {
  return dateText(epochMs).replaceAll('-', '');
}

/** `105516`, part of a notification's id. */
export function timeDigits(epochMs: number): string {
  return timeText(epochMs).slice(11).replaceAll(':', '');
}

/** Start of a GMT+8 day given as `yyyy-MM-dd`, or undefined if it is no date of the calendar. */
export function parseDate(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const epochMs =
    daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3])) * DAY_MS - GMT8_MS;
  return dateText(epochMs) === text ? epochMs : undefined;
}

/** Reads `yyyy-MM-dd HH:mm:ss` in GMT+8; undefined if it is not such a time. */
export function parseTime(text: string): number | undefined {
  const match = /^(\S{10}) (\d{2}):(\d{2}):(\d{2})$/.exec(text);
  const dayMs = parseDate(match?.[1] ?? '');
  if (match === null || dayMs === undefined) return undefined;
  const epochMs =
    dayMs +
    Number(match[2]) * HOUR_MS +
    Number(match[3]) * MINUTE_MS +
    Number(match[4]) * SECOND_MS;
  return timeText(epochMs) === text ? epochMs : undefined;
}

/** The first moment of the GMT+8 day after the one `epochMs` lies in. */
export function nextMidnight(epochMs: number): number {
  return Math.floor((epochMs + GMT8_MS) / DAY_MS) * DAY_MS + DAY_MS - GMT8_MS;
}

/** The same moment `months` calendar months later; a day the month lacks becomes its last one. */
export function addMonths(epochMs: number, months: number): number {
  const { year, month, day } = momentOf(epochMs);
  const index = year * 12 + month - 1 + months;
  const [y, m] = [Math.floor(index / 12), (index % 12) + 1];
  const lastDay =
    daysFromCivil(m === 12 ? y + 1 : y, m === 12 ? 1 : m + 1, 1) - daysFromCivil(y, m, 1);
  const inDay = (epochMs + GMT8_MS) % DAY_MS;
  return daysFromCivil(y, m, Math.min(day, lastDay)) * DAY_MS - GMT8_MS + inDay;
}

const UNIT_MS: Record<string, number> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/**
 * When a timeout such as `90m`, `3h`, `15d` or `1c` (today 24:00) ends that starts at `fromMs`;
 * undefined outside the grammar: whole numbers, 1m to 15d (protocol 2.1, 4.2).
 */
export function timeoutEnd(text: string, fromMs: number): number | undefined {
  if (text === '1c') return nextMidnight(fromMs);
  const match = /^([1-9]\d{0,4})([mhd])$/.exec(text);
  if (match === null) return undefined;
  const spanMs = Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
  return spanMs <= 15 * DAY_MS ? fromMs + spanMs : undefined;
}
