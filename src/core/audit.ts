/**
 * What the audit log keeps: who did what, from where, to what, and what came of it. Each entry carries the hash of the one
 * before it, so that nobody can change, remove or insert one without that being seen. Here stands what an entry is, and
 * the text that its hash is made of; who writes entries is in `flows/keep-audit.ts`, who checks them in `flows/verify-audit.ts`.
 */

/** Who did it. `nobody`: the call named nobody, as a sign-in that failed. */
export type Actor = {
  readonly kind: 'user' | 'api_key' | 'operator_cli' | 'nobody';
  /** `user_…`, `key_…`; else the kind itself. */
  readonly id: string;
  /** As it was called then. */
  readonly name: string;
};

/** Who asked for a payment or a refund, as it is kept there. */
export type Creator = Pick<Actor, 'id' | 'name'>;

/** What came of it, as the API says it. */
export type AuditOutcome = {
  readonly status: number;
  /** The problem's; null for a success. */
  readonly code: string | null;
  /** The answer was kept from an earlier call with the same idempotency key: nothing was done now. */
  readonly replayed: boolean;
};

/**
 * `request`: stored before it is done. `outcome`: stored when it was answered, about the request with the number `ofNumber`.
 * `event`: both at once, for what is over when it is noticed.
 */
export const AUDIT_KINDS = ['request', 'outcome', 'event'] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** An entry but for its hash. Times in epoch milliseconds. */
export type UnhashedEntry = {
  /** 1, 2, 3 …: none is skipped. */
  readonly number: number;
  readonly atMs: number;
  readonly kind: AuditKind;
  readonly ofNumber: number | null;
  readonly actor: Actor;
  readonly address: string | null;
  /** The operation's id in the OpenAPI document: `createRefund`. */
  readonly operation: string;
  /** What it was done to: `pay_…`. */
  readonly target: string | null;
  /** JSON: what was asked, masked (`audit-mask.ts`). */
  readonly request: string;
  /** JSON of an `AuditOutcome`; null for a request. */
  readonly outcome: string | null;
  /** The hash of the entry before; zeros for the first. */
  readonly prevHash: string;
};

export type AuditEntry = UnhashedEntry & {
  /** SHA-256 of `canonicalText` in UTF-8, as 64 hex digits. */
  readonly hash: string;
};

/** Stands for the hash before the first entry. */
export const NO_HASH = '0'.repeat(64);

/**
 * What the hash is made of: the previous hash and then every field in this order, as one JSON array without blanks, in which
 * texts are as they are stored. Nothing may ever be changed here: every hash there is was made of this.
 */
export function canonicalText(entry: UnhashedEntry): string {
  const { actor } = entry;
  return JSON.stringify([
    entry.prevHash,
    entry.number,
    entry.atMs,
    entry.kind,
    entry.ofNumber,
    actor.kind,
    actor.id,
    actor.name,
    entry.address,
    entry.operation,
    entry.target,
    entry.request,
    entry.outcome,
  ]);
}
