/**
 * What programs heard that are called: everything they are owed, signed, as the feed shows it, of each payment in order, and
 * said to be failing when three days were in vain. The feed as it is read at the end is what they are held against.
 */
import { createHmac } from 'node:crypto';
import type { Books, Check } from '../check.ts';
import { isWanted, paymentIn, placeOf } from './feed-checks.ts';
import type { FeedEvent } from './follower.ts';
import type { Endpoint } from './owner.ts';
import { isGivenUp } from './plan.ts';
import type { Receipt } from './receivers.ts';

/** A program's own calls, in the order in which they came. */
export function receiptsOf({ receiver, url }: Endpoint): readonly Receipt[] {
  return receiver.receipts.filter((receipt) => receipt.url === url);
}

/** A check of each endpoint that was registered, by itself. */
function perEndpoint(
  rule: string,
  find: (endpoint: Endpoint, feed: readonly FeedEvent[], books: Books) => Iterable<string>,
): Check {
  return function* (books) {
    for (const endpoint of books.v2?.endpoints ?? []) {
      if (endpoint.id === undefined) continue;
      const feed = books.v2?.feed ?? [];
      for (const detail of find(endpoint, feed, books)) {
        yield { rule, detail: `${endpoint.url}: ${detail}`, paymentNo: undefined };
      }
    }
  };
}

const saysWhatIsSo = perEndpoint('a webhook is signed, and true', function* (endpoint, feed) {
  const bodies = new Map(feed.map((event) => [event.id, JSON.stringify(event)]));
  for (const receipt of receiptsOf(endpoint)) {
    const { id, body } = receipt;
    if (bodies.get(id) !== body) yield `${id} tells ${body}, and not ${String(bodies.get(id))}`;
    // Whoever was not told two new secrets in a row cannot check what they sign.
    if (endpoint.secretsLost < 2 && !isSigned(receipt, endpoint.secrets))
      yield `${id} is not signed`;
  }
});

/** By Standard Webhooks: one signature for each secret that is valid. */
function isSigned(
  { id, timestamp, signature, body }: Receipt,
  secrets: readonly string[],
): boolean {
  const given = signature.split(' ');
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const sign = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return given.includes(`v1,${sign}`);
  });
}

/** The events that an endpoint is owed: those that got their place after it was registered, or that were asked for. */
function owedTo(
  endpoint: Endpoint,
  feed: readonly FeedEvent[],
  skewMs: number,
): readonly FeedEvent[] {
  const { plan, merchant, registeredAtMs, hasAskedForThePast } = endpoint;
  const wanted = feed.filter((event) => isWanted(event, merchant, plan.types));
  if (plan.registersAfterMs === 0 || hasAskedForThePast) return wanted;
  const ids = new Set(receiptsOf(endpoint).map(({ id }) => id));
  const firstHeard = wanted.findIndex(({ id }) => ids.has(id));
  const firstAfter = wanted.findIndex(
    ({ created_at: at }) => Date.parse(at) > registeredAtMs + skewMs,
  );
  const first = Math.min(...[firstHeard, firstAfter].filter((at) => at >= 0), wanted.length);
  return wanted.slice(first);
}

const hearsAll = perEndpoint('every webhook arrives', function* (endpoint, feed, { skewMs }) {
  const taken = new Set(receiptsOf(endpoint).flatMap(({ id, isTaken }) => (isTaken ? [id] : [])));
  for (const event of owedTo(endpoint, feed, skewMs)) {
    if (!taken.has(event.id)) yield `${event.id} (${event.type} of ${paymentIn(event)}) is missing`;
  }
  for (const [state, count] of endpoint.left) if (count > 0) yield `${count} are ${state} still`;
});

const hearsOnlyItsOwn = perEndpoint('a webhook is owed', function* (endpoint, feed) {
  const events = new Map(feed.map((event) => [event.id, event]));
  for (const { id } of receiptsOf(endpoint)) {
    const event = events.get(id);
    const isOwed = event !== undefined && isWanted(event, endpoint.merchant, endpoint.plan.types);
    if (!isOwed) yield `${id} is not for it`;
  }
});

const hearsInOrder = perEndpoint(
  'webhooks of a payment come in order',
  function* (endpoint, feed, books) {
    const { plan, hasAskedForThePast } = endpoint;
    // What was asked for comes after what is newer; but for an endpoint that was given up, and then first asked for all.
    const hearsAllAnew = isGivenUp(plan) && plan.asksFirst && plan.registersAfterMs === 0;
    if (plan.hasPoison || (hasAskedForThePast && !hearsAllAnew)) return;
    const receipts = receiptsOf(endpoint);
    const firstHeard = new Map<string, number>();
    const firstTaken = new Map<string, number>();
    for (const [at, { id, isTaken }] of receipts.entries()) {
      if (!firstHeard.has(id)) firstHeard.set(id, at);
      if (isTaken && !firstTaken.has(id)) firstTaken.set(id, at);
    }
    const owed = owedTo(endpoint, feed, books.skewMs).toSorted((a, b) => placeOf(a) - placeOf(b));
    for (const [paymentNo, events] of Map.groupBy(owed, paymentIn)) {
      for (const [at, event] of events.entries()) {
        const before = events[at - 1];
        if (before === undefined) continue;
        const takenAt = firstTaken.get(before.id) ?? Infinity;
        if ((firstHeard.get(event.id) ?? Infinity) < takenAt) {
          yield `${event.id} of ${paymentNo} came before ${before.id} was taken`;
        }
      }
    }
  },
);

const saysWhoFails = perEndpoint(
  'an endpoint is said to fail when it does',
  function* (endpoint, feed, books) {
    const { plan, receiver, stateFound, merchant } = endpoint;
    if (stateFound === undefined || plan.hasPoison) return;
    const goesDownAtMs = receiver.outage.fromMs + books.skewMs;
    const hasMissed = feed.some(
      (event) =>
        isWanted(event, merchant, plan.types) && Date.parse(event.created_at) > goesDownAtMs,
    );
    if (isGivenUp(plan) && hasMissed && stateFound !== 'failing')
      yield `it is ${stateFound} after days`;
    if (!isGivenUp(plan) && stateFound !== 'enabled') yield `it is ${stateFound}`;
  },
);

export const WEBHOOK_CHECKS: readonly Check[] = [
  saysWhatIsSo,
  hearsAll,
  hearsOnlyItsOwn,
  hearsInOrder,
  saysWhoFails,
];
