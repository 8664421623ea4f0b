/**
 * Handlers throw a `Problem`; the error handler of the v2 routes turns it into `application/problem+json` (RFC 9457). Which
 * problems there are, and what each says, stands in `problem-table.ts`.
 */
import { PROBLEMS, type ProblemCode } from './problem-table.ts';

export type ProblemDetails = {
  /** The field of the request that it is about, as a path: `metadata.room`. */
  readonly field?: string | undefined;
  /** What more there is to say; without it, the table's sentence. */
  readonly detail?: { readonly en: string; readonly zh: string } | undefined;
  /** The payment that it is about. */
  readonly payment?: string | undefined;
  /** When it may be tried again. */
  readonly retryAfterS?: number | undefined;
  /** What Alipay said. */
  readonly alipay?: { readonly code: string; readonly sub_code: string | null } | undefined;
};

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(`${code}: ${details.detail?.en ?? PROBLEMS[code].en}`);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** The answer to a problem, as JSON. */
export function problemBody({ code, details }: Problem, requestId: string): object {
  const { status, en, zh } = PROBLEMS[code];
  const { field, detail, payment, alipay } = details;
  return {
    type: `urn:alipay-f2f:problem:${code}`,
    title: en,
    status,
    code,
    detail: detail?.en ?? en,
    detail_zh: detail?.zh ?? zh,
    ...(field === undefined ? {} : { field }),
    ...(payment === undefined ? {} : { payment }),
    ...(alipay === undefined ? {} : { alipay }),
    request_id: requestId,
  };
}

/** A field that breaks a rule, said in both languages. */
export function invalidField(field: string, en: string, zh: string): Problem {
  return new Problem('invalid_request', {
    field,
    detail: { en: `${field}: ${en}`, zh: `${field}：${zh}` },
  });
}
