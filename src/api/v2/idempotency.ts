/**
 * Calls that may be sent again: the first under a key does the work, its answer is kept, and every repetition gets that
 * answer, word by word. Key and request are stored in the transaction of the intent; so whoever dies on the way leaves a
 * call whose outcome the rows tell, and the next repetition answers from them.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { answerTopic, waitForAnswer } from '../../flows/wait-for-answer.ts';
import {
  findCall,
  insertCall,
  KeyTaken,
  saveAnswer,
  type IdempotentCall,
  type StoredAnswer,
  type StoredCall,
} from '../../store/idempotency.ts';
import { Problem } from './problems.ts';

/** What the caller wants done once. */
export type Once = {
  readonly merchantId: number;
  /** Method and path of the operation: the same key for another one is a mistake. */
  readonly operation: string;
  /**
   * The work of the first call; whatever it begins, it stores `call` with the intent. Throws `KeyTaken` when another was
   * faster.
   */
  readonly begin: (call: IdempotentCall) => Promise<Begun>;
  /** The answer from the rows as they are now, to a call that was stored and has none. */
  readonly resume: (stored: StoredCall) => Promise<StoredAnswer>;
  /** Whether what it began has ended: then waiting would bring nothing. */
  readonly isOver: (stored: StoredCall) => Promise<boolean>;
  /** How long a repetition waits for the outcome at least, where the first call is not answered. */
  readonly waitMs?: number | undefined;
};

/** The longest that a first call may wait: for Alipay, and then for the outcome. */
const FIRST_WAITS_MS_MAX = 10 * 60_000;

/** An answer, and what it is about. */
export type Begun = StoredAnswer & Pick<StoredCall, 'paymentNo' | 'requestNo'>;

export async function once(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { merchantId, operation, begin, resume, isOver, waitMs }: Once,
): Promise<FastifyReply> {
  const requestHash = hashOf(operation, request.body);
  const call: IdempotentCall = { merchantId, idempotencyKey: keyOf(request), requestHash };
  for (;;) {
    const stored = await findCall(deps.db, merchantId, call.idempotencyKey);
    if (stored !== undefined) {
      requireSame(call, stored);
      void reply.header('idempotent-replayed', 'true');
      return send(reply, await replay(deps, call, stored, { resume, isOver, waitMs }));
    }
    try {
      const begun = await begin(call);
      const answer = await keep(deps, call, begun);
      // Beside this one, another call with the key was faster: its answer is everybody's.
      if (answer.isOthers) void reply.header('idempotent-replayed', 'true');
      return send(reply, answer);
    } catch (error) {
      // Another call with this key was faster, and is the first.
      if (!(error instanceof KeyTaken)) throw error;
    }
  }
}

function send(reply: FastifyReply, { status, body }: StoredAnswer): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(body);
}

/** Its form was checked with the shape of the request. */
function keyOf({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') throw new Problem('idempotency_key_required');
  return key;
}

/** What was asked, whatever the order in which its fields were written. */
export function hashOf(operation: string, body: unknown): string {
  const text = JSON.stringify([operation, ordered(body ?? null)]);
  return createHash('sha256').update(text).digest('hex');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, inner]) => [name, ordered(inner)]);
}

/** The answer of the call before, once there is one. */
async function replay(
  deps: Deps,
  call: IdempotentCall,
  stored: StoredCall,
  { resume, isOver, waitMs = 0 }: Pick<Once, 'resume' | 'isOver' | 'waitMs'>,
): Promise<StoredAnswer> {
  if (stored.answer !== null) return stored.answer;
  // What is over answers at once; else the first call is under way, here or on another node, or its process died.
  const { answer } = await waitForAnswer(deps, stored, isOver, waitMs);
  if (answer !== null) return answer;
  const resumed = { ...stored, ...(await resume(stored)) };
  // Whoever made the first call may still wait for the outcome: his answer is to be the first.
  const mayWait = deps.clock.nowMs() < stored.createdAtMs + FIRST_WAITS_MS_MAX;
  return mayWait && !(await isOver(stored)) ? resumed : keep(deps, call, resumed);
}

function requireSame(call: IdempotentCall, stored: StoredCall): void {
  if (stored.requestHash !== call.requestHash) throw new Problem('idempotency_key_reused');
}

/** The answer that is kept; `isOthers` when it is not the one that was handed in. */
type Kept = StoredAnswer & { readonly isOthers: boolean };

/** Keeps the answer if it is the first: the first one is everybody's. */
async function keep(
  deps: Pick<Deps, 'db' | 'news' | 'clock'>,
  call: IdempotentCall,
  { paymentNo, requestNo, status, body }: Begun,
): Promise<Kept> {
  for (;;) {
    if (await saveAnswer(deps.db, call, { status, body })) {
      deps.news.tell(answerTopic(call));
      return { status, body, isOthers: false };
    }
    const stored = await findCall(deps.db, call.merchantId, call.idempotencyKey);
    if (stored !== undefined) requireSame(call, stored);
    if (stored?.answer) return { ...stored.answer, isOthers: true };
    // Nothing new was begun: the answer is what another key's call, or one of v1, began before.
    const about = { paymentNo, requestNo, createdAtMs: deps.clock.nowMs() };
    if (stored === undefined) await insertCall(deps.db, { ...call, ...about });
  }
}
