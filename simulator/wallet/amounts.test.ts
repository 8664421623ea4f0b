/** Amounts and digits at their edges. */
import { expect, test } from 'vitest';

import { countdown, groupedAmount, groupedDigits } from './amounts.ts';

test.each([
  ['0.01', '0.01'],
  ['999.00', '999.00'],
  ['1000.00', '1,000.00'],
  ['100000000.00', '100,000,000.00'],
])('%s yuan', (yuan, text) => {
  expect(groupedAmount(yuan)).toBe(text);
});

test('digits in fours, whatever is left over', () => {
  expect(groupedDigits('281234567890123456')).toBe('2812 3456 7890 1234 56');
  expect(groupedDigits('2812345678901234')).toBe('2812 3456 7890 1234');
});

test.each([
  [60_000, '1:00'],
  [59_001, '1:00'],
  [59_000, '0:59'],
  [1, '0:01'],
  [0, '0:00'],
  [-5, '0:00'],
  [3_599_000, '59:59'],
  [3_661_000, '1:01:01'],
])('%d ms', (ms, text) => {
  expect(countdown(ms)).toBe(text);
});
