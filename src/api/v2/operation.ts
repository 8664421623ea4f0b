/**
 * What stands beside the handler of an operation: the shapes that Fastify checks its request by, the scope that a key needs
 * for it, and what the OpenAPI document says of it, with each problem that it knows under its status.
 */
import type { TSchema } from 'typebox';
import type { Scope } from '../../core/api-key.ts';
import { PROBLEMS, type ProblemCode } from './problem-table.ts';
import { IdempotencyHeaders, refTo } from './schemas.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key needs; a route of v2 without it needs no key. */
    scope?: Scope;
  }
}

type Shapes = {
  readonly params?: TSchema;
  readonly querystring?: TSchema;
  readonly body?: TSchema;
  /** `IdempotencyHeaders` for what moves money. */
  readonly headers?: TSchema;
};

export type Description = {
  readonly operationId: string;
  readonly tag: 'Payments' | 'Refunds' | 'Merchants' | 'Events' | 'Webhooks' | 'API keys';
  readonly summary: string;
  readonly scope: Scope;
  /** Status, shape (as a reference, or a page of them) and meaning of the success. */
  readonly gives: readonly [status: number, schema: TSchema, text: string];
  /** Beside those that every operation knows. */
  readonly problems: readonly ProblemCode[];
};

/** Every operation may answer with these. */
const EVERYWHERE: readonly ProblemCode[] = [
  'invalid_request',
  'authentication_required',
  'api_key_invalid',
  'permission_denied',
  'rate_limited',
  'internal_error',
  'database_unavailable',
];

/** Every operation with a body may answer with these. */
const WITH_BODY: readonly ProblemCode[] = [
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
];

/** Every operation that moves money may answer with these. */
const MOVES_MONEY: readonly ProblemCode[] = ['idempotency_key_required', 'idempotency_key_reused'];

/** The options of an operation's route. */
export function operation<Of extends Shapes>(shapes: Of, description: Description) {
  const { operationId, tag, summary, scope, gives, problems } = description;
  const [status, schema, text] = gives;
  const known = [
    ...EVERYWHERE,
    ...(shapes.body === undefined ? [] : WITH_BODY),
    ...(shapes.headers === IdempotencyHeaders ? MOVES_MONEY : []),
    ...problems,
  ];
  return {
    config: { scope },
    schema: {
      ...shapes,
      operationId,
      tags: [tag],
      summary,
      description: `Scope: \`${scope}\`.`,
      security: [{ api_key: [] }],
      response: {
        [status]: { description: text, content: { 'application/json': { schema } } },
        ...problemResponses(known),
      },
    },
  };
}

function problemResponses(codes: readonly ProblemCode[]): Record<number, object> {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: refTo('Problem') } },
      },
    ]),
  );
}
