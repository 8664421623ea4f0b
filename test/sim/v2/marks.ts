/**
 * Reach marks of v2: rare branches that a long run must have been through, read from what was answered and heard. Which of them
 * are due is in `../marks.ts`.
 */
import type { Told } from '../ledger.ts';
import type { RunRecord } from '../record.ts';
import type { Endpoint } from './owner.ts';
import { isGivenUp } from './plan.ts';
import type { V2Books } from './world.ts';
import { receiptsOf } from './webhook-checks.ts';

type Mark = RunRecord['mark'];

export function markV2({ mark, ledger }: RunRecord, books: V2Books): void {
  markAnswers(mark, ledger.told);
  for (const endpoint of books.endpoints) markEndpoint(mark, endpoint);
}

function markAnswers(mark: Mark, told: readonly Told[]): void {
  const keyed = told.filter(({ v2 }) => v2?.key !== undefined);
  for (const [, calls] of Map.groupBy(keyed, ({ bill, v2 }) => `${bill.name} ${v2?.key}`)) {
    markKey(mark, calls);
  }
  for (const { call, v2, verdict, atMs } of told) {
    if (v2 === undefined || v2.status === 0) continue;
    if (v2.problem !== undefined) mark(`v2: ${call.slice('v2 '.length)}, ${v2.problem}`);
    if (call !== 'v2 look' || v2.waitMs === 0 || v2.problem !== undefined) continue;
    const waitedMs = atMs - v2.askedAtMs;
    if (verdict === 'open') mark('v2: a wait ran out');
    else if (waitedMs > 100) mark('v2: a wait was ended by the outcome');
  }
}

/** Calls under one key, in the order in which they were answered. */
function markKey(mark: Mark, calls: readonly Told[]): void {
  const first = calls.find(
    ({ v2 }) => v2?.isReplayed === false && v2.problem === undefined && v2.status > 0,
  );
  for (const { v2, verdict } of calls) {
    if (v2?.isReplayed !== true || v2.problem !== undefined) continue;
    if (first === undefined) mark('v2: replayed, and nobody heard the first answer');
    else if (v2.askedAtMs < first.atMs) mark('v2: replayed while the first was under way');
    else mark('v2: replayed');
    if (verdict === 'open') mark('v2: replayed, and open still');
  }
}

const HOUR_MS = 3_600_000;

function markEndpoint(mark: Mark, endpoint: Endpoint): void {
  const receipts = receiptsOf(endpoint);
  const known = new Map<string, boolean>();
  for (const { id, isTaken, atMs } of receipts) {
    const before = known.get(id);
    if (before !== undefined)
      mark(before ? 'webhook: taken, and sent again' : 'webhook: refused, and sent again');
    known.set(id, isTaken || before === true);
    const { fromMs } = endpoint.receiver.outage;
    if (!isGivenUp(endpoint.plan) && atMs > fromMs + HOUR_MS) mark('webhook: arrived after hours');
  }
  const { stateFound, plan, secrets } = endpoint;
  if (stateFound === 'failing')
    mark(isGivenUp(plan) ? 'webhook: given up' : 'webhook: given up for one payment');
  if (plan.wantsThePast && receipts.length > 0) mark('webhook: the past was asked for');
  const both = receipts.some(({ signature }) => signature.includes(' '));
  if (secrets.length > 1 && both) mark('webhook: signed by two secrets');
}
