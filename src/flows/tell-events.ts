/**
 * Gives events their places in the feed: a worker of every node does, one after another, because the place of an event can be
 * told only when everything before it is stored. Dying in between loses nothing: what has no place gets one later.
 */
import { inOrder } from '../core/event-types.ts';
import { inTransaction } from '../store/database.ts';
import { givePlaces, listUntold } from '../store/event-feed.ts';
import type { Deps } from './deps.ts';

/** Events of one transaction: a few milliseconds of writing. */
const BATCH_MAX = 200;
/** How long events are gathered that get their places together. */
const GATHER_MS = 20;
/** Told when events were stored, and when they have got their places. */
export const STORED_TOPIC = 'event-stored';
export const TOLD_TOPIC = 'event-told';

/** How many got a place; as many as a batch holds means that there may be more. */
export async function tellEvents(deps: Pick<Deps, 'db' | 'news'>): Promise<number> {
  const untold = await listUntold(deps.db, BATCH_MAX);
  if (untold.length === 0) return 0;
  await inTransaction(deps.db, (tx) => givePlaces(tx, inOrder(untold)));
  deps.news.tell(TOLD_TOPIC);
  return untold.length;
}

/** Gives places until nothing is left to be told, and again when something was stored; ends at the stop. */
export async function keepTelling(
  deps: Pick<Deps, 'db' | 'news' | 'log'>,
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
