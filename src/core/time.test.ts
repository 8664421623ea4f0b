/** The arithmetic calendar against the platform's: `Date` and `Intl` are the witnesses, used in this test only. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from './assert.ts';
import { parseShanghaiText, shanghaiDay, shanghaiText, shanghaiTextMs } from './time.ts';

const YEAR_0 = Date.parse('0000-01-01T00:00:00+08:00');
const YEAR_1992 = Date.parse('1992-01-01T00:00:00+08:00');
const END = Date.parse('9999-12-31T23:59:59.999+08:00');

const intl = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** `Date` shifted by eight hours prints Shanghai's digits. */
function witness(epochMs: number): string {
  return new Date(epochMs + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

describe('shanghaiText', () => {
  test.each([
    [0, '1970-01-01 08:00:00'],
    [-1, '1970-01-01 07:59:59'],
    [1_406_142_470_000, '2014-07-24 03:07:50'],
    [1_709_135_999_999, '2024-02-28 23:59:59'],
    [1_709_222_400_000, '2024-03-01 00:00:00'],
    [951_753_600_000, '2000-02-29 00:00:00'],
    [YEAR_0, '0000-01-01 00:00:00'],
    [END, '9999-12-31 23:59:59'],
  ])('%d ms is %s', (epochMs, expected) => {
    expect(shanghaiText(epochMs)).toBe(expected);
  });

  test('agrees with Date over ten thousand years', () => {
    fc.assert(
      fc.property(fc.integer({ min: YEAR_0, max: END }), (epochMs) => {
        expect(shanghaiText(epochMs)).toBe(witness(epochMs));
        expect(shanghaiDay(epochMs)).toBe(witness(epochMs).slice(0, 10).replaceAll('-', ''));
      }),
    );
  });

  test('agrees with Intl for Asia/Shanghai, since daylight saving ended there', () => {
    fc.assert(
      fc.property(fc.integer({ min: YEAR_1992, max: 4_102_444_800_000 }), (epochMs) => {
        expect(shanghaiText(epochMs)).toBe(intl.format(epochMs));
      }),
    );
  });

  test('fractions of a millisecond are dropped', () => {
    expect(shanghaiText(1_406_142_470_999.9)).toBe('2014-07-24 03:07:50');
    expect(shanghaiText(-0.5)).toBe('1970-01-01 07:59:59');
  });

  test.each([NaN, Infinity, END + 1, YEAR_0 - 1])('%d is a mistake of ours', (epochMs) => {
    expect(() => shanghaiText(epochMs)).toThrow(AssertionError);
    expect(() => shanghaiDay(epochMs)).toThrow(AssertionError);
  });
});

describe('parseShanghaiText', () => {
  test('reads back what shanghaiText writes, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: YEAR_0, max: END }), (epochMs) => {
        expect(parseShanghaiText(shanghaiText(epochMs))).toBe(Math.floor(epochMs / 1000) * 1000);
      }),
    );
  });

  test('every day from 1999 to 2405 exists, and the day after its month does not', () => {
    const misread: string[] = [];
    for (let at = Date.UTC(1999, 0, 1); at < Date.UTC(2405, 0, 1); at += 86_400_000) {
      const day = new Date(at).toISOString().slice(0, 10);
      if (parseShanghaiText(`${day} 08:00:00`) !== at) misread.push(day);
    }
    expect(misread).toEqual([]);
    for (const day of ['1900-02-29', '2023-02-29', '2024-02-30', '2024-04-31', '2024-12-32'])
      expect(parseShanghaiText(`${day} 00:00:00`)).toBeUndefined();
  });

  test('milliseconds, as gmt_refund has them', () => {
    expect(parseShanghaiText('2020-03-27 18:19:15.143')).toBe(
      Date.parse('2020-03-27T18:19:15.143+08:00'),
    );
  });

  test.each([
    '',
    '2024-01-01',
    '2024-01-01T00:00:00',
    '2024-01-01 00:00',
    '2024-01-01 24:00:00',
    '2024-01-01 00:60:00',
    '2024-01-01 00:00:60',
    '2024-00-01 00:00:00',
    '2024-13-01 00:00:00',
    '2024-01-00 00:00:00',
    '2024-01-01 00:00:00.1',
    ' 2024-01-01 00:00:00',
    '2024-01-01 00:00:00\n',
    '24-01-01 00:00:00',
    '２024-01-01 00:00:00',
  ])('%j is no time', (text) => {
    expect(parseShanghaiText(text)).toBeUndefined();
  });
});

test.each([
  [Date.UTC(2026, 10, 23, 4, 0, 0, 7), '2026-11-23 12:00:00.007'],
  [Date.UTC(2026, 10, 23, 15, 59, 59, 999), '2026-11-23 23:59:59.999'],
  [Date.UTC(1969, 11, 31, 15, 59, 59, 999), '1969-12-31 23:59:59.999'],
])('with milliseconds, %i is %s', (epochMs, text) => {
  expect(shanghaiTextMs(epochMs)).toBe(text);
});
