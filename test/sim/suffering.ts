/**
 * What one call to Alipay suffers on its way there and back, drawn from the stream of its bill.
 */
import { FORGERS, type Forger, type NotDone } from './lies.ts';
import type { NetworkEvents, WireCall } from './network.ts';
import type { Prng } from './prng.ts';
import type { FaultRates } from './swarm.ts';

const SECOND_MS = 1000;
/** Failures of Alipay's own, as the simulator's control API knows them. */
const ALIPAY_FAULTS = [
  'unknown_20000',
  'unknown_20000_gbk',
  'http_502',
  'empty_body',
  'bad_signature',
  'no_signature',
  'tampered_body',
] as const;

/** What one call suffers. */
export type Suffering = {
  readonly requestMs: number;
  readonly responseMs: number;
  readonly lost: 'request' | 'response' | undefined;
  /** The request arrives a second time, this long after the first. */
  readonly againAfterMs: number | undefined;
  /** Of a doubled request, the answer that comes back is the second one. */
  readonly isSecondAnswer: boolean;
  readonly isCorrupted: boolean;
  readonly isSwapped: boolean;
  readonly forger: Forger | undefined;
  readonly isDeclinedAndOpen: boolean;
  /** What Alipay says of a refund or a cancel that it does not carry out. */
  readonly notDone: NotDone | undefined;
  readonly alipayFault:
    | { readonly kind: (typeof ALIPAY_FAULTS)[number]; readonly executed: boolean }
    | undefined;
};

/** Longer than a clerk waits, longer than a call waits, longer than a payment waits. */
const DELAYS_MS = {
  short: [500, 12 * SECOND_MS],
  long: [5 * SECOND_MS, 100 * SECOND_MS],
  stuck: [100 * SECOND_MS, 600 * SECOND_MS],
} as const;

export function drawSuffering(prng: Prng, call: WireCall, rates: FaultRates): Suffering {
  const delayMs = (rate: number): number => {
    if (!prng.chance(rate)) return prng.between(5, 150);
    const [fromMs, toMs] = DELAYS_MS[prng.weighted({ short: 12, long: 4, stuck: 1 })];
    return prng.between(fromMs, toMs);
  };
  return {
    requestMs: delayMs(rates.requestDelayed),
    responseMs: delayMs(rates.responseDelayed),
    lost: prng.chance(rates.requestLost)
      ? 'request'
      : prng.chance(rates.responseLost)
        ? 'response'
        : undefined,
    againAfterMs: prng.chance(rates.requestDuplicated)
      ? prng.between(0, 20 * SECOND_MS)
      : undefined,
    isSecondAnswer: prng.chance(0.5),
    isCorrupted: prng.chance(rates.answerCorrupted),
    isSwapped: prng.chance(rates.answerSwapped),
    forger: prng.chance(rates.answerForged) ? prng.pick(FORGERS) : undefined,
    isDeclinedAndOpen: prng.chance(rates.declinedAndOpen),
    notDone: drawNotDone(prng, call, rates),
    alipayFault: prng.chance(rates.alipayFails)
      ? { kind: prng.pick(ALIPAY_FAULTS), executed: prng.chance(0.5) }
      : undefined,
  };
}

function drawNotDone(
  prng: Prng,
  { method }: WireCall,
  { refundNotDone, cancelNotDone }: FaultRates,
): NotDone | undefined {
  if (method === 'alipay.trade.refund' && prng.chance(refundNotDone)) {
    return prng.pick(['refused', 'taken'] as const);
  }
  return method === 'alipay.trade.cancel' && prng.chance(cancelNotDone) ? 'retry' : undefined;
}

export function tellMarks(events: NetworkEvents, call: WireCall, suffering: Suffering): void {
  const method = call.method.replace(/^alipay\.trade\./, '');
  if (suffering.lost !== undefined) events.onMark(`network: ${method} ${suffering.lost} lost`);
  if (suffering.requestMs > SECOND_MS) events.onMark(`network: ${method} request late`);
  if (suffering.againAfterMs !== undefined) events.onMark(`network: ${method} request doubled`);
  if (suffering.isCorrupted) events.onMark('network: answer corrupted');
  if (suffering.isSwapped) events.onMark('network: answer of another order');
  if (suffering.alipayFault !== undefined) events.onMark(`alipay: ${suffering.alipayFault.kind}`);
  if (suffering.notDone !== undefined) events.onMark(`alipay: ${method} ${suffering.notDone}`);
  if (suffering.forger !== undefined)
    events.onMark(`network: answer forged by ${suffering.forger}`);
}
