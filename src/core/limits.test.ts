/** The limits of the contract ("Limits as Alipay's"), and each pattern at its edges. */
import { describe, expect, test } from 'vitest';
import {
  AMOUNT_FEN_MAX,
  AMOUNT_FEN_MIN,
  APP_ID_PATTERN,
  AUTH_CODE_PATTERN,
  lengthOf,
  PID_PATTERN,
  SHOP_NO_PATTERN,
  TEXT_LIMITS,
  TRADE_NO_PATTERN,
} from './limits.ts';
import { formatYuan, fen } from './money.ts';

test('texts are as long as the contract says', () => {
  expect(TEXT_LIMITS).toMatchObject({
    subject: 256,
    body: 128,
    operatorId: 28,
    storeId: 32,
    requestNo: 64,
    localNo: 64,
  });
});

test('amounts are those of the contract', () => {
  expect(formatYuan(fen(AMOUNT_FEN_MIN))).toBe('0.01');
  expect(formatYuan(fen(AMOUNT_FEN_MAX))).toBe('100000000.00');
});

test.each([
  ['', 0],
  ['Tea', 3],
  ['迪联测试主题', 6],
  ['𠮷野家', 3],
  ['👨‍👩‍👧', 5],
  ['\ud800', 1],
])('%j has %i characters', (text, expected) => {
  expect(lengthOf(text)).toBe(expected);
});

describe('payment codes', () => {
  test.each(['25', '26', '27', '28', '29', '30'])(
    'begin with %s and have 16 to 24 digits',
    (two) => {
      expect(AUTH_CODE_PATTERN.test(two + '0'.repeat(13))).toBe(false);
      for (let more = 14; more <= 22; more += 1) {
        expect(AUTH_CODE_PATTERN.test(two + '0'.repeat(more))).toBe(true);
      }
      expect(AUTH_CODE_PATTERN.test(two + '0'.repeat(23))).toBe(false);
    },
  );

  test.each([
    '240851932108273550',
    '310851932108273550',
    '130851932108273550',
    '2808519321082735 50',
    ' 280851932108273550',
    '280851932108273550\n',
    '28085193210827355x',
    '２80851932108273550',
    '',
  ])('%j is none', (code) => {
    expect(AUTH_CODE_PATTERN.test(code)).toBe(false);
  });
});

test.each<[string, RegExp, string, boolean]>([
  ['a PID', PID_PATTERN, '2088212612254111', true],
  ['a PID of 15 digits', PID_PATTERN, '208821261225411', false],
  ['a PID of 17 digits', PID_PATTERN, '20882126122541110', false],
  ['a PID that begins otherwise', PID_PATTERN, '2089212612254111', false],
  ['a PID with a line end', PID_PATTERN, '2088212612254111\n', false],
  ['an app id', APP_ID_PATTERN, '2016022901171807', true],
  ['an app id of 32 digits', APP_ID_PATTERN, '1'.repeat(32), true],
  ['an app id of 33 digits', APP_ID_PATTERN, '1'.repeat(33), false],
  ['an app id of 15 digits', APP_ID_PATTERN, '1'.repeat(15), false],
  ['an app id with a letter', APP_ID_PATTERN, '2016022901171807a', false],
  ['a shop number', SHOP_NO_PATTERN, 'DL-0001_b', true],
  ['a shop number of 64', SHOP_NO_PATTERN, 'a'.repeat(64), true],
  ['a shop number of 65', SHOP_NO_PATTERN, 'a'.repeat(65), false],
  ['an empty shop number', SHOP_NO_PATTERN, '', false],
  ['a shop number with a blank', SHOP_NO_PATTERN, 'DL 1', false],
  ['a Chinese shop number', SHOP_NO_PATTERN, '店1', false],
  ['an order number of ours', TRADE_NO_PATTERN, 'FF1603210000058', true],
  ['an order number with a quote', TRADE_NO_PATTERN, 'FF"', false],
  ['an order number with a line end', TRADE_NO_PATTERN, 'FF1\n', false],
])('%s: %s %j is %s', (_what, pattern, text, expected) => {
  expect(pattern.test(text)).toBe(expected);
});
