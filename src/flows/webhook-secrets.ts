/**
 * The secrets that webhooks are signed with, by Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id,
 * time and body, one signature for each secret that is valid. They are sealed like private keys, since they have to be used.
 */
import { createHmac } from 'node:crypto';
import { OLDER_SECRET_MS, OLDER_SECRETS_MAX, type WebhookEndpoint } from '../core/webhook.ts';
import type { Deps } from './deps.ts';

const PREFIX = 'whsec_';
const SECRET_BYTES = 24;
const SECRET_BYTES_MAX = 64;

/** A new secret as its receiver gets it: `whsec_` and base64. */
export function newWebhookSecret({ random }: Pick<Deps, 'random'>): string {
  return `${PREFIX}${Buffer.from(random.hex(SECRET_BYTES), 'hex').toString('base64')}`;
}

/**
 * The secret of a developer's `f2f listen`, which calls a program in the place of an endpoint: made from the API key, so that
 * it is the same at each start, and tells nothing of the key.
 */
export function listenSecret(apiKey: string): string {
  const bytes = createHmac('sha256', apiKey).update('f2f listen', 'utf8').digest();
  return `${PREFIX}${bytes.subarray(0, SECRET_BYTES).toString('base64')}`;
}

/** Whether a text is a secret by Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const base64 = text.slice(PREFIX.length);
  const bytes = Buffer.from(base64, 'base64');
  const isExact = text.startsWith(PREFIX) && bytes.toString('base64') === base64;
  return isExact && bytes.length >= SECRET_BYTES && bytes.length <= SECRET_BYTES_MAX;
}

/** What a secret is sealed for: it opens for its endpoint only. */
export function sealWebhookSecret(
  { vault }: Pick<Deps, 'vault'>,
  endpointNo: string,
  secret: string,
): string {
  return vault.seal(secret, contextOf(endpointNo));
}

function contextOf(endpointNo: string): string {
  return `webhook:${endpointNo}`;
}

/**
 * The endpoint with a new secret; the one that it had signs beside it for a day, and so do those that signed beside that: whoever
 * asks for two, because the first answer was lost, has a receiver that knows neither.
 */
export function withNewSecret(
  endpoint: WebhookEndpoint,
  sealedSecret: string,
  nowMs: number,
): WebhookEndpoint {
  return {
    ...endpoint,
    sealedSecret,
    older: {
      sealedSecrets: sealedSecrets(endpoint, nowMs).slice(0, OLDER_SECRETS_MAX),
      untilMs: nowMs + OLDER_SECRET_MS,
    },
    version: endpoint.version + 1,
  };
}

/** The secrets that sign now, the newer one first. */
export function webhookSecrets(
  { vault }: Pick<Deps, 'vault'>,
  endpoint: WebhookEndpoint,
  nowMs: number,
): readonly string[] {
  const context = contextOf(endpoint.endpointNo);
  return sealedSecrets(endpoint, nowMs).map((text) => vault.open(text, context));
}

function sealedSecrets({ sealedSecret, older }: WebhookEndpoint, nowMs: number): readonly string[] {
  return older !== null && nowMs < older.untilMs
    ? [sealedSecret, ...older.sealedSecrets]
    : [sealedSecret];
}

export type Signed = Readonly<
  Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>;

/** The headers that prove who sent the body, and when. */
export function signWebhook(
  secrets: readonly string[],
  { id, body }: { readonly id: string; readonly body: string },
  nowMs: number,
): Signed {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8');
    return `v1,${hmac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
