/**
 * The request that a call sends, made once for all its attempts from what the document says of the operation and what the caller
 * gave. A call that takes an idempotency key gets it here. What would ask for something else than was meant is refused.
 */
import type { System } from './system.ts';

/** An operation as the document describes it. */
export type Operation = {
  readonly method: string;
  /** With `{name}` for each of its parameters. */
  readonly path: string;
  /** Options that go into the query. */
  readonly query?: readonly string[];
  /** Options that go into a header, and its name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** It moves money, or makes something: the call carries an idempotency key. */
  readonly isKeyed?: boolean;
};

/** What each call takes beside what its operation takes. */
export type CallOptions = {
  /** Ends the call, and any waiting between attempts. What was sent may still have its effect. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may take beyond `wait`. */
  readonly timeoutMs?: number | undefined;
  /** How long after the first attempt failed the request may be sent again; 0 for one attempt. */
  readonly retryForMs?: number | undefined;
};

/** What a call takes that moves money, or makes something. */
export type KeyedOptions = CallOptions & {
  /**
   * Names the intention: the same call with the same key has one effect and one answer, also from another process. One is made
   * for each call that brings none.
   */
  readonly idempotencyKey?: string | undefined;
};

export type Input = {
  /** The parameters of the path, in order. */
  readonly path?: readonly string[];
  readonly body?: unknown;
  readonly options?: KeyedOptions;
};

/** Where the gateway is, and who asks. */
export type Target = { readonly url: string; readonly credentials: Credentials };

/** The headers that say who asks. */
export type Credentials = () => Readonly<Record<string, string>>;

export type ApiRequest = {
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Headers };
  readonly idempotencyKey: string | undefined;
  readonly isReading: boolean;
  /** Sent twice, it has the effect of once. */
  readonly isRepeatable: boolean;
};

export function requestOf(
  { url, credentials }: Target,
  { newKey }: Pick<System, 'newKey'>,
  operation: Operation,
  { path = [], body, options = {} }: Input,
): ApiRequest {
  const { method, isKeyed = false } = operation;
  const given: Readonly<Record<string, unknown>> = options;
  const headers = new Headers({ accept: 'application/json', ...credentials() });
  for (const [name, header] of Object.entries(operation.headers ?? {})) {
    if (given[name] !== undefined) headers.set(header, textOf(name, given[name]));
  }
  const idempotencyKey = isKeyed ? keyOf(options.idempotencyKey ?? newKey()) : undefined;
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const isReading = method === 'GET';
  return {
    url: `${url}${pathOf(operation.path, path)}${queryOf(operation.query ?? [], given)}`,
    init: {
      method,
      headers,
      // A redirect would turn a POST into a GET.
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    idempotencyKey,
    isReading,
    isRepeatable: isReading || isKeyed,
  };
}

/** The gateway's own rule, told before anything is sent. */
function keyOf(key: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new TypeError('idempotencyKey: must be 1 to 255 printable ASCII characters, no blanks');
}

function pathOf(template: string, values: readonly string[]): string {
  const rest = [...values];
  return template.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    const value: unknown = rest.shift();
    // An empty segment, or one of dots, would name another operation.
    if (typeof value === 'string' && /[^.]/.test(value)) return encodeURIComponent(value);
    throw new TypeError(`${name}: must be the text of an id`);
  });
}

function queryOf(names: readonly string[], given: Readonly<Record<string, unknown>>): string {
  const pairs = names.flatMap((name) =>
    [given[name]]
      .flat()
      .filter((value) => value !== undefined)
      .map((value): [string, string] => [name, textOf(name, value)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  throw new TypeError(`${name}: must be a text, a number, true or false`);
}
