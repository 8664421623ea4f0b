/**
 * Waits for the answer to a call that came before under the same idempotency key. Who answers it may be this process or
 * another, or dead: then patience ends, and the caller answers from the rows.
 */
import { findCall, type IdempotentCall, type StoredCall } from '../store/idempotency.ts';
import type { Deps } from './deps.ts';
import { waitForRow } from './wait-for-row.ts';

/** Beside the longest that a first call may take at Alipay. */
const RESERVE_MS = 2000;
/** Calls to Alipay that lie between an intent and its answer: the charge itself, and a confirming question. */
const CALLS = 2;

/** The topic under which its answer is told. */
export function answerTopic({ merchantId, idempotencyKey }: IdempotentCall): string {
  return `${merchantId}:${idempotencyKey}`;
}

/** The call with its answer; without one when nobody can be at work on it any more. */
export function waitForAnswer(
  deps: Pick<Deps, 'db' | 'clock' | 'news' | 'settings'>,
  call: StoredCall,
): Promise<StoredCall> {
  const { merchantId, idempotencyKey, createdAtMs } = call;
  const worksUntilMs = createdAtMs + CALLS * deps.settings.alipayTimeoutMs + RESERVE_MS;
  const leftMs = Math.max(0, worksUntilMs - deps.clock.nowMs());
  const read = () => findCall(deps.db, merchantId, idempotencyKey);
  const isSettled = ({ answer }: StoredCall) => answer !== null;
  const untilMs = deps.clock.monotonicMs() + leftMs;
  return waitForRow(deps, { topic: answerTopic(call), read, isSettled }, untilMs);
}
