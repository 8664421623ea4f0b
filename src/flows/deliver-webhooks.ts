/**
 * Calls endpoints with the events that they are owed: signed, at least once, and of one payment in order. Whoever claimed a
 * delivery and dies leaves it to the end of its lease; then it is sent again, under the same id.
 */
import {
  afterAttempt,
  endpointAfter,
  type WebhookDelivery,
  type WebhookEndpoint,
} from '../core/webhook.ts';
import { durable, inRace, RaceLost } from '../store/database.ts';
import { findFeedEvent } from '../store/event-feed.ts';
import { insertAttempt, type WebhookAttempt } from '../store/webhook-attempts.ts';
import { findEndpoint, saveEndpoint } from '../store/webhook-endpoints.ts';
import { moveWaiting, saveDelivery } from '../store/webhooks.ts';
import type { HttpRequest } from '../system/http.ts';
import type { Deps } from './deps.ts';
import { withContents } from './read-events.ts';
import { signWebhook, webhookSecrets } from './webhook-secrets.ts';

export type WebhookDeps = Pick<Deps, 'db' | 'clock' | 'random' | 'log' | 'vault' | 'webhooks'>;

/** How long an endpoint may take to answer. */
export const WEBHOOK_TIMEOUT_MS = 10_000;
/** Of every webhook, beside those that sign it. */
const WEBHOOK_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'user-agent': 'alipay-f2f',
};
/** What is read of its answer, and what is kept of it. */
const ANSWER_BYTES_MAX = 65_536;
const ANSWER_KEPT = 1024;
const CHANCE_BYTES = 4;

/** Sends one delivery that was claimed, and stores what came of it. */
export async function deliverWebhook(deps: WebhookDeps, delivery: WebhookDelivery): Promise<void> {
  const endpoint = await findEndpoint(deps.db, delivery.endpointNo);
  const event = await findFeedEvent(deps.db, delivery.position);
  if (endpoint === undefined || event === undefined) {
    throw new Error(
      `What delivery ${delivery.endpointNo}/${delivery.position} is about is missing`,
    );
  }
  const [told] = await withContents(deps, [event]);
  if (told === undefined) throw new Error('An event has contents');
  const { id, body } = await deps.webhooks.render(told);
  // Its place lasts before it is told: a power cut must not give its id to another.
  await durable(deps.db);
  const attempt = await send(deps, endpoint, delivery, { id, body });
  await store(deps, endpoint, delivery, attempt);
}

/** Sends a signed body to the endpoint once; whatever comes of it is an outcome. */
async function send(
  deps: WebhookDeps,
  endpoint: WebhookEndpoint,
  { merchantId, endpointNo, position, attempts }: WebhookDelivery,
  message: { readonly id: string; readonly body: string },
): Promise<WebhookAttempt> {
  const atMs = deps.clock.nowMs();
  const beganMs = deps.clock.monotonicMs();
  const outcome = await call(deps, endpoint, message, atMs);
  const durationMs = Math.round(deps.clock.monotonicMs() - beganMs);
  const { url } = endpoint;
  const attempt = attempts + 1;
  return {
    merchantId,
    endpointNo,
    position,
    attempt,
    atMs,
    url,
    body: message.body,
    outcome,
    durationMs,
  };
}

/** One signed call, as a delivery or a test. */
export async function call(
  deps: Pick<WebhookDeps, 'vault' | 'webhooks'>,
  endpoint: WebhookEndpoint,
  message: { readonly id: string; readonly body: string },
  nowMs: number,
): Promise<WebhookAttempt['outcome']> {
  try {
    const secrets = webhookSecrets(deps, endpoint, nowMs);
    const request = webhookRequest(endpoint.url, secrets, message, nowMs);
    const { status, body } = await deps.webhooks.send(request);
    return { status, answer: readable(body) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** A webhook as its receiver gets it. */
export function webhookRequest(
  url: string,
  secrets: readonly string[],
  message: { readonly id: string; readonly body: string },
  nowMs: number,
): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { ...WEBHOOK_HEADERS, ...signWebhook(secrets, message, nowMs) },
    body: message.body,
    timeoutMs: WEBHOOK_TIMEOUT_MS,
    maxBytes: ANSWER_BYTES_MAX,
  };
}

/** The beginning of an answer, as text that any database takes. */
function readable(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, ANSWER_KEPT)).toString('utf8');
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}

/** Whether the receiver took it: any 2xx. */
export function wasHeard(outcome: WebhookAttempt['outcome']): boolean {
  return 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
}

async function store(
  deps: WebhookDeps,
  endpoint: WebhookEndpoint,
  delivery: WebhookDelivery,
  attempt: WebhookAttempt,
): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const chance = Number.parseInt(deps.random.hex(CHANCE_BYTES), 16) / 2 ** (8 * CHANCE_BYTES);
  const after = afterAttempt(delivery, wasHeard(attempt.outcome), nowMs, chance);
  const stored = await inRace(deps.db, async (tx) => {
    // Somebody else sent it too, after our lease: his outcome stands.
    if (!(await saveDelivery(tx, after))) throw new RaceLost();
    await insertAttempt(tx, attempt);
    // Nothing waits behind one that was heard at once.
    if (after.state === 'pending' || after.tries > 1) await moveWaiting(tx, after, nowMs);
    const failing = endpointAfter(endpoint, after, nowMs);
    // Whoever changed the endpoint meanwhile has looked at it.
    if (failing !== undefined) await saveEndpoint(tx, failing);
    return failing;
  });
  const fields = { endpointNo: endpoint.endpointNo, position: delivery.position };
  if (stored?.state === 'failing') deps.log.error(fields, 'webhook endpoint failed for three days');
}
