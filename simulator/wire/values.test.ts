/**
 * Times, timeouts, amounts and character sets: tables, and round trips compared with what Node
 * knows about the calendar.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { charsetNamed, decodeText, encodeText } from './charset.ts';
import { parseYuan, yuan } from './money.ts';
import {
  addMonths,
  dateText,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  nextMidnight,
  parseDate,
  parseTime,
  timeoutEnd,
  timeText,
  timeTextWithMs,
} from './time.ts';

const anyTime = fc.integer({ min: 0, max: 4_102_444_800_000 });

describe('time in GMT+8', () => {
  test('agrees with the calendar of the machine', () => {
    fc.assert(
      fc.property(anyTime, (epochMs) => {
        const iso = new Date(epochMs + 8 * HOUR_MS).toISOString();
        expect(timeTextWithMs(epochMs)).toBe(iso.replace('T', ' ').replace('Z', ''));
        expect(parseTime(timeText(epochMs))).toBe(epochMs - (epochMs % 1000));
        expect(parseDate(dateText(epochMs))).toBe(nextMidnight(epochMs) - DAY_MS);
      }),
    );
  });

  test.each([
    '2026-02-30 00:00:00',
    '2026-13-01 00:00:00',
    '2026-01-01 24:00:00',
    '2026-01-01 00:60:00',
    '2026-1-1 00:00:00',
    '2026-01-01T00:00:00',
    ' 2026-01-01 00:00:00',
    '2026-01-01',
    '',
  ])('%j is no time', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  test.each([
    ['2026-01-31 10:00:00', 1, '2026-02-28 10:00:00'],
    ['2024-01-31 10:00:00', 1, '2024-02-29 10:00:00'],
    ['2026-03-01 00:00:00', 12, '2027-03-01 00:00:00'],
    ['2026-12-01 23:59:59', 1, '2027-01-01 23:59:59'],
    ['2024-02-29 12:00:00', 12, '2025-02-28 12:00:00'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(timeText(addMonths(parseTime(from) ?? 0, months))).toBe(to);
  });
});

describe('timeouts', () => {
  const from = parseTime('2026-03-01 12:00:00') ?? 0;
  test.each([
    ['1m', MINUTE_MS],
    ['90m', 90 * MINUTE_MS],
    ['3h', 3 * HOUR_MS],
    ['15d', 15 * DAY_MS],
    ['360h', 15 * DAY_MS],
    ['1c', 12 * HOUR_MS],
  ])('%s', (text, spanMs) => {
    expect(timeoutEnd(text, from)).toBe(from + spanMs);
  });

  test.each(['', '0m', '01m', '1.5h', '16d', '361h', '2c', '1', 'm', '1M', '1s', '-1m', '1m '])(
    '%j is refused',
    (text) => {
      expect(timeoutEnd(text, from)).toBeUndefined();
    },
  );
});

describe('money', () => {
  test.each([
    ['88.88', 8888],
    ['0.01', 1],
    ['1', 100],
    ['1.5', 150],
    ['100000000', 10_000_000_000],
    [0.1, 10],
    [88.88, 8888],
    [100, 10_000],
  ])('%j yuan is %i fen', (text, fen) => {
    expect(parseYuan(text)).toBe(fen);
  });

  test.each([
    '',
    ' 1',
    '1.',
    '.1',
    '1.234',
    '-1',
    '1e2',
    '0x1',
    'x',
    '１',
    null,
    {},
    [],
    true,
    1e-7,
  ])('%j is no amount', (value) => {
    expect(parseYuan(value)).toBeUndefined();
  });

  test('to text and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (fen) => {
        expect(parseYuan(yuan(fen))).toBe(fen);
        expect(yuan(fen)).toMatch(/^\d+\.\d\d$/);
      }),
    );
  });

  test('negative amounts stand in bills only', () => {
    expect([yuan(-1), yuan(-100), yuan(-12_345)]).toEqual(['-0.01', '-1.00', '-123.45']);
  });
});

describe('character sets', () => {
  test.each([
    ['utf-8', 'utf-8'],
    ['UTF-8', 'utf-8'],
    ['gbk', 'GBK'],
    ['GBK', 'GBK'],
    ['GB2312', 'GBK'],
    ['latin1', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%j is %s', (name, charset) => {
    expect(charsetNamed(name)).toBe(charset);
  });

  test('GBK bytes are those of the standard', () => {
    expect(encodeText('房费', 'GBK').toString('hex')).toBe('b7bfb7d1');
    expect(decodeText(Buffer.from('b7bfb7d1', 'hex'), 'GBK')).toBe('房费');
  });
});
