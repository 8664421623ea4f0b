/**
 * The stretches of time that people look at: days of Shanghai that end now, or yesterday. Pure: the time is a parameter. Each
 * has the same stretch before it to compare with, at the same hours, so that a morning is compared with a morning.
 */
import { dayStartMs } from '../time.ts';

export const PERIODS = ['today', 'yesterday', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

/** `beforeMs` is not in it. */
export type Stretch = { readonly fromMs: number; readonly beforeMs: number };

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS: Readonly<Record<Period, number>> = { today: 1, yesterday: 1, week: 7, month: 30 };

/** What a chart of it goes by. */
export const POINTS: Readonly<Record<Period, 'hour' | 'day'>> = {
  today: 'hour',
  yesterday: 'hour',
  week: 'day',
  month: 'day',
};

export function isPeriod(text: string | null | undefined): text is Period {
  return PERIODS.some((period) => period === text);
}

export function stretchOf(period: Period, nowMs: number): Stretch {
  if (period === 'yesterday') {
    return { fromMs: dayStartMs(nowMs, 1), beforeMs: dayStartMs(nowMs) };
  }
  return { fromMs: dayStartMs(nowMs, DAYS[period] - 1), beforeMs: nowMs };
}

/** The one to compare with. */
export function stretchBefore(period: Period, { fromMs, beforeMs }: Stretch): Stretch {
  const shiftMs = DAYS[period] * DAY_MS;
  return { fromMs: fromMs - shiftMs, beforeMs: beforeMs - shiftMs };
}

/** From the first day to the last, as `2026-12-01`; undefined where one is no day of the calendar. */
export function stretchOfDays(
  first: string | undefined,
  last: string | undefined,
): Partial<Stretch> {
  const fromMs = dayMs(first);
  const lastMs = dayMs(last);
  return {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(lastMs === undefined ? {} : { beforeMs: lastMs + DAY_MS }),
  };
}

/** When a day begins in Shanghai. */
export function dayMs(day: string | undefined): number | undefined {
  if (day === undefined || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const atMs = Date.parse(`${day}T00:00:00+08:00`);
  // The 31st of a month that has 30 would be the first of the next.
  const isDay = !Number.isNaN(atMs) && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day);
  return isDay ? atMs : undefined;
}
