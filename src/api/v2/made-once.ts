/**
 * POSTs that make something, or show what is shown once, and may be sent again: under an idempotency key the answer is kept in the
 * transaction of what was made, so that whoever repeats the call, a day long, gets that answer and nothing is made twice. What was
 * refused is not kept. Calls that move money wait for Alipay, and have more to it: `idempotency.ts`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import type { Queryable } from '../../store/database.ts';
import { findKeptAnswer, insertKeptAnswer, type KeyedCall } from '../../store/kept-answers.ts';
import { actorOf } from './caller.ts';
import { hashOf } from './idempotency.ts';
import { Problem } from './problems.ts';

export type Answer = {
  readonly status: number;
  readonly body: object;
  readonly etag?: string;
};

/** Gives the answer, in the transaction of what it tells of. */
export type Keep = (tx: Queryable, answer: Answer) => Promise<void>;

export async function makeOnce(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  make: (keep: Keep) => Promise<unknown>,
): Promise<FastifyReply> {
  const call = callOf(request);
  const kept = call && (await keptAnswer(deps, call));
  if (kept !== undefined) return sendAgain(reply, kept);
  try {
    return send(reply, await firstAnswer(deps, call, make));
  } catch (error) {
    // The same call may have been faster, and what it made be what stood in the way of this one.
    const others = call && (await keptAnswer(deps, call));
    if (others === undefined) throw error;
    return sendAgain(reply, others);
  }
}

async function firstAnswer(
  deps: Deps,
  call: KeyedCall | undefined,
  make: (keep: Keep) => Promise<unknown>,
): Promise<Answer> {
  let answer: Answer | undefined;
  await make(async (tx, given) => {
    // A transaction may run again: what its last run says is what lasts.
    answer = given;
    if (call !== undefined) await keepAnswer(deps, tx, call, given);
  });
  if (answer === undefined) throw new Error('What was made was not answered');
  return answer;
}

/** Its form was checked with the shape of the request. A key is its caller's alone: an answer may hold a secret. */
function callOf(request: FastifyRequest): KeyedCall | undefined {
  const { headers, params, routeOptions, body } = request;
  const { 'idempotency-key': idempotencyKey } = headers;
  if (typeof idempotencyKey !== 'string') return undefined;
  const operation = `${routeOptions.config.operationId} ${JSON.stringify(params)}`;
  const { id: caller } = actorOf(request);
  return { caller, idempotencyKey, requestHash: hashOf(operation, body) };
}

async function keptAnswer(
  { db, vault }: Pick<Deps, 'db' | 'vault'>,
  call: KeyedCall,
): Promise<Answer | undefined> {
  const kept = await findKeptAnswer(db, call);
  if (kept === undefined) return undefined;
  if (kept.requestHash !== call.requestHash) throw new Problem('idempotency_key_reused');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as it was kept below
  return JSON.parse(vault.open(kept.sealedAnswer, contextOf(call))) as Answer;
}

async function keepAnswer(
  { vault, clock }: Pick<Deps, 'vault' | 'clock'>,
  tx: Queryable,
  call: KeyedCall,
  answer: Answer,
): Promise<void> {
  const sealedAnswer = vault.seal(JSON.stringify(answer), contextOf(call));
  await insertKeptAnswer(tx, { ...call, sealedAnswer, createdAtMs: clock.nowMs() });
}

function contextOf({ caller, idempotencyKey }: KeyedCall): string {
  return `answer:${caller}:${idempotencyKey}`;
}

function sendAgain(reply: FastifyReply, answer: Answer): FastifyReply {
  return send(reply.header('idempotent-replayed', 'true'), answer);
}

function send(reply: FastifyReply, { status, body, etag }: Answer): FastifyReply {
  if (etag !== undefined) void reply.header('etag', etag);
  return reply.code(status).send(body);
}
