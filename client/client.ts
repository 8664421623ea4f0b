/**
 * A client of the v2 API of alipay-f2f. Here is where it is made, and everything that a program imports; what it can do is in
 * `generated/operations.ts`. It needs nothing but what browsers, Node 20, Deno and Bun have, and may be copied as it is.
 */
import { operationsWith } from './generated/operations.ts';
import type { Credentials } from './request.ts';
import { system as ambient, type System } from './system.ts';
import { createTransport } from './transport.ts';

export type * from './generated/operations.ts';
export type * from './generated/shapes.ts';
export type { ProblemCode } from './generated/problems.ts';
export type { System } from './system.ts';
export type { CallOptions, KeyedOptions } from './request.ts';
export type { WebhookHeaders, WebhookMessage, WebhookOptions } from './webhooks.ts';
export { ApiError, NoAnswerError } from './errors.ts';
export { headersOf } from './transport.ts';
export { verifyWebhook, WebhookError } from './webhooks.ts';

export type ClientSettings = {
  /** Where the gateway is: `https://pay.example`, or below it. */
  readonly url: string;
  /** `f2f_…`, as `f2f api-key create` showed it. */
  readonly apiKey?: string | undefined;
  /**
   * For a page that the gateway serves, instead of a key: the browser sends the session's cookie, and this, called for each
   * request, gives the session's `csrf_token`; undefined while nobody is signed in.
   */
  readonly csrfToken?: (() => string | undefined) | undefined;
  /** Sends the requests; the one that is there without it. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** How long one attempt may take beyond the `wait` of its call. Half a minute without it. */
  readonly timeoutMs?: number | undefined;
  /** How long after its first attempt failed a request may be sent again. A minute without it. */
  readonly retryForMs?: number | undefined;
};

export type Client = ReturnType<typeof operationsWith>;

/** Longer than the gateway waits for Alipay. */
const TIMEOUT_MS = 30_000;
/** Longer than a gateway takes to start again, and than a rate limit lasts. */
const RETRY_FOR_MS = 60_000;

/** A client for one gateway and one key. `system` is for tests in virtual time. */
export function createClient(settings: ClientSettings, system: System = ambient): Client {
  const { url, apiKey, csrfToken, fetch = system.fetch } = settings;
  const { timeoutMs = TIMEOUT_MS, retryForMs = RETRY_FOR_MS } = settings;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new TypeError('url: must be where the gateway is, with http:// or https://');
  }
  const target = { url: url.replace(/\/+$/, ''), credentials: credentialsOf(apiKey, csrfToken) };
  return operationsWith(
    createTransport({ ...target, timeoutMs, retryForMs }, { ...system, fetch }),
  );
}

function credentialsOf(
  apiKey: ClientSettings['apiKey'],
  csrfToken: ClientSettings['csrfToken'],
): Credentials {
  if (csrfToken !== undefined) {
    return (): ReturnType<Credentials> => {
      const token = csrfToken();
      if (token === undefined) return {};
      return { 'x-csrf-token': token };
    };
  }
  // An environment variable that is not set, most of the time.
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('apiKey: must be the key as it was shown, f2f_…');
  }
  return () => ({ authorization: `Bearer ${apiKey}` });
}
