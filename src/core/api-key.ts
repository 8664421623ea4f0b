/**
 * What a key of the v2 API may do, and whose it is. The key itself is shown once, when it is made; what is stored is its
 * hash. Times in epoch milliseconds.
 */

/**
 * `read`: look at payments, refunds and merchants. `charge`: begin and cancel payments. `refund`: give money back. `manage`:
 * merchants and keys. `administer`: people who sign in, and the audit log.
 */
export const SCOPES = ['read', 'charge', 'refund', 'manage', 'administer'] as const;
export type Scope = (typeof SCOPES)[number];

/** What whoever is for this merchant may have at most; null for all merchants. People and settings are everybody's. */
export function scopesFor(merchantId: number | null): readonly Scope[] {
  return merchantId === null ? SCOPES : SCOPES.filter((scope) => scope !== 'administer');
}

export type ApiKey = {
  /** Its public number, e.g. `3f9a0c61d2b7e845`: names it in lists and logs. */
  readonly keyNo: string;
  readonly keyHash: string;
  /** Its first characters, for a person who wonders which key this is. */
  readonly hint: string;
  readonly name: string;
  /** The one merchant that it is for; null for an operator's key, which is for all. */
  readonly merchantId: number | null;
  readonly scopes: readonly Scope[];
  readonly createdAtMs: number;
  /** To the minute; null before the first call. */
  readonly lastUsedAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly version: number;
};

/** In the order of `SCOPES`, each once. */
export function orderedScopes(scopes: readonly Scope[]): readonly Scope[] {
  return SCOPES.filter((scope) => scopes.includes(scope));
}

export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}
