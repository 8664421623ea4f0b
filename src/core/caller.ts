/**
 * Who makes a call of v2, once it is known: a program with an API key or a person who signed in. What a call may do and which
 * merchants it finds is decided from this alone, so that both are told the same.
 */
import type { Scope } from './api-key.ts';
import type { Role } from './user.ts';

export type Caller = {
  readonly kind: 'api_key' | 'user';
  /** As the API shows it: `key_…` or `user_…`. */
  readonly id: string;
  readonly name: string;
  /** The one merchant that the caller is for; null for all of them. */
  readonly merchantId: number | null;
  readonly scopes: readonly Scope[];
  /** Null for a key. */
  readonly role: Role | null;
};
