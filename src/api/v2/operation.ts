/**
 * What stands beside the handler of an operation: the shapes that Fastify checks its request by, the scope that a key needs
 * for it, and what the OpenAPI document says of it, with each problem that it knows under its status, and examples. What
 * those show is in `samples.ts`.
 */
import type { Scope } from '../../core/api-key.ts';
import type { Logged } from './audit-hook.ts';
import { PROBLEMS, type ProblemCode } from './problem-table.ts';
import { IdempotencyHeaders, MayRepeatHeaders, NoQuery, refTo } from './schemas.ts';
import type { Schema } from './shape.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller needs; a route of v2 without it is for everybody, and says nothing that is not. */
    scope?: Need;
    /** A `token` in the query does instead of a key: the handler looks at it. */
    orLinkToken?: boolean;
    /** What the audit log calls it. */
    operationId?: string;
    /** Whose calls are in the audit log, if not as the method says (`audit-hook.ts`). */
    logged?: Logged;
    /** What the document shows of it. */
    examples?: Examples;
  }
}

/** A scope; or that somebody signed in, whatever the role; or nothing, where the request itself proves who it is. */
export type Need = Scope | 'session' | 'nobody';

/** A call as it may be sent, and its answer: with the simulator it is this one, but for ids and times. */
export type Example = {
  /** What it shows, where an operation has several. */
  readonly summary?: Words;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** An object, or the text of a stream. */
  readonly answer: object | string;
};

/** By name; the first is the one to show where there is room for one. */
export type Examples = Readonly<Record<string, Example>>;

export type Words = { readonly en: string; readonly zh: string };

type Shapes = {
  readonly params?: Schema;
  readonly querystring?: Schema;
  readonly body?: Schema;
  /** `IdempotencyHeaders` for what moves money, `MayRepeatHeaders` for what makes something else. */
  readonly headers?: Schema;
};

/** Of a success that is not JSON. */
export type MediaType =
  | 'text/event-stream'
  | 'text/csv'
  | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type Description = {
  readonly operationId: string;
  readonly tag:
    | 'Payments'
    | 'Refunds'
    | 'Figures'
    | 'Merchants'
    | 'Events'
    | 'Incidents'
    | 'Dongles'
    | 'Webhooks'
    | 'API keys'
    | 'Users'
    | 'Session'
    | 'Gateway'
    | 'Audit log';
  readonly summary: Words;
  readonly scope: Need;
  /** Whether the token of a link does instead of a key. */
  readonly orLinkToken?: boolean;
  /** Whose calls are in the audit log; else everybody's of what is no GET. */
  readonly logged?: Logged;
  /** Status, shape (as a reference, or a page of them; null for nothing) and meaning of the success. */
  readonly gives: readonly [status: number, schema: Schema | null, text: string];
  /** Of the success; JSON unless it is told. */
  readonly mediaType?: MediaType | readonly MediaType[];
  /** Further successes, which hold nothing. */
  readonly mayGive?: Readonly<Record<number, string>>;
  /** Beside those that every operation knows. */
  readonly problems: readonly ProblemCode[];
  readonly examples: Examples;
};

/** Every operation may answer with these. */
const EVERYWHERE: readonly ProblemCode[] = [
  'rate_limited',
  'internal_error',
  'database_unavailable',
];

const IDENTIFIED = ['authentication_required', 'api_key_invalid'] as const;

/** What an operation may answer with beside that, for what it needs of its caller. */
function refusalsOf(need: Need): readonly ProblemCode[] {
  if (need === 'nobody') return [];
  return need === 'session' ? IDENTIFIED : [...IDENTIFIED, 'permission_denied'];
}

/** How a caller proves who he is. */
function securityOf(need: Need, orLinkToken: boolean): readonly Record<string, readonly never[]>[] {
  if (need === 'nobody') return [];
  if (need === 'session') return [{ session: [] }];
  return [{ api_key: [] }, { session: [] }, ...(orLinkToken ? [{ link_token: [] }] : [])];
}

const NEEDS: Readonly<Partial<Record<Need, string>>> = {
  session: 'For whoever signed in, whatever the role.',
  nobody: 'Needs neither a key nor a session.',
};

/** Every operation with a body may answer with these. */
const WITH_BODY: readonly ProblemCode[] = [
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
];

/** Every operation that takes an idempotency key may answer with these. */
const WITH_KEY: readonly ProblemCode[] = ['idempotency_key_required', 'idempotency_key_reused'];
const TAKES_KEY: ReadonlySet<Schema | undefined> = new Set([IdempotencyHeaders, MayRepeatHeaders]);

/** The options of an operation's route. */
export function operation<Of extends Shapes>(shapes: Of, description: Description) {
  const { operationId, tag, summary, scope, gives, problems, examples } = description;
  const { mediaType = 'application/json', mayGive = {}, orLinkToken = false, logged } = description;
  const [status, schema, text] = gives;
  const { body, headers, querystring = NoQuery } = shapes;
  const known: readonly ProblemCode[] = [
    'invalid_request',
    ...refusalsOf(scope),
    ...EVERYWHERE,
    ...(body === undefined ? [] : WITH_BODY),
    ...(TAKES_KEY.has(headers) ? WITH_KEY : []),
    ...problems,
  ];
  return {
    config: {
      scope,
      orLinkToken,
      operationId,
      ...(logged === undefined ? {} : { logged }),
      examples,
    },
    schema: {
      ...shapes,
      querystring,
      operationId,
      tags: [tag],
      summary: summary.en,
      'x-summary-zh': summary.zh,
      description:
        NEEDS[scope] ??
        `Scope: \`${scope}\`${orLinkToken ? ', or the token of a link and no key' : ''}.`,
      security: securityOf(scope, orLinkToken),
      response: {
        ...(schema === null
          ? emptyResponses({ [status]: text })
          : {
              [status]: {
                description: text,
                content: Object.fromEntries([mediaType].flat().map((type) => [type, { schema }])),
              },
            }),
        ...emptyResponses(mayGive),
        ...problemResponses(known),
      },
    },
  };
}

function emptyResponses(texts: Readonly<Record<number, string>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(texts).map(([status, description]) => [status, { type: 'null', description }]),
  );
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

/** What its shapes say of an operation, and what only its method tells: whoever signed in must show that a page of ours asks. */
export function tellOfCsrf({
  method,
  config,
  schema,
}: {
  readonly method: unknown;
  readonly config?: { readonly scope?: Need } | undefined;
  readonly schema?: { response?: unknown } | undefined;
}): void {
  if (method === 'GET' || config?.scope === undefined || schema === undefined) return;
  // As `operation` made it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Fastify knows nothing of what a schema holds
  const response = schema.response as Record<number, { description: string }>;
  const own = problemResponses(['csrf_token_invalid']);
  const { 403: denied } = response;
  if (denied === undefined) Object.assign(response, own);
  else if (!denied.description.includes('csrf_token_invalid')) {
    denied.description += ', `csrf_token_invalid`';
  }
}
