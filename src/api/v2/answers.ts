/**
 * How v2 answers what is not a success: problems as they are, what Fastify refuses under our names, and everything else as a
 * fault of ours, logged with its cause and told without it. Nothing leaves before what it was read from is on disk.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { DatabaseUnavailable, durable } from '../../store/database.ts';
import type { Metrics } from '../metrics.ts';
import type { ProblemCode } from './problem-table.ts';
import { PROBLEM_CONTENT_TYPE, Problem, problemBody } from './problems.ts';

export type V2Options = {
  readonly deps: Deps;
  readonly metrics: Metrics;
  /** Requests a minute for one key. */
  readonly rateLimit: number | 'off';
};

/** When a request may be sent again that the database could not take; on every route. */
export const RETRY_AFTER_S = 1;

/** True for paths whose unknown members answer with a problem. */
export function isV2Path(url: string): boolean {
  return /^\/v2(?:[/?#]|$)/.test(url);
}

/** Answers a path under /v2 that is no operation. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerProblem(new Problem('route_not_found'), request, reply);
}

export function answerError(
  { deps, metrics }: Pick<V2Options, 'deps' | 'metrics'>,
  cause: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(cause);
  // Alipay's silence is an outcome, and no fault of ours.
  if (problem.status >= 500 && problem.code !== 'alipay_silent') {
    deps.log.error({ err: cause, requestId: request.id }, 'v2 call failed');
  }
  metrics.countV2Problem(operationOf(request.routeOptions), problem.code);
  return answerProblem(problem, request, reply);
}

/** An operation as metrics name it: `POST /v2/payments`; `none` for a path that is no operation. */
export function operationOf({
  method,
  url,
}: {
  method: unknown;
  url?: string | undefined;
}): string {
  return url === undefined ? 'none' : `${String(method)} ${url}`;
}

function answerProblem(
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (problem.code === 'database_unavailable') void reply.header('retry-after', RETRY_AFTER_S);
  const { retryAfterS } = problem.details;
  if (retryAfterS !== undefined) void reply.header('retry-after', retryAfterS);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply
    .code(problem.status)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemBody(problem, request.id)));
}

/** What Fastify itself refuses, by its code. */
const REFUSED_BY_FASTIFY: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
};

function problemOf(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  if (cause instanceof DatabaseUnavailable) return new Problem('database_unavailable');
  if (!isFastifyError(cause)) return new Problem('internal_error');
  const { code, statusCode = 500 } = cause;
  const known = REFUSED_BY_FASTIFY[code];
  if (known !== undefined) return new Problem(known);
  // A content length that is not the body's, say: the request's fault.
  return new Problem(statusCode >= 400 && statusCode < 500 ? 'malformed_json' : 'internal_error');
}

function isFastifyError(cause: unknown): cause is FastifyError {
  return cause instanceof Error && 'code' in cause;
}

/** The answer, once everything that it can have been read from is on disk: what was told survives a power cut. */
export async function whenDurable(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  try {
    await durable(deps.db);
    return payload;
  } catch (error) {
    deps.log.error({ err: error, requestId: request.id }, 'v2 call failed');
    const problem = new Problem('internal_error');
    void reply.code(problem.status).header('content-type', PROBLEM_CONTENT_TYPE);
    return JSON.stringify(problemBody(problem, request.id));
  }
}
