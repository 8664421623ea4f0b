/**
 * Webhook endpoints and deliveries over v2: an operator's hear of every merchant, a merchant's of itself.
 */
import { createHash } from 'node:crypto';
import type { Caller } from '../../core/caller.ts';
import type { EventType } from '../../core/event-types.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../core/webhook.ts';
import { rfc3339 } from '../../core/time.ts';
import { wasHeard } from '../../flows/deliver-webhooks.ts';
import type { Beside } from '../../flows/beside.ts';
import type { Deps } from '../../flows/deps.ts';
import {
  changeEndpoint,
  deleteEndpoint,
  makeEndpoint,
  nextAttemptMs,
  redeliver,
  redeliverRange,
  rotateSecret,
  tryEndpoint,
  type EndpointWithSecret,
} from '../../flows/manage-webhooks.ts';
import { listAttempts, type WebhookAttempt } from '../../store/webhook-attempts.ts';
import { findFeedEvents } from '../../store/event-feed.ts';
import { findEndpoint, listEndpoints } from '../../store/webhook-endpoints.ts';
import { findDelivery, pageDeliveries } from '../../store/webhooks.ts';
import { cpiNoOfMerchant, merchantOf } from './caller.ts';
import { fromPlaceCursor, toPlaceCursor } from './cursor.ts';
import { isMatch } from './entity-tag.ts';
import {
  deliveryId,
  deliveryKeyOf,
  endpointId,
  endpointNoOf,
  eventId,
  merchantId,
  paymentId,
} from './ids.ts';
import type { Keep } from './made-once.ts';
import { Problem } from './problems.ts';
import { readTime } from './rules.ts';
import { PAGE_DEFAULT } from './schemas.ts';
import { requireUrl } from './webhook-url.ts';
import type {
  DeliveryQuery,
  DeliveryResource,
  EndpointChange,
  EndpointCreate,
  EndpointResource,
  EndpointTest,
  Redelivery,
} from './webhook-schemas.ts';

/** Characters of an ETag: no two states of an endpoint share one. */
const ETAG_LENGTH = 16;

/** An endpoint that was made, changed or read, and how it is shown. */
type Shown = { readonly endpoint: WebhookEndpoint; readonly view: EndpointResource };

export async function createEndpoint(
  deps: Deps,
  caller: Caller,
  wanted: EndpointCreate,
  keep: Keep,
): Promise<void> {
  const isForOne = caller.merchantId !== null || wanted.merchant !== undefined;
  const merchant = isForOne ? await merchantOf(deps, caller, wanted.merchant) : undefined;
  const endpoint = {
    merchantId: merchant?.merchantId ?? null,
    url: requireUrl(deps, wanted.url),
    types: wanted.types ?? [],
    description: wanted.description ?? null,
  };
  const made = await makeEndpoint(deps, endpoint, keepWithSecret(keep, 201));
  if (made === undefined) throw new Problem('too_many_webhook_endpoints');
}

async function shown(deps: Deps, endpoint: WebhookEndpoint): Promise<Shown> {
  return { endpoint, view: await endpointView(deps, endpoint) };
}

export async function getOne(deps: Deps, caller: Caller, id: string): Promise<Shown> {
  return shown(deps, await endpointOf(deps, caller, id));
}

/** Names what people decide about. Its version is none: that an attempt failed changes the row, and nothing for them. */
export function etagOf({ url, types, description, state }: WebhookEndpoint): string {
  const text = JSON.stringify([url, types, description, state]);
  return `"${createHash('sha256').update(text).digest('hex').slice(0, ETAG_LENGTH)}"`;
}

export async function listAll(deps: Deps, caller: Caller) {
  const endpoints = await listEndpoints(deps.db, caller.merchantId);
  const data = await Promise.all(endpoints.map((endpoint) => endpointView(deps, endpoint)));
  return { object: 'list' as const, data, next_cursor: null };
}

/** The endpoint with this id, if the key may see it. Throws `webhook_endpoint_not_found`. */
export async function endpointOf(
  deps: Pick<Deps, 'db'>,
  caller: Caller,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await knownEndpoint(deps, caller, id);
  if (endpoint.deletedAtMs !== null) throw new Problem('webhook_endpoint_not_found');
  return endpoint;
}

/** Also one that was deleted: what it was sent can be looked at. */
async function knownEndpoint(
  { db }: Pick<Deps, 'db'>,
  caller: Caller,
  id: string,
): Promise<WebhookEndpoint> {
  const endpointNo = endpointNoOf(id);
  const endpoint = endpointNo === undefined ? undefined : await findEndpoint(db, endpointNo);
  const isTheirs = caller.merchantId === null || endpoint?.merchantId === caller.merchantId;
  if (endpoint === undefined || !isTheirs) throw new Problem('webhook_endpoint_not_found');
  return endpoint;
}

/** `ifMatch`: the ETag that the caller read; another one is a problem. */
export async function changeOne(
  deps: Deps,
  { endpointNo }: WebhookEndpoint,
  { url, types, description, enabled }: EndpointChange,
  ifMatch: string | undefined,
): Promise<Shown> {
  const change = {
    url: url === undefined ? undefined : requireUrl(deps, url),
    types,
    description,
    isEnabled: enabled,
  };
  const result = await changeEndpoint(deps, endpointNo, change, (before) =>
    isMatch(ifMatch, etagOf(before)),
  );
  if (result.kind === 'outdated') throw new Problem('precondition_failed');
  if (result.kind === 'missing') throw new Problem('webhook_endpoint_not_found');
  return shown(deps, result.endpoint);
}

export async function newSecret(
  deps: Deps,
  { endpointNo }: WebhookEndpoint,
  keep: Keep,
): Promise<void> {
  present(await rotateSecret(deps, endpointNo, keepWithSecret(keep, 200)));
}

function keepWithSecret(keep: Keep, status: number): Beside<EndpointWithSecret> {
  return async (tx, { endpoint, secret }) => {
    const body = await endpointView({ db: tx }, endpoint, secret);
    await keep(tx, { status, body, etag: etagOf(endpoint) });
  };
}

/** Of an endpoint that was there a moment ago. */
function present<T>(found: T | undefined): T {
  if (found === undefined) throw new Problem('webhook_endpoint_not_found');
  return found;
}

export async function deleteOne(deps: Deps, { endpointNo }: WebhookEndpoint) {
  return endpointView(deps, present(await deleteEndpoint(deps, endpointNo)));
}

export async function tryOne(deps: Deps, endpoint: WebhookEndpoint): Promise<EndpointTest> {
  const created = rfc3339(deps.clock.nowMs());
  const body = JSON.stringify({ object: 'event', type: 'test', created_at: created, data: {} });
  const { outcome, durationMs } = await tryEndpoint(deps, endpoint, body);
  const told = outcomeView(outcome);
  return { object: 'webhook_test', ok: wasHeard(outcome), ...told, duration_ms: durationMs };
}

function outcomeView(outcome: WebhookAttempt['outcome']) {
  return 'status' in outcome
    ? {
        status: outcome.status,
        answer_headers: outcome.headers,
        answer: outcome.answer,
        fault: null,
      }
    : { status: null, answer_headers: null, answer: null, fault: outcome.fault };
}

export async function listDeliveries(deps: Deps, caller: Caller, query: DeliveryQuery) {
  const endpoint = await knownEndpoint(deps, caller, query.endpoint);
  const { endpointNo } = endpoint;
  const limit = query.limit ?? PAGE_DEFAULT;
  const found = await pageDeliveries(deps.db, {
    endpointNo,
    state: query.state,
    before: query.cursor === undefined ? undefined : fromPlaceCursor(query.cursor),
    // One more tells whether there is a next page.
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const types = await typesOf(deps, page);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    object: 'list' as const,
    data: page.map((delivery) => deliveryView(endpoint, delivery, types)),
    next_cursor: last === undefined ? null : toPlaceCursor(last.position),
  };
}

/** The delivery with this id, if the key may see it. Throws `webhook_delivery_not_found`. */
async function deliveryOf(
  deps: Deps,
  caller: Caller,
  id: string,
): Promise<{ readonly delivery: WebhookDelivery; readonly endpoint: WebhookEndpoint }> {
  const key = deliveryKeyOf(id);
  const endpoint = key && (await findEndpoint(deps.db, key.endpointNo));
  const isTheirs = caller.merchantId === null || endpoint?.merchantId === caller.merchantId;
  const delivery = key && (await findDelivery(deps.db, key.endpointNo, key.position));
  if (!delivery || !endpoint || !isTheirs) throw new Problem('webhook_delivery_not_found');
  return { delivery, endpoint };
}

export async function getDelivery(deps: Deps, caller: Caller, id: string) {
  const { delivery, endpoint } = await deliveryOf(deps, caller, id);
  const view = deliveryView(endpoint, delivery, await typesOf(deps, [delivery]));
  const attempts = await listAttempts(deps.db, delivery);
  return { ...view, attempts: attempts.map(attemptView) };
}

export async function sendAgain(deps: Deps, caller: Caller, id: string) {
  const { delivery, endpoint } = await deliveryOf(deps, caller, id);
  if (endpoint.deletedAtMs !== null) {
    throw new Problem('webhook_delivery_not_found', {
      detail: {
        en: 'The endpoint of this delivery was deleted: it can be looked at, and not sent again.',
        zh: '该投递的端点已删除：可以查看，不能重发。',
      },
    });
  }
  const { endpointNo, position } = delivery;
  const again = await redeliver(deps, endpointNo, position);
  // It ended long ago, and was deleted just now.
  if (again === undefined) throw new Problem('webhook_delivery_not_found');
  return deliveryView(endpoint, again, await typesOf(deps, [again]));
}

export async function sendRange(deps: Deps, endpoint: WebhookEndpoint, wanted: Redelivery) {
  const range = {
    after: wanted.cursor === undefined ? 0 : fromPlaceCursor(wanted.cursor),
    fromMs: readTime('from', wanted.from),
    untilMs: readTime('until', wanted.until),
  };
  const { count, next } = await redeliverRange(deps, endpoint, range);
  return {
    object: 'webhook_redelivery' as const,
    count,
    next_cursor: next === null ? null : toPlaceCursor(next),
  };
}

async function endpointView(
  deps: Pick<Deps, 'db'>,
  endpoint: WebhookEndpoint,
  secret?: string,
): Promise<EndpointResource> {
  const { merchantId: owner, failingSinceMs, older } = endpoint;
  return {
    id: endpointId(endpoint.endpointNo),
    object: 'webhook_endpoint',
    merchant: owner === null ? null : merchantId(await cpiNoOfMerchant(deps, owner)),
    url: endpoint.url,
    types: [...endpoint.types],
    description: endpoint.description,
    state: endpoint.state,
    failing_since: failingSinceMs === null ? null : rfc3339(failingSinceMs),
    ...(secret === undefined ? {} : { secret }),
    older_secret_until: older === null ? null : rfc3339(older.untilMs),
    created_at: rfc3339(endpoint.createdAtMs),
  };
}

/** What the events of deliveries are called, by their places. */
async function typesOf(
  { db }: Pick<Deps, 'db'>,
  deliveries: readonly WebhookDelivery[],
): Promise<ReadonlyMap<number, EventType>> {
  const events = await findFeedEvents(
    db,
    deliveries.map(({ position }) => position),
  );
  return new Map(events.map(({ position, type }) => [position, type]));
}

function deliveryView(
  endpoint: WebhookEndpoint,
  delivery: WebhookDelivery,
  types: ReadonlyMap<number, EventType>,
): DeliveryResource {
  const { endpointNo, position } = delivery;
  const nextMs = nextAttemptMs(delivery, endpoint);
  const type = types.get(position);
  if (type === undefined) throw new Error(`The event ${position} of a delivery is missing`);
  return {
    id: deliveryId(endpointNo, position),
    object: 'webhook_delivery',
    endpoint: endpointId(endpointNo),
    event: eventId(position),
    type,
    payment: paymentId(delivery),
    state: delivery.state,
    attempt_count: delivery.attempts,
    next_attempt_at: nextMs === null ? null : rfc3339(nextMs),
  };
}

function attemptView({ atMs, url, headers, body, outcome, durationMs }: WebhookAttempt) {
  return {
    at: rfc3339(atMs),
    url,
    request_headers: headers,
    request_body: body,
    ...outcomeView(outcome),
    duration_ms: durationMs,
  };
}
