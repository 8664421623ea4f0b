/**
 * The tables of people, their sessions and links, and the attempts that failed, as `schema.ts` has the others. What is secret is
 * there as a hash, or sealed.
 */
import type { Role, UserState } from '../core/user.ts';

/** Somebody who signs in. */
export type UserAccountTable = {
  user_no: string;
  name: string;
  display_name: string | null;
  role: Role;
  /** Null for all merchants. */
  merchant_id: number | null;
  state: UserState;
  /** A PHC string. */
  password_hash: string | null;
  /** As the vault sealed it. */
  totp_secret: string | null;
  totp_pending: string | null;
  totp_step: number | null;
  last_sign_in_at_ms: number | null;
  created_at_ms: number;
  version: number;
};

/** Whoever shows the cookie of this hash is this person. */
export type UserSessionTable = {
  session_hash: string;
  user_no: string;
  must_change_password: number;
  created_at_ms: number;
  last_seen_at_ms: number;
};

/** A link that lets somebody choose a password, once. */
export type UserLinkTable = {
  token_hash: string;
  /** Null for the first administrator. */
  user_no: string | null;
  expires_at_ms: number;
};

/** Attempts to sign in that failed, at one name or from one address. */
export type SignInAttemptsTable = {
  subject_hash: string;
  failures: number;
  last_at_ms: number;
  locked_until_ms: number | null;
  version: number;
};

/** Columns and keys; `tables.ts` holds them against the types above. */
export const USER_TABLES = {
  user_account: {
    key: ['user_no'],
    columns: {
      user_no: 'text',
      name: 'text',
      display_name: 'text',
      role: 'text',
      merchant_id: 'bigint',
      state: 'text',
      password_hash: 'text',
      totp_secret: 'text',
      totp_pending: 'text',
      totp_step: 'bigint',
      last_sign_in_at_ms: 'bigint',
      created_at_ms: 'bigint',
      version: 'bigint',
    },
  },
  user_session: {
    key: ['session_hash'],
    columns: {
      session_hash: 'text',
      user_no: 'text',
      must_change_password: 'bigint',
      created_at_ms: 'bigint',
      last_seen_at_ms: 'bigint',
    },
  },
  user_link: {
    key: ['token_hash'],
    columns: { token_hash: 'text', user_no: 'text', expires_at_ms: 'bigint' },
  },
  sign_in_attempts: {
    key: ['subject_hash'],
    columns: {
      subject_hash: 'text',
      failures: 'bigint',
      last_at_ms: 'bigint',
      locked_until_ms: 'bigint',
      version: 'bigint',
    },
  },
} as const;
