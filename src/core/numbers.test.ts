/** The printed shapes of running numbers, at the edges of their cycles, and that no two of a day are alike. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from './assert.ts';
import {
  CPI_NO_CYCLE,
  formatCpiNo,
  formatPaymentNo,
  formatStoreNo,
  numbersToSkip,
  PAYMENT_NO_CYCLE,
} from './numbers.ts';

test.each([
  // The example of the published document.
  ['20160321', 58, 'FF1603210000058'],
  ['20260101', 1, 'FF2601010000001'],
  ['20991231', 9_999_999, 'FF9912319999999'],
  ['20991231', 10_000_000, 'FF9912310000000'],
  ['20991231', 10_000_001, 'FF9912310000001'],
  ['20991231', Number.MAX_SAFE_INTEGER, 'FF9912314740991'],
])('payment %s %i is %s', (day, running, expected) => {
  expect(formatPaymentNo(day, running)).toBe(expected);
});

test.each([
  ['20160328', 1, 'DL20160328000001'],
  ['20160328', 999_999, 'DL20160328999999'],
  ['20160328', 1_000_000, 'DL20160328000000'],
])('shop %s %i is %s', (day, running, expected) => {
  expect(formatCpiNo(day, running)).toBe(expected);
});

test.each([
  [1, '001'],
  [6, '006'],
  [999, '999'],
  [1000, '1000'],
  [12_345, '12345'],
])('store %i is %s', (running, expected) => {
  expect(formatStoreNo(running)).toBe(expected);
});

describe('within one cycle no two numbers are alike', () => {
  const pair = (cycle: number): fc.Arbitrary<[number, number]> =>
    fc
      .tuple(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 1, max: cycle - 1 }))
      .map(([first, apart]) => [first, first + apart]);

  test('payments', () => {
    fc.assert(
      fc.property(pair(PAYMENT_NO_CYCLE), ([first, second]) => {
        const [one, other] = [
          formatPaymentNo('20260321', first),
          formatPaymentNo('20260321', second),
        ];
        expect(one).toMatch(/^FF260321\d{7}$/);
        expect(one).not.toBe(other);
      }),
    );
  });

  test('shops', () => {
    fc.assert(
      fc.property(pair(CPI_NO_CYCLE), ([first, second]) => {
        const [one, other] = [formatCpiNo('20260321', first), formatCpiNo('20260321', second)];
        expect(one).toMatch(/^DL20260321\d{6}$/);
        expect(one).not.toBe(other);
      }),
    );
  });
});

test.each([-1, 1.5, Number.NaN, Infinity])('%d is no running number', (running) => {
  expect(() => formatStoreNo(running)).toThrow(AssertionError);
  expect(() => formatPaymentNo('20260321', running)).toThrow(AssertionError);
});

test('a counter that went back in time skips a quarter of its cycle to three quarters', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(PAYMENT_NO_CYCLE, CPI_NO_CYCLE),
      fc.nat({ max: 0xffffffff }),
      (cycle, random) => {
        const skipped = numbersToSkip(cycle, random);
        expect(Number.isInteger(skipped)).toBe(true);
        expect(skipped).toBeGreaterThanOrEqual(cycle / 4);
        expect(skipped).toBeLessThan((cycle / 4) * 3);
      },
    ),
  );
  expect(numbersToSkip(PAYMENT_NO_CYCLE, 1)).not.toBe(numbersToSkip(PAYMENT_NO_CYCLE, 2));
});
