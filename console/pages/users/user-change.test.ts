/** Only what differs is a change; what was emptied is one, too. */
import { expect, test } from 'vitest';
import { changeOf, fieldsOf } from './user-change.ts';

const before = { display_name: '王芳', role: 'clerk', merchant: 'mch_1' } as const;

test('what is as it was is no change', () => {
  expect(changeOf(before, { ...before, display_name: ' 王芳 ' })).toStrictEqual({});
});

test('what differs is sent, and what was emptied is taken away', () => {
  expect(changeOf(before, { ...before, role: 'finance' })).toStrictEqual({ role: 'finance' });
  expect(changeOf(before, { ...before, display_name: ' ' })).toStrictEqual({ display_name: null });
  expect(changeOf(before, { ...before, merchant: '' })).toStrictEqual({ merchant: null });
});

test('nothing is an empty field', () => {
  const user = { display_name: null, role: 'administrator', merchant: null } as const;
  expect(fieldsOf(user as never)).toStrictEqual({
    display_name: '',
    role: 'administrator',
    merchant: '',
  });
});
