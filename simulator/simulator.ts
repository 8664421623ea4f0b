/**
 * The simulator's pure core: requests, passing time and the fate of notifications go in; answers,
 * notifications to post and changes to keep come out. It reads no clock, has no timers and no
 * network, so that the same core runs behind HTTP (`./server.ts`) and inside a deterministic
 * simulation with a virtual clock.
 */
import { peekDue, schedule, takeChanges, touch, touchMeta } from './book/book.ts';
import { removeFirstDue } from './book/due.ts';
import type { Book, Change } from './book/book.ts';
import { billFile } from './bills.ts';
import { answerControl } from './control.ts';
import { textReply } from './faults.ts';
import type { Answer } from './faults.ts';
import { answerGateway } from './gateway.ts';
import type { CallSummary } from './gateway.ts';
import { answerNotification, takeNotification } from './notifications.ts';
import type { DueNotification } from './notifications.ts';
import { tradeIsDue } from './trades.ts';
import { targetOf } from './wire/request.ts';
import type { Target, WireRequest } from './wire/request.ts';

export { createBook } from './book/book.ts';
export type { Book, Change } from './book/book.ts';
export type { Answer } from './faults.ts';
export type { DueNotification } from './notifications.ts';
export { viewTrades } from './trade-view.ts';
export type { TradeView } from './trade-view.ts';
export type { WireRequest } from './wire/request.ts';

/** What follows from something that happened. */
export type Outcome = {
  /** To post now; tell `notificationAnswered` how each went. */
  notifications: DueNotification[];
  /** To keep before anything leaves. The values are live: serialise them before the next call. */
  changes: Change[];
};

export type Handled = Outcome & { answer: Answer; summary?: CallSummary };

/**
 * Lets time do what is due up to `nowMs`, in order, each at its own moment; collects notifications
 * to post.
 */
function passTime(book: Book, nowMs: number): DueNotification[] {
  const notifications: DueNotification[] = [];
  for (;;) {
    const entry = peekDue(book);
    if (entry === undefined || entry.dueMs > nowMs) return notifications;
    removeFirstDue(book.agenda);
    if (entry.kind === 'trade') {
      const trade = book.trade.get(entry.key);
      if (trade !== undefined) tradeIsDue(book, trade, entry.dueMs);
    } else {
      const notification = book.notification.get(entry.key);
      if (notification !== undefined)
        notifications.push(takeNotification(book, notification, nowMs));
    }
  }
}

type Reply = { answer: Answer; summary?: CallSummary; nowMs: number };
type Place = (book: Book, nowMs: number, request: WireRequest, target: Target) => Reply;

const HINT = `This is the Alipay simulator of alipay-f2f.

Point an Alipay client at  POST /gateway.do
and drive the rest with    POST /simulator/apps, /simulator/payment-codes, /simulator/scan, …
A person pays at           /wallet

docs/simulator.md tells how.
`;

const json = (status: number, value: unknown): Answer =>
  textReply(status, 'application/json; charset=utf-8', JSON.stringify(value));

function hint(_book: Book, nowMs: number): Reply {
  return { answer: textReply(200, 'text/plain; charset=utf-8', HINT), nowMs };
}

function download(book: Book, nowMs: number, _request: WireRequest, target: Target): Reply {
  const token = new URLSearchParams(target.query).get('fileId')?.replace(/^\/trade\//, '') ?? '';
  const file = billFile(book, nowMs, token);
  if (file === undefined) return { answer: json(404, { error: 'this link is not valid' }), nowMs };
  const headers = { 'content-type': 'application/octet-stream' };
  return { answer: { kind: 'reply', status: 200, headers, body: file, holdMs: 0 }, nowMs };
}

function control(book: Book, nowMs: number, request: WireRequest, target: Target): Reply {
  const { path, query } = target;
  const { method, body } = request;
  const {
    status,
    json: value,
    advancedMs,
  } = answerControl(book, nowMs, { method, path, query, body });
  return { answer: json(status, value), nowMs: nowMs + (advancedMs ?? 0) };
}

const gateway: Place = (book, nowMs, request) => ({
  ...answerGateway(book, nowMs, request),
  nowMs,
});

const PLACES: Record<string, Place> = {
  '/': hint,
  '/gateway.do': gateway,
  '/downloadBillFile.resource': download,
};

function placeFor(path: string): Place | undefined {
  if (path.startsWith('/simulator/')) return control;
  return Object.hasOwn(PLACES, path) ? PLACES[path] : undefined;
}

/** Answers one HTTP request. */
export function handle(book: Book, nowMs: number, request: WireRequest): Handled {
  const early = passTime(book, nowMs);
  const target = targetOf(request.url);
  const place = placeFor(target.path);
  const reply: Reply = place?.(book, nowMs, request, target) ?? {
    answer: json(404, { error: 'there is nothing at this path' }),
    nowMs,
  };
  // The request may have made notifications due, or moved the clock.
  const notifications = [...early, ...passTime(book, reply.nowMs)];
  const { answer, summary } = reply;
  return { answer, notifications, changes: takeChanges(book), ...(summary && { summary }) };
}

/** Lets time pass up to `nowMs` without a request. */
export function tick(book: Book, nowMs: number): Outcome {
  const notifications = passTime(book, nowMs);
  return { notifications, changes: takeChanges(book) };
}

/** When `tick` has something to do next; undefined if never. */
export function nextDueMs(book: Book): number | undefined {
  return peekDue(book)?.dueMs;
}

/**
 * Takes an outcome back that could not be kept: its changes are told again, its notifications are
 * due again.
 */
export function takeBack(book: Book, outcome: Outcome): void {
  for (const { kind, key } of outcome.changes) {
    if (kind === 'meta') touchMeta(book);
    else touch(book, kind, key);
  }
  for (const { id } of outcome.notifications) {
    book.inFlight.delete(id);
    schedule(book, 'notification', id);
  }
}

/** What came of a posted notification; only the exact answer `success` ends its attempts. */
export function notificationAnswered(
  book: Book,
  nowMs: number,
  id: string,
  isSuccess: boolean,
): Outcome {
  answerNotification(book, id, isSuccess);
  return tick(book, nowMs);
}
