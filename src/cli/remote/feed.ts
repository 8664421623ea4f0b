/**
 * Follows the feed of a gateway's events, page by page, from now on or from any place: through restarts of the gateway and
 * broken lines, with nothing missing. What is done with an event is the commands' own.
 */
import { InvalidArgumentError, type Command } from 'commander';
import { EVENT_TYPES, type EventType } from '../../core/event-types.ts';
import { fen, formatYuan } from '../../core/money.ts';
import { parseRfc3339, shanghaiText } from '../../core/time.ts';
import { CommandError } from '../context.ts';
import {
  GatewayAway,
  GatewayRefused,
  type Answer,
  type FeedEvent,
  type Gateway,
  type RemoteContext,
} from './gateway.ts';

export type FeedOptions = {
  readonly events: readonly EventType[];
  readonly merchant?: string;
  readonly from?: string;
};

/** Events of one answer, and where the one after it begins. */
export type FeedPage = { readonly events: readonly FeedEvent[]; readonly next: string };

const WAIT_S = 25;
const PAGE = 100;
/**
 * Events of one payment come within moments: asking after each would use up the key's requests. And a gateway that is stopping
 * answers at once, with nothing.
 */
const GATHER_MS = 200;
/** Waits between tries while the gateway does not answer; the last repeats. */
const AWAY_GAPS_MS = [1000, 2000, 5000];

export function withFeedOptions(command: Command): Command {
  return command
    .option('--events <types>', 'these alone, with commas between', typesOf, [])
    .option('--merchant <id>', 'of one merchant (mch_…)')
    .option('--from <cursor>', 'from there on: a cursor, the id of an event, or "start"; else now');
}

function typesOf(list: string): readonly EventType[] {
  const names = list.split(',').map((name) => name.trim());
  const types = EVENT_TYPES.filter((type) => names.includes(type));
  if (types.length === new Set(names).size) return types;
  throw new InvalidArgumentError(`It must be a list of ${EVENT_TYPES.join(', ')}.`);
}

/** Where reading begins, as a cursor. The first call: what is wrong with the gateway, the key or the place is told by it. */
export async function findBeginning(gateway: Gateway, options: FeedOptions): Promise<string> {
  const { from = 'now' } = options;
  // Before the first event that there can be.
  const cursor = from === 'start' ? 'evt_0' : from;
  const page = await gateway
    .get(pathOf({ ...options, cursor, limit: 1 }))
    .catch((error: unknown) => {
      if (!(error instanceof GatewayRefused && error.field === 'cursor')) throw error;
      throw new CommandError(
        `--from is ${JSON.stringify(from)}; it must be the id of an event (evt_…), a cursor of the feed, or "start"`,
      );
    });
  return from === 'now' ? (page.next_cursor ?? cursor) : cursor;
}

/** Pages of events from a cursor on, for ever; empty ones, too. Throws when asking again would not help. */
export async function* followFeed(
  { clock, say }: Pick<RemoteContext, 'clock' | 'say'>,
  gateway: Gateway,
  options: Pick<FeedOptions, 'merchant'> & { readonly cursor: string },
): AsyncGenerator<FeedPage, never> {
  let { cursor } = options;
  for (let triesInVain = 0; ;) {
    const answer = await ask(gateway, pathOf({ ...options, cursor, wait: WAIT_S, limit: PAGE }));
    if (answer instanceof GatewayAway) {
      if (triesInVain === 0)
        say(`${answer.message}; it is asked until it answers, and nothing will be missing`);
      const gapMs = AWAY_GAPS_MS[triesInVain] ?? AWAY_GAPS_MS.at(-1) ?? 0;
      triesInVain += 1;
      await clock.sleep(Math.max(gapMs, answer.retryAfterMs));
      continue;
    }
    if (triesInVain > 0) say(`The gateway at ${gateway.url} answers again`);
    triesInVain = 0;
    const { data: events = [], next_cursor: next, has_more: hasMore = false } = answer;
    cursor = next ?? cursor;
    yield { events, next: cursor };
    if (!hasMore) await clock.sleep(GATHER_MS);
  }
}

async function ask(gateway: Gateway, path: string): Promise<Answer | GatewayAway> {
  try {
    return await gateway.get(path, WAIT_S);
  } catch (error) {
    if (error instanceof GatewayAway) return error;
    throw error;
  }
}

function pathOf(query: {
  readonly cursor: string;
  readonly limit: number;
  readonly wait?: number;
  readonly merchant?: string | undefined;
}): string {
  const { cursor, limit, wait, merchant } = query;
  const texts = { limit, cursor, ...(wait && { wait }), ...(merchant && { merchant }) };
  const pairs = Object.entries(texts).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return `/v2/events?${pairs.join('&')}`;
}

export function isWanted({ events }: FeedOptions, { type }: FeedEvent): boolean {
  return events.length === 0 || events.includes(type);
}

/** The payment that an event is about, by itself or as what a refund gives back. */
export function paymentOf({ data }: FeedEvent): string {
  return data.payment ?? data.id;
}

/** What is told at a stop. */
export function goOnText(cursor: string): string {
  return `To go on from here: --from ${cursor}`;
}

const TYPE_WIDTH = Math.max(...EVENT_TYPES.map((type) => type.length));

/** One event as a line for people. */
export function eventLine(event: FeedEvent): string {
  const { type, data, id, created_at: createdAt } = event;
  const atMs = parseRfc3339(createdAt);
  const at = atMs === undefined ? createdAt : shanghaiText(atMs);
  return `${at}  ${type.padEnd(TYPE_WIDTH)}  ${data.id}  ${formatYuan(fen(data.amount))}  ${id}`;
}
