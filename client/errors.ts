/**
 * How a call ends that has no result: with an answer that is an error (`ApiError`), or with none (`NoAnswerError`). Both say
 * whether an attempt may have had its effect all the same. What may be tried again was tried before either is thrown.
 */
import { PROBLEM_CODES, type ProblemCode } from './generated/problems.ts';
import type { Problem } from './generated/shapes.ts';
import type { Outcome } from './retry.ts';

/** An answer that is no success. */
export type Refusal = Omit<Extract<Outcome, { readonly kind: 'refusal' }>, 'kind'>;

/** What both errors say of the call. */
type Left = { readonly isInDoubt: boolean; readonly idempotencyKey: string | undefined };

/** The gateway, or something before it, answered with an error. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** `unknown`: a page of a proxy, say, or a code of a newer gateway, which `problem` has. */
  readonly code: ProblemCode | 'unknown';
  /** The field of the request that it is about, as a path: `metadata.room`. */
  readonly field: string | undefined;
  /** What happened and what to do, for people, in English. */
  readonly detail: string;
  /** The same in Chinese. */
  readonly detail_zh: string;
  /** The payment that it is about. */
  readonly payment: string | undefined;
  /** What Alipay said. */
  readonly alipay: Problem['alipay'];
  /** The gateway's log has more under it. */
  readonly requestId: string | undefined;
  /** An attempt may have had its effect: a connection broke, say, before this was answered. */
  readonly isInDoubt: boolean;
  /** Of a call that takes one: the same call with it is the same intention. */
  readonly idempotencyKey: string | undefined;
  /** When the gateway wants to be asked again. */
  readonly retryAfterS: number | undefined;
  /** The whole answer; undefined when it is none of the gateway's. */
  readonly problem: Problem | undefined;

  constructor({ status, body, retryAfterS }: Refusal, { isInDoubt, idempotencyKey }: Left) {
    const problem = isProblem(body) ? body : undefined;
    const detail = problem?.detail ?? `Status ${status}, and no answer of the gateway's`;
    const code = codeOf(problem);
    super(`${code} (${status}): ${detail}`);
    this.status = status;
    this.code = code;
    this.field = problem?.field;
    this.detail = detail;
    this.detail_zh = problem?.detail_zh ?? `状态 ${status}，且不是网关的应答`;
    this.payment = problem?.payment;
    this.alipay = problem?.alipay;
    this.requestId = problem?.request_id;
    this.isInDoubt = isInDoubt;
    this.idempotencyKey = idempotencyKey;
    this.retryAfterS = retryAfterS;
    this.problem = problem;
  }
}

/** No answer came that could be read; `cause` is what the network said last. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  /** It may have had its effect. False for what only reads, and where nothing can have been heard. */
  readonly isInDoubt: boolean;
  /** Of a call that takes one: the same call with it has one effect, whatever came of this one. */
  readonly idempotencyKey: string | undefined;

  constructor(cause: unknown, attempts: number, { isInDoubt, idempotencyKey }: Left) {
    const said = cause instanceof Error ? cause.message : String(cause);
    super(`No answer from the gateway, asked ${attempts} times: ${said}`, { cause });
    this.isInDoubt = isInDoubt;
    this.idempotencyKey = idempotencyKey;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'request_id' in body;
}

function codeOf(problem: Problem | undefined): ProblemCode | 'unknown' {
  return PROBLEM_CODES.find((code) => code === problem?.code) ?? 'unknown';
}
