/**
 * Claims webhook deliveries that are due, each endpoint's share of the room (`webhook-room.ts`), and keeps in mind what is
 * under way to whom, and how long it takes. Each node does so for itself; that an endpoint fails is stored, and known to all.
 */
import { deliverWebhook, WEBHOOK_TIMEOUT_MS } from '../flows/deliver-webhooks.ts';
import type { Deps } from '../flows/deps.ts';
import { claimDueDeliveries, listDueEndpoints } from '../store/webhooks.ts';
import { lookAt, type Look } from './look.ts';
import { isSuspect, shareRoom, type Waiting } from './webhook-room.ts';

/** Longer than a delivery takes, with the writes around it. */
const LEASE_MS = WEBHOOK_TIMEOUT_MS + 20_000;
/** A call that takes longer makes its endpoint a slow one, until another takes less. */
const SLOW_AFTER_MS = 1000;

/** What this node knows of an endpoint that something was due to. */
type Known = {
  readonly endpointNo: string;
  /** As it was stored when something was due to it last. */
  isFailing: boolean;
  readonly underWay: Set<{ readonly beganMs: number }>;
  /** Whether its last call took long. */
  wasSlow: boolean;
  /** Counts claims: the one who was claimed from least recently comes first. */
  turn: number;
};

/** A way to claim at most `free` deliveries, for the length of a lease. They are under way once they are begun. */
export function createWebhookLane(deps: Deps): (free: number) => Promise<readonly Look[]> {
  // There are as many as there are endpoints, of which each owner has few.
  const all = new Map<string, Known>();
  let turn = 0;
  return async (free) => {
    if (free <= 0) return [];
    const due = await listDueEndpoints(deps.db, deps.clock.nowMs());
    const waiting = due.map((one) => remember(all, one)).toSorted((a, b) => a.turn - b.turn);
    const nowMs = deps.clock.monotonicMs();
    const toSuspects = [...all.values()]
      .filter((one) => isSuspect(asWaiting(one, nowMs)))
      .reduce((sum, { underWay }) => sum + underWay.size, 0);
    const shares = shareRoom(
      waiting.map((one) => asWaiting(one, nowMs)),
      { free, toSuspects },
    );
    const looks: Look[] = [];
    for (const one of waiting) {
      const share = shares.get(one.endpointNo);
      if (share === undefined) continue;
      one.turn = turn += 1;
      looks.push(...(await claimFrom(deps, one, share)));
    }
    return looks;
  };
}

function remember(
  all: Map<string, Known>,
  { endpointNo, isFailing }: Pick<Known, 'endpointNo' | 'isFailing'>,
): Known {
  const known = all.get(endpointNo) ?? {
    endpointNo,
    isFailing,
    underWay: new Set(),
    wasSlow: false,
    turn: 0,
  };
  known.isFailing = isFailing;
  all.set(endpointNo, known);
  return known;
}

function asWaiting({ endpointNo, isFailing, underWay, wasSlow }: Known, nowMs: number): Waiting {
  const isSlow = wasSlow || [...underWay].some(({ beganMs }) => isLong(beganMs, nowMs));
  return { endpointNo, isFailing, isSlow, underWay: underWay.size };
}

function isLong(beganMs: number, nowMs: number): boolean {
  return nowMs - beganMs > SLOW_AFTER_MS;
}

async function claimFrom(deps: Deps, known: Known, limit: number): Promise<readonly Look[]> {
  const { clock, db, news } = deps;
  const nowMs = clock.nowMs();
  const { endpointNo, underWay } = known;
  const claim = { nowMs, leaseEndMs: nowMs + LEASE_MS, limit, endpointNo };
  const claimed = await claimDueDeliveries(db, claim);
  return claimed.map((delivery) => {
    const look = lookAt(deps, delivery.paymentNo, () => deliverWebhook(deps, delivery));
    return async () => {
      const call = { beganMs: clock.monotonicMs() };
      underWay.add(call);
      await look();
      underWay.delete(call);
      known.wasSlow = isLong(call.beganMs, clock.monotonicMs());
      // There is room for what could not be claimed, and the next event of its payment may be due.
      news.tell('due');
    };
  });
}
