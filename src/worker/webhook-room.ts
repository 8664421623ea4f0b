/**
 * Shares the room for calls to webhook endpoints among those that something is due to, so that none keeps the others waiting,
 * however slow, dead or busy it is. Pure; who is slow and what is under way, `webhook-lane.ts` knows.
 */

/** Calls of one node side by side. A dead endpoint holds each for ten seconds. */
export const WEBHOOK_ROOM = 64;
/** Calls to one endpoint side by side; to one that failed the last time, a single one finds out. */
const ROOM_OF_ENDPOINT = 4;
const ROOM_OF_FAILING = 1;
/** Those that fail or are slow share half of the room: the other half is for those that are quick, and soon free again. */
const ROOM_OF_SUSPECTS = WEBHOOK_ROOM / 2;
/** Nobody gets a second call from the last quarter: many that die at the same moment, all of them trusted, leave it free. */
const KEPT_FOR_FIRST_CALLS = WEBHOOK_ROOM / 4;

/** An endpoint that something is due to. */
export type Waiting = {
  readonly endpointNo: string;
  /** It failed the last time. */
  readonly isFailing: boolean;
  /** It took long the last time, or does now. */
  readonly isSlow: boolean;
  /** Calls to it that have not ended. */
  readonly underWay: number;
};

export type Room = {
  /** Calls that may be begun. */
  readonly free: number;
  /** Calls under way to endpoints that fail or are slow, also to those that nothing more is due to. */
  readonly toSuspects: number;
};

export function isSuspect({ isFailing, isSlow }: Pick<Waiting, 'isFailing' | 'isSlow'>): boolean {
  return isFailing || isSlow;
}

/**
 * How many calls may be begun to whom. Everybody gets a first one before anybody gets a second; where not all can, those that
 * stand first in `waiting`.
 */
export function shareRoom(waiting: readonly Waiting[], room: Room): ReadonlyMap<string, number> {
  let { free } = room;
  let freeForSuspects = ROOM_OF_SUSPECTS - room.toSuspects;
  const shares = new Map<string, number>();
  for (let has = 0; has < ROOM_OF_ENDPOINT; has += 1) {
    const kept = has === 0 ? 0 : KEPT_FOR_FIRST_CALLS;
    for (const one of waiting) {
      const share = shares.get(one.endpointNo) ?? 0;
      const isTurn = one.underWay + share === has && has < roomOf(one);
      if (!isTurn || free <= kept || (isSuspect(one) && freeForSuspects <= 0)) continue;
      shares.set(one.endpointNo, share + 1);
      free -= 1;
      if (isSuspect(one)) freeForSuspects -= 1;
    }
  }
  return shares;
}

function roomOf({ isFailing }: Waiting): number {
  return isFailing ? ROOM_OF_FAILING : ROOM_OF_ENDPOINT;
}
