/**
 * When a webhook is tried again, and when no more: soon at first, then less and less often, for three days. Pure; what is
 * owed to whom is in the database, and a worker pays it.
 */
import type { EventType } from './event-types.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Wait after the first, second, … attempt in vain; the last repeats. */
export const RETRY_GAPS_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
];
const LAST_GAP_MS = 8 * HOUR;
/** After this, nothing is tried any more, and the endpoint is said to be failing. */
export const GIVE_UP_AFTER_MS = 72 * HOUR;
/** A gap is longer by up to this part of it, so that what failed together is not tried together. */
const JITTER = 0.2;

/** How long after a new secret the older ones still sign, beside it; and how many. */
export const OLDER_SECRET_MS = 24 * HOUR;
export const OLDER_SECRETS_MAX = 3;

export type WebhookEndpoint = {
  readonly endpointNo: string;
  /** The one merchant whose events it hears; null for those of all. */
  readonly merchantId: number | null;
  readonly url: string;
  /** What it wants to hear of; everything when there are none. */
  readonly types: readonly EventType[];
  readonly description: string | null;
  readonly sealedSecret: string;
  /** Sign beside the newer one until then, the newest of them first. */
  readonly older: { readonly sealedSecrets: readonly string[]; readonly untilMs: number } | null;
  /** `failing`: three days of attempts were in vain; nothing is sent until somebody enables it again. */
  readonly state: 'enabled' | 'disabled' | 'failing';
  readonly failingSinceMs: number | null;
  /** Nothing is sent before: after a failure it is left alone for a moment, whatever else it is owed. */
  readonly notBeforeMs: number;
  readonly createdAtMs: number;
  /** It is owed nothing any more, and only what it was sent can be looked at; null while it is there. */
  readonly deletedAtMs: number | null;
  readonly version: number;
};

/** One event that is owed to one endpoint. */
export type WebhookDelivery = {
  readonly merchantId: number;
  readonly endpointNo: string;
  /** The place of the event in the feed. */
  readonly position: number;
  readonly paymentNo: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  /** Attempts since `createdAtMs`: both begin anew when it is owed again. */
  readonly tries: number;
  readonly createdAtMs: number;
  /** When it is tried next; also the lease of who tries it now. Null when it is not pending. */
  readonly dueAtMs: number | null;
  readonly version: number;
};

/** The delivery after an attempt; `chance` in [0, 1) spreads what failed together. */
export function afterAttempt(
  delivery: WebhookDelivery,
  wasHeard: boolean,
  nowMs: number,
  chance: number,
): WebhookDelivery {
  const tried = {
    ...delivery,
    attempts: delivery.attempts + 1,
    tries: delivery.tries + 1,
    version: delivery.version + 1,
  };
  if (wasHeard) return { ...tried, state: 'delivered', dueAtMs: null };
  const gapMs = RETRY_GAPS_MS[delivery.tries] ?? LAST_GAP_MS;
  const dueAtMs = nowMs + Math.round(gapMs * (1 + JITTER * chance));
  // Days in which nothing was tried, because the gateway was off or it waited behind another, are no days of attempts.
  const wasTriedEnough = delivery.tries >= RETRY_GAPS_MS.length;
  return wasTriedEnough && dueAtMs - delivery.createdAtMs > GIVE_UP_AFTER_MS
    ? { ...tried, state: 'failed', dueAtMs: null }
    : { ...tried, dueAtMs };
}

/**
 * How long an endpoint that failed is left alone with everything else: for a moment, while it may be one that takes most events and
 * refuses some again and again, behind which the others would wait; and longer, once it took nothing for minutes.
 */
const REST_MS = SECOND;
const LONG_REST_MS = 30 * SECOND;
const LONG_REST_AFTER_MS = 5 * MINUTE;

/** The endpoint after an attempt at a delivery, which is as it is `after` that; undefined when that tells nothing new. */
export function endpointAfter(
  endpoint: WebhookEndpoint,
  after: WebhookDelivery,
  nowMs: number,
): WebhookEndpoint | undefined {
  const version = endpoint.version + 1;
  if (after.state === 'delivered') {
    if (endpoint.failingSinceMs === null) return undefined;
    return { ...endpoint, failingSinceMs: null, notBeforeMs: 0, version };
  }
  const failingSinceMs = endpoint.failingSinceMs ?? nowMs;
  // One that answers others, and this event never, is not failing.
  const hasFailedLong = nowMs - failingSinceMs >= GIVE_UP_AFTER_MS - 2 * LAST_GAP_MS;
  const state = after.state === 'failed' && hasFailedLong ? 'failing' : endpoint.state;
  const restMs = nowMs - failingSinceMs < LONG_REST_AFTER_MS ? REST_MS : LONG_REST_MS;
  const notBeforeMs = Math.min(after.dueAtMs ?? nowMs, nowMs + restMs);
  return { ...endpoint, state, failingSinceMs, notBeforeMs, version };
}

/** Whether an endpoint wants to hear of an event; one that is failing does, when it is enabled again. */
export function wants(
  { merchantId, types, state }: WebhookEndpoint,
  event: { readonly merchantId: number; readonly type: EventType },
): boolean {
  const isTheirs = merchantId === null || merchantId === event.merchantId;
  return state !== 'disabled' && isTheirs && (types.length === 0 || types.includes(event.type));
}
