/**
 * Picks up rows whose due time has come and has the flows look at them. The row is the job: a claim only moves its due
 * time to the end of a lease, so a node that dies loses it and another goes on. Decides nothing itself.
 */
import { lookLeaseMs } from '../core/schedule.ts';
import { checkPayment } from '../flows/check-payment.ts';
import { checkRefund } from '../flows/check-refund.ts';
import type { Deps } from '../flows/deps.ts';
import { deleteTokensExpiredBefore } from '../store/dongles.ts';
import { listDuePayments, nextDueAtMs, savePaymentDue } from '../store/payments.ts';
import { listDueRefunds, saveRefundDue } from '../store/refunds.ts';

/** How long the worker sleeps at most when nobody wakes it: how late it may hear of another node's rows. */
const POLL_MS = 250;
/** Rows looked at side by side. A silent Alipay holds each for one timeout, so there must be room beside those. */
const LOOKS_MAX = 64;
const HOUR_MS = 3_600_000;

export type Worker = {
  /** Resolves when the process was told to stop (`News.stop`) and the looks under way have ended. */
  ended(): Promise<void>;
};

/** A claimed row, ready to be looked at. Never rejects: a failed look leaves its row to the end of the lease. */
export type Look = () => Promise<void>;

export function startWorker(deps: Deps, pollMs: number = POLL_MS): Worker {
  const follower = deps.news.follow('due');
  const underWay = new Set<Promise<void>>();
  const begin = (look: Look): void => {
    const running = look().finally(() => {
      const wasFull = underWay.size >= LOOKS_MAX;
      underWay.delete(running);
      if (wasFull) deps.news.tell('due');
    });
    underWay.add(running);
  };
  /** Claims what is due, if there is room; how long to sleep then. */
  const turn = async (): Promise<number> => {
    const untilDueMs = await untilNextDueMs(deps);
    if (untilDueMs > 0) return Math.min(untilDueMs, pollMs);
    const looks = await claimDue(deps, LOOKS_MAX - underWay.size);
    looks.forEach(begin);
    // A row that is due already and was not claimed is not waited for: there was no room, or another node has it.
    return looks.length > 0 ? 0 : pollMs;
  };
  const sweeping = sweepTokens(deps);
  const running = (async () => {
    while (!deps.news.stopping) {
      const sleepMs = await turn().catch((error: unknown) => {
        // The database is away, say: the rows are still due, so try again at the next turn.
        deps.log.error({ err: error }, 'worker turn failed');
        return pollMs;
      });
      if (sleepMs > 0) await follower.next(sleepMs);
    }
    follower.close();
    await Promise.all(underWay);
  })();
  return {
    ended: async () => {
      await Promise.all([running, sweeping]);
    },
  };
}

/** How long until a row of any kind is due; at most 0 when one is already, Infinity when none will be. */
async function untilNextDueMs(deps: Deps): Promise<number> {
  const dueAtMs = await nextDueAtMs(deps.db);
  return dueAtMs === undefined ? Infinity : dueAtMs - deps.clock.nowMs();
}

/** Claims at most `limit` rows that are due, for the length of a lease. */
export async function claimDue(deps: Deps, limit: number): Promise<readonly Look[]> {
  if (limit <= 0) return [];
  const nowMs = deps.clock.nowMs();
  const leaseEndMs = nowMs + lookLeaseMs(deps.settings.alipayTimeoutMs);
  const refunds = (await listDueRefunds(deps.db, nowMs, limit)).map((refund) => ({
    dueAtMs: refund.dueAtMs ?? nowMs,
    claim: () => saveRefundDue(deps.db, refund, leaseEndMs),
    look: lookAt(deps, refund.paymentNo, () => checkRefund(deps, refund)),
  }));
  const payments = (await listDuePayments(deps.db, nowMs, limit)).map((payment) => ({
    dueAtMs: payment.dueAtMs ?? nowMs,
    claim: () => savePaymentDue(deps.db, payment, leaseEndMs),
    look: lookAt(deps, payment.paymentNo, () => checkPayment(deps, payment)),
  }));
  // Longest due first, whatever it is: neither kind can starve the other.
  const due = [...refunds, ...payments].toSorted((a, b) => a.dueAtMs - b.dueAtMs).slice(0, limit);
  const looks: Look[] = [];
  for (const { claim, look } of due) {
    if (await claim()) looks.push(look);
  }
  return looks;
}

function lookAt(deps: Deps, paymentNo: string, check: () => Promise<unknown>): Look {
  return async () => {
    try {
      await check();
    } catch (error) {
      deps.log.error({ err: error, paymentNo }, 'look at a due row failed');
    }
  };
}

/** Tokens that expired are of no use to anyone. */
async function sweepTokens(deps: Deps): Promise<void> {
  const follower = deps.news.follow('sweep');
  while (!deps.news.stopping) {
    await deleteTokensExpiredBefore(deps.db, deps.clock.nowMs()).catch((error: unknown) => {
      deps.log.error({ err: error }, 'expired tokens could not be deleted');
    });
    await follower.next(HOUR_MS);
  }
  follower.close();
}
