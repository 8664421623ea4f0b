/**
 * A gateway and a network that do what a test says, in time that passes only when somebody waits: what was asked, how long was
 * waited, and how long an attempt might have taken can be read afterwards. The real gateway is in `gateway.test.ts`.
 */
import {
  createClient,
  type Client,
  type ClientSettings,
  type System,
} from '../../client/client.ts';

export type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  /** When it came. */
  readonly atMs: number;
  /** How long the attempt may take. */
  readonly timeoutMs: number;
};

/** An answer, what the network throws, or nothing until the time is up. */
export type Reaction = Response | Error | 'silence';

export type StandIn = {
  readonly client: Client;
  readonly asked: readonly Asked[];
  readonly pausesMs: readonly number[];
  readonly system: System;
};

/** More than any test needs: a client that never stops asking is told so. */
const ASKED_MAX = 2000;

export function standIn(
  react: (asked: Asked, attempt: number) => Reaction,
  settings: Partial<ClientSettings> = {},
  chance = 1,
): StandIn {
  const asked: Asked[] = [];
  const pausesMs: number[] = [];
  const timeouts = new WeakMap<AbortSignal, number>();
  let nowMs = 0;
  let keys = 0;
  const system: System = {
    fetch: async (input, { method = 'GET', headers, body, signal } = {}) => {
      signal?.throwIfAborted();
      if (asked.length > ASKED_MAX) throw new Error('It asks without end');
      const timeoutMs = (signal && timeouts.get(signal)) ?? Infinity;
      const one: Asked = {
        method,
        url: typeof input === 'string' ? input : '',
        headers: new Headers(headers),
        body: typeof body === 'string' ? body : undefined,
        atMs: nowMs,
        timeoutMs,
      };
      asked.push(one);
      const reaction = react(one, asked.length);
      if (reaction instanceof Response) return reaction;
      if (reaction !== 'silence') throw reaction;
      nowMs += timeoutMs;
      throw new DOMException('too late', 'TimeoutError');
    },
    monotonicMs: () => nowMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      if (asked.length > ASKED_MAX) throw new Error('It asks without end');
      pausesMs.push(ms);
      nowMs += ms;
    },
    limit: (ms, outer) => {
      const { signal } = new AbortController();
      timeouts.set(signal, ms);
      return { signal: outer ?? signal, renew: () => undefined, end: () => undefined };
    },
    chance: () => chance,
    newKey: () => `made-${(keys += 1)}`,
  };
  const client = createClient(
    { url: 'http://gateway.test', apiKey: 'f2f_key', ...settings },
    system,
  );
  return { client, asked, pausesMs, system };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

/** A problem as the gateway says it. */
export function problem(
  status: number,
  code: string,
  headers: Record<string, string> = {},
): Response {
  const body = {
    type: `urn:alipay-f2f:problem:${code}`,
    title: code,
    status,
    code,
    detail: `${code} in words`,
    detail_zh: `${code} 的说明`,
    request_id: 'req-1',
  };
  return json(body, status, { 'content-type': 'application/problem+json', ...headers });
}

/** What a proxy says whose gateway is away. */
export function proxyPage(status: number): Response {
  return new Response('<html>nginx</html>', { status, headers: { 'content-type': 'text/html' } });
}

/** What `fetch` of Node throws: the code is in the cause. */
export function networkFailure(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
