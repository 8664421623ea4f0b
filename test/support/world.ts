/**
 * The whole gateway in one process with simulated ports: the real API, flows, worker and SQL on an in-memory SQLite, a
 * virtual clock, and the real simulator core as Alipay behind a network that a test can spoil. `crash` stops a node as
 * `kill -9` does: its pending calls never return; another node starts on the same database.
 */
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import {
  createBook,
  handle,
  nextDueMs,
  notificationAnswered,
  tick,
  type Book,
  type DueNotification,
} from '../../simulator/simulator.ts';
import { createAlipayClient } from '../../src/alipay/client.ts';
import { createMetrics } from '../../src/api/metrics.ts';
import { NOTIFICATION_PATH } from '../../src/api/notifications.ts';
import { buildServer } from '../../src/api/server.ts';
import { renderEvent } from '../../src/api/v2/events.ts';
import { historyFaults } from '../../src/core/history.ts';
import { announceAllApps } from '../../src/flows/announce-app.ts';
import { countWaiting } from '../../src/flows/count-waiting.ts';
import type { Deps, FlowSettings } from '../../src/flows/deps.ts';
import { createKeyRing } from '../../src/flows/key-ring.ts';
import { createNumberSource } from '../../src/flows/take-number.ts';
import { createTurns } from '../../src/flows/turns.ts';
import type { Db } from '../../src/store/database.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { listEvents } from '../../src/store/events.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { findPaymentByNo, listPayments } from '../../src/store/payments.ts';
import { listRefunds } from '../../src/store/refunds.ts';
import { makeRealCertificateRequest } from '../../src/system/certificate-request.ts';
import { NoResponse, type HttpSend } from '../../src/system/http.ts';
import type { Clock } from '../../src/system/clock.ts';
import { createNews } from '../../src/system/news.ts';
import { oneTimeCodes } from '../../src/system/one-time-codes.ts';
import { createPasswords } from '../../src/system/passwords.ts';
import { createVault } from '../../src/system/vault.ts';
import { startWorker, type Worker } from '../../src/worker/worker.ts';
import { holdStatements } from './held-database.ts';
import { ENGINE, openTestDatabase } from './test-database.ts';
import { createVirtualClock, type RealWork, type VirtualClock } from './virtual-clock.ts';

const START_MS = Date.UTC(2026, 10, 23, 4, 0, 0);
const SIMULATOR = 'http://simulator.test';
const GATEWAY = 'http://gateway.test';
const DONGLE = 'B996377230C16FEF1BA98F127C1A4570';

/** One pair for all apps and one for Alipay: making keys is not what these tests are about. */
const APP_PAIR = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ALIPAY_PAIR = generateKeyPairSync('rsa', { modulusLength: 1024 });
const der = (key: typeof APP_PAIR.publicKey): string =>
  key.export({ type: 'spki', format: 'der' }).toString('base64');

/** A signature of Alipay's over a notification's content. */
export const alipaySigns = (content: string): string =>
  createSign('RSA-SHA256').update(content).sign(ALIPAY_PAIR.privateKey, 'base64');

export type Envelope = {
  data: Record<string, unknown>;
  err: string;
  msg: string;
  re: Record<string, unknown>;
  statusNo: number;
};

export type World = {
  readonly clock: VirtualClock;
  readonly db: Db;
  readonly deps: Deps;
  readonly app: FastifyInstance;
  /** Lines of the log at level warn and above. */
  readonly alarms: string[];
  /** What reached the simulator's gateway, oldest first. */
  readonly calls: { method: string; paymentNo: string; atMs: number }[];
  /** Sends a v1 call and lets what needs no time happen; the answer may still be pending. */
  send(path: string, data: object, dongleNo?: string): Promise<Envelope>;
  /** Sends a v1 call and moves the clock until it is answered, at most `withinMs`. */
  ask(path: string, data: object, withinMs?: number): Promise<Envelope>;
  /** The simulator's control API. */
  control(method: 'GET' | 'POST', path: string, body?: object): Record<string, unknown>;
  trade(paymentNo: string): Trade | undefined;
  /** States of the payment's history, repetitions left out, and the kinds of its events. */
  history(paymentNo: string): Promise<{ states: string[]; kinds: string[] }>;
  /** Loses this many of the next notifications; Infinity for all. */
  loseNotifications(count: number): void;
  /** Called before each request to Alipay; may throw what the network does, or crash the node. */
  onRequest(hook: ((method: string) => void | Promise<void>) | undefined): void;
  /** Who answers webhooks from now on. */
  onWebhook(receive: HttpSend): void;
  /** From now on new key pairs differ from the one that all apps share. */
  makeOtherKeys(): void;
  /** `kill -9`, and a new node on the same database. */
  crash(): Promise<void>;
  close(): Promise<void>;
};

export type Trade = {
  tradeStatus: string;
  paidAmount: string;
  refundedAmount: string;
  refunds: { outRequestNo: string; amount: string }[];
  chargeCount: number;
};

/** Long, because virtual days pass: the worker knows when the next row is due, but for one that was just begun. */
const POLL_MS = 300_000;

const SETTINGS: FlowSettings = {
  enrolment: 'open',
  tokenTtlS: 7200 * 1000,
  barcodeWaitS: 30,
  paymentDeadlineS: 60,
  qrExpiresS: 900,
  alipayTimeoutMs: 10_000,
  confirm: 'background',
  latePayment: 'incident',
  publicUrl: undefined,
  notifyUrl: `${GATEWAY}${NOTIFICATION_PATH}`,
  simulator: { url: SIMULATOR, token: undefined },
};

type Node = { deps: Deps; app: FastifyInstance; worker: Worker; dead: { yes: boolean } };

export async function createWorld(
  overrides: Partial<FlowSettings> = {},
  ownDb?: Db,
): Promise<World> {
  const { db, realWork } = ownDb ? { db: ownDb, realWork: undefined } : await openWorldDatabase();
  await migrateToLatest(db);
  const shared = createShared(overrides, db, realWork);
  const { clock, book } = shared;
  let node = await startNode(shared);
  const post = async (notification: DueNotification): Promise<void> => {
    if (shared.notificationsToLose > 0) {
      shared.notificationsToLose -= 1;
      deliver(shared, notificationAnswered(book, clock.nowMs(), notification.id, false));
      return;
    }
    const reply = await node.app.inject({
      method: 'POST',
      url: NOTIFICATION_PATH,
      headers: { 'content-type': notification.contentType },
      payload: notification.body,
    });
    const isSuccess = reply.body === 'success';
    deliver(shared, notificationAnswered(book, clock.nowMs(), notification.id, isSuccess));
  };
  shared.post = (notification) => void post(notification);
  const tokens = new Map<string, string>();
  const tokenOf = async (dongleNo: string): Promise<string> => {
    const known = tokens.get(dongleNo);
    if (known !== undefined) return known;
    const get = async (url: string): Promise<Envelope> =>
      (await node.app.inject({ method: 'GET', url })).json<Envelope>();
    const secret = await get(`/auth/secret?dogNo=${dongleNo}`);
    const key = String(secret.data['secretKey']);
    const token = await get(`/auth/token?dogNo=${dongleNo}&secretKey=${key}`);
    tokens.set(dongleNo, String(token.data['token']));
    return String(token.data['token']);
  };
  const world: World = {
    clock,
    db,
    get deps() {
      return node.deps;
    },
    get app() {
      return node.app;
    },
    alarms: shared.alarms,
    calls: shared.calls,
    send: async (path, data, dongleNo = DONGLE) => {
      const token = await tokenOf(dongleNo);
      const reply = await node.app.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({ token, data }),
      });
      return reply.json<Envelope>();
    },
    ask: async (path, data, withinMs = 60_000) => {
      const state = { isAnswered: false };
      const asked = world.send(path, data).finally(() => (state.isAnswered = true));
      for (let waitedMs = 0; !state.isAnswered && waitedMs < withinMs; waitedMs += 100) {
        await clock.advance(waitedMs === 0 ? 0 : 100);
      }
      if (!state.isAnswered) throw new Error(`${path} gave no answer within ${withinMs} ms`);
      return asked;
    },
    control: (method, path, body) => {
      const handled = handle(book, clock.nowMs(), {
        method,
        url: path,
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify(body ?? {})),
      });
      deliver(shared, handled);
      if (handled.answer.kind !== 'reply') throw new Error('the control API never resets');
      return JSON.parse(handled.answer.body.toString('utf8'));
    },
    trade: (paymentNo) =>
      (world.control('GET', `/simulator/trades?outTradeNo=${paymentNo}`)['trades'] as Trade[])[0],
    history: async (paymentNo) => {
      const payment = await findPaymentByNo(db, paymentNo);
      if (payment === undefined) throw new Error(`no payment ${paymentNo}`);
      const events = await listEvents(db, payment);
      const states = events.map(({ state }) => state);
      return {
        states: states.filter((state, index) => state !== states[index - 1]),
        kinds: events.map(({ kind }) => kind),
      };
    },
    loseNotifications: (count) => {
      shared.notificationsToLose = count;
    },
    onRequest: (hook) => {
      shared.hook = hook;
    },
    onWebhook: (receive) => {
      shared.receive = receive;
    },
    makeOtherKeys: () => {
      shared.pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
    },
    crash: async () => {
      node.dead.yes = true;
      node.deps.news.stop();
      node = await startNode(shared);
    },
    close: async () => {
      node.deps.news.stop();
      await Promise.all([node.app.close(), node.worker.ended()]);
      await requireHistories(db);
      await db.destroy();
    },
  };
  await world.send('/f2f/company/add', {
    storeDogNo: 'DL0001',
    cpiPid: '2088212612254111',
    cpiAppid: '2016022901171807',
  });
  return world;
}

/** On the engine that the running tests are about. */
async function openWorldDatabase(): Promise<{ db: Db; realWork: RealWork | undefined }> {
  if (ENGINE === 'sqlite') return { db: openSqlite(':memory:'), realWork: undefined };
  const held = holdStatements(await openTestDatabase());
  return { db: held.db, realWork: held };
}

/** Whatever a test did: each payment's history replays to its rows. */
export async function requireHistories(db: Db): Promise<void> {
  for (const payment of await listPayments(db, { limit: 1000 })) {
    const refunds = await listRefunds(db, payment);
    const faults = historyFaults(await listEvents(db, payment), { payment, refunds });
    if (faults.length > 0) throw new Error(`history of ${payment.paymentNo}: ${faults.join('; ')}`);
  }
}

/** What the nodes of a world have in common: Alipay, the time, the database. */
export type Shared = {
  readonly clock: VirtualClock;
  readonly db: Db;
  readonly book: Book;
  readonly settings: FlowSettings;
  readonly alarms: string[];
  readonly calls: World['calls'];
  notificationsToLose: number;
  pair: typeof APP_PAIR;
  hook: ((method: string) => void | Promise<void>) | undefined;
  /** Whoever is called by webhooks. */
  receive: HttpSend;
  post(notification: DueNotification): void;
};

export function createShared(
  overrides: Partial<FlowSettings>,
  db: Db,
  realWork: RealWork | undefined,
): Shared {
  return {
    clock: createVirtualClock(START_MS, realWork),
    db,
    book: createBook({
      alipayKey: ALIPAY_PAIR.privateKey,
      alipayPublicKey: der(ALIPAY_PAIR.publicKey),
      seed: 1,
    }),
    settings: { ...SETTINGS, ...overrides },
    alarms: [],
    calls: [],
    notificationsToLose: 0,
    pair: APP_PAIR,
    hook: undefined,
    receive: () => Promise.reject(new NoResponse('connection', 'nobody is there')),
    post: () => undefined,
  };
}

async function startNode(shared: Shared): Promise<Node> {
  const dead = { yes: false };
  const deps = createDeps(shared, dead);
  const metrics = createMetrics(() => countWaiting(deps));
  const app = await buildServer({ deps, metrics, rateLimit: 'off' });
  await announceAllApps(deps);
  return { deps, app, worker: startWorker(deps, POLL_MS), dead };
}

/** What one node's flows are handed. `own`: a connection to the database, or a clock, of its own. */
export function createDeps(
  shared: Shared,
  dead: { readonly yes: boolean },
  own: { readonly db?: Db; readonly clock?: Clock } = {},
): Deps {
  const { settings, alarms } = shared;
  const { db = shared.db, clock = shared.clock } = own;
  const alarm = (_fields: unknown, message: string): void => void alarms.push(message);
  const vault = createVault(new Uint8Array(32));
  const send = mortal(dead, sendToSimulator(shared));
  let random = 0;
  return {
    db,
    clock: { ...clock, sleep: mortal(dead, clock.sleep) },
    random: { hex: (bytes) => (random += 1).toString(16).padStart(bytes * 2, '0') },
    log: { debug: () => undefined, info: () => undefined, warn: alarm, error: alarm },
    news: createNews(clock),
    vault,
    keyRing: createKeyRing(vault),
    passwords: createPasswords(undefined, quickHash),
    oneTimeCodes,
    makeKeyPair: async () => ({
      publicKey: der(shared.pair.publicKey),
      privateKey: shared.pair.privateKey
        .export({ type: 'pkcs8', format: 'der' })
        .toString('base64'),
    }),
    makeCertificateRequest: makeRealCertificateRequest,
    numbers: createNumberSource(db, { hex: () => '0' }),
    turns: createTurns(),
    send,
    settings,
    about: {
      version: '0.0.0',
      database: 'sqlite',
      alipay: 'simulator',
      publicUrl: null,
      settings: [
        {
          name: 'F2F_CONFIRM',
          value: 'background',
          isDefault: true,
          isSecret: false,
          text: {
            en: 'strict: a charge that Alipay accepted is checked once more before the answer',
            zh: 'strict：支付宝已受理的收款在应答前再核对一次',
          },
        },
      ],
    },
    webhooks: {
      send: mortal(dead, (request) => shared.receive(request)),
      allow: 'any',
      isPublic: () => true,
      render: (event) => renderEvent({ db, vault }, event),
    },
    alipay: createAlipayClient({
      send,
      clock,
      gatewayUrl: `${SIMULATOR}/gateway.do`,
      timeoutMs: settings.alipayTimeoutMs,
    }),
  };
}

/** In the place of argon2id, whose time no virtual clock knows. */
const quickHash = async (password: string, salt: Buffer, _cost: unknown, bytes: number) =>
  createHmac('sha512', salt).update(password).digest().subarray(0, bytes);

/** A dead node's calls never return, and it makes no new ones. */
function mortal<A extends unknown[], R>(
  dead: { readonly yes: boolean },
  port: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  const never = new Promise<R>(() => undefined);
  return async (...args) => {
    if (dead.yes) return never;
    const settled = port(...args);
    // Whether it resolves or rejects, a node that died meanwhile does not hear of it.
    return settled.then(
      (value) => (dead.yes ? never : value),
      (error: unknown) => (dead.yes ? never : Promise.reject(error as Error)),
    );
  };
}

function sendToSimulator(shared: Shared): HttpSend {
  const { clock, book } = shared;
  return async (request) => {
    const url = new URL(request.url);
    const method = url.searchParams.get('method') ?? url.pathname;
    await shared.hook?.(method);
    const form = new URLSearchParams(String(request.body ?? ''));
    const content = JSON.parse(form.get('biz_content') ?? '{}') as { out_trade_no?: string };
    shared.calls.push({ method, paymentNo: content.out_trade_no ?? '', atMs: clock.nowMs() });
    const handled = handle(book, clock.nowMs(), {
      method: request.method,
      url: `${url.pathname}${url.search}`,
      contentType: request.headers['content-type'] ?? '',
      body: Buffer.from(request.body ?? ''),
    });
    deliver(shared, handled);
    const { answer } = handled;
    if (answer.holdMs > 0) await clock.sleep(Math.min(answer.holdMs, request.timeoutMs));
    if (answer.holdMs >= request.timeoutMs) throw new NoResponse('timeout', 'no answer in time');
    if (answer.kind === 'reset') throw new NoResponse('connection', 'the connection was closed');
    return { status: answer.status, headers: answer.headers, body: answer.body };
  };
}

/** Posts what is due now and wakes the simulator when its own time comes. */
function deliver(shared: Shared, outcome: { notifications: DueNotification[] }): void {
  for (const notification of outcome.notifications) shared.post(notification);
  const dueMs = nextDueMs(shared.book);
  if (dueMs === undefined) return;
  shared.clock.at(dueMs - shared.clock.nowMs(), () => {
    const next = nextDueMs(shared.book);
    if (next !== undefined && next <= shared.clock.nowMs()) {
      deliver(shared, tick(shared.book, shared.clock.nowMs()));
    }
  });
}
