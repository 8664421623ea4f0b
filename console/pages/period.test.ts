/** Stretches of time begin and end with the days of Shanghai, and are compared with the same hours. */
import { expect, test } from 'vitest';
import { rfc3339 } from '../time.ts';
import { dayMs, PERIODS, stretchBefore, stretchOf, stretchOfDays, type Stretch } from './period.ts';

/** 00:30 of the second in Shanghai, while it is the first in London and New York. */
const NOW_MS = Date.parse('2026-12-01T16:30:00Z');

const text = ({ fromMs, beforeMs }: Stretch) => [rfc3339(fromMs), rfc3339(beforeMs)];

test('each period is days of Shanghai, and is compared with the same hours before', () => {
  const found = PERIODS.map((period) => {
    const stretch = stretchOf(period, NOW_MS);
    return [period, ...text(stretch), ...text(stretchBefore(period, stretch))];
  });
  expect(found).toStrictEqual([
    [
      'today',
      '2026-12-01T16:00:00.000Z',
      '2026-12-01T16:30:00.000Z',
      '2026-11-30T16:00:00.000Z',
      '2026-11-30T16:30:00.000Z',
    ],
    [
      'yesterday',
      '2026-11-30T16:00:00.000Z',
      '2026-12-01T16:00:00.000Z',
      '2026-11-29T16:00:00.000Z',
      '2026-11-30T16:00:00.000Z',
    ],
    [
      'week',
      '2026-11-25T16:00:00.000Z',
      '2026-12-01T16:30:00.000Z',
      '2026-11-18T16:00:00.000Z',
      '2026-11-24T16:30:00.000Z',
    ],
    [
      'month',
      '2026-11-02T16:00:00.000Z',
      '2026-12-01T16:30:00.000Z',
      '2026-10-03T16:00:00.000Z',
      '2026-11-01T16:30:00.000Z',
    ],
  ]);
});

test('days that were chosen are whole, the last one too', () => {
  const { fromMs, beforeMs } = stretchOfDays('2026-12-01', '2026-12-02');
  expect(text({ fromMs: fromMs!, beforeMs: beforeMs! })).toStrictEqual([
    '2026-11-30T16:00:00.000Z',
    '2026-12-02T16:00:00.000Z',
  ]);
  expect(stretchOfDays(undefined, undefined)).toStrictEqual({});
});

test('what is no day of the calendar is none', () => {
  for (const day of ['2026-11-31', '2026-13-01', '2026-1-1', 'today', '', undefined]) {
    expect(dayMs(day)).toBeUndefined();
  }
  expect(dayMs('2028-02-29')).toBe(Date.parse('2028-02-28T16:00:00Z'));
});
