/**
 * What owners do with their webhook endpoints: make one, change it, give it a new secret, try it, and have it hear again what
 * it missed.
 */
import type { EventType } from '../core/event-types.ts';
import { ENDPOINTS_MAX } from '../core/limits.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../core/webhook.ts';
import { inRace, inTransaction, RaceLost, type Queryable } from '../store/database.ts';
import { readRange } from '../store/feed-pages.ts';
import type { WebhookAttempt } from '../store/webhook-attempts.ts';
import {
  countEndpointsInTurn,
  findEndpoint,
  insertEndpoint,
  saveEndpoint,
} from '../store/webhook-endpoints.ts';
import {
  endPending,
  findDelivery,
  insertDelivery,
  renewPending,
  saveDelivery,
  waitsUntilMs,
} from '../store/webhooks.ts';
import { nothingBeside, type Beside } from './beside.ts';
import { call, type WebhookDeps } from './deliver-webhooks.ts';
import type { Deps } from './deps.ts';
import { summarizeFeed } from './tell-events.ts';
import { newWebhookSecret, sealWebhookSecret, withNewSecret } from './webhook-secrets.ts';

export type NewEndpoint = Pick<WebhookEndpoint, 'merchantId' | 'url' | 'types' | 'description'>;
/** An endpoint with its secret, which nobody can read again. */
export type EndpointWithSecret = { readonly endpoint: WebhookEndpoint; readonly secret: string };

const ENDPOINT_NO_BYTES = 8;
/** Deliveries of one statement: some milliseconds of writing. */
const PIECE = 500;
/** Events of one redelivery: more of them are asked for in parts. */
export const REDELIVERY_MAX = 100;

/** Undefined when its owner has as many as there may be. */
export async function makeEndpoint(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'vault'>,
  wanted: NewEndpoint,
  beside: Beside<EndpointWithSecret> = nothingBeside,
): Promise<EndpointWithSecret | undefined> {
  const endpointNo = deps.random.hex(ENDPOINT_NO_BYTES);
  const secret = newWebhookSecret(deps);
  const endpoint: WebhookEndpoint = {
    ...wanted,
    endpointNo,
    sealedSecret: sealWebhookSecret(deps, endpointNo, secret),
    older: null,
    state: 'enabled',
    failingSinceMs: null,
    notBeforeMs: 0,
    createdAtMs: deps.clock.nowMs(),
    deletedAtMs: null,
    version: 1,
  };
  const made = { endpoint, secret };
  return inTransaction(deps.db, async (tx) => {
    if ((await countEndpointsInTurn(tx, wanted.merchantId)) >= ENDPOINTS_MAX) return undefined;
    await insertEndpoint(tx, endpoint);
    await beside(tx, made);
    return made;
  });
}

export type EndpointChange = {
  readonly url?: string | undefined;
  readonly types?: readonly EventType[] | undefined;
  readonly description?: string | null | undefined;
  readonly isEnabled?: boolean | undefined;
};

export type EndpointChangeResult =
  | { readonly kind: 'changed'; readonly endpoint: WebhookEndpoint }
  | { readonly kind: 'missing' }
  /** It is not what the caller read. */
  | { readonly kind: 'outdated' };

/** Changes what is given. Enabled again, it is sent what it is still owed, at once, for three days anew. */
export async function changeEndpoint(
  deps: Pick<Deps, 'db' | 'news' | 'clock'>,
  endpointNo: string,
  change: EndpointChange,
  isExpected: (before: WebhookEndpoint) => boolean = () => true,
): Promise<EndpointChangeResult> {
  let isOutdated = false;
  const step = (before: WebhookEndpoint): WebhookEndpoint | undefined => {
    isOutdated = !isExpected(before);
    return isOutdated ? undefined : changedBy(change, before);
  };
  const endpoint = await untilSaved(deps, endpointNo, step, async (tx) => {
    if (change.isEnabled === true) await renewPending(tx, endpointNo, deps.clock.nowMs());
  });
  if (isOutdated) return { kind: 'outdated' };
  if (endpoint === undefined) return { kind: 'missing' };
  return { kind: 'changed', endpoint };
}

function changedBy(change: EndpointChange, before: WebhookEndpoint): WebhookEndpoint {
  return {
    ...before,
    url: change.url ?? before.url,
    types: change.types ?? before.types,
    description: change.description === undefined ? before.description : change.description,
    ...(change.isEnabled === undefined ? {} : stateAfter(change.isEnabled)),
    version: before.version + 1,
  };
}

function stateAfter(isEnabled: boolean): Partial<WebhookEndpoint> {
  return isEnabled
    ? { state: 'enabled', failingSinceMs: null, notBeforeMs: 0 }
    : { state: 'disabled' };
}

/**
 * Deletes the endpoint: nothing more is sent, and what it is owed ends. What it was sent can be looked at for as long as that of
 * others, and then it is gone for good. Undefined when it is not there.
 */
export async function deleteEndpoint(
  deps: Pick<Deps, 'db' | 'news' | 'clock'>,
  endpointNo: string,
): Promise<WebhookEndpoint | undefined> {
  const deleted = await untilSaved(deps, endpointNo, (endpoint) => ({
    ...endpoint,
    state: 'disabled',
    deletedAtMs: deps.clock.nowMs(),
    version: endpoint.version + 1,
  }));
  if (deleted === undefined) return undefined;
  // In pieces, so that others write in between. What came to be owed at this moment, the sweep ends.
  while ((await endPending(deps.db, endpointNo, PIECE)) === PIECE);
  return deleted;
}

/** Gives the endpoint a new secret; the older one signs beside it for a day. */
export async function rotateSecret(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'vault' | 'news'>,
  endpointNo: string,
  beside: Beside<EndpointWithSecret> = nothingBeside,
): Promise<EndpointWithSecret | undefined> {
  const secret = newWebhookSecret(deps);
  const sealed = sealWebhookSecret(deps, endpointNo, secret);
  const endpoint = await untilSaved(
    deps,
    endpointNo,
    (before) => withNewSecret(before, sealed, deps.clock.nowMs()),
    (tx, after) => beside(tx, { endpoint: after, secret }),
  );
  return endpoint && { endpoint, secret };
}

/** The endpoint after a step that is taken from whatever it is; undefined when it is not there, or the step is not taken. */
async function untilSaved(
  deps: Pick<Deps, 'db' | 'news'>,
  endpointNo: string,
  step: (endpoint: WebhookEndpoint) => WebhookEndpoint | undefined,
  beside: Beside<WebhookEndpoint> = nothingBeside,
): Promise<WebhookEndpoint | undefined> {
  for (;;) {
    const before = await findEndpoint(deps.db, endpointNo);
    if (before === undefined || before.deletedAtMs !== null) return undefined;
    const after = step(before);
    if (after === undefined) return undefined;
    const isSaved = await inTransaction(deps.db, async (tx) => {
      if (!(await saveEndpoint(tx, after))) return false;
      await beside(tx, after);
      return true;
    });
    if (!isSaved) continue;
    deps.news.tell('due');
    return after;
  }
}

/** Sends a signed test, which is nobody's event, and tells what came of it. */
export async function tryEndpoint(
  deps: WebhookDeps,
  endpoint: WebhookEndpoint,
  body: string,
): Promise<Pick<WebhookAttempt, 'outcome' | 'durationMs'>> {
  const beganMs = deps.clock.monotonicMs();
  const id = `test_${deps.random.hex(ENDPOINT_NO_BYTES)}`;
  const { outcome } = await call(deps, endpoint, { id, body }, deps.clock.nowMs());
  return { outcome, durationMs: Math.round(deps.clock.monotonicMs() - beganMs) };
}

/** Has one delivery sent again, whatever became of it; undefined when there is none. */
export async function redeliver(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  endpointNo: string,
  position: number,
): Promise<WebhookDelivery | undefined> {
  for (;;) {
    const before = await findDelivery(deps.db, endpointNo, position);
    if (before === undefined) return undefined;
    const after = await owedAgain(deps.db, before, deps.clock.nowMs());
    if (!(await saveDelivery(deps.db, after))) continue;
    deps.news.tell('due');
    return after;
  }
}

async function owedAgain(
  db: Queryable,
  delivery: WebhookDelivery,
  nowMs: number,
): Promise<WebhookDelivery> {
  const version = delivery.version + 1;
  const dueAtMs = (await waitsUntilMs(db, delivery)) ?? nowMs;
  // Its three days begin anew.
  return { ...delivery, state: 'pending', createdAtMs: nowMs, dueAtMs, tries: 0, version };
}

/**
 * Has everything sent again that the endpoint wants of the events after a place, up to a time; also what happened before there
 * was the endpoint. Returns how many, and the place to go on from if there may be more.
 */
export async function redeliverRange(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  endpoint: WebhookEndpoint,
  range: { readonly after: number; readonly fromMs: number; readonly untilMs: number },
): Promise<{ readonly count: number; readonly next: number | null }> {
  const types = endpoint.types.length === 0 ? undefined : endpoint.types;
  const { merchantId } = endpoint;
  await summarizeFeed(deps);
  const events = await readRange(deps.db, {
    merchantId,
    types,
    after: range.after,
    fromMs: range.fromMs,
    untilMs: range.untilMs,
    limit: REDELIVERY_MAX,
  });
  const nowMs = deps.clock.nowMs();
  // A delivery may be sent meanwhile: then the whole is done again.
  for (let isStored: true | undefined; isStored === undefined;) {
    isStored = await inRace(deps.db, async (tx): Promise<true> => {
      for (const event of events) {
        await insertDelivery(tx, endpoint, event, nowMs);
        const known = await findDelivery(tx, endpoint.endpointNo, event.position);
        const again = known && (await owedAgain(tx, known, nowMs));
        if (again === undefined || !(await saveDelivery(tx, again))) throw new RaceLost();
      }
      return true;
    });
  }
  if (events.length > 0) deps.news.tell('due');
  const next = events.length === REDELIVERY_MAX ? (events.at(-1)?.position ?? null) : null;
  return { count: events.length, next };
}

/** When it is tried next; null when it is not pending, or while its endpoint is sent nothing at all. */
export function nextAttemptMs(
  { dueAtMs }: Pick<WebhookDelivery, 'dueAtMs'>,
  { state, notBeforeMs }: Pick<WebhookEndpoint, 'state' | 'notBeforeMs'>,
): number | null {
  return dueAtMs === null || state !== 'enabled' ? null : Math.max(dueAtMs, notBeforeMs);
}
