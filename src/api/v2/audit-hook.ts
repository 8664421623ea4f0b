/**
 * What is done over v2 goes into the audit log: before an operation runs, who wants it is stored, and when it is answered, what
 * came of it. Which operations are logged tells the table here, by method, unless an operation says otherwise. What cannot be
 * logged is not done.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../core/audit.ts';
import type { Deps } from '../../flows/deps.ts';
import { auditOutcome, auditRequest, type StoredAttempt } from '../../flows/keep-audit.ts';
import { findUserByName } from '../../store/users.ts';
import { actorOf } from './caller.ts';
import { Problem } from './problems.ts';

/** Whose calls of an operation are logged. */
const IS_LOGGED = {
  always: () => true,
  /** Tills charge with keys: their payments have a history of their own, and no time for two. */
  for_users: ({ kind }) => kind === 'user',
  never: () => false,
} as const satisfies Record<string, (actor: Actor) => boolean>;

export type Logged = keyof typeof IS_LOGGED;

/** What an operation does not say itself: whatever may change something is logged. */
const LOGGED_BY_METHOD: Readonly<Record<string, Logged>> = { GET: 'never', HEAD: 'never' };

/** Of the calls that are under way. */
const stored = new WeakMap<FastifyRequest, StoredAttempt>();

export function auditHooks(app: FastifyInstance, deps: Deps): void {
  app.addHook('preHandler', (request) => keepRequest(deps, request));
  app.addHook('onSend', async (request, reply, payload) => {
    await keepOutcome(deps, request, reply, payload);
    return payload;
  });
}

async function keepRequest(deps: Deps, request: FastifyRequest): Promise<void> {
  const { operationId, logged = LOGGED_BY_METHOD[request.method] ?? 'always' } =
    request.routeOptions.config;
  const actor = actorOf(request);
  if (operationId === undefined || !IS_LOGGED[logged](actor)) return;
  const [target = null] = fieldsOf(request.params).map(([, value]) => nameIn(value));
  const body = await sayableBody(deps, operationId, request.body);
  const said = { params: request.params, query: request.query, body };
  try {
    const attempt = {
      actor,
      address: request.ip,
      operation: operationId,
      target,
      request: Object.fromEntries(fieldsOf(said).filter(([, part]) => fieldsOf(part).length > 0)),
    };
    stored.set(request, await auditRequest(deps, attempt));
  } catch (error) {
    deps.log.error({ err: error, requestId: request.id }, 'not logged, so not done');
    throw new Problem('database_unavailable');
  }
}

/** Somebody may type the password where the name belongs: of a sign-in only a name is kept that somebody has. */
async function sayableBody(
  { db }: Pick<Deps, 'db'>,
  operationId: string,
  body: unknown,
): Promise<unknown> {
  if (operationId !== 'createSession') return body;
  const { name, ...others } = Object.fromEntries(fieldsOf(body));
  const isKnown = typeof name === 'string' && (await findUserByName(db, name)) !== undefined;
  return isKnown ? body : others;
}

/** It is done and will be told, whether or not that can be stored: then the log shows a request without an outcome. */
async function keepOutcome(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const attempt = stored.get(request);
  if (attempt === undefined) return;
  stored.delete(request);
  const { statusCode: status } = reply;
  const answer = Object.fromEntries(fieldsOf(jsonIn(payload)));
  const code = status >= 400 && typeof answer['code'] === 'string' ? answer['code'] : null;
  const outcome = { status, code, replayed: reply.getHeader('idempotent-replayed') === 'true' };
  try {
    const person = status < 400 ? personIn(answer['user']) : undefined;
    // A sign-in tells who it is when it succeeds.
    const actor = attempt.actor.kind === 'nobody' ? (person ?? attempt.actor) : attempt.actor;
    // A dongle goes by its number.
    const name = nameIn(answer['id']) ?? nameIn(answer['number']) ?? person?.id;
    const made = status < 400 ? name : undefined;
    await auditOutcome(deps, { ...attempt, actor }, outcome, made ?? attempt.target);
  } catch (error) {
    deps.log.error({ err: error, requestId: request.id }, 'an outcome is missing in the audit log');
  }
}

/** Whose the session is that was answered. */
function personIn(user: unknown): Actor | undefined {
  const { id, name } = Object.fromEntries(fieldsOf(user));
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  return { kind: 'user', id, name };
}

/** A name of ours: what else stands in a path is shown with the request. */
function nameIn(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.~-]{1,200}$/.test(value) ? value : null;
}

function fieldsOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function jsonIn(payload: unknown): unknown {
  return typeof payload === 'string' && payload.startsWith('{') ? JSON.parse(payload) : undefined;
}
