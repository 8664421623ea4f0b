/**
 * Shanghai time by arithmetic: Alipay's wire and the tills speak GMT+8 text, we keep epoch milliseconds.
 * UTC+8 is fixed (no daylight saving since 1991), so no time zone database and no ambient `Date` is needed; a
 * host in another zone, or a container without zone data, cannot shift a timestamp (a known fault of the official SDKs).
 */
import { assert } from './assert.ts';

const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
const EPOCH_DAYS = 719_468;
/** 400 years: the calendar's full cycle, in days. */
const ERA_DAYS = 146_097;

const TEXT = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?$/;

type Day = { year: number; month: number; day: number };

/** Civil date of a day number since 1970-01-01; years are counted from March so that leap days come last. */
function dayOf(days: number): Day {
  const shifted = days + EPOCH_DAYS;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** The inverse of `dayOf`; a day beyond its month runs over into the next, which callers check for. */
function daysOf({ year, month, day }: Day): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const monthFromMarch = month > 2 ? month - 3 : month + 9;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH_DAYS;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function shanghaiDayOf(epochMs: number): Day {
  const day = dayOf(Math.floor((epochMs + OFFSET_MS) / DAY_MS));
  assert(day.year >= 0 && day.year <= 9999, 'a time must be within the years 0000 to 9999');
  return day;
}

/** `yyyy-MM-dd HH:mm:ss` in Shanghai of epoch milliseconds (fractions of a second are dropped). */
export function shanghaiText(epochMs: number): string {
  const { year, month, day } = shanghaiDayOf(epochMs);
  const local = Math.floor(epochMs + OFFSET_MS);
  const second = Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / 1000);
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  const hours = digits(Math.floor(second / 3600), 2);
  return `${date} ${hours}:${digits(Math.floor(second / 60) % 60, 2)}:${digits(second % 60, 2)}`;
}

/** As `shanghaiText`, with milliseconds: for an operator who compares with logs. */
export function shanghaiTextMs(epochMs: number): string {
  const milliseconds = Math.floor(epochMs) - Math.floor(epochMs / 1000) * 1000;
  return `${shanghaiText(epochMs)}.${digits(milliseconds, 3)}`;
}

/** RFC 3339 with milliseconds, in Shanghai: `2026-03-21T12:00:00.000+08:00`. */
export function rfc3339(epochMs: number): string {
  return `${shanghaiTextMs(epochMs).replace(' ', 'T')}+08:00`;
}

const RFC_3339 =
  /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Epoch milliseconds of an RFC 3339 time, whatever its offset; digits after the milliseconds are dropped. Undefined for
 * anything else, also for dates that do not exist and for leap seconds.
 */
export function parseRfc3339(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '', sign, hours = '0', minutes = '0'] = match;
  const localMs = parseShanghaiText(`${date} ${time}.${fraction.slice(0, 3).padEnd(3, '0')}`);
  if (localMs === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return localMs + OFFSET_MS - (sign === '-' ? -offsetMs : offsetMs);
}

/** The Shanghai day of epoch milliseconds as `yyyyMMdd`: Alipay's accounting day. */
export function shanghaiDay(epochMs: number): string {
  const { year, month, day } = shanghaiDayOf(epochMs);
  return `${digits(year, 4)}${digits(month, 2)}${digits(day, 2)}`;
}

/**
 * Epoch milliseconds of `yyyy-MM-dd HH:mm:ss` in Shanghai, or with `.SSS` as in `gmt_refund` of notifications.
 * `undefined` for anything else, also for dates that do not exist.
 */
export function parseShanghaiText(text: string): number | undefined {
  const match = TEXT.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
    return undefined;
  const days = daysOf({ year, month, day });
  if (dayOf(days).day !== day) return undefined;
  const ofDayMs = (hour * 3600 + minute * 60 + second) * 1000 + Number(match[7] ?? 0);
  return days * DAY_MS + ofDayMs - OFFSET_MS;
}
