/** Amounts as they are written and typed. What is written must be read back as the same number of fen. */
import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { moneyText, readYuan, yuanText } from './money.ts';

test.each([
  [0, '0.00'],
  [1, '0.01'],
  [8800, '88.00'],
  [123_456_789, '1,234,567.89'],
  [-100_000, '-1,000.00'],
])('%i fen is %s', (fen, text) => {
  expect(yuanText(fen)).toBe(text);
});

test('with its sign before the currency', () => {
  expect([moneyText(5), moneyText(-1234_50)]).toStrictEqual(['¥0.05', '-¥1,234.50']);
});

test.each([
  ['88', 8800],
  ['88.5', 8850],
  [' 1,234.05 ', 123_405],
  ['0.01', 1],
  ['', undefined],
  ['.5', undefined],
  ['1.', undefined],
  ['1.005', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['007', undefined],
  ['一', undefined],
])('typed %j is %j fen', (text, fen) => {
  expect(readYuan(text)).toBe(fen);
});

test('what is written is read back', () => {
  assert(
    property(integer({ min: 0, max: 10_000_000_000 }), (fen) => {
      expect(readYuan(yuanText(fen))).toBe(fen);
    }),
  );
});
