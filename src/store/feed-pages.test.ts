/**
 * What happened in a range of time, on both engines: all of it and nothing else, whatever the order in which it got its places;
 * and no more of the feed is read for it than the pages that may hold it.
 */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPayment } from '../core/payment.fixtures.ts';
import type { Db } from './database.ts';
import type { FeedEvent } from './event-feed.ts';
import { readRange, summarizeNextPage } from './feed-pages.ts';
import { insertPayment } from './payments.ts';
import { openShop } from './store.fixtures.ts';

const LAST = 6500;
let db: Db;
beforeEach(async () => {
  db = await openShop();
  await insertPayment(db, aPayment({ paymentNo: 'P1', localNo: '1' }));
  await insertPayment(db, aPayment({ merchantId: 2, paymentNo: 'P2', localNo: '2' }));
});
afterEach(() => db.destroy());

/** Events at these places, a second after each other, every tenth of them merchant 2's. */
async function tell(first: number, last: number): Promise<void> {
  await sql`
    with recursive n (i) as (select cast(${first} as bigint) union all select i + 1 from n where i < cast(${last} as bigint))
    insert into event (merchant_id, payment_no, version, type, at_ms, position)
    select case when i % 10 = 0 then 2 else 1 end, case when i % 10 = 0 then 'P2' else 'P1' end,
      i, case when i % 3 = 0 then 'payment.paid' else 'payment.created' end, i * 1000, i
    from n`.execute(db);
}

/** As if the event at this place had happened then. */
async function move(position: number, atMs: number): Promise<void> {
  await db.updateTable('event').set({ at_ms: atMs }).where('position', '=', position).execute();
}

async function summarize(): Promise<number> {
  let pages = 0;
  while (await summarizeNextPage(db)) pages += 1;
  return pages;
}

type Range = { fromMs: number; untilMs: number; merchantId?: number };

/** Everything in the range, by as many questions as it takes. */
async function placesIn({ fromMs, untilMs, merchantId }: Range, limit = 700): Promise<number[]> {
  const found: FeedEvent[] = [];
  for (;;) {
    const after = found.at(-1)?.position ?? 0;
    const filter = { merchantId: merchantId ?? null, types: undefined, after, fromMs, untilMs };
    const part = await readRange(db, { ...filter, limit });
    found.push(...part);
    if (part.length < limit) return found.map(({ position }) => position);
  }
}

/** How a walk through the whole feed finds the same. */
async function walker(): Promise<(range: Range) => number[]> {
  const rows = await db.selectFrom('event').selectAll().orderBy('position').execute();
  return ({ fromMs, untilMs, merchantId }) =>
    rows
      .filter(({ at_ms: atMs }) => atMs >= fromMs && atMs < untilMs)
      .filter((row) => merchantId === undefined || row.merchant_id === merchantId)
      .map(({ position }) => position ?? 0);
}

const at = (place: number): number => place * 1000;

test('nothing is missed, though places came late and clocks were wrong', async () => {
  await tell(1, LAST);
  // Numbers that mean nothing: a few, and a whole page.
  await db.deleteFrom('event').where('position', '>', 1400).where('position', '<=', 1500).execute();
  await db.deleteFrom('event').where('position', '>', 4000).where('position', '<=', 5000).execute();
  // Told hours late, by a clock that was ahead, and by one that was behind; also where nobody keeps the times.
  for (const [place, then] of [
    [3333, 100],
    [5999, 2500],
    [1200, 6400],
    [700, 90_000],
    [2100, 0],
    [6400, 1],
  ] as const) {
    await move(place, at(then));
  }
  expect(await summarize()).toBe(6);
  const walk = await walker();
  const ends = [0, 1, 100, 101, 1000, 1001, 1450, 2500, 4500, 5001, 6400, LAST, 90_001];
  for (const from of ends) {
    for (const until of ends.filter((end) => end > from)) {
      const range = { fromMs: at(from), untilMs: at(until) };
      expect(await placesIn(range), `${from} to ${until}`).toEqual(walk(range));
    }
  }
  const theirs = { fromMs: at(50), untilMs: at(6300), merchantId: 2 };
  expect(await placesIn(theirs)).toEqual(walk(theirs));
});

test('pages that can hold nothing of the range are not read', async () => {
  await tell(1, LAST);
  const range = { fromMs: at(3200), untilMs: at(3300) };
  await move(700, range.fromMs);
  await summarize();
  // What a walk would find, and what can never be: events that change their time.
  for (const place of [1500, 2999, 4001, 5500]) await move(place, range.fromMs);
  const expected = [700, ...Array.from({ length: 100 }, (_, index) => 3200 + index)];
  expect(await placesIn(range)).toEqual(expected);
  // At the end, where nobody keeps the times, they are found.
  await move(6001, range.fromMs);
  expect(await placesIn(range)).toEqual([...expected, 6001]);
});

test('a page is not summarized before its last place is given', async () => {
  await tell(1, 999);
  expect(await summarize()).toBe(0);
  await tell(1000, 1000);
  await move(1000, 5);
  expect(await summarize()).toBe(1);
  expect(await summarize()).toBe(0);
  expect(await placesIn({ fromMs: 0, untilMs: 100 })).toEqual([1000]);
});

test('a page that is summarized between two questions is read all the same', async () => {
  await tell(1, 1500);
  const executor = db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  executor.executeQuery = async (query, ...rest) => {
    const result = await execute(query, ...rest);
    if (/max\("page"\)/.test(query.sql)) {
      executor.executeQuery = execute;
      await summarize();
    }
    return result;
  };
  expect(await placesIn({ fromMs: at(10), untilMs: at(12) })).toEqual([10, 11]);
  expect(executor.executeQuery).toBe(execute);
});

test('several that summarize at the same time agree', async () => {
  await tell(1, 3100);
  await Promise.all([summarize(), summarize(), summarize()]);
  const rows = await db.selectFrom('feed_page').selectAll().orderBy('page').execute();
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { page: 1, earliest_at_ms: at(1), latest_at_ms: at(1000) },
    { page: 2, earliest_at_ms: at(1001), latest_at_ms: at(2000) },
    { page: 3, earliest_at_ms: at(2001), latest_at_ms: at(3000) },
  ]);
});
