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
import { durable, inRace, RaceLost, type Queryable } from '../store/database.ts';
import { findFeedEvent } from '../store/event-feed.ts';
import { insertAttempt, type Headers, type WebhookAttempt } from '../store/webhook-attempts.ts';
import { findEndpoint, saveEndpoint } from '../store/webhook-endpoints.ts';
import { findDelivery, moveWaiting, saveDelivery } from '../store/webhooks.ts';
import type { HttpRequest, HttpResponse } from '../system/http.ts';
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
const KEPT_MAX = 1024;
const HEADERS_KEPT_MAX = 32;
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
  if (!maySend(deps, endpoint, delivery)) return;
  const attempt = await send(deps, endpoint, delivery, { id, body });
  await store(deps, endpoint, delivery, attempt);
}

/**
 * Not to an endpoint that was disabled or deleted since it was claimed. And not by whoever stood still for so long that the call
 * would outlast the lease: another one sends it then, and what comes after it, and would be overtaken by this call.
 */
function maySend(
  { clock }: Pick<WebhookDeps, 'clock'>,
  { state }: WebhookEndpoint,
  { dueAtMs: leaseEndMs }: WebhookDelivery,
): boolean {
  return state === 'enabled' && clock.nowMs() + WEBHOOK_TIMEOUT_MS <= (leaseEndMs ?? 0);
}

/** Sends a signed body to the endpoint once; whatever comes of it is an outcome. */
async function send(
  deps: WebhookDeps,
  endpoint: WebhookEndpoint,
  { merchantId, endpointNo, position }: WebhookDelivery,
  { id, body }: { readonly id: string; readonly body: string },
): Promise<WebhookAttempt> {
  const atMs = deps.clock.nowMs();
  const beganMs = deps.clock.monotonicMs();
  const { headers, outcome } = await call(deps, endpoint, { id, body }, atMs);
  const durationMs = Math.round(deps.clock.monotonicMs() - beganMs);
  const { url } = endpoint;
  return { merchantId, endpointNo, position, atMs, url, headers, body, outcome, durationMs };
}

/** One signed call, as a delivery or a test: what it said beside its body, and what came of it. */
export async function call(
  deps: Pick<WebhookDeps, 'vault' | 'webhooks'>,
  endpoint: WebhookEndpoint,
  message: { readonly id: string; readonly body: string },
  nowMs: number,
): Promise<Pick<WebhookAttempt, 'headers' | 'outcome'>> {
  let headers: Headers | null = null;
  try {
    const secrets = webhookSecrets(deps, endpoint, nowMs);
    const request = webhookRequest(endpoint.url, secrets, message, nowMs);
    ({ headers } = request);
    return { headers, outcome: answered(await deps.webhooks.send(request)) };
  } catch (error) {
    // A receiver's certificate, say, has a part in the words.
    const fault = readable(error instanceof Error ? error.message : String(error));
    return { headers, outcome: { fault } };
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
    isBodyCut: true,
  };
}

/** The beginning of what a receiver said, as text that any database takes. */
function readable(text: string): string {
  return text.slice(0, KEPT_MAX).replaceAll('\u0000', '\ufffd').toWellFormed();
}

function answered({ status, headers, body }: HttpResponse): WebhookAttempt['outcome'] {
  const named = Object.entries(headers).slice(0, HEADERS_KEPT_MAX);
  return {
    status,
    headers: Object.fromEntries(
      named.map(([name, value = '']) => [readable(name), readable(value)]),
    ),
    answer: readable(Buffer.from(body.subarray(0, KEPT_MAX)).toString('utf8')),
  };
}

/** Whether the receiver took it: any 2xx. */
export function wasHeard(outcome: WebhookAttempt['outcome']): boolean {
  return 'status' in outcome && outcome.status >= 200 && outcome.status < 300;
}

async function store(
  deps: WebhookDeps,
  endpoint: WebhookEndpoint,
  claimed: WebhookDelivery,
  attempt: WebhookAttempt,
): Promise<void> {
  const { db, random } = deps;
  const { endpointNo, position } = claimed;
  const chance = Number.parseInt(random.hex(CHANCE_BYTES), 16) / 2 ** (8 * CHANCE_BYTES);
  let delivery: WebhookDelivery | undefined = claimed;
  // Somebody may change it meanwhile: then it is read and decided again.
  while (delivery !== undefined) {
    const before: WebhookDelivery = delivery;
    const isOurs = before.dueAtMs === claimed.dueAtMs;
    const stored = await inRace(db, (tx) =>
      isOurs
        ? storeOutcome(deps, tx, endpoint, before, attempt, chance)
        : keepAttempt(tx, before, attempt),
    );
    if (stored?.state === 'failing') {
      deps.log.error({ endpointNo, position }, 'webhook endpoint failed for three days');
    }
    if (stored !== undefined) return;
    delivery = await findDelivery(db, endpointNo, position);
  }
}

/** What the attempt makes of the delivery and its endpoint; the latter as it is then, null where it stays as it was. */
async function storeOutcome(
  { clock }: Pick<WebhookDeps, 'clock'>,
  tx: Queryable,
  endpoint: WebhookEndpoint,
  delivery: WebhookDelivery,
  attempt: WebhookAttempt,
  chance: number,
): Promise<{ readonly state: WebhookEndpoint['state'] | null }> {
  const nowMs = clock.nowMs();
  const after = afterAttempt(delivery, wasHeard(attempt.outcome), nowMs, chance);
  if (!(await saveDelivery(tx, after))) throw new RaceLost();
  await insertAttempt(tx, { ...attempt, attempt: after.attempts });
  // Nothing waits behind one that was heard at once.
  if (after.state === 'pending' || after.attempts > 1) await moveWaiting(tx, after, nowMs);
  const failing = endpointAfter(endpoint, after, nowMs);
  // Whoever changed the endpoint meanwhile has looked at it.
  if (failing !== undefined) await saveEndpoint(tx, failing);
  return { state: failing?.state ?? null };
}

/** The lease is lost, to a redelivery or to whoever sent it after us: what that made of it stands, and the attempt is kept beside it. */
async function keepAttempt(
  tx: Queryable,
  delivery: WebhookDelivery,
  attempt: WebhookAttempt,
): Promise<{ readonly state: null }> {
  const attempts = delivery.attempts + 1;
  const counted = { ...delivery, attempts, version: delivery.version + 1 };
  if (!(await saveDelivery(tx, counted))) throw new RaceLost();
  await insertAttempt(tx, { ...attempt, attempt: attempts });
  return { state: null };
}
