/** An address says what is looked at, and nothing else; what it says wrongly is left out. */
import { expect, test } from 'vitest';
import { exportPath, filtersOf, isFiltered, queryOf, searchOf } from './filters.ts';

const NOW_MS = Date.parse('2026-12-01T16:30:00Z');

const ALL =
  'number=bill+7&from=2026-11-01&to=2026-11-30&merchant=mch_1&state=paid&method=qr&refunded=false&amount_from=0.05&amount_to=1234.50&created_by=user_7a';

test('filters come back from the address as they went into it', () => {
  const filters = filtersOf(new URLSearchParams(ALL));
  expect(filters).toStrictEqual({
    number: 'bill 7',
    firstDay: '2026-11-01',
    lastDay: '2026-11-30',
    merchant: 'mch_1',
    state: 'paid',
    method: 'qr',
    refunded: 'false',
    amountFromFen: 5,
    amountToFen: 123_450,
    createdBy: 'user_7a',
  });
  expect(searchOf(filters).toString()).toBe(ALL);
});

test('what an address says wrongly is left out', () => {
  const wrong =
    'number=+&period=year&from=2026-11-31&to=x&merchant=1&state=toString&method=cash&refunded=yes&amount_from=-1&amount_to=0&created_by=boss';
  expect(filtersOf(new URLSearchParams(wrong))).toStrictEqual({});
  expect(isFiltered({})).toBe(false);
  expect(isFiltered({ state: 'paid' })).toBe(true);
});

test('the API is asked for whole days, in fen', () => {
  const asked = queryOf(filtersOf(new URLSearchParams(ALL)), NOW_MS);
  expect(asked).toMatchObject({
    created_from: '2026-10-31T16:00:00.000Z',
    created_before: '2026-11-30T16:00:00.000Z',
    amount_from: 5,
    amount_to: 123_450,
    created_by: 'user_7a',
  });
});

test('a period that ends now has no end: what begins later is in it', () => {
  expect(queryOf({ period: 'today' }, NOW_MS)).toMatchObject({
    created_from: '2026-12-01T16:00:00.000Z',
    created_before: undefined,
  });
  expect(queryOf({ period: 'yesterday' }, NOW_MS)).toMatchObject({
    created_from: '2026-11-30T16:00:00.000Z',
    created_before: '2026-12-01T16:00:00.000Z',
  });
});

test('the file holds what the page shows', () => {
  expect(exportPath(queryOf({ state: 'paid', number: 'a&b' }, NOW_MS), 'csv', 'zh')).toBe(
    '/v2/payments/export?format=csv&language=zh&number=a%26b&state=paid',
  );
});
