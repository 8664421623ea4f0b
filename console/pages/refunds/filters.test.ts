/** The address of the list of refunds says what is looked at; what it says wrongly is left out. */
import { expect, test } from 'vitest';
import { filtersOf, queryOf, searchOf } from './filters.ts';

test('filters come back from the address, and wrong ones do not', () => {
  const address = 'period=week&state=failed&merchant=mch_1';
  const filters = filtersOf(new URLSearchParams(address));
  expect(filters).toStrictEqual({ period: 'week', state: 'failed', merchant: 'mch_1' });
  expect(searchOf(filters).toString()).toBe(address);
  expect(filtersOf(new URLSearchParams('period=x&state=paid&merchant='))).toStrictEqual({});
});

test('only a day that is over has an end', () => {
  const nowMs = Date.parse('2026-12-01T16:30:00Z');
  expect(queryOf({ period: 'today', state: 'failed' }, nowMs)).toStrictEqual({
    state: 'failed',
    created_from: '2026-12-01T16:00:00.000Z',
  });
  expect(queryOf({ period: 'yesterday' }, nowMs)).toStrictEqual({
    created_from: '2026-11-30T16:00:00.000Z',
    created_before: '2026-12-01T16:00:00.000Z',
  });
  expect(queryOf({}, nowMs)).toStrictEqual({});
});
