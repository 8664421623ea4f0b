/**
 * The feed of events as it happens, for pages that show many payments: server-sent events of all merchants that the caller may
 * see, or of some types. A browser that comes back goes on where it was, and misses nothing. The stream of one payment, which needs
 * no key, is `payment-stream.ts`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../core/caller.ts';
import type { EventType } from '../../core/event-types.ts';
import type { Deps } from '../../flows/deps.ts';
import { durable } from '../../store/database.ts';
import { lastPlace } from '../../store/event-feed.ts';
import { watchCaller, merchantOf } from './caller.ts';
import { STREAM_LIFE_S_MAX, type EventStreamQuery } from './event-schemas.ts';
import {
  createEventStream,
  HEARTBEAT,
  namedEvent,
  retryLine,
  type EventStream,
} from './event-stream.ts';
import { readTold, type EventTail, type Told } from './event-tail.ts';
import { placeAfter, typesOf } from './events.ts';
import { eventId, placeOf } from './ids.ts';

const SECOND_MS = 1000;
const RETRY_MS = 2000;
/** So often something is sent, whatever happens: a proxy takes a connection that is silent for a minute for a dead one. */
const HEARTBEAT_MS = 15_000;
/** Of one node. A page beyond that hears what there is, and comes back after a while. */
const STREAMS_MAX = 500;
const RETRY_CROWDED_MS = 5000;
/** Of a stream that catches up. */
const PAGE = 100;
/** Some pages of events. A client that leaves more unread is let go, and comes back where it was. */
const UNREAD_CHARS_MAX = 1_048_576;
/** So is one that takes so long to read some of it, or the rest at the end: its place is for others, and the stop waits for it. */
const UNREAD_MS_MAX = 30_000;
const UNREAD_AT_END_MS_MAX = 5000;

export type Streams = { open: number; readonly tail: EventTail };

type Wanted = {
  readonly merchantId: number | null;
  readonly types: readonly EventType[] | undefined;
};
type Listener = Wanted & {
  /** Whether the caller may still hear. */
  readonly mayHear: () => Promise<boolean>;
};

export async function streamEvents(
  deps: Deps,
  streams: Streams,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
  query: EventStreamQuery,
): Promise<void> {
  const isForOne = caller.merchantId !== null || query.merchant !== undefined;
  const merchant = isForOne ? await merchantOf(deps, caller, query.merchant) : undefined;
  const heard = placeOf(String(request.headers['last-event-id'] ?? ''));
  const place = heard ?? (await placeAfter(deps, query.cursor ?? 'now'));
  const isCrowded = streams.open >= STREAMS_MAX;
  const untilMs = deps.clock.monotonicMs() + (query.life ?? STREAM_LIFE_S_MAX) * SECOND_MS;
  const member = await streams.tail.join();
  streams.open += 1;
  const events = createEventStream(UNREAD_CHARS_MAX);
  // Also when something else is answered instead of it.
  reply.raw.once('close', () => events.body.destroy());
  // Its connection ends with it: one that is kept would hold the stop up. And no proxy may gather what is sent.
  void reply
    .header('cache-control', 'no-store')
    .header('connection', 'close')
    .header('x-accel-buffering', 'no')
    .type('text/event-stream')
    .send(events.body);
  events.send(retryLine(isCrowded ? RETRY_CROWDED_MS : RETRY_MS));
  // A browser that heard nothing comes back to where it began, and not to a later now.
  events.send(idOnlyAt(place));
  try {
    const listener = {
      merchantId: merchant?.merchantId ?? null,
      types: typesOf(query),
      mayHear: watchCaller(deps, request),
    };
    await tell(deps, streams.tail, events, listener, place, isCrowded ? 0 : untilMs);
    await endInTime(deps, events);
  } catch (error) {
    deps.log.error({ err: error, requestId: request.id }, 'v2 stream failed');
    events.body.destroy();
  } finally {
    streams.open -= 1;
    member.leave();
  }
}

function idOnlyAt(place: number): string {
  return `id: ${eventId(place)}\n\n`;
}

/** Ends when it is time, at the stop, when the client is gone, or when he may hear no more. */
async function tell(
  deps: Deps,
  tail: EventTail,
  events: EventStream,
  listener: Listener,
  place: number,
  untilMs: number,
): Promise<void> {
  for (let after = place; !events.gone.aborted;) {
    if (!(await listener.mayHear())) return;
    const more = tail.more();
    const { found, upTo } = await next(deps, tail, listener, after);
    // What was told survives a power cut: it must not give the place of an event to another.
    await durable(deps.db);
    for (const told of found) events.send(namedEvent(eventId(told.position), told.data));
    // What was passed over need not be passed over again.
    if (found.at(-1)?.position !== upTo && upTo > after) events.send(idOnlyAt(upTo));
    const isBehind = upTo < tail.upTo;
    after = upTo;
    if (events.isFull) await takenInTime(deps, events);
    const leftMs = untilMs - deps.clock.monotonicMs();
    if (deps.news.stopping || (!isBehind && leftMs <= 0)) return;
    if (isBehind || tail.upTo > after) continue;
    const isQuiet = await hearsNothing(deps, more, events, Math.min(leftMs, HEARTBEAT_MS));
    if (isQuiet && leftMs > HEARTBEAT_MS) events.send(HEARTBEAT);
  }
}

type Next = { readonly found: readonly Told[]; readonly upTo: number };

/** What comes next after a place: of the newest, or from the database for whoever is further behind. */
async function next(deps: Deps, tail: EventTail, wanted: Wanted, after: number): Promise<Next> {
  const { merchantId, types } = wanted;
  if (after >= tail.from) {
    const { upTo } = tail;
    const isWanted = (told: Told): boolean =>
      (merchantId === null || told.merchantId === merchantId) &&
      (types === undefined || types.includes(told.type));
    return pageUpTo(tail.after(after).filter(isWanted).slice(0, PAGE), Math.max(after, upTo));
  }
  const last = await lastPlace(deps.db);
  return pageUpTo(
    await readTold(deps, { merchantId, types, after, upTo: last, limit: PAGE }),
    last,
  );
}

/** A page that is full may have others behind it. */
function pageUpTo(found: readonly Told[], upTo: number): Next {
  return { found, upTo: found.length === PAGE ? (found.at(-1)?.position ?? upTo) : upTo };
}

async function takenInTime(deps: Pick<Deps, 'news'>, events: EventStream): Promise<void> {
  // Nobody tells this topic: a sleep that the stop ends.
  const pause = deps.news.follow('stream-unread');
  const isTaken = await Promise.race([
    events.taken().then(() => true),
    pause.next(UNREAD_MS_MAX).then(() => false),
  ]);
  pause.close();
  if (!isTaken && !deps.news.stopping) events.body.destroy();
}

async function endInTime(deps: Pick<Deps, 'clock'>, events: EventStream): Promise<void> {
  const ended = new AbortController();
  void deps.clock.sleep(UNREAD_AT_END_MS_MAX, ended.signal).then(() => void events.body.destroy());
  await events.end();
  ended.abort('ended');
}

/** Waits for more; true when nothing came for so long. */
async function hearsNothing(
  deps: Pick<Deps, 'clock'>,
  more: Promise<void>,
  events: EventStream,
  ms: number,
): Promise<boolean> {
  const done = new AbortController();
  events.gone.addEventListener('abort', () => done.abort('gone'), {
    once: true,
    signal: done.signal,
  });
  const came = more.then(() => true);
  const slept = deps.clock.sleep(ms, done.signal).then(() => false);
  const hasMore = await Promise.race([came, slept]);
  done.abort('over');
  return !hasMore && !events.gone.aborted;
}
