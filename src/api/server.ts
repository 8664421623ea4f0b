/**
 * The gateway's HTTP server: the v1 and v2 APIs, Alipay's notifications, the pages, health and metrics on one Fastify instance. `build` is
 * separate from listening, so that tests can inject requests. Logs name method and route, never the query string: v1
 * carries secrets there.
 */
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Deps } from '../flows/deps.ts';
import { DatabaseUnavailable, type Db } from '../store/database.ts';
import { isMigrated } from '../store/migrate.ts';
import { takesWrites } from '../store/postgres.ts';
import type { Metrics } from './metrics.ts';
import { notificationRoutes } from './notifications.ts';
import { pageRoutes } from './pages.ts';
import { answerNotFound, isV1Path, v1Routes } from './v1/routes.ts';
import {
  answerError,
  answerNotFound as answerNoOperation,
  isV2Path,
  RETRY_AFTER_S,
} from './v2/answers.ts';
import { v2Routes } from './v2/routes.ts';

/** The program's, as `/` tells it. */
export const PROGRAM_VERSION = '1.2.1';
/** One megabyte is allowed; what is larger is refused. */
const BODY_BYTES_MAX = 1_048_576;
/** A request line of 16 KB is allowed, and headers beside it. */
const HEADER_BYTES_MAX = 65_536;
/** A client that takes longer to send its request is cut off. */
const REQUEST_TIMEOUT_MS = 30_000;

/** At the stop, so long a request may still take to come in. */
const HALF_SENT_MS = 1000;

/** v2 brings its own, and nothing else has shapes. Fastify's, Ajv with all that it needs, are then not even loaded. */
const NO_COMPILERS = { buildValidator: noCompiler, buildSerializer: noCompiler };

function noCompiler(): never {
  throw new Error('A route has a shape, and its API no compiler');
}

export type ServerOptions = {
  readonly deps: Deps;
  readonly metrics: Metrics;
  readonly rateLimit: number | 'off';
  /** Addresses and nets with commas between them: what these say of whom they speak for is believed. */
  readonly trustedProxies?: string;
};

export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { deps, metrics } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    trustProxy: options.trustedProxies ?? 'loopback',
    genReqId: () => deps.random.hex(8),
    routerOptions: {
      maxParamLength: HEADER_BYTES_MAX,
      // v1 reads the raw query itself, and v2 parses its own (`v2/routes.ts`).
      querystringParser: () => ({}),
    },
    http: { maxHeaderSize: HEADER_BYTES_MAX },
    schemaController: { compilersFactory: NO_COMPILERS },
    frameworkErrors: (error, request, reply) => {
      // Fastify types this early reply for no route in particular.
      const early: FastifyReply = reply;
      const url = request.raw.url ?? '';
      if (isV1Path(url)) void answerNotFound(early);
      else if (isV2Path(url)) void answerNoOperation(request, early);
      else void early.code(error.statusCode ?? 400).send({ error: 'bad request' });
    },
  });
  tellRequests(app, deps, metrics);
  finishHandlers(app);
  dropHalfSent(app, deps);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // The body of a request for what is no operation, say.
    if (isV2Path(request.raw.url ?? '')) return answerError(options, error, request, reply);
    const isAway = error instanceof DatabaseUnavailable;
    const statusCode = isAway ? 503 : (error.statusCode ?? 500);
    if (isAway) void reply.header('retry-after', RETRY_AFTER_S);
    if (statusCode >= 500) deps.log.error({ err: error, requestId: request.id }, 'request failed');
    const text = isAway ? 'try again' : statusCode >= 500 ? 'internal error' : 'bad request';
    return reply.code(statusCode).send({ error: text, requestId: request.id });
  });
  app.setNotFoundHandler((request, reply) => {
    const url = request.raw.url ?? '';
    if (isV1Path(url)) return answerNotFound(reply);
    if (isV2Path(url)) return answerNoOperation(request, reply);
    return reply.code(404).send({ error: 'not found' });
  });
  healthRoutes(app, deps, metrics);
  await app.register(notificationRoutes, { deps, metrics });
  await app.register(v1Routes, options);
  await app.register(v2Routes, options);
  await app.register(pageRoutes, options);
  return app;
}

function healthRoutes(app: FastifyInstance, deps: Deps, metrics: Metrics): void {
  app.get('/', (request, reply) => {
    // A person who typed the address wants the pages.
    if (request.headers.accept?.includes('text/html') === true) return reply.redirect('console');
    return reply.send({ name: 'alipay-f2f', version: PROGRAM_VERSION, health: '/healthz' });
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const isReady = await isFit(deps.db).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'database not reachable');
      return false;
    });
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready' });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}

/** The database is as this code needs it, and takes what it stores. */
async function isFit(db: Db): Promise<boolean> {
  return (await isMigrated(db)) && (await takesWrites(db));
}

/**
 * Makes the close wait for every handler. The server itself waits for connections only: a till that hung up leaves its call
 * behind, which may be at Alipay just now and has the outcome to store.
 */
function finishHandlers(app: FastifyInstance): void {
  const running = new Set<Promise<unknown>>();
  app.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = function handle(request, reply) {
      const result: unknown = handler.call(this, request, reply);
      if (result instanceof Promise) {
        const ended = result.then(
          () => undefined,
          () => undefined,
        );
        running.add(ended);
        void ended.then(() => running.delete(ended));
      }
      return result;
    };
  });
  app.addHook('onClose', async () => {
    await Promise.all(running);
  });
}

/**
 * Lets go of whoever has not sent his request when the gateway has been stopping for a moment: nothing has begun for him, and the
 * close would wait until he is cut off.
 */
function dropHalfSent(app: FastifyInstance, { clock }: Pick<Deps, 'clock'>): void {
  const sockets = new Set<FastifyRequest['raw']['socket']>();
  const requests = new WeakMap<object, FastifyRequest['raw']>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('onRequest', async ({ raw }, reply) => {
    requests.set(raw.socket, raw);
    reply.raw.once('close', () => requests.delete(raw.socket));
  });
  const closed = new AbortController();
  app.addHook('preClose', async () => {
    void clock.sleep(HALF_SENT_MS, closed.signal).then(() => {
      for (const socket of sockets) if (requests.get(socket)?.complete !== true) socket.destroy();
    });
  });
  app.addHook('onClose', async () => closed.abort('closed'));
}

/** What is logged of a request that nobody waits for any more, where nothing was answered (as nginx has it). */
const HUNG_UP_STATUS = 499;

/** Logs, counts and times each request, also one whose client hung up. */
function tellRequests(app: FastifyInstance, { log, clock, news }: Deps, metrics: Metrics): void {
  const begun = new WeakMap<FastifyRequest, { readonly atMs: number; readonly address: string }>();
  const tell = (request: FastifyRequest, status: number, how: { hungUp?: true } = {}): void => {
    const known = begun.get(request);
    // Whoever hung up is told of already.
    if (!begun.delete(request) || known === undefined) return;
    const { atMs, address } = known;
    const told = {
      // The route's pattern, not the request's text: a path may hold anything.
      route: request.routeOptions.url ?? 'none',
      status,
      durationMs: Math.round(clock.monotonicMs() - atMs),
    };
    metrics.observeHttp(told);
    const { id: requestId, method } = request;
    log.info({ requestId, method, address, ...told, ...how }, 'request');
  };
  app.addHook('onRequest', async (request, reply) => {
    // v1 answers as published, and nothing else.
    if (isV2Path(request.raw.url ?? '')) reply.header('request-id', request.id);
    // Of a connection that is gone there is no address any more.
    begun.set(request, { atMs: clock.monotonicMs(), address: request.ip });
    reply.raw.once('close', () => {
      if (reply.raw.writableEnded) return;
      const status = reply.raw.headersSent ? reply.statusCode : HUNG_UP_STATUS;
      tell(request, status, { hungUp: true });
    });
  });
  // A kept-alive connection would hold the stop up.
  app.addHook('onSend', async (_request, reply) => {
    if (news.stopping) void reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    tell(request, reply.statusCode);
  });
}
