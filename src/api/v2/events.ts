/**
 * The feed of events over v2, for whoever rather asks than is called: everything that happened to payments and refunds, in an
 * order that never changes, from a cursor on. Nothing is ever missing from it.
 */
import type { Caller } from '../../core/caller.ts';
import type { EventType } from '../../core/event-types.ts';
import { rfc3339 } from '../../core/time.ts';
import type { Deps } from '../../flows/deps.ts';
import { waitForEvents, withContents, type ToldEvent } from '../../flows/read-events.ts';
import { findFeedEvent, lastPlace, type FeedEvent } from '../../store/event-feed.ts';
import { cpiNoOfMerchant, merchantOf } from './caller.ts';
import { FEED_CURSOR, fromPlaceCursor, toPlaceCursor } from './cursor.ts';
import type { EventQuery, EventResource } from './event-schemas.ts';
import { eventId, merchantId, placeOf } from './ids.ts';
import { Problem } from './problems.ts';
import { readTime } from './rules.ts';
import { PAGE_DEFAULT } from './schemas.ts';
import { paymentView, refundView } from './views.ts';

const SECOND_MS = 1000;

export async function listEvents(deps: Deps, caller: Caller, query: EventQuery) {
  const isForOne = caller.merchantId !== null || query.merchant !== undefined;
  const merchant = isForOne ? await merchantOf(deps, caller, query.merchant) : undefined;
  const limit = query.limit ?? PAGE_DEFAULT;
  const after = await placeAfter(deps, query.cursor);
  const filter = {
    merchantId: merchant?.merchantId ?? null,
    types: typesOf(query),
    fromMs: readTime('created_from', query.created_from),
    untilMs: readTime('created_before', query.created_before),
    after,
    // One more tells whether there is more.
    limit: limit + 1,
  };
  const { events: found, upTo } = await waitForEvents(deps, filter, (query.wait ?? 0) * SECOND_MS);
  const page = found.slice(0, limit);
  return {
    object: 'list' as const,
    data: await viewsOf(deps, page),
    // Where the next call goes on, also when nothing has happened since.
    next_cursor: toPlaceCursor(page.at(-1)?.position ?? upTo),
    has_more: found.length > limit,
  };
}

/** What is asked for; undefined for everything. */
export function typesOf({ types }: Pick<EventQuery, 'types'>): readonly EventType[] | undefined {
  // The shape let no others through.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
  return types === undefined ? undefined : (types.split(',') as EventType[]);
}

/** Where reading begins; a reader that keeps the last event it took in, and no cursor, goes on from that. */
export async function placeAfter({ db }: Deps, cursor: string | undefined): Promise<number> {
  if (cursor === undefined) return 0;
  if (cursor === 'now') return lastPlace(db);
  return placeOf(cursor) ?? fromPlaceCursor(cursor, FEED_CURSOR);
}

export async function getEvent(deps: Deps, caller: Caller, id: string): Promise<EventResource> {
  const place = placeOf(id);
  const event = place === undefined ? undefined : await findFeedEvent(deps.db, place);
  const isTheirs = caller.merchantId === null || event?.merchantId === caller.merchantId;
  const [view] = event !== undefined && isTheirs ? await viewsOf(deps, [event]) : [];
  if (view === undefined) throw new Problem('event_not_found');
  return view;
}

export async function viewsOf(
  deps: Pick<Deps, 'db' | 'vault'>,
  events: readonly FeedEvent[],
): Promise<EventResource[]> {
  const cpiNos = new Map<number, string>();
  for (const { merchantId } of events) {
    if (!cpiNos.has(merchantId)) {
      cpiNos.set(merchantId, await cpiNoOfMerchant(deps, merchantId));
    }
  }
  const told = await withContents(deps, events);
  return told.map((event) => eventView(deps, event, cpiNos.get(event.merchantId) ?? ''));
}

/** How webhooks get an event: as the API shows it. */
export async function renderEvent(
  deps: Pick<Deps, 'db' | 'vault'>,
  event: ToldEvent,
): Promise<{ readonly id: string; readonly body: string }> {
  const view = eventView(deps, event, await cpiNoOfMerchant(deps, event.merchantId));
  return { id: view.id, body: JSON.stringify(view) };
}

function eventView(deps: Pick<Deps, 'vault'>, event: ToldEvent, cpiNo: string): EventResource {
  const { payment, refund, isSuperseded, atMs } = event;
  return {
    id: eventId(event.position),
    object: 'event',
    type: event.type,
    merchant: merchantId(cpiNo),
    created_at: rfc3339(atMs),
    data:
      refund === undefined
        ? paymentView(deps, payment, cpiNo, atMs, isSuperseded)
        : refundView(refund),
  };
}
