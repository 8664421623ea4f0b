/** Accounts are masked, our numbers and Alipay's are not: a masked trade number would send an operator looking for nothing. */
import { expect, test } from 'vitest';
import { maskAccount, maskText } from './mask.ts';

test.each([
  ['13800138000', '138****8000'],
  ['2088102177846880', '208****6880'],
  ['159****5620', '159****5620'],
  ['lilei@example.com', 'lil***@example.com'],
  ['ab@example.com', 'a***@example.com'],
  ['a@example.com', 'a***@example.com'],
  ['abc', '***'],
])('the account %s is shown as %s', (account, shown) => {
  expect(maskAccount(account)).toBe(shown);
});

test.each([
  ['买家13800138000余额不足', '买家138****8000余额不足'],
  ['seller 2088612212554111 is frozen', 'seller 208****4111 is frozen'],
  ['write to li.lei@example.com.cn', 'write to li.***@example.com.cn'],
  ['auth_code 280851932108273550 has expired', 'auth_code 280****3550 has expired'],
  ['two: 13800138000, 13900139000', 'two: 138****8000, 139****9000'],
])('in a text: %s', (text, shown) => {
  expect(maskText(text)).toBe(shown);
});

test.each([
  'FF2611230000001',
  '2026112322001000000000472094',
  '2026112300222120000000000000545413',
  'ACQ.TRADE_HAS_CLOSE',
  'a08ff49b6f772632716c43069c43a8c3',
  'HTTP status 502',
])('%s stays whole', (text) => {
  expect(maskText(text)).toBe(text);
});
