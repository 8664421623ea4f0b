/**
 * The ten calls of the v1 API on Fastify: GET and POST alike, the token checked before anything else, always the
 * envelope and always HTTP 200 for a request that reached the API. What a call does stands in the files beside this one.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { hashCredential } from '../../flows/hash-credential.ts';
import { authenticate } from '../../flows/issue-token.ts';
import { durable } from '../../store/database.ts';
import type { Metrics } from '../metrics.ts';
import { secret, token } from './auth.ts';
import { addCompany, queryCompany, updateCompany } from './companies.ts';
import { errorEnvelope, successEnvelope, V1_CONTENT_TYPE, type V1Answer } from './envelope.ts';
import { invalid, V1Error } from './errors.ts';
import { readParams, type Params } from './params.ts';
import { hbBarcode, qrcode, query, refund, test } from './payments.ts';

export type V1Options = {
  readonly deps: Deps;
  readonly metrics: Metrics;
  /** Requests a minute for one token, and a twentieth of it for one address at /auth. */
  readonly rateLimit: number | 'off';
};

type AuthCall = (deps: Deps, params: Params) => Promise<V1Answer>;
type ShopCall = (deps: Deps, dongleNo: string, params: Params) => Promise<V1Answer>;

const AUTH_CALLS: Readonly<Record<string, AuthCall>> = {
  '/auth/secret': secret,
  '/auth/token': token,
};

const SHOP_CALLS: Readonly<Record<string, ShopCall>> = {
  '/f2f/company/add': (deps, dongleNo, params) => addCompany(deps, dongleNo, params.data()),
  '/f2f/company/query': (deps, dongleNo, params) => queryCompany(deps, dongleNo, params.data()),
  '/f2f/company/update': (deps, dongleNo, params) => updateCompany(deps, dongleNo, params.data()),
  '/f2f/qrcode': (deps, dongleNo, params) => qrcode(deps, dongleNo, params.data()),
  '/f2f/hb_barcode': (deps, dongleNo, params) => hbBarcode(deps, dongleNo, params.data()),
  '/f2f/query': (deps, dongleNo, params) => query(deps, dongleNo, params.data()),
  '/f2f/refund': (deps, dongleNo, params) => refund(deps, dongleNo, params.data()),
};
/** At least one character: `/f2f/test/` alone is no call. */
const TEST_PATH = '/f2f/test/:cpiNo(^.+$)';

const METHODS = ['GET', 'POST'];
const MINUTE_MS = 60_000;
const AUTH_SHARE = 20;

/** What the hooks before a call found out about its request. */
type Caller = { readonly params: Params; readonly dongleNo: string };
const callers = new WeakMap<FastifyRequest, Caller>();

export async function v1Routes(app: FastifyInstance, options: V1Options): Promise<void> {
  const { deps, metrics } = options;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => answerError(deps, metrics, error, request, reply));
  app.addHook('onSend', (request, _reply, payload) => whenDurable(deps, request, payload));
  await app.register(rateLimit, { global: false });
  const calls = [...Object.keys(AUTH_CALLS), ...Object.keys(SHOP_CALLS), TEST_PATH];
  for (const url of calls) metrics.expectV1(url);

  await app.register(async (auth) => {
    limitRate(auth, options, AUTH_SHARE, (request) => request.ip);
    for (const [url, call] of Object.entries(AUTH_CALLS)) {
      auth.route({
        url,
        method: METHODS,
        handler: async (request, reply) =>
          answer(metrics, request, reply, await call(deps, paramsOf(request))),
      });
    }
  });

  await app.register(async (shop) => {
    shop.addHook('preHandler', (request) => identify(deps, request));
    limitRate(shop, options, 1, (request) =>
      hashCredential(callerOf(request).params.text('token') ?? ''),
    );
    for (const [url, call] of Object.entries(SHOP_CALLS)) {
      shop.route({
        url,
        method: METHODS,
        handler: async (request, reply) => {
          const { params, dongleNo } = callerOf(request);
          return answer(metrics, request, reply, await call(deps, dongleNo, params));
        },
      });
    }
    shop.route<{ Params: { cpiNo: string } }>({
      url: TEST_PATH,
      method: METHODS,
      handler: async (request, reply) => {
        const { dongleNo } = callerOf(request);
        return answer(metrics, request, reply, await test(deps, dongleNo, request.params.cpiNo));
      },
    });
  });
}

/** True for paths whose unknown members answer with the envelope. */
export function isV1Path(url: string): boolean {
  return /^\/(?:auth|f2f)(?:[/?#]|$)/.test(url);
}

/** Answers a path under /auth or /f2f that is none of the calls. */
export function answerNotFound(reply: FastifyReply): FastifyReply {
  return send(reply, errorEnvelope(new V1Error('NOT_FOUND')));
}

function limitRate(
  app: FastifyInstance,
  { rateLimit: perMinute }: V1Options,
  share: number,
  keyGenerator: (request: FastifyRequest) => string,
): void {
  if (perMinute === 'off') return;
  const limit = app.rateLimit({
    max: Math.max(1, Math.floor(perMinute / share)),
    timeWindow: MINUTE_MS,
    keyGenerator,
    errorResponseBuilder: () => new V1Error('TOO_MANY_REQUESTS'),
  });
  app.addHook('preHandler', limit);
}

function paramsOf(request: FastifyRequest): Params {
  const body = Buffer.isBuffer(request.body) ? request.body : undefined;
  return readParams(request.raw.url ?? '', body, request.headers['content-type']);
}

async function identify(deps: Deps, request: FastifyRequest): Promise<void> {
  const params = paramsOf(request);
  const token = params.text('token');
  const dongleNo = token === undefined ? undefined : await authenticate(deps, token);
  if (dongleNo === undefined) throw new V1Error('TOKEN_IS_INVALID');
  callers.set(request, { params, dongleNo });
}

function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('A shop call runs after its caller was identified');
  return caller;
}

function answer(
  metrics: Metrics,
  request: FastifyRequest,
  reply: FastifyReply,
  result: V1Answer,
): FastifyReply {
  metrics.countV1(request.routeOptions.url ?? '', 'nothing');
  return send(reply, successEnvelope(result));
}

function answerError(
  deps: Deps,
  metrics: Metrics,
  cause: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = toV1Error(deps, cause, request);
  metrics.countV1(request.routeOptions.url ?? '', error.code);
  return send(reply, errorEnvelope(error));
}

function toV1Error(deps: Deps, cause: unknown, request: FastifyRequest): V1Error {
  if (cause instanceof V1Error) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return invalid('body', '不能超过1MB');
  const statusCode = cause instanceof Error && 'statusCode' in cause ? cause.statusCode : undefined;
  // What Fastify itself refuses (a broken content length, say) is the request's fault.
  const isTheirs = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  if (isTheirs) return invalid('request', '格式错误');
  return systemError(deps, cause, request);
}

/** The answer, once everything that it can have been read from is on disk: what a till was told survives a power cut. */
async function whenDurable(
  deps: Deps,
  request: FastifyRequest,
  envelope: unknown,
): Promise<unknown> {
  try {
    await durable(deps.db);
    return envelope;
  } catch (error) {
    return errorEnvelope(systemError(deps, error, request));
  }
}

function systemError(deps: Deps, cause: unknown, request: FastifyRequest): V1Error {
  deps.log.error({ err: cause, requestId: request.id }, 'v1 call failed');
  return new V1Error('SYSTEM_ERROR', JSON.stringify({ requestId: request.id }));
}

function send(reply: FastifyReply, envelope: string): FastifyReply {
  return reply.code(200).header('content-type', V1_CONTENT_TYPE).send(envelope);
}
