/**
 * The newest events of the feed, read and rendered once for all streams of this node, however many there are: each takes what it
 * wants of them. Who is further behind reads by himself (`event-feed-stream.ts`). Nothing is read while nobody listens.
 */
import type { Deps } from '../../flows/deps.ts';
import { TOLD_TOPIC } from '../../flows/tell-events.ts';
import { lastPlace, readFeed, type FeedEvent } from '../../store/event-feed.ts';
import { viewsOf } from './events.ts';

/** An event as a stream sends it. */
export type Told = Pick<FeedEvent, 'position' | 'merchantId' | 'type'> & { readonly data: string };

export type EventTail = {
  /** Begins to read, if nobody did; resolves when it is known from where. `leave` when nobody listens any more. */
  join(): Promise<{ leave(): void }>;
  /** The place from which on everything is here, and that up to which it is. */
  readonly from: number;
  readonly upTo: number;
  /** Those after a place, oldest first. */
  after(place: number): readonly Told[];
  /** Resolves when there is more, or when reading ended. */
  more(): Promise<void>;
};

/** Events that are kept: of a few seconds when the gateway is busy. */
const KEPT_MAX = 1000;
const PAGE = 100;
/** News of another node reaches us by looking: at least this often. And the database is tried again so soon. */
const LOOK_EVERY_MS = 1000;

export function createEventTail(deps: Pick<Deps, 'db' | 'news' | 'vault' | 'log'>): EventTail {
  const listeners = new Set<object>();
  let running: Promise<void> | undefined;
  let [from, upTo] = [0, 0];
  let kept: readonly Told[] = [];
  let news = Promise.withResolvers<void>();
  const tell = (): void => {
    news.resolve();
    news = Promise.withResolvers();
  };
  const begin = async (): Promise<void> => {
    upTo = await lastPlace(deps.db);
    from = upTo;
    kept = [];
    void read();
  };
  const read = async (): Promise<void> => {
    const follower = deps.news.follow(TOLD_TOPIC);
    while (listeners.size > 0 && !deps.news.stopping) {
      const page = await readPage(deps, upTo);
      if (page.length > 0) {
        kept = [...kept, ...page].slice(-KEPT_MAX);
        upTo = page.at(-1)?.position ?? upTo;
        from = kept.length < KEPT_MAX ? from : (kept[0]?.position ?? from) - 1;
        tell();
      }
      if (page.length < PAGE) await follower.next(LOOK_EVERY_MS);
    }
    follower.close();
    running = undefined;
    tell();
  };
  return {
    join: async () => {
      const listener = {};
      listeners.add(listener);
      try {
        running ??= begin();
        await running;
      } catch (error) {
        listeners.delete(listener);
        running = undefined;
        throw error;
      }
      return { leave: () => void listeners.delete(listener) };
    },
    get from() {
      return from;
    },
    get upTo() {
      return upTo;
    },
    after: (place) => kept.filter(({ position }) => position > place),
    more: () => news.promise,
  };
}

/** None while the database is away: streams stay, and hear of it later. */
async function readPage(
  deps: Pick<Deps, 'db' | 'vault' | 'log'>,
  after: number,
): Promise<readonly Told[]> {
  try {
    return await readTold(deps, { merchantId: null, types: undefined, after, limit: PAGE });
  } catch (error) {
    deps.log.error({ err: error }, 'events could not be read for streams');
    return [];
  }
}

/** Events of the feed as streams send them. */
export async function readTold(
  deps: Pick<Deps, 'db' | 'vault'>,
  filter: Parameters<typeof readFeed>[1],
): Promise<readonly Told[]> {
  const events = await readFeed(deps.db, filter);
  const views = await viewsOf(deps, events);
  return events.map(({ position, merchantId, type }, index) => ({
    position,
    merchantId,
    type,
    data: JSON.stringify(views[index]),
  }));
}
