/**
 * Webhooks by Standard Webhooks (https://www.standardwebhooks.com): who sent a body, and when, is proven before anything in it
 * is believed. What was said already is the caller's to know: the same event may come twice, under the same id.
 */
import type { Event } from './generated/shapes.ts';
import { currentTimeMs } from './system.ts';

/** What `webhookEndpoints.test` sends: it is signed like an event, and is none. */
export type WebhookTestMessage = {
  readonly object: 'event';
  readonly type: 'test';
  readonly created_at: string;
  readonly data: Readonly<Record<string, never>>;
};

export type WebhookMessage = Event | WebhookTestMessage;

/** `Headers`, or what a server of Node has. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export type WebhookOptions = {
  /** How far the sender's clock and ours may be apart. Five minutes, as the standard says. */
  readonly toleranceS?: number | undefined;
  /** The time of day, for tests. */
  readonly nowMs?: number | undefined;
};

/** The message is not to be believed: answer with 400, and do nothing. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
}

const TOLERANCE_S = 300;
const SECOND_MS = 1000;
const PREFIX = 'whsec_';
const VERSION = 'v1,';

/**
 * The event in a webhook. `rawBody` is the body as it came, before anything parsed it. Give both secrets while one replaces the
 * other. Rejects with a `WebhookError` when it was not signed with any of them, or not now.
 */
export async function verifyWebhook(
  headers: WebhookHeaders,
  rawBody: string | Uint8Array,
  secrets: string | readonly string[],
  { toleranceS = TOLERANCE_S, nowMs = currentTimeMs() }: WebhookOptions = {},
): Promise<WebhookMessage> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature').split(' ');
  const signed = joined(encoded(`${id}.${timestamp}.`), encoded(rawBody));
  const keys = await Promise.all([secrets].flat().map(keyOf));
  if (keys.length === 0) throw new TypeError('secrets: at least one must be given');
  if (!(await isSignedByAny(keys, signatures, signed))) {
    throw new WebhookError('The signature is not by any of the secrets');
  }
  const awayS = Math.abs(nowMs / SECOND_MS - Number(timestamp));
  if (!/^\d+$/.test(timestamp) || awayS > toleranceS) {
    throw new WebhookError(`webhook-timestamp ${timestamp} is more than ${toleranceS} s away`);
  }
  const message: WebhookMessage = JSON.parse(new TextDecoder().decode(encoded(rawBody)));
  return message;
}

/** Older types of Node have no name for it. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** WebCrypto compares in constant time. */
async function isSignedByAny(
  keys: readonly Key[],
  signatures: readonly string[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const given = signatures
    .filter((signature) => signature.startsWith(VERSION))
    .map((signature) => fromBase64(signature.slice(VERSION.length)))
    .filter((bytes) => bytes !== undefined);
  const checks = keys.flatMap((key) =>
    given.map((bytes) => crypto.subtle.verify('HMAC', key, bytes, signed)),
  );
  return (await Promise.all(checks)).includes(true);
}

async function keyOf(secret: string): Promise<Key> {
  const bytes = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  if (bytes === undefined || bytes.length === 0) {
    throw new TypeError(`secrets: each must be ${PREFIX} and base64, as the endpoint showed it`);
  }
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ]);
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value =
    typeof headers.get === 'function'
      ? headers.get(name)
      : Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];
  if (typeof value === 'string' && value !== '') return value;
  throw new WebhookError(`${name} is missing`);
}

function encoded(body: unknown): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('rawBody: must be the text or the bytes as they came, not what was parsed');
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    // Not base64: a signature that is none, or a secret that is none.
    return undefined;
  }
}
