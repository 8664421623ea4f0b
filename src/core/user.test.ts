/** What each role may do, and which names and passwords there are. */
import { describe, expect, test } from 'vitest';
import {
  isKeyHolder,
  passwordFault,
  ROLES,
  scopesOf,
  signInName,
  USER_NAME_PATTERN,
} from './user.ts';

test('a role is a set of scopes, and people and settings are not for whoever is of one merchant', () => {
  const table = ROLES.map((role) => [
    role,
    scopesOf({ role, merchantId: null }).join(),
    scopesOf({ role, merchantId: 1 }).join(),
  ]);
  expect(table).toEqual([
    ['administrator', 'read,charge,refund,manage,administer', 'read,charge,refund,manage'],
    ['finance', 'read,refund', 'read,refund'],
    ['clerk', 'read,charge', 'read,charge'],
    ['read_only', 'read', 'read'],
  ]);
});

test.each([
  ['administrator', null, 'active', true],
  ['administrator', null, 'invited', false],
  ['administrator', null, 'suspended', false],
  ['administrator', 1, 'active', false],
  ['finance', null, 'active', false],
] as const)('%s of merchant %s, %s, lets others in: %s', (role, merchantId, state, expected) => {
  expect(isKeyHolder({ role, merchantId, state })).toBe(expected);
});

test.each([
  ['Wang.Fang', 'wang.fang'],
  ['  anna ', 'anna'],
  ['ＡＮＮＡ', 'anna'],
  ['王芳', '王芳'],
])('%j is typed for %j', (typed, name) => {
  expect(signInName(typed)).toBe(name);
  expect(USER_NAME_PATTERN.test(name)).toBe(true);
});

test.each(['', '.a', '-a', 'a b', 'a/b', 'a\u0000', 'a'.repeat(65), '<b>', '🍵'])(
  '%j is no name',
  (name) => {
    expect(USER_NAME_PATTERN.test(signInName(name))).toBe(false);
  },
);

describe('a password', () => {
  test.each([
    ['elevenchars', 'too_short'],
    ['twelve chars', undefined],
    // Twelve characters of two code units each are twelve.
    ['🍵🏮🐉🐼🥢🥟🍜🍚🧧🎋🎍🍃', undefined],
    ['🍵🏮🐉🐼🥢🥟🍜🍚🧧🎋🎍', 'too_short'],
    ['x y'.repeat(100), 'too_long'],
    ['wang.fang.tea', 'is_name'],
    ['WANG.FANG.TEA', 'is_name'],
    ['Password1234', 'common'],
    ['123456789012', 'common'],
    ['aaaaaaaaaaaaaaaa', 'common'],
    // No kinds of characters are demanded.
    ['only small letters', undefined],
    ['902384750193', undefined],
  ])('%j: %s', (password, fault) => {
    expect(passwordFault(password, 'wang.fang.tea')).toBe(fault);
  });
});
