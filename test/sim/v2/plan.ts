/**
 * What a seed draws of v2: how many bills go over it, who reads the feed of events, and which programs want to be called and
 * what becomes of them. It has a stream of its own, so that what goes over v1 is the same with it and without it.
 */
import type { EventType } from '../../../src/core/event-types.ts';
import type { Prng } from '../prng.ts';

export type V2Plan = {
  /** The chance of a bill to be played over v2; and of such a bill, to be played over v1 as well, at the same time. */
  readonly share: number;
  readonly bothShare: number;
  readonly followers: readonly FollowerPlan[];
  readonly endpoints: readonly EndpointPlan[];
};

/** Whose events: a shop's, by its place among them; all without it. */
type Whose = { readonly shop: number | undefined };

/** A program that reads the feed of events by its cursor. */
export type FollowerPlan = Whose & {
  readonly type: EventType | undefined;
  readonly limit: number;
  readonly waitS: number;
  /** Its cursor is on disk after so many pages; a crash takes it back to there. */
  readonly savesEvery: number;
};

/** A program that is called. */
export type EndpointPlan = Whose & {
  readonly types: readonly EventType[];
  /** Zero is before the first bill. */
  readonly registersAfterMs: number;
  /** What happened before it was registered is asked for afterwards. */
  readonly wantsThePast: boolean;
  /** Nobody answers there for so long. */
  readonly downFromMs: number;
  readonly downForMs: number;
  readonly rotatesAfterMs: number | undefined;
  /** What is about some payments it never takes. */
  readonly hasPoison: boolean;
  /** After it was given up: what failed is asked for before it is enabled again, or afterwards. */
  readonly asksFirst: boolean;
};

export const NO_V2: V2Plan = { share: 0, bothShare: 0, followers: [], endpoints: [] };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** An outage up to which everything arrives by itself: three days, without the longest gap between two attempts. */
const HEALS_WITHIN_MS = 58 * HOUR_MS;
/** An outage after which an endpoint must have been given up. */
const GIVEN_UP_AFTER_MS = 76 * HOUR_MS;
/** In runs with more bills, a long outage begins when most events are told: each would be tried for three days. */
const BILLS_OF_LONG_OUTAGES = 100;

export function drawV2(prng: Prng, bills: number, rushMs: number): V2Plan {
  const api = prng.weighted({ v1: 4, both: 4, v2: 2 });
  if (api === 'v1') return NO_V2;
  const count = (weights: Readonly<Record<string, number>>): undefined[] =>
    Array.from({ length: Number(prng.weighted(weights)) });
  const followers = count({ '0': 1, '1': 4, '2': 1 }).map(() => drawFollower(prng));
  return {
    share: api === 'v2' ? 1 : prng.next(),
    bothShare: prng.chance(0.5) ? 0 : prng.next() * 0.3,
    followers,
    endpoints: count({ '0': 4, '1': 4, '2': 1 }).map(() => drawEndpoint(prng, bills, rushMs)),
  };
}

const SHOPS = 3;

function drawWhose(prng: Prng): Whose {
  return { shop: prng.chance(0.3) ? prng.below(SHOPS) : undefined };
}

function drawFollower(prng: Prng): FollowerPlan {
  return {
    ...drawWhose(prng),
    type: prng.chance(0.2) ? prng.pick(['payment.paid', 'refund.succeeded'] as const) : undefined,
    limit: prng.pick([2, 10, 50, 100]),
    waitS: prng.pick([0, 5, 30]),
    savesEvery: prng.between(1, 4),
  };
}

const OUTAGES = {
  none: [0, 0],
  minutes: [MINUTE_MS, HOUR_MS],
  hours: [HOUR_MS, HEALS_WITHIN_MS],
  days: [GIVEN_UP_AFTER_MS, GIVEN_UP_AFTER_MS + HOUR_MS],
} as const;

const KINDS_OF_TYPES: readonly (readonly EventType[])[] = [
  [],
  ['payment.paid', 'payment.closed', 'payment.declined', 'payment.reversed'],
  ['payment.paid', 'refund.succeeded', 'refund.failed'],
];

function drawEndpoint(prng: Prng, bills: number, rushMs: number): EndpointPlan {
  const outage = prng.weighted({ none: 12, minutes: 4, hours: 3, days: 1 });
  const isLong = outage === 'hours' || outage === 'days';
  const isAfterRush = isLong && bills > BILLS_OF_LONG_OUTAGES;
  const isThereFirst = !isAfterRush && prng.chance(0.6);
  const registersAfterMs = isAfterRush
    ? rushMs + 2 * MINUTE_MS
    : isThereFirst
      ? 0
      : prng.between(1, rushMs);
  const [fromMs, toMs] = OUTAGES[outage];
  return {
    ...drawWhose(prng),
    types: prng.chance(0.5) ? [] : prng.pick(KINDS_OF_TYPES),
    registersAfterMs,
    wantsThePast: !isLong && prng.chance(0.5),
    downFromMs: registersAfterMs + (prng.chance(0.5) ? 0 : prng.between(0, 2 * MINUTE_MS)),
    downForMs: prng.between(fromMs, toMs),
    rotatesAfterMs: prng.chance(0.3) ? prng.between(1000, rushMs + 2 * MINUTE_MS) : undefined,
    hasPoison: !isLong && bills <= BILLS_OF_LONG_OUTAGES && prng.chance(0.1),
    asksFirst: prng.chance(0.5),
  };
}

/** Whether everything arrives by itself, or the endpoint is given up. */
export function isGivenUp({ downForMs }: EndpointPlan): boolean {
  return downForMs >= GIVEN_UP_AFTER_MS;
}

/** How long after its beginning a run goes on, so that every endpoint has come back, and has heard what it was owed. */
export function lastsMs({ endpoints }: V2Plan): number {
  return Math.max(0, ...endpoints.map(endsAfterMs));
}

function endsAfterMs({ downFromMs, downForMs, hasPoison }: EndpointPlan): number {
  // What is refused for ever is tried for three days, too.
  if (hasPoison) return GIVEN_UP_AFTER_MS;
  return downForMs === 0 ? 0 : downFromMs + downForMs + 12 * HOUR_MS;
}
