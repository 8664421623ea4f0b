/** Amounts as a voice reads them. */
import { expect, test } from 'vitest';
import { spokenYuan } from './spoken.ts';

test.each([
  [8800, '88'],
  [8850, '88.5'],
  [8805, '88.05'],
  [5, '0.05'],
  [100_000_000, '1000000'],
])('%d fen', (amountFen, text) => {
  expect(spokenYuan(amountFen)).toBe(text);
});
