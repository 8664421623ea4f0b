/** A page is full or the list is at its end, however few rows each answer holds; what is new is told from what was there. */
import { expect, test } from 'vitest';
import { newerRows, PAGE_ROWS, readPage, withRow } from './read-page.ts';

type Row = { readonly id: string; readonly created_at: string };

const row = (second: number): Row => ({
  id: `pay_${second}`,
  created_at: `2026-12-01T00:00:${String(second).padStart(2, '0')}.000Z`,
});

/** A list whose answers hold so many rows each, and says from where on it was asked. */
function listOf(sizes: readonly number[]) {
  const asked: (string | undefined)[] = [];
  const list = async ({ cursor }: { limit: number; cursor?: string }) => {
    asked.push(cursor);
    const at = Number(cursor ?? 0);
    const data = Array.from({ length: sizes[at] ?? 0 }, (_none, index) => row(index));
    return { data, next_cursor: at + 1 < sizes.length ? `${at + 1}` : null };
  };
  return { asked, list };
}

test('an answer with few rows is not the end', async () => {
  const { asked, list } = listOf([0, 3, 0, 2]);
  const page = await readPage(list, undefined);
  expect([page.rows.length, page.nextCursor, asked]).toStrictEqual([
    5,
    null,
    [undefined, '1', '2', '3'],
  ]);
});

test('a full page stops, and says where the next begins', async () => {
  const { asked, list } = listOf([20, 30, 50]);
  const page = await readPage(list, undefined);
  expect([page.rows.length, page.nextCursor, asked.length]).toStrictEqual([PAGE_ROWS, '2', 2]);
});

test('a list of which nothing is meant is given up after a while, with a place to go on', async () => {
  const { list } = listOf([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(await readPage(list, '1')).toStrictEqual({ rows: [], nextCursor: '6' });
});

test('a row that changed stays in its place, and no row comes in', () => {
  const page = { rows: [row(3), row(2)], nextCursor: null };
  const changed = { ...row(2), created_at: 'changed' };
  expect(withRow(page, changed).rows).toStrictEqual([row(3), changed]);
  expect(withRow(page, row(9))).toBe(page);
});

test('new rows are those that came after the newest, and not older ones that moved up', () => {
  const page = { rows: [row(30), row(20)], nextCursor: null };
  const latest = [row(50), row(40), row(30), row(10)];
  expect(newerRows(page, latest)).toStrictEqual([row(50), row(40)]);
  expect(newerRows({ rows: [], nextCursor: null }, latest)).toStrictEqual(latest);
});
