/**
 * Gives events their places in the feed: a worker of every node does, one after another, because the place of an event can be
 * told only when everything before it is stored. What endpoints are owed is stored with the place. Dying in between loses
 * nothing: what has no place gets one later.
 */
import { wants } from '../core/webhook.ts';
import { inTransaction, type Queryable } from '../store/database.ts';
import { countUntold, givePlaces, type FeedEvent } from '../store/event-feed.ts';
import { summarizeNextPage } from '../store/feed-pages.ts';
import { listOwed } from '../store/webhook-endpoints.ts';
import { insertDelivery } from '../store/webhooks.ts';
import type { Deps } from './deps.ts';

/** Events of one transaction: a few milliseconds of writing. */
const BATCH_MAX = 200;
/** How long events are gathered that get their places together: later for who follows the feed, cheaper for every payment. */
const GATHER_MS = 50;
/** Told when events were stored, and when they have got their places. */
export const STORED_TOPIC = 'event-stored';
export const TOLD_TOPIC = 'event-told';

/** Told when some of one merchant have: whoever waits for those does not look whenever anything happens to anybody. */
export function toldTopicOf(merchantId: number): string {
  return `${TOLD_TOPIC}-${merchantId}`;
}

/** How many got a place; as many as a batch holds means that there may be more. */
export async function tellEvents(deps: Pick<Deps, 'db' | 'news' | 'clock'>): Promise<number> {
  const untold = await countUntold(deps.db, BATCH_MAX);
  if (untold === 0) return 0;
  const nowMs = deps.clock.nowMs();
  const { events, owed } = await inTransaction(deps.db, async (tx) => {
    const placed = await givePlaces(tx, untold);
    return { events: placed, owed: await oweDeliveries(tx, placed, nowMs) };
  });
  deps.news.tell(TOLD_TOPIC);
  const merchants = new Set(events.map(({ merchantId }) => merchantId));
  for (const merchantId of merchants) deps.news.tell(toldTopicOf(merchantId));
  if (owed > 0) deps.news.tell('due');
  return untold;
}

/** Stores what each endpoint is owed of the events, in the transaction that gives them their places; returns how much. */
async function oweDeliveries(
  tx: Queryable,
  events: readonly FeedEvent[],
  nowMs: number,
): Promise<number> {
  const endpoints = await listOwed(tx);
  let owed = 0;
  for (const event of events) {
    for (const endpoint of endpoints) {
      if (!wants(endpoint, event)) continue;
      await insertDelivery(tx, endpoint, event, nowMs);
      owed += 1;
    }
  }
  return owed;
}

/** Keeps between which times the places of the feed are, of all that none did before; a piece at a time. */
export async function summarizeFeed({ db, news }: Pick<Deps, 'db' | 'news'>): Promise<void> {
  while (!news.stopping && (await summarizeNextPage(db)));
}

/** Gives places until nothing is left to be told, and again when something was stored; ends at the stop. */
export async function keepTelling(
  deps: Pick<Deps, 'db' | 'news' | 'log' | 'clock'>,
  pollMs: number,
): Promise<void> {
  const follower = deps.news.follow(STORED_TOPIC);
  // Nobody tells this topic: a sleep that the stop ends.
  const pause = deps.news.follow('event-pause');
  while (!deps.news.stopping) {
    const told = await tellEvents(deps).catch((error: unknown) => {
      // The database is away, say: the events are stored, and get their places later.
      deps.log.error({ err: error }, 'events could not be told');
      return 0;
    });
    if (told === BATCH_MAX) continue;
    await follower.next(pollMs);
    // A payment is a few events within moments: they go together.
    await pause.next(GATHER_MS);
  }
  follower.close();
  pause.close();
}
