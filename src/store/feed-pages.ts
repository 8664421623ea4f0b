/**
 * SQL that finds what happened in a range of time. Places are nearly in order of time, but an event may get its place late, and
 * clocks may be wrong, so that no place tells where a range begins or ends. Of each thousand places, once all of them are
 * given and nothing can change any more, a row keeps the earliest and the latest time among them: pages that are outside of a
 * range are not looked at, and nothing inside can be missed. The rows are made afterwards, and cost no payment anything.
 */
import type { Queryable } from './database.ts';
import { lastPlace, readFeed, type FeedEvent, type FeedFilter } from './event-feed.ts';
import { prepared } from './prepared.ts';

/** Page n holds this many places, the last of which is n times as many. */
const PLACES = 1000;
/** Pages that are looked for at once. */
const PAGES_MAX = 100;

/** Keeps the times of the next page; false when not all of its places are given. Who does so at the same time agrees. */
export async function summarizeNextPage(db: Queryable): Promise<boolean> {
  const page = (await lastPage(db)) + 1;
  const upTo = page * PLACES;
  if ((await lastPlace(db)) < upTo) return false;
  const { rows } = await selectTimes(db, { after: upTo - PLACES, upTo });
  // Numbers that mean nothing may be a whole page: then nothing is in it.
  const { earliest, latest } = rows[0] ?? {};
  await db
    .insertInto('feed_page')
    .values({ page, earliest_at_ms: earliest ?? 0, latest_at_ms: latest ?? 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return true;
}

const selectTimes = prepared(
  (db, { after, upTo }: { readonly after: number; readonly upTo: number }) =>
    db
      .selectFrom('event')
      .select((eb) => [
        eb.fn.min<number | null>('at_ms').as('earliest'),
        eb.fn.max<number | null>('at_ms').as('latest'),
      ])
      .where('position', '>', after)
      .where('position', '<=', upTo),
);

/** The last page whose times are kept; those of all before it are. */
async function lastPage(db: Queryable): Promise<number> {
  const { rows } = await selectLastPage(db, {});
  return rows[0]?.last ?? 0;
}

const selectLastPage = prepared((db) =>
  db.selectFrom('feed_page').select((eb) => eb.fn.max<number | null>('page').as('last')),
);

type Times = { readonly fromMs: number; readonly untilMs: number };

/** Events after a place that happened in a range of time, in the order of the feed. */
export async function readRange(
  db: Queryable,
  filter: FeedFilter & Times,
): Promise<readonly FeedEvent[]> {
  const found: FeedEvent[] = [];
  for (let { after } = filter; ;) {
    const stretch = await nextStretch(db, after, filter);
    const limit = filter.limit - found.length;
    found.push(...(await readFeed(db, { ...filter, ...stretch, limit })));
    if (stretch.upTo === undefined || found.length === filter.limit) return found;
    after = stretch.upTo;
  }
}

/** The next places that may hold what happened in the range; with nothing up to which at the end, whose times nobody keeps. */
async function nextStretch(
  db: Queryable,
  after: number,
  { fromMs, untilMs }: Times,
): Promise<{ readonly after: number; readonly upTo: number | undefined }> {
  // Asked first: a page whose times are kept meanwhile is then read as one of those at the end.
  const last = await lastPage(db);
  const fromPage = Math.floor(after / PLACES) + 1;
  const { rows } = await selectPages(db, { fromPage, fromMs, untilMs });
  const [first] = rows;
  if (first === undefined) return { after: Math.max(after, last * PLACES), upTo: undefined };
  // Pages that follow each other are read as one.
  const end = rows.findIndex(({ page }, index) => page !== first.page + index);
  const count = end === -1 ? rows.length : end;
  return {
    after: Math.max(after, (first.page - 1) * PLACES),
    upTo: (first.page - 1 + count) * PLACES,
  };
}

const selectPages = prepared(
  (db, { fromPage, fromMs, untilMs }: Times & { readonly fromPage: number }) =>
    db
      .selectFrom('feed_page')
      .select('page')
      .where('page', '>=', fromPage)
      .where('latest_at_ms', '>=', fromMs)
      .where('earliest_at_ms', '<', untilMs)
      .orderBy('page')
      .limit(PAGES_MAX),
);
