/**
 * Picks up rows whose due time has come and has the flows look at them. The row is the job: a claim only moves its due
 * time to the end of a lease, so a node that dies loses it and another goes on. Decides nothing itself.
 */
import { lookLeaseMs } from '../core/schedule.ts';
import { checkPayment } from '../flows/check-payment.ts';
import { checkRefund } from '../flows/check-refund.ts';
import type { Deps } from '../flows/deps.ts';
import { keepTelling } from '../flows/tell-events.ts';
import { claimDuePayments, claimDueRefunds, nextDueAtMs, type Claim } from '../store/due.ts';
import { nextDeliveryAtMs } from '../store/webhooks.ts';
import { lookAt, type Look } from './look.ts';
import { keepSweeping } from './sweep.ts';
import { createWebhookLane } from './webhook-lane.ts';
import { WEBHOOK_ROOM } from './webhook-room.ts';

/** How long the worker sleeps at most when nobody wakes it: how late it may hear of another node's rows. */
const POLL_MS = 250;
/** How long the worker sleeps at most after turns that failed. */
const FAILED_POLL_MS_MAX = 5000;
/**
 * Rows looked at side by side. A silent Alipay holds each for one timeout, so there must be room beside those; and each
 * kind has its own, so that neither starves the other.
 */
const ROOM: Readonly<Record<Kind, number>> = {
  payment: 48,
  refund: 16,
  webhook: WEBHOOK_ROOM,
};

export type Worker = {
  /** Resolves when the process was told to stop (`News.stop`) and the looks under way have ended. */
  ended(): Promise<void>;
};

/** What has due rows. */
export type Kind = 'payment' | 'refund' | 'webhook';

export function startWorker(deps: Deps, pollMs: number = POLL_MS): Worker {
  const follower = deps.news.follow('due');
  const claims = createClaims(deps);
  const underWay: Readonly<Record<Kind, Set<Promise<void>>>> = {
    payment: new Set(),
    refund: new Set(),
    webhook: new Set(),
  };
  const begin = (kind: Kind, look: Look): void => {
    const running = look().finally(() => {
      const wasFull = underWay[kind].size >= ROOM[kind];
      underWay[kind].delete(running);
      if (wasFull) deps.news.tell('due');
    });
    underWay[kind].add(running);
  };
  /** Claims what is due, if there is room; how long to sleep then. */
  const turn = async (): Promise<number> => {
    const untilDueMs = await untilNextDueMs(deps);
    if (untilDueMs > 0) return Math.min(untilDueMs, pollMs);
    let claimed = 0;
    for (const kind of KINDS) {
      const looks = await claims[kind](ROOM[kind] - underWay[kind].size);
      for (const look of looks) begin(kind, look);
      claimed += looks.length;
    }
    // A row that is due already and was not claimed is not waited for: there was no room, or another node has it.
    return claimed > 0 ? 0 : pollMs;
  };
  const besides = [keepSweeping(deps), keepTelling(deps, pollMs)];
  let failures = 0;
  const running = (async () => {
    while (!deps.news.stopping) {
      const sleepMs = await turn().then(
        (ms) => {
          failures = 0;
          return ms;
        },
        (error: unknown) => {
          // The database is away, say: the rows are still due, so try again, less and less often.
          deps.log.error({ err: error }, 'worker turn failed');
          failures += 1;
          return Math.min(pollMs * 2 ** failures, FAILED_POLL_MS_MAX);
        },
      );
      if (sleepMs > 0) await follower.next(sleepMs);
    }
    follower.close();
    await Promise.all(KINDS.flatMap((kind) => [...underWay[kind]]));
  })();
  return {
    ended: async () => {
      await Promise.all([running, ...besides]);
    },
  };
}

/** How long until a row of any kind is due; at most 0 when one is already, Infinity when none will be. */
async function untilNextDueMs(deps: Deps): Promise<number> {
  const dueAtMs = (await nextDueAtMs(deps.db)) ?? Infinity;
  const deliveryAtMs = (await nextDeliveryAtMs(deps.db)) ?? Infinity;
  return Math.min(dueAtMs, deliveryAtMs) - deps.clock.nowMs();
}

/** A way to claim at most `limit` rows that are due, those due longest first, for the length of a lease. */
export type ClaimDue = (limit: number) => Promise<readonly Look[]>;

/** Each kind's way to claim. */
export function createClaims(deps: Deps): Readonly<Record<Kind, ClaimDue>> {
  const claimOf = (limit: number): Claim => {
    const nowMs = deps.clock.nowMs();
    return { nowMs, leaseEndMs: nowMs + lookLeaseMs(deps.settings.alipayTimeoutMs), limit };
  };
  return {
    payment: async (limit) => {
      if (limit <= 0) return [];
      const due = await claimDuePayments(deps.db, claimOf(limit));
      return due.map((key) => lookAt(deps, key.paymentNo, () => checkPayment(deps, key)));
    },
    refund: async (limit) => {
      if (limit <= 0) return [];
      const due = await claimDueRefunds(deps.db, claimOf(limit));
      return due.map((key) => lookAt(deps, key.paymentNo, () => checkRefund(deps, key)));
    },
    webhook: createWebhookLane(deps),
  };
}

const KINDS: readonly Kind[] = ['payment', 'refund', 'webhook'];
