/** What an entry is about leads to its page, or nowhere. */
import { expect, test } from 'vitest';
import { targetPath } from './target-path.ts';

test('what has a page leads there', () => {
  expect(
    ['pay_1', 're_1.a~2F', 'mch_1', 'user_1', 'whe_1', 'key_1', 'inc_1'].map(targetPath),
  ).toStrictEqual([
    '/console/payments/pay_1',
    '/console/payments?number=re_1.a%7E2F',
    '/console/merchants/mch_1',
    '/console/users/user_1',
    '/console/webhooks/whe_1',
    '/console/api-keys',
    '/console/incidents',
  ]);
});

test('what has none, or cannot be known, leads nowhere', () => {
  expect(['0123456789abcdef0123456789abcdef', 'x_pay_1'].map(targetPath)).toStrictEqual([
    undefined,
    undefined,
  ]);
});
