/** Reading and writing amounts: a table of spellings, and the round trip over all of them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from './assert.ts';
import { FEN_MAX, fen, formatYuan, isSameYuan, parseYuan, readYuan } from './money.ts';

const anyFen = fc.integer({ min: 0, max: FEN_MAX }).map(fen);

describe('parseYuan', () => {
  test.each([
    ['0.01', 1],
    ['1', 100],
    ['1.0', 100],
    ['1.5', 150],
    ['88.88', 8888],
    ['00.10', 10],
    ['000000000007', 700],
    ['0', 0],
    ['0.00', 0],
    ['19.99', 1999],
    ['1.10', 110],
    ['100000000', FEN_MAX],
    ['100000000.00', FEN_MAX],
  ])('%s yuan is %d fen', (text, expected) => {
    expect(parseYuan(text)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    ' 1',
    '1 ',
    '1\n',
    '+1',
    '-1',
    '-0.01',
    '1.',
    '.5',
    '1.001',
    '1.000',
    '0.30000000000000004',
    '1e2',
    '1E2',
    '0x10',
    '1,000.00',
    '1,5',
    '１.00',
    '￥1',
    '1元',
    'NaN',
    'Infinity',
    '100000000.01',
    '999999999999',
    '0000000000001',
    '1.2.3',
    '1_000',
  ])('%j is no amount', (text) => {
    expect(parseYuan(text)).toBeUndefined();
  });

  test('text that is read back from an amount is that amount', () => {
    fc.assert(
      fc.property(anyFen, (amount) => {
        expect(parseYuan(formatYuan(amount))).toBe(amount);
      }),
    );
  });

  test('any text gives an amount in range, written again with the same value, or nothing', () => {
    const digits = fc.string({
      unit: fc.constantFrom(...'0123456789.-+e '.split('')),
      maxLength: 16,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), digits), (text) => {
        const amount = parseYuan(text);
        if (amount === undefined) return;
        expect(amount).toBeGreaterThanOrEqual(0);
        expect(amount).toBeLessThanOrEqual(FEN_MAX);
        expect(Number(formatYuan(amount))).toBe(Number(text));
      }),
    );
  });
});

describe('formatYuan', () => {
  test.each([
    [0, '0.00'],
    [1, '0.01'],
    [10, '0.10'],
    [100, '1.00'],
    [8888, '88.88'],
    [-1, '-0.01'],
    [-150, '-1.50'],
    [FEN_MAX, '100000000.00'],
    [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
  ])('%d fen is %s yuan', (amount, expected) => {
    expect(formatYuan(fen(amount))).toBe(expected);
  });
});

describe('fen', () => {
  test.each([0.5, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER + 1, 0.1 * 3 * 100])(
    '%d is a mistake of ours',
    (value) => {
      expect(() => fen(value)).toThrow(AssertionError);
    },
  );

  test('there is one zero', () => {
    expect(Object.is(fen(-0), 0)).toBe(true);
  });
});

describe('amounts as Alipay writes them', () => {
  test.each([['0.01'], [0.01]])('%j is one fen', (value) => {
    expect(isSameYuan(value, fen(1))).toBe(true);
    expect(isSameYuan(value, fen(2))).toBe(false);
  });

  test.each([['1'], ['1.0'], ['1.00'], [1], [1.0]])('%j is 100 fen', (value) => {
    expect(isSameYuan(value, fen(100))).toBe(true);
  });

  test.each([
    [undefined],
    [null],
    [true],
    [''],
    ['abc'],
    [-1],
    [1e-7],
    [0.1 + 0.2],
    [NaN],
    [{}],
    [['1']],
  ])('%j is no amount', (value) => {
    expect(readYuan(value)).toBeUndefined();
    expect(isSameYuan(value, fen(100))).toBe(false);
  });
});
