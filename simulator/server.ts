/**
 * The simulator behind HTTP: `startSimulator` gives the pure core (`./simulator.ts`) a clock, a
 * seed, timers, a network and a file. The only place in this folder, with `./shell/`, that touches
 * the world. It decides nothing about trades; it refuses strangers at the control API and keeps
 * every change before the answer leaves.
 */
import { randomInt, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Answer } from './faults.ts';
import { openBook } from './shell/book-file.ts';
import type { BookFile } from './shell/book-file.ts';
import { createNotificationSender } from './shell/notification-sender.ts';
import type { NotificationSender } from './shell/notification-sender.ts';
import { createWalletEvents } from './shell/wallet-events.ts';
import type { WalletEvents } from './shell/wallet-events.ts';
import { isWalletPath, serveWallet } from './shell/wallet-files.ts';
import { handle, nextDueMs, notificationAnswered, takeBack, tick } from './simulator.ts';
import type { Outcome, WireRequest } from './simulator.ts';
import { targetOf } from './wire/request.ts';

/** One thing that happened, for a log. No key, no signature. */
export type LogRecord = { event: string } & Record<string, unknown>;

export type SimulatorOptions = {
  /** Default 127.0.0.1. */
  host?: string;
  /** 0 takes a free one. */
  port: number;
  /** Where the book is kept; without it, in memory. */
  dataDir?: string;
  /** What callers beyond the loopback interface must send as `Authorization: Bearer`. */
  controlToken?: string;
  log?: (record: LogRecord) => void;
};

export type RunningSimulator = {
  /** Origin without a path. */
  url: string;
  port: number;
  close: () => Promise<void>;
};

const BODY_BYTES_MAX = 1024 * 1024;
/** A Node timer cannot wait longer; it wakes up and waits again. */
const TIMER_MS_MAX = 2_147_483_647;
/** After the book could not be kept, time stands still for so long. */
const KEEP_AGAIN_MS = 1000;
/** Longer than any client keeps an idle connection, so that it is the client who closes. */
const IDLE_MS = 65_000;
/** A caller that neither finishes nor goes away is cut off then. */
const CLOSE_TIMEOUT_MS = 5000;
const EVENTS_PATH = '/simulator/wallet/events';
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

type Shell = {
  file: BookFile;
  server: Server;
  sender: NotificationSender;
  walletEvents: WalletEvents;
  log: (record: LogRecord) => void;
  controlToken: string | undefined;
  alarm: NodeJS.Timeout | undefined;
  /** Answers held back, and the sockets that wait for them. */
  held: Map<NodeJS.Timeout, ServerResponse>;
  isClosing: boolean;
};

const nowMs = ({ file }: Shell): number => Date.now() + file.book.meta.clockOffsetMs;

/** Sets the alarm for whatever time does next, but not before `waitMsMin`. */
function setAlarm(shell: Shell, waitMsMin = 0): void {
  clearTimeout(shell.alarm);
  const dueMs = shell.isClosing ? undefined : nextDueMs(shell.file.book);
  if (dueMs === undefined) return;
  const waitMs = Math.min(Math.max(dueMs - nowMs(shell), waitMsMin), TIMER_MS_MAX);
  shell.alarm = setTimeout(() => settle(shell, tick(shell.file.book, nowMs(shell))), waitMs);
}

/**
 * Keeps what changed, posts what is due, sets the alarm. Returns false if the change could not be
 * kept.
 */
function settle(shell: Shell, outcome: Outcome): boolean {
  if (shell.isClosing) return false;
  try {
    shell.file.keep(outcome.changes);
  } catch (error) {
    shell.log({ event: 'book_not_kept', error: String(error) });
    takeBack(shell.file.book, outcome);
    setAlarm(shell, KEEP_AGAIN_MS);
    return false;
  }
  for (const notification of outcome.notifications) shell.sender.post(notification);
  if (outcome.changes.length > 0) shell.walletEvents.changed();
  setAlarm(shell);
  return true;
}

function isControlAllowed(shell: Shell, request: IncomingMessage): boolean {
  if (LOOPBACK.test(request.socket.remoteAddress ?? '')) return true;
  if (shell.controlToken === undefined) return false;
  const sent = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${shell.controlToken}`);
  return sent.length === wanted.length && timingSafeEqual(sent, wanted);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

function send(shell: Shell, response: ServerResponse, answer: Answer): void {
  // The last answer on its connection when the simulator is ending.
  if (!shell.server.listening) response.shouldKeepAlive = false;
  if (answer.kind === 'reset') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
  response.end(answer.body);
}

/** Sends at once or after the wait; an answer still held when the simulator closes is dropped. */
function sendLater(shell: Shell, response: ServerResponse, answer: Answer): void {
  if (answer.holdMs === 0) {
    send(shell, response, answer);
    return;
  }
  const timer = setTimeout(() => {
    shell.held.delete(timer);
    send(shell, response, answer);
  }, answer.holdMs);
  shell.held.set(timer, response);
  response.on('close', () => {
    clearTimeout(timer);
    shell.held.delete(timer);
  });
}

/**
 * The whole body, or undefined if it is too long; one that does not say so beforehand is cut off.
 */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // A request without an encoding set gives buffers.
  const stream: AsyncIterable<Buffer> = request;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function wireRequest(request: IncomingMessage, body: Buffer): WireRequest {
  const contentType = request.headers['content-type'];
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    ...(contentType === undefined ? {} : { contentType }),
    ...(request.headers.host === undefined ? {} : { host: request.headers.host }),
    body,
  };
}

async function serve(
  shell: Shell,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { path } = targetOf(request.url ?? '/');
  if (path.startsWith('/simulator/') && !isControlAllowed(shell, request)) {
    sendJson(response, 403, {
      error: 'the control API is for the loopback interface or the token',
    });
    return;
  }
  if (isWalletPath(path)) return serveWallet(request, response, path);
  if (path === EVENTS_PATH && request.method === 'GET') {
    if (!shell.walletEvents.open(response)) {
      sendJson(response, 503, { error: 'too many pages are open' });
    }
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    response.setHeader('connection', 'close');
    sendJson(response, 413, { error: `a body may have ${BODY_BYTES_MAX} bytes` });
    return;
  }
  const handled = handle(shell.file.book, nowMs(shell), wireRequest(request, body));
  const isKept = settle(shell, handled);
  // Faults come, are used up and go without a change that is kept.
  if (request.method !== 'GET') shell.walletEvents.changed();
  shell.log({ event: 'call', path, verb: request.method, ...handled.summary });
  // What was not kept must not be said: the caller is left in doubt, as by any server that dies.
  sendLater(shell, response, isKept ? handled.answer : { kind: 'reset', holdMs: 0 });
}

/** Ends the simulator: calls under way finish, held answers are dropped, the book is closed. */
async function closeShell(shell: Shell): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    shell.server.close(() => resolve());
  });
  for (const [timer, response] of shell.held) {
    clearTimeout(timer);
    response.socket?.destroy();
  }
  shell.walletEvents.close();
  shell.server.closeIdleConnections();
  const cut = setTimeout(() => shell.server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await ended;
  clearTimeout(cut);
  shell.isClosing = true;
  clearTimeout(shell.alarm);
  shell.sender.close();
  shell.file.close();
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      const address = server.address();
      // Only a pipe has another form of address.
      if (address !== null && typeof address === 'object') resolve(address);
    });
  });
}

function originOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Starts a simulator; it answers when the promise resolves. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { host = '127.0.0.1', port, dataDir, controlToken, log = () => undefined } = options;
  const file = await openBook({
    seed: randomInt(2 ** 32),
    nowMs: Date.now(),
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  const server = createServer({ keepAliveTimeout: IDLE_MS });
  const sender = createNotificationSender((notification, delivery) => {
    const { id, notifyId, outTradeNo, tradeStatus, url, attempt } = notification;
    log({ event: 'notification', notifyId, outTradeNo, tradeStatus, url, attempt, ...delivery });
    settle(shell, notificationAnswered(file.book, nowMs(shell), id, delivery.isSuccess));
  });
  const shell: Shell = {
    file,
    server,
    sender,
    walletEvents: createWalletEvents(),
    log,
    controlToken,
    alarm: undefined,
    held: new Map(),
    isClosing: false,
  };
  server.on('request', (request, response) => {
    serve(shell, request, response).catch((error: unknown) => {
      log({ event: 'call_failed', error: String(error) });
      response.socket?.destroy();
    });
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  try {
    let closing: Promise<void> | undefined;
    const address = await listen(server, host, port);
    settle(shell, tick(file.book, nowMs(shell)));
    return {
      url: originOf(host, address.port),
      port: address.port,
      close: () => (closing ??= closeShell(shell)),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}
