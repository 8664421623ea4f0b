/**
 * A clock that several nodes share: that of their database's server, carried on between two questions by this host's
 * monotonic clock. Leases and due times are written by one node and read by another, so nodes whose hosts disagree about the
 * time would look at each other's rows too early or too late; with one clock it does not matter how a host's is set.
 */
import type { Clock } from './clock.ts';

export type SharedClock = Clock & {
  /** Asks once more. Rejects when the answer does not come; the time goes on as it was told last. */
  steer(): Promise<void>;
};

/** An answer that took longer says too little about when it was true. */
const ANSWER_MS_MAX = 1000;

/** `askNowMs` tells the server's epoch milliseconds. Asks once before it resolves. */
export async function createSharedClock(
  host: Clock,
  askNowMs: () => Promise<number>,
): Promise<SharedClock> {
  let aheadOfMonotonicMs: number | undefined;
  const steer = async (): Promise<void> => {
    const askedAtMs = host.monotonicMs();
    const nowMs = await askNowMs();
    const answeredAtMs = host.monotonicMs();
    const isSlow = answeredAtMs - askedAtMs > ANSWER_MS_MAX;
    if (isSlow && aheadOfMonotonicMs !== undefined) return;
    // The server looked at its clock somewhere between the question and the answer: half way, most likely.
    aheadOfMonotonicMs = nowMs - (askedAtMs + answeredAtMs) / 2;
  };
  await steer();
  return {
    nowMs: () => Math.floor(host.monotonicMs() + (aheadOfMonotonicMs ?? 0)),
    monotonicMs: () => host.monotonicMs(),
    sleep: (ms, signal) => host.sleep(ms, signal),
    steer,
  };
}
