/**
 * One page of a list for a person. The API looks at so many rows for each answer, and one that filters much may hold few rows or none
 * and go on all the same: here it is asked on until the page is full, within reason.
 */

export type Page<Row> = {
  readonly rows: readonly Row[];
  /** Asks for what comes after; null at the end. */
  readonly nextCursor: string | null;
};

type Answer<Row> = { readonly data: readonly Row[]; readonly next_cursor: string | null };

export const PAGE_ROWS = 50;
/** Each looks at ten thousand rows or fewer: beyond that a person is told that there is more to look through. */
const QUESTIONS_MAX = 5;

export async function readPage<Row>(
  list: (options: { readonly limit: number; readonly cursor?: string }) => Promise<Answer<Row>>,
  cursor: string | undefined,
): Promise<Page<Row>> {
  const rows: Row[] = [];
  let next: string | null = cursor ?? null;
  for (let asked = 0; asked < QUESTIONS_MAX; asked += 1) {
    const answer: Answer<Row> = await list({
      limit: PAGE_ROWS - rows.length,
      ...(next === null ? {} : { cursor: next }),
    });
    rows.push(...answer.data);
    next = answer.next_cursor;
    if (next === null || rows.length >= PAGE_ROWS) break;
  }
  return { rows, nextCursor: next };
}

/** With a row as it is now, in its place. */
export function withRow<Row extends { readonly id: string }>(page: Page<Row>, row: Row): Page<Row> {
  if (!page.rows.some(({ id }) => id === row.id)) return page;
  return { ...page, rows: page.rows.map((shown) => (shown.id === row.id ? row : shown)) };
}

/** What is newer than all that a page shows, newest first. `latest` is the beginning of the same list, read later. */
export function newerRows<Row extends { readonly id: string; readonly created_at: string }>(
  page: Page<Row>,
  latest: readonly Row[],
): readonly Row[] {
  const shown = new Set(page.rows.map(({ id }) => id));
  const newest = page.rows[0]?.created_at ?? '';
  return latest.filter(({ id, created_at: at }) => !shown.has(id) && at >= newest);
}
