/**
 * A program that reads the feed of events by its cursor, from whichever node answers. It crashes, too, and then goes on from
 * the cursor that it has on disk: what it reads again must be what it read before.
 */
import type { Prng } from '../prng.ts';
import type { RunRecord } from '../record.ts';
import { NO_FAULTS } from '../swarm.ts';
import type { Timeline } from '../timeline.ts';
import type { Weather } from '../world.ts';
import { fieldsOf, withQuery, type Line, type V2Request } from './line.ts';
import type { FollowerPlan } from './plan.ts';
import type { Keys } from './till.ts';

/** An event as a program gets it. */
export type FeedEvent = {
  readonly id: string;
  readonly type: string;
  readonly merchant: string;
  readonly created_at: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** A page as it was answered. */
type Page = {
  readonly data: readonly FeedEvent[];
  readonly next_cursor: string;
  readonly has_more: boolean;
};

export type Follower = {
  readonly plan: FollowerPlan;
  /** The id of its one shop; undefined when it reads all. */
  readonly merchant: string | undefined;
  /** Everything it has read, each event once, as JSON. */
  readonly log: readonly string[];
  /** Reads to the end of what there is. */
  catchUp(): Promise<void>;
};

export type FollowerOptions = {
  readonly timeline: Timeline;
  readonly weather: Weather;
  readonly record: RunRecord;
  readonly line: Line;
  readonly keys: Keys;
};

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Once the world is calm, it looks less and less often. */
const LOOKS_AFTER_MS_MAX = 12 * HOUR_MS;

/** How far a program is: its cursor, and how much of the log that is. */
type Place = { readonly cursor: string | undefined; readonly count: number };

export function follow(options: FollowerOptions, plan: FollowerPlan, prng: Prng): Follower {
  const { timeline, weather, keys, record } = options;
  const log: string[] = [];
  const shop = plan.shop === undefined ? undefined : keys.shops[plan.shop];
  const state: { saved: Place; now: Place; isEnding: boolean } = {
    saved: { cursor: undefined, count: 0 },
    now: { cursor: undefined, count: 0 },
    isEnding: false,
  };
  const request = (waitS: number): V2Request => {
    const { limit, type } = plan;
    const wait = waitS === 0 ? undefined : waitS;
    const path = withQuery('/v2/events', { limit, types: type, cursor: state.now.cursor, wait });
    return { method: 'GET', path, secret: shop?.secret ?? keys.operator };
  };
  /** What was read from a place, unless the program has gone elsewhere meanwhile. */
  const take = (page: Page, from: Place): void => {
    if (state.now !== from) return;
    const { count } = from;
    for (const [index, event] of page.data.entries()) {
      const text = JSON.stringify(event);
      const before = log[count + index];
      if (before === undefined) log.push(text);
      else if (before !== text) fail(record, `${text} where ${before} was`);
    }
    state.now = { cursor: page.next_cursor, count: count + page.data.length };
  };
  const keepReading = async (): Promise<void> => {
    let pauseMs = MINUTE_MS;
    for (let pages = 1; !state.isEnding; pages += 1) {
      const isCalm = weather.rates === NO_FAULTS;
      const waitS = isCalm ? 0 : plan.waitS;
      const askedAtMs = timeline.nowMs;
      const from = state.now;
      const reply = await options.line.ask(prng, request(waitS));
      const page = reply === 'broken' ? undefined : pageIn(record, fieldsOf(reply), plan);
      if (page === undefined) await sleep(timeline, prng.between(SECOND_MS, 5 * SECOND_MS));
      else {
        if (page.data.length === 0 && timeline.nowMs - askedAtMs < waitS * SECOND_MS) {
          fail(record, 'nothing was told, before the time was up');
        }
        take(page, from);
        record.note(`${timeline.nowMs} feed ${state.now.count}`);
        if (pages % plan.savesEvery === 0) state.saved = state.now;
      }
      if (prng.chance(weather.rates.followerForgets)) {
        if (state.saved.count < state.now.count) record.mark('feed: read again after a crash');
        state.now = state.saved;
      }
      if (page?.has_more === true) continue;
      pauseMs = page?.data.length === 0 ? Math.min(pauseMs * 2, LOOKS_AFTER_MS_MAX) : MINUTE_MS;
      await sleep(timeline, isCalm ? pauseMs : prng.between(1, 10 * SECOND_MS));
    }
  };
  void keepReading();
  return {
    plan,
    merchant: shop?.id,
    log,
    catchUp: async () => {
      state.isEnding = true;
      for (let hasMore = true; hasMore;) {
        const answer = await options.line.insist(prng, () => request(0));
        const page = pageIn(record, fieldsOf(answer), plan);
        if (page === undefined) return;
        take(page, state.now);
        hasMore = page.has_more;
      }
    },
  };
}

/** The page in an answer; undefined when it is none. */
function pageIn(
  record: RunRecord,
  fields: Readonly<Record<string, unknown>>,
  { limit }: Pick<FollowerPlan, 'limit'>,
): Page | undefined {
  if (fields['object'] !== 'list') {
    fail(record, JSON.stringify(fields));
    return undefined;
  }
  const page = fields as Page;
  if (page.has_more) record.mark('feed: more than a page');
  if (page.has_more && page.data.length !== limit)
    fail(record, 'a page that is not full, and more');
  return page;
}

function fail({ fail: tell }: RunRecord, detail: string): void {
  tell({ rule: 'the feed never changes', detail, paymentNo: undefined });
}

function sleep(timeline: Timeline, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timeline.after(ms, resolve);
  });
}
