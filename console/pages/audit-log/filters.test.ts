/** The address of the audit log says what is looked at; what it says wrongly is left out. */
import { expect, test } from 'vitest';
import { filtersOf, queryOf, searchOf } from './filters.ts';

test('filters come back from the address, and wrong ones do not', () => {
  const address = 'period=week&actor=user_1&operation=createRefund&target=re_1.a%7Eb';
  const filters = filtersOf(new URLSearchParams(address));
  expect(filters).toStrictEqual({
    period: 'week',
    actor: 'user_1',
    operation: 'createRefund',
    target: 're_1.a~b',
  });
  expect(searchOf(filters).toString()).toBe(address);
  expect(filtersOf(new URLSearchParams('period=x&actor=&target=%20&other=1'))).toStrictEqual({});
});

test('only a day that is over has an end', () => {
  const nowMs = Date.parse('2026-12-01T16:30:00Z');
  expect(queryOf({ period: 'today', actor: 'nobody' }, nowMs)).toStrictEqual({
    actor: 'nobody',
    from: '2026-12-01T16:00:00.000Z',
  });
  expect(queryOf({ period: 'yesterday' }, nowMs)).toStrictEqual({
    from: '2026-11-30T16:00:00.000Z',
    before: '2026-12-01T16:00:00.000Z',
  });
  expect(queryOf({}, nowMs)).toStrictEqual({});
});
