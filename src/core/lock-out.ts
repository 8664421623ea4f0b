/**
 * What a wrong password costs: after a few in a row whoever tries waits a minute, then two, at most an hour. An attempt counts
 * as a failure until it has succeeded, so that many at once are not more than many one after the other.
 */

/** What is known of the attempts at one name, or from one address. */
export type Attempts = {
  readonly failures: number;
  readonly lastAtMs: number;
  readonly lockedUntilMs: number | null;
  readonly version: number;
};

export type AttemptRule = {
  /** So many failures in a row, and the next one waits. */
  readonly failuresMax: number;
  /** For so long without any, one is forgiven. */
  readonly forgivenEveryMs: number;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A person mistypes a few times, and then succeeds, which forgives all. */
export const NAME_RULE: AttemptRule = { failuresMax: 5, forgivenEveryMs: Infinity };
/** Behind one address may be a whole shop, whose successes forgive nothing: one of them may be an attacker's. */
export const ADDRESS_RULE: AttemptRule = { failuresMax: 30, forgivenEveryMs: 2 * MINUTE_MS };

/** After so long a quiet nothing is held against anybody. */
export const ATTEMPTS_KEPT_MS = 24 * HOUR_MS;

export type Attempt =
  | { readonly kind: 'allowed'; readonly attempts: Attempts }
  | { readonly kind: 'locked'; readonly untilMs: number };

/** One more attempt, counted before it is known how it ends; or when the next one may be. */
export function attempt(
  before: Attempts | undefined,
  { failuresMax, forgivenEveryMs }: AttemptRule,
  nowMs: number,
): Attempt {
  const untilMs = before?.lockedUntilMs ?? nowMs;
  if (untilMs > nowMs) return { kind: 'locked', untilMs };
  const quietMs = Math.max(0, nowMs - (before?.lastAtMs ?? nowMs));
  const kept = before === undefined || quietMs >= ATTEMPTS_KEPT_MS ? 0 : before.failures;
  const failures = Math.max(0, kept - Math.floor(quietMs / forgivenEveryMs)) + 1;
  const lockMs = Math.min(HOUR_MS, MINUTE_MS * 2 ** (failures - failuresMax));
  return {
    kind: 'allowed',
    attempts: {
      failures,
      lastAtMs: nowMs,
      lockedUntilMs: failures < failuresMax ? null : nowMs + lockMs,
      version: (before?.version ?? 0) + 1,
    },
  };
}

/** Without one attempt that turned out to be none; a lock that others earned stays. */
export function withoutOne(
  attempts: Attempts,
  counted: Attempts,
  before: Attempts | undefined,
  { failuresMax }: AttemptRule,
): Attempts {
  const version = attempts.version + 1;
  // Nobody tried meanwhile: it is as if this one had never been.
  if (attempts.version === counted.version) {
    const { failures = 0, lockedUntilMs = null, lastAtMs = attempts.lastAtMs } = before ?? {};
    return { failures, lockedUntilMs, lastAtMs, version };
  }
  const failures = Math.max(0, attempts.failures - 1);
  const lockedUntilMs = failures < failuresMax ? null : attempts.lockedUntilMs;
  return { ...attempts, failures, lockedUntilMs, version };
}
