/**
 * Whether the same request is sent again, when, and what an attempt without a success leaves open. Pure: `transport.ts` sends and waits. What may have
 * had its effect is only ever sent again under its idempotency key; without one a request is sent again only if it surely changed nothing.
 */

/** What came of an attempt that is no success. */
export type Outcome =
  | {
      readonly kind: 'refusal';
      readonly status: number;
      /** What was said, as JSON; undefined when it was something else. */
      readonly body: unknown;
      readonly retryAfterS: number | undefined;
    }
  /** Nothing that could be read came back. `isUnsent`: it cannot have reached the gateway. */
  | { readonly kind: 'silence'; readonly cause: unknown; readonly isUnsent: boolean };

const FIRST_PAUSE_MS = 500;
const PAUSE_MS_MAX = 8000;
const SECOND_MS = 1000;

/** Passing troubles of the gateway, or of a proxy before it. */
const TROUBLE: readonly number[] = [500, 502, 503, 504];
/** It is counted before anything is done. */
const TOO_MANY = 429;
/** From here on an answer does not say what was done before it. */
const FAULTS_FROM = 500;

/** How long to wait before the same request is sent again; undefined when it must not be, or would bring nothing. */
export function pauseAfter(
  outcome: Outcome,
  {
    attempt,
    isRepeatable,
    chance,
  }: {
    /** 1 for the first. */
    readonly attempt: number;
    /** It changes nothing, or has a key under which it has one effect. */
    readonly isRepeatable: boolean;
    /** From 0 to 1: many clients must not come back at the same moment. */
    readonly chance: number;
  },
): number | undefined {
  if (!mayRepeat(outcome, isRepeatable)) return undefined;
  const longestMs = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  const pauseMs = longestMs * (0.5 + chance / 2);
  // What is asked for is the least: who comes back a little later is welcome, too.
  const askedMs = outcome.kind === 'refusal' ? (outcome.retryAfterS ?? 0) * SECOND_MS : 0;
  return askedMs + pauseMs;
}

function mayRepeat(outcome: Outcome, isRepeatable: boolean): boolean {
  if (outcome.kind === 'silence') return isRepeatable || outcome.isUnsent;
  if (outcome.status === TOO_MANY) return true;
  return isRepeatable && TROUBLE.includes(outcome.status) && !isSettled(outcome.body);
}

/** Whether the gateway may have done what was asked, though no success was heard of it. */
export function leavesDoubt(outcome: Outcome): boolean {
  if (outcome.kind === 'silence') return !outcome.isUnsent;
  return outcome.status >= FAULTS_FROM && !isSettled(outcome.body);
}

/** Alipay was asked for a QR code in vain: under this key the answer stays the same, and a new key is the caller's to choose. */
function isSettled(body: unknown): boolean {
  return (
    typeof body === 'object' && body !== null && 'code' in body && body.code === 'alipay_silent'
  );
}

/** Seconds of a `Retry-After`; a date is not understood, and left to the growing pauses. */
export function retryAfterOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

/**
 * What a network says before anything was sent, and only then: `EHOSTUNREACH`, say, also ends connections that were there.
 * Browsers never tell.
 */
const NEVER_SENT: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
];

export function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && NEVER_SENT.includes(cause.code);
}
