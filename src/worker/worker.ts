/**
 * Picks up rows whose due time has come and has the flows look at them. The row is the job: a claim only moves its due
 * time to the end of a lease, so a node that dies loses it and another goes on. Decides nothing itself.
 */
import { lookLeaseMs } from '../core/schedule.ts';
import { checkPayment } from '../flows/check-payment.ts';
import { checkRefund } from '../flows/check-refund.ts';
import { deliverWebhook, WEBHOOK_TIMEOUT_MS } from '../flows/deliver-webhooks.ts';
import type { Deps } from '../flows/deps.ts';
import { keepTelling } from '../flows/tell-events.ts';
import { claimDuePayments, claimDueRefunds, nextDueAtMs, type Claim } from '../store/due.ts';
import { claimDueDeliveries, listDueEndpoints, nextDeliveryAtMs } from '../store/webhooks.ts';
import { keepSweeping } from './sweep.ts';

/** How long the worker sleeps at most when nobody wakes it: how late it may hear of another node's rows. */
const POLL_MS = 250;
/** How long the worker sleeps at most after turns that failed. */
const FAILED_POLL_MS_MAX = 5000;
/**
 * Rows looked at side by side. A silent Alipay holds each for one timeout, so there must be room beside those; and each
 * kind has its own, so that neither starves the other.
 */
const ROOM: Readonly<Record<Kind, number>> = { payment: 48, refund: 16, webhook: 64 };
/** Deliveries to one endpoint side by side: a slow one does not keep the others waiting. */
const ROOM_OF_ENDPOINT = 4;
/** Longer than a delivery takes, with the writes around it. */
const WEBHOOK_LEASE_MS = WEBHOOK_TIMEOUT_MS + 20_000;

export type Worker = {
  /** Resolves when the process was told to stop (`News.stop`) and the looks under way have ended. */
  ended(): Promise<void>;
};

/** What has due rows. */
export type Kind = 'payment' | 'refund' | 'webhook';

/** A claimed row, ready to be looked at. Never rejects: a failed look leaves its row to the end of the lease. */
export type Look = () => Promise<void>;

export function startWorker(deps: Deps, pollMs: number = POLL_MS): Worker {
  const follower = deps.news.follow('due');
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
      const looks = await CLAIMS[kind](deps, ROOM[kind] - underWay[kind].size);
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

/** Each kind's way to claim at most `limit` rows that are due, longest due first, for the length of a lease. */
export const CLAIMS: Readonly<
  Record<Kind, (deps: Deps, limit: number) => Promise<readonly Look[]>>
> = {
  payment: async (deps, limit) => {
    if (limit <= 0) return [];
    const due = await claimDuePayments(deps.db, claimOf(deps, limit));
    return due.map((key) => lookAt(deps, key.paymentNo, () => checkPayment(deps, key)));
  },
  refund: async (deps, limit) => {
    if (limit <= 0) return [];
    const due = await claimDueRefunds(deps.db, claimOf(deps, limit));
    return due.map((key) => lookAt(deps, key.paymentNo, () => checkRefund(deps, key)));
  },
  webhook: claimWebhooks,
};

const KINDS: readonly Kind[] = ['payment', 'refund', 'webhook'];

/** Deliveries under way to each endpoint, of each gateway in this process. */
const sending = new WeakMap<Deps, Map<string, number>>();

/** What is due to each endpoint that may be sent to, a few each. */
async function claimWebhooks(deps: Deps, limit: number): Promise<readonly Look[]> {
  const nowMs = deps.clock.nowMs();
  const looks: Look[] = [];
  const busy = sending.get(deps) ?? new Map<string, number>();
  sending.set(deps, busy);
  const count = (endpointNo: string, more: number): void =>
    void busy.set(endpointNo, (busy.get(endpointNo) ?? 0) + more);
  // The least served first: slow ones hold what they have, and get no more while others wait.
  const due = await listDueEndpoints(deps.db, nowMs);
  const inTurn = due.toSorted((a, b) => (busy.get(a) ?? 0) - (busy.get(b) ?? 0));
  for (const endpointNo of inTurn) {
    const room = Math.min(ROOM_OF_ENDPOINT - (busy.get(endpointNo) ?? 0), limit - looks.length);
    if (room <= 0) continue;
    const leaseEndMs = nowMs + WEBHOOK_LEASE_MS;
    const claim = { nowMs, leaseEndMs, limit: room, endpointNo };
    for (const delivery of await claimDueDeliveries(deps.db, claim)) {
      count(endpointNo, 1);
      const look = lookAt(deps, delivery.paymentNo, () => deliverWebhook(deps, delivery));
      looks.push(() => look().finally(() => count(endpointNo, -1)));
    }
  }
  return looks;
}

function claimOf(deps: Deps, limit: number): Claim {
  const nowMs = deps.clock.nowMs();
  return { nowMs, leaseEndMs: nowMs + lookLeaseMs(deps.settings.alipayTimeoutMs), limit };
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
