/**
 * Hands events to a program as webhooks, one at a time in the order of the feed, until it takes them. An event that the
 * program refuses keeps back those of its payment, as at the gateway; a program that does not answer at all keeps back
 * everything. Sooner tried again than by the gateway: a developer is waiting.
 */
import { webhookRequest } from '../../flows/deliver-webhooks.ts';
import type { HttpResponse } from '../../system/http.ts';
import { eventLine, paymentOf } from './feed.ts';
import { wordsOf, type FeedEvent, type RemoteContext } from './gateway.ts';

/** An event that the program has not taken yet, and the cursor from which the feed has it. */
export type Held = { readonly event: FeedEvent; readonly cursor: string };

export type Queue = {
  readonly size: () => number;
  /** The oldest that was not taken. */
  readonly oldest: () => Held | undefined;
  add(held: Held): void;
  /** The first, in the order of the feed, whose payment waits for nothing. */
  next(nowMs: number): Held | undefined;
  /** When there will be a next one, if nothing comes; Infinity for never. */
  nextAtMs(): number;
  taken(held: Held): void;
  /** Keeps back its payment for a while; returns how long. */
  refused(held: Held, nowMs: number): number;
};

/** Waits after the first, second, … refusal of an event; the last repeats. */
const REFUSED_GAPS_MS = [1000, 2000, 5000, 10_000];

export function createQueue(): Queue {
  const queue: Held[] = [];
  const waits = new Map<string, { readonly refusals: number; readonly untilMs: number }>();
  const dueAtMs = ({ event }: Held): number => waits.get(paymentOf(event))?.untilMs ?? -Infinity;
  return {
    size: () => queue.length,
    oldest: () => queue[0],
    add: (held) => void queue.push(held),
    next: (nowMs) => queue.find((held) => dueAtMs(held) <= nowMs),
    nextAtMs: () => Math.min(...queue.map(dueAtMs)),
    taken: (held) => {
      queue.splice(queue.indexOf(held), 1);
      waits.delete(paymentOf(held.event));
    },
    refused: ({ event }, nowMs) => {
      const refusals = waits.get(paymentOf(event))?.refusals ?? 0;
      const gapMs = REFUSED_GAPS_MS[refusals] ?? REFUSED_GAPS_MS.at(-1) ?? 0;
      waits.set(paymentOf(event), { refusals: refusals + 1, untilMs: nowMs + gapMs });
      return gapMs;
    },
  };
}

export type Program = { readonly url: string; readonly secret: string };
type Ports = Pick<RemoteContext, 'clock' | 'print' | 'say' | 'send'>;

/** How often a program is called that does not answer. */
const DOWN_GAP_MS = 1000;
const ANSWER_SHOWN = 200;

/** Hands over what the queue has, for ever. `moreComes` ends when something was added, or after so many milliseconds. */
export async function forward(
  ports: Ports,
  program: Program,
  queue: Queue,
  moreComes: (ms: number) => Promise<void>,
): Promise<never> {
  for (let isDown = false; ;) {
    const nowMs = ports.clock.monotonicMs();
    const held = queue.next(nowMs);
    if (held === undefined) {
      await moreComes(queue.nextAtMs() - nowMs);
      continue;
    }
    const outcome = await handOver(ports, program, held.event);
    if (outcome.kind === 'down') {
      if (!isDown) ports.say(downText(program, outcome.why));
      isDown = true;
      await ports.clock.sleep(DOWN_GAP_MS);
      continue;
    }
    if (isDown) ports.say(`${program.url} answers again`);
    isDown = false;
    if (outcome.kind === 'taken') queue.taken(held);
    const gapMs = outcome.kind === 'taken' ? 0 : queue.refused(held, ports.clock.monotonicMs());
    const again = gapMs === 0 ? '' : `; again in ${gapMs / 1000} s`;
    ports.print(`${eventLine(held.event)}  -> ${outcome.words}${again}`);
  }
}

function downText({ url }: Program, why: string): string {
  return `Nobody answers at ${url} (${why}). Is your program running? It is called until it answers; the events wait, and none is lost`;
}

type Outcome =
  | { readonly kind: 'taken' | 'refused'; readonly words: string }
  /** No program is there. */
  | { readonly kind: 'down'; readonly why: string };

async function handOver(ports: Ports, program: Program, event: FeedEvent): Promise<Outcome> {
  const { clock, send } = ports;
  const beganMs = clock.monotonicMs();
  // Byte for byte what a webhook holds: the gateway writes the feed in the same way.
  const message = { id: event.id, body: JSON.stringify(event) };
  const request = webhookRequest(program.url, [program.secret], message, clock.nowMs());
  try {
    const response = await send(request);
    const tookMs = Math.round(clock.monotonicMs() - beganMs);
    const isTaken = response.status >= 200 && response.status < 300;
    return isTaken
      ? { kind: 'taken', words: `${response.status} (${tookMs} ms)` }
      : { kind: 'refused', words: `${response.status} (${tookMs} ms)${beginningOf(response)}` };
  } catch (error) {
    const why = wordsOf(error);
    return isDown(error) ? { kind: 'down', why } : { kind: 'refused', words: why };
  }
}

/** A program that was there and ended the connection without an answer may have died of this very event. */
const HANG_UP = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_\w+)$/;

/** Whether a `NoResponse` means that no program is there. */
function isDown(error: unknown): boolean {
  if (!(error instanceof Error && 'reason' in error && error.reason === 'connection')) return false;
  const { cause } = error;
  return !(cause instanceof Error && 'code' in cause && HANG_UP.test(String(cause.code)));
}

/** What the program said of its refusal, as far as a line has room. */
function beginningOf({ body }: HttpResponse): string {
  const text = Buffer.from(body)
    .toString('utf8')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return text === '' ? '' : ` ${text.slice(0, ANSWER_SHOWN)}`;
}
