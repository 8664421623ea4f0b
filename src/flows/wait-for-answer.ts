/**
 * Waits for the answer to a call that came before under the same idempotency key. Who answers it may be this process or
 * another, or dead: so the wait also ends when what the call began has ended, or with patience, and the caller answers from
 * the rows.
 */
import { assert } from '../core/assert.ts';
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

/**
 * The call as it is when it has an answer, or what it began has ended (`isOver`); or when nobody can be at work on it any more,
 * and `waitMs`, which its caller has patience for, have passed.
 */
export async function waitForAnswer(
  deps: Pick<Deps, 'db' | 'clock' | 'news' | 'settings'>,
  call: StoredCall,
  isOver: (call: StoredCall) => Promise<boolean>,
  waitMs: number,
): Promise<StoredCall> {
  const { merchantId, idempotencyKey, createdAtMs } = call;
  const worksUntilMs = createdAtMs + CALLS * deps.settings.alipayTimeoutMs + RESERVE_MS;
  const leftMs = Math.max(0, worksUntilMs - deps.clock.nowMs(), waitMs);
  const read = async () => {
    const stored = await findCall(deps.db, merchantId, idempotencyKey);
    assert(stored !== undefined, 'a call is kept for days');
    return { stored, isSettled: stored.answer !== null || (await isOver(stored)) };
  };
  const { stored } = await waitForRow(
    deps,
    { topic: answerTopic(call), read, isSettled: ({ isSettled }) => isSettled },
    deps.clock.monotonicMs() + leftMs,
  );
  return stored;
}
