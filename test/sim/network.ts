/**
 * The way between the gateway and Alipay, and what can go wrong on it: requests and answers that are lost, late, doubled,
 * altered or delivered to the wrong order, and an Alipay that fails by itself. What a call suffers is drawn from its bill's
 * own stream. Alipay is the simulator's core; its book is the witness of every check.
 */
import {
  createBook,
  handle,
  nextDueMs,
  tick,
  type Book,
  type DueNotification,
} from '../../simulator/simulator.ts';
import {
  NoResponse,
  type HttpRequest,
  type HttpResponse,
  type HttpSend,
} from '../../src/system/http.ts';
import { tradeNamed } from './book.ts';
import { keyPair, privateKey } from './keys.ts';
import { declinedAndOpen, forgedAnswer, notDoneAnswer } from './lies.ts';
import type { Prng } from './prng.ts';
import { drawSuffering, tellMarks, type Suffering } from './suffering.ts';
import type { Weather } from './world.ts';
import type { Timeline } from './timeline.ts';

/** A call to Alipay, read from its bytes as they leave the gateway. */
export type WireCall = {
  readonly method: string;
  readonly outTradeNo: string;
  /** `biz_content`; whatever we read of it is text. */
  readonly content: Readonly<Record<string, string | undefined>>;
};

export type NetworkEvents = {
  /** A call leaves the gateway. */
  onCall(call: WireCall): void;
  /** Alipay has carried out a call (or has failed to). */
  onArrival(call: WireCall): void;
  onNotification(notification: DueNotification): void;
  /** Something happened that a reach mark or the digest wants to know. */
  onMark(mark: string): void;
};

export type Network = {
  readonly book: Book;
  readonly send: HttpSend;
  /** The simulator's control API, over a line that never fails. */
  control(method: 'GET' | 'POST', path: string, body?: object): ControlAnswer;
  /** Tells the book what became of something, and posts what follows from it. */
  follow(outcome: { notifications: DueNotification[] }): void;
  /** A calm line for systems that are not ours. */
  readonly calmSend: HttpSend;
};

/** An answer of the simulator's control API. */
export type ControlAnswer = {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
};

export type NetworkOptions = {
  readonly timeline: Timeline;
  readonly weather: Weather;
  readonly prng: Prng;
  readonly events: NetworkEvents;
};

const SECOND_MS = 1000;
export function createNetwork(options: NetworkOptions): Network {
  const { timeline, events } = options;
  const book = createBook({
    alipayKey: privateKey('alipay'),
    alipayPublicKey: keyPair('alipay').publicKey,
    seed: options.prng.below(2 ** 31),
  });
  let wokenAtMs = Infinity;
  /** Wakes the simulator when its own time comes. */
  const wakeLater = (): void => {
    const dueMs = nextDueMs(book) ?? Infinity;
    if (dueMs >= wokenAtMs) return;
    wokenAtMs = dueMs;
    timeline.after(dueMs - timeline.nowMs, () => {
      wokenAtMs = Infinity;
      follow(tick(book, timeline.nowMs));
    });
  };
  const follow: Network['follow'] = (outcome) => {
    outcome.notifications.forEach(events.onNotification);
    wakeLater();
  };
  const atAlipay = (
    request: HttpRequest,
  ): HttpResponse | 'reset' | { held: HttpResponse; ms: number } => {
    const { pathname, search } = new URL(request.url);
    const handled = handle(book, timeline.nowMs, {
      method: request.method,
      url: `${pathname}${search}`,
      contentType: request.headers['content-type'] ?? '',
      body: Buffer.from(request.body ?? ''),
    });
    follow(handled);
    const { answer } = handled;
    if (answer.kind === 'reset') return 'reset';
    const response = { status: answer.status, headers: answer.headers, body: answer.body };
    return answer.holdMs > 0 ? { held: response, ms: answer.holdMs } : response;
  };

  return {
    book,
    send: createLine(options, book, atAlipay),
    calmSend: async (request) => {
      const answer = atAlipay(request);
      if (answer === 'reset' || 'held' in answer) throw new NoResponse('connection', 'no answer');
      return answer;
    },
    follow,
    control: (method, path, body) => {
      const handled = handle(book, timeline.nowMs, {
        method,
        url: path,
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify(body ?? {})),
      });
      follow(handled);
      if (handled.answer.kind !== 'reply') throw new Error('the control API never resets');
      const { status } = handled.answer;
      return { status, json: JSON.parse(handled.answer.body.toString('utf8')) };
    },
  };
}

type Arrival = HttpResponse | 'reset' | { held: HttpResponse; ms: number };

function createLine(
  { timeline, weather, prng, events }: NetworkOptions,
  book: Book,
  atAlipay: (request: HttpRequest) => Arrival,
): HttpSend {
  /** A bill keeps its stream whatever number its payment gets; calls about a number belong to its bill. */
  const streams = new Map<string, Prng>();
  const nameOf = new Map<string, string>();
  /** The newest answer of each method, for answers that reach the wrong caller. */
  const answers = new Map<string, { outTradeNo: string; response: HttpResponse }>();
  const streamOf = ({ outTradeNo, content }: WireCall): Prng => {
    const name = nameOf.get(outTradeNo) ?? content['subject'] ?? outTradeNo;
    nameOf.set(outTradeNo, name);
    const stream = streams.get(name) ?? prng.fork(name);
    streams.set(name, stream);
    return stream;
  };
  const arrive = (
    request: HttpRequest,
    call: WireCall,
    fault: Suffering['alipayFault'],
  ): Arrival => {
    if (fault !== undefined) {
      const body = { ...fault, method: call.method, outTradeNo: call.outTradeNo };
      atAlipay({
        ...CONTROL,
        url: 'http://simulator.test/simulator/faults',
        body: JSON.stringify(body),
      });
    }
    const arrival = atAlipay(request);
    events.onArrival(call);
    return arrival;
  };
  const send: HttpSend = (request) => {
    const call = readCall(request);
    // The control API is on this host, and is not what a hostile network is about.
    if (call === undefined) return Promise.resolve(plain(atAlipay(request)));
    events.onCall(call);
    const suffering = drawSuffering(streamOf(call), call, weather.rates);
    tellMarks(events, call, suffering);
    const untilMs = timeline.nowMs + request.timeoutMs;
    return new Promise((resolve, reject) => {
      const timeout = timeline.after(request.timeoutMs, () =>
        reject(new NoResponse('timeout', 'no answer in time')),
      );
      const end = (arrival: Arrival): void => {
        const ms = suffering.responseMs + (isHeld(arrival) ? arrival.ms : 0);
        if (suffering.lost === 'response') return;
        timeline.after(ms, () => {
          if (timeline.nowMs < untilMs && isOvertaken(book, call, arrival)) {
            events.onMark('network: paid heard after a cancel gave it back');
          }
          timeout.isOff = true;
          if (arrival === 'reset') return reject(new NoResponse('connection', 'connection reset'));
          return resolve(alter(alipaysWord(plain(arrival), call, suffering), call, suffering));
        });
      };
      if (suffering.lost === 'request') return;
      const { againAfterMs, isSecondAnswer, alipayFault, notDone } = suffering;
      timeline.after(suffering.requestMs, () => {
        const arrival =
          notDone === undefined ? arrive(request, call, alipayFault) : notDoneAnswer(call, notDone);
        const isDoubled = againAfterMs !== undefined && notDone === undefined;
        if (!isDoubled || !isSecondAnswer) end(arrival);
        if (!isDoubled) return;
        timeline.after(againAfterMs, () => {
          const second = arrive(request, call, undefined);
          if (isSecondAnswer) end(second);
        });
      });
    });
  };
  const alter = (response: HttpResponse, call: WireCall, suffering: Suffering): HttpResponse => {
    const { method, outTradeNo } = call;
    const other = answers.get(method);
    if (namesItsOrder(call, response)) answers.set(method, { outTradeNo, response });
    const { forger } = suffering;
    const forged = forger === undefined ? undefined : forgedAnswer(call, forger);
    if (forged !== undefined) return forged;
    // Two refunds of one order are answered in the same words: those only the line can tell apart.
    const isOthers = other !== undefined && other.outTradeNo !== outTradeNo;
    if (suffering.isSwapped && isOthers) return other.response;
    if (!suffering.isCorrupted || response.body.length === 0) return response;
    const body = Uint8Array.from(response.body);
    const at = Math.floor(body.length / 3);
    body[at] = (body[at] ?? 0) ^ 1;
    return { ...response, body };
  };
  return send;
}

/** Alipay's "paid", true when it was said; a cancel has given the money back while it was on its way. */
function isOvertaken(book: Book, call: WireCall, arrival: Arrival): boolean {
  if (arrival === 'reset' || tradeNamed(book, call.outTradeNo)?.closedBy !== 'cancel') return false;
  const text = Buffer.from(plain(arrival).body).toString('latin1');
  const isCharged = call.method === 'alipay.trade.pay' && text.includes('"code":"10000"');
  return isCharged || text.includes('"trade_status":"TRADE_SUCCESS"');
}

/** A refused refund, and one that is not found, are answered without a number: whose answer it is, only the line can tell. */
function namesItsOrder({ method }: WireCall, { body }: HttpResponse): boolean {
  return !method.includes('refund') || Buffer.from(body).includes('"out_trade_no"');
}

/** What Alipay answers, which is not always all there is to say. */
function alipaysWord(response: HttpResponse, call: WireCall, suffering: Suffering): HttpResponse {
  const isDeclined = suffering.isDeclinedAndOpen && call.method === 'alipay.trade.pay';
  return (isDeclined ? declinedAndOpen(call, response) : undefined) ?? response;
}

const CONTROL: Omit<HttpRequest, 'url' | 'body'> = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  timeoutMs: SECOND_MS,
  maxBytes: 65_536,
};

function isHeld(arrival: Arrival): arrival is { held: HttpResponse; ms: number } {
  return arrival !== 'reset' && 'held' in arrival;
}

function plain(arrival: Arrival): HttpResponse {
  if (arrival === 'reset') throw new NoResponse('connection', 'connection reset');
  return isHeld(arrival) ? arrival.held : arrival;
}

/** Undefined for what is no call to gateway.do. */
function readCall(request: HttpRequest): WireCall | undefined {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname !== '/gateway.do') return undefined;
  const form = new URLSearchParams(String(request.body ?? ''));
  const content: WireCall['content'] = JSON.parse(form.get('biz_content') ?? '{}');
  return {
    method: searchParams.get('method') ?? '',
    outTradeNo: content['out_trade_no'] ?? '',
    content,
  };
}
