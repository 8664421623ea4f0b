/**
 * What a seed draws before anything happens: how many nodes, which settings, and how hostile the world is. Each fault is
 * off in about half of the runs, because a fault that is always there hides what happens without it; all rates are
 * printed with the run.
 */
import { NOTIFICATION_PATH } from '../../src/api/notifications.ts';
import type { FlowSettings } from '../../src/flows/deps.ts';
import type { Prng } from './prng.ts';
import { drawV2, type V2Plan } from './v2/plan.ts';

export const SIMULATOR_URL = 'http://simulator.test';
const GATEWAY_URL = 'http://gateway.test';

/** Probabilities per call, per notification or per port call, as the names say; zero is off. */
export type FaultRates = {
  /** Calls to Alipay. */
  readonly requestLost: number;
  readonly responseLost: number;
  readonly requestDelayed: number;
  readonly responseDelayed: number;
  readonly requestDuplicated: number;
  readonly answerCorrupted: number;
  /** The answer is one that Alipay gave to another order: signed, and about somebody else. */
  readonly answerSwapped: number;
  /** Alipay's own failures: 20000, 502, an empty body, a wrong or missing signature. */
  readonly alipayFails: number;
  /** The answer is somebody else's: no signature, or a stranger's, and a lie that would hurt. */
  readonly answerForged: number;
  /** A charge is declined, and its trade stays open. */
  readonly declinedAndOpen: number;
  /** A refund is refused without a look at whether it was executed before, or is taken and not executed. */
  readonly refundNotDone: number;
  /** A cancel is not carried out, and is asked to be sent again (`retry_flag` Y). */
  readonly cancelNotDone: number;
  /** Notifications. */
  readonly notificationLost: number;
  readonly notificationDelayed: number;
  readonly notificationDuplicated: number;
  readonly notificationForged: number;
  /** A till's own call to the gateway, there or back. */
  readonly tillCallLost: number;
  /** A till sends a call twice at once. */
  readonly tillInHurry: number;
  /** A till goes away for ever. */
  readonly tillVanishes: number;
  /** A port call of a node is its last. */
  readonly crash: number;
  /** An access to the database is held up. */
  readonly stall: number;
  /** A till of v2 says something else under a key that stands for another call. */
  readonly tillMistaken: number;
  /** A call to a program that wants to hear of events: lost there or back, answered too late, not taken. */
  readonly webhookLost: number;
  readonly webhookSlow: number;
  readonly webhookRefused: number;
  /** A program that reads the feed of events forgets how far it was. */
  readonly followerForgets: number;
};

const RATES_MAX: FaultRates = {
  requestLost: 0.15,
  responseLost: 0.15,
  requestDelayed: 0.15,
  responseDelayed: 0.15,
  requestDuplicated: 0.15,
  answerCorrupted: 0.1,
  answerSwapped: 0.1,
  alipayFails: 0.2,
  answerForged: 0.1,
  declinedAndOpen: 0.3,
  refundNotDone: 0.5,
  cancelNotDone: 0.4,
  notificationLost: 1,
  notificationDelayed: 0.5,
  notificationDuplicated: 0.3,
  notificationForged: 0.3,
  tillCallLost: 0.2,
  tillInHurry: 0.4,
  tillVanishes: 0.3,
  crash: 0.002,
  stall: 0.02,
  tillMistaken: 0.4,
  webhookLost: 0.3,
  webhookSlow: 0.2,
  webhookRefused: 0.5,
  followerForgets: 0.2,
};

export const NO_FAULTS: FaultRates = mapRates(() => 0);

/** Extremes teach most: a rate is zero, small, or anything up to its bound. */
export function drawRates(prng: Prng): FaultRates {
  return mapRates((max) => {
    const level = prng.weighted({ off: 5, low: 2, any: 3 });
    const drawn = max * prng.next();
    return level === 'off' ? 0 : level === 'low' ? drawn * 0.1 : drawn;
  });
}

function mapRates(rateOf: (max: number) => number): FaultRates {
  const entries = Object.entries(RATES_MAX).map(([name, max]) => [
    name,
    Number(rateOf(max).toFixed(5)),
  ]);
  // The keys are those of `RATES_MAX`.
  return Object.fromEntries(entries) as FaultRates;
}

export type Swarm = {
  readonly nodes: number;
  readonly bills: number;
  /** Bills are begun one by one within this time. */
  readonly rushMs: number;
  /** How wrong each node's clock is. */
  readonly skewsMs: readonly number[];
  readonly rates: FaultRates;
  readonly settings: FlowSettings;
  readonly v2: V2Plan;
};

/** All clocks are right, and nobody ever stands still. */
export function isExact({ skewsMs, rates }: Swarm): boolean {
  return skewsMs.every((ms) => ms === 0) && rates.stall === 0;
}

const MINUTE_MS = 60_000;

export function drawSwarm(prng: Prng, bills: number): Swarm {
  const nodes = prng.weighted({ one: 4, two: 4, three: 2 });
  const count = { one: 1, two: 2, three: 3 }[nodes];
  const isSkewed = prng.chance(0.4);
  const rushMs = prng.between(5_000, 120_000);
  return {
    nodes: count,
    bills,
    rushMs,
    skewsMs: Array.from({ length: count }, () =>
      isSkewed ? prng.between(-2 * MINUTE_MS, 2 * MINUTE_MS) : 0,
    ),
    rates: drawRates(prng.fork('rates')),
    settings: drawSettings(prng.fork('settings')),
    v2: drawV2(prng.fork('v2'), bills, rushMs),
  };
}

function drawSettings(prng: Prng): FlowSettings {
  return {
    ...PLAIN_SETTINGS,
    barcodeWaitS: prng.pick([1, 10, 30]),
    paymentDeadlineS: prng.pick([15, 30, 60]),
    qrExpiresS: prng.pick([60, 90, 120]),
    alipayTimeoutMs: prng.pick([3_000, 10_000]),
    confirm: prng.chance(0.3) ? 'strict' : 'background',
    latePayment: prng.chance(0.5) ? 'refund' : 'incident',
    notifyUrl: prng.chance(0.8) ? PLAIN_SETTINGS.notifyUrl : undefined,
  };
}

/** What scripted stories run with. */
export const PLAIN_SETTINGS: FlowSettings = {
  enrolment: 'open',
  // Longer than any run, so that no till has to enrol again.
  tokenTtlS: 30 * 86_400,
  barcodeWaitS: 30,
  paymentDeadlineS: 60,
  qrExpiresS: 120,
  alipayTimeoutMs: 10_000,
  confirm: 'background',
  latePayment: 'incident',
  publicUrl: undefined,
  notifyUrl: `${GATEWAY_URL}${NOTIFICATION_PATH}`,
  simulator: { url: SIMULATOR_URL, token: undefined },
};
