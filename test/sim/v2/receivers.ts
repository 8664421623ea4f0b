/**
 * Programs that are called when something happens, and the internet between the gateway and them: calls are lost, late, not
 * taken, or answered by nobody for hours and days. Each keeps every call that reached it; `webhook-checks.ts` judges.
 */
import {
  NoResponse,
  type HttpRequest,
  type HttpResponse,
  type HttpSend,
} from '../../../src/system/http.ts';
import type { Prng } from '../prng.ts';
import type { RunRecord } from '../record.ts';
import type { Timeline } from '../timeline.ts';
import type { Weather } from '../world.ts';

/** A call that reached the program. */
export type Receipt = {
  readonly atMs: number;
  readonly url: string;
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
  /** The program did what it had to, and answered so; whether the answer was heard is another matter. */
  readonly isTaken: boolean;
};

export type Receiver = {
  readonly url: string;
  readonly receipts: Receipt[];
  /** Nobody answers from then until then. */
  readonly outage: { fromMs: number; untilMs: number };
  /** What the program cannot take, by the number of its payment. */
  isPoison: (body: string) => boolean;
};

export type Receivers = {
  readonly send: HttpSend;
  /** Begins to answer at an address of its own. */
  open(name: string): Receiver;
};

export type ReceiverOptions = {
  readonly timeline: Timeline;
  readonly weather: Weather;
  readonly prng: Prng;
  readonly record: RunRecord;
};

const SECOND_MS = 1000;

/** `late there`: it arrives when nobody waits for the answer any more. */
type NoAnswer =
  | 'nobody'
  | 'silence'
  | 'lost there'
  | 'late there'
  | 'lost back'
  | 'closed'
  | 'too large';

/** The program hears the call and does what it has to, and the gateway hears nothing of that. */
const TAKES: ReadonlySet<string> = new Set<NoAnswer>(['late there', 'lost back']);

/** What a call meets on its way, and at the program. */
type Meets =
  | { readonly kind: NoAnswer }
  | { readonly kind: 'answer' | 'late'; readonly status: number; readonly body: Uint8Array };

/** What programs answer that did not take what they were sent; 301 is what becomes of a program that has moved. */
const REFUSALS = [500, 503, 404, 400, 301, 302] as const;
const THANKS = [200, 201, 202, 204] as const;
/** What no browser and no JSON parser takes, and a success all the same. */
const GARBAGE = Buffer.from([0, 0xff, 0xfe, 0x7b, 0xc3, 0x28, 0]);

export function createReceivers(options: ReceiverOptions): Receivers {
  const { timeline, prng, record } = options;
  const receivers = new Map<string, { receiver: Receiver; stream: Prng }>();
  const send: HttpSend = (request) => {
    const { host } = new URL(request.url);
    const known = receivers.get(host);
    if (known === undefined) return Promise.reject(new NoResponse('connection', `no ${host}`));
    const { receiver, stream } = known;
    const meets = meetsOf(options, receiver, stream, request);
    record.mark(`webhook: ${meets.kind === 'answer' ? meets.status : meets.kind}`);
    const isLateThere = meets.kind === 'late there';
    const thereMs = stream.between(5, 150) + (isLateThere ? stream.between(10, 60) * SECOND_MS : 0);
    const backMs = stream.between(5, 150) + (meets.kind === 'late' ? request.timeoutMs : 0);
    const isThere = !['nobody', 'silence', 'lost there'].includes(meets.kind);
    return new Promise((resolve, reject) => {
      const timeout = timeline.after(request.timeoutMs, () =>
        reject(new NoResponse('timeout', 'no answer in time')),
      );
      const end = (how: () => void): void => {
        timeout.isOff = true;
        how();
      };
      timeline.after(thereMs, () => {
        if (meets.kind === 'nobody' || (isThere && isDown(receiver, timeline.nowMs))) {
          return end(() => reject(new NoResponse('connection', 'connection refused')));
        }
        if (!isThere) return;
        receive(timeline.nowMs, receiver, request, meets);
        if (TAKES.has(meets.kind)) return;
        timeline.after(backMs, () => end(() => answer(meets, resolve, reject)));
      });
    });
  };
  return {
    send,
    open: (name) => {
      const host = `${name}.test`;
      const receiver: Receiver = {
        url: `https://${host}/hook`,
        receipts: [],
        outage: { fromMs: Infinity, untilMs: Infinity },
        isPoison: () => false,
      };
      receivers.set(host, { receiver, stream: prng.fork(name) });
      return receiver;
    },
  };
}

function meetsOf(
  { weather, timeline }: ReceiverOptions,
  receiver: Receiver,
  stream: Prng,
  request: HttpRequest,
): Meets {
  const { webhookLost, webhookSlow, webhookRefused } = weather.rates;
  if (isDown(receiver, timeline.nowMs))
    return { kind: stream.pick(['nobody', 'nobody', 'silence'] as const) };
  if (stream.chance(webhookLost))
    return { kind: stream.pick(['lost there', 'late there', 'lost back'] as const) };
  if (receiver.isPoison(String(request.body)))
    return { kind: 'answer', status: 500, body: GARBAGE };
  if (stream.chance(webhookRefused)) {
    const status = stream.pick([...REFUSALS, 'closed', 'too large'] as const);
    if (typeof status === 'string') return { kind: status };
    return { kind: 'answer', status, body: Buffer.from('no') };
  }
  const body = stream.chance(0.2) ? GARBAGE : Buffer.from('thanks');
  const kind = stream.chance(webhookSlow) ? 'late' : 'answer';
  return { kind, status: stream.pick(THANKS), body };
}

function isDown({ outage: { fromMs, untilMs } }: Receiver, nowMs: number): boolean {
  return nowMs >= fromMs && nowMs < untilMs;
}

function receive(
  atMs: number,
  { receipts, isPoison }: Receiver,
  { url, headers, body }: HttpRequest,
  meets: Meets,
): void {
  const hasStatus = meets.kind === 'answer' || meets.kind === 'late';
  const text = String(body);
  receipts.push({
    atMs,
    url,
    id: headers['webhook-id'] ?? '',
    timestamp: headers['webhook-timestamp'] ?? '',
    signature: headers['webhook-signature'] ?? '',
    body: text,
    isTaken: hasStatus ? meets.status < 300 : TAKES.has(meets.kind) && !isPoison(text),
  });
}

function answer(
  meets: Meets,
  resolve: (response: HttpResponse) => void,
  reject: (error: NoResponse) => void,
): void {
  if (meets.kind === 'closed') return reject(new NoResponse('connection', 'closed'));
  if (meets.kind === 'too large') return reject(new NoResponse('too_large', 'too large'));
  if (meets.kind !== 'answer' && meets.kind !== 'late') return undefined;
  const { status, body } = meets;
  return resolve({ status, headers: { location: 'https://elsewhere.test/' }, body });
}
