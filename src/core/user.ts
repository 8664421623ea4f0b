/**
 * A person who signs in. A role is nothing but a set of scopes, so that there is one rule for people and for programs; which
 * names and passwords there may be is decided here too. Sessions are in `session.ts`, what a wrong password costs in
 * `lock-out.ts`.
 */
import { scopesFor, type Scope } from './api-key.ts';
import { lengthOf } from './limits.ts';

export const ROLES = ['administrator', 'finance', 'clerk', 'read_only'] as const;
export type Role = (typeof ROLES)[number];

/** `invited`: has no password yet. `suspended`: may do nothing, and keeps the password. */
export const USER_STATES = ['active', 'invited', 'suspended'] as const;
export type UserState = (typeof USER_STATES)[number];

export type User = {
  /** The public number, e.g. `3f9a0c61d2b7e845`. */
  readonly userNo: string;
  /** What is typed at the sign-in, as `signInName` writes it: no two people have the same. */
  readonly name: string;
  readonly displayName: string | null;
  readonly role: Role;
  /** The one merchant that the person is for; null for all of them. */
  readonly merchantId: number | null;
  readonly state: UserState;
  /** Null before the first password. */
  readonly passwordHash: string | null;
  /** Sealed; null while no code is asked for. */
  readonly totpSecret: string | null;
  /** Sealed; waits for the first code that proves it. */
  readonly totpPending: string | null;
  /** The period of the last code that was taken: none is good twice. */
  readonly totpStep: number | null;
  readonly lastSignInAtMs: number | null;
  readonly createdAtMs: number;
  readonly version: number;
};

const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  administrator: ['read', 'charge', 'refund', 'manage', 'administer'],
  finance: ['read', 'refund'],
  clerk: ['read', 'charge'],
  read_only: ['read'],
};

/** What a person may do: what the role may, as far as it is not about all merchants for whoever is of one. */
export function scopesOf({
  role,
  merchantId,
}: Pick<User, 'role' | 'merchantId'>): readonly Scope[] {
  return scopesFor(merchantId).filter((scope) => ROLE_SCOPES[role].includes(scope));
}

/** Whether the person can let others in: one must always be left. */
export function isKeyHolder(user: Pick<User, 'role' | 'merchantId' | 'state'>): boolean {
  return user.state === 'active' && scopesOf(user).includes('administer');
}

/** A letter or digit, then these and . _ @ + -: what can be typed and told on a telephone. */
export const USER_NAME_PATTERN = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]{0,63}$/u;

/** Two ways to type a name are one name. */
export function signInName(typed: string): string {
  return typed.trim().normalize('NFKC').toLowerCase();
}

/** NIST SP 800-63B: what counts is length; characters of all kinds are allowed and none demanded. */
export const PASSWORD_LENGTH_MIN = 12;
/** Far more than anybody types; hashing takes no longer for it. */
export const PASSWORD_LENGTH_MAX = 256;

/** Of those that everybody tries first, what has twelve characters or more. */
const COMMON = new Set(
  `123456789012 1234567890123 12345678901234 123456123456 123123123123 111111111111 000000000000 888888888888
  666666666666 121212121212 112233445566 987654321098 qwertyuiop12 qwertyuiop123 qwertyuiopasdf 1qaz2wsx3edc
  1q2w3e4r5t6y qazwsxedcrfv abcdefghijkl abcdefghijklm abcdefgh1234 abcd12345678 abc123abc123 a1b2c3d4e5f6
  passwordpassword password1234 password12345 password123456 administrator administrator1 administrator123
  adminadminadmin adminpassword admin1234567 admin12345678 welcome12345 welcome123456 changemechangeme
  changeme1234 letmeinletmein iloveyou1234 iloveyouiloveyou woaini1314520 woaini520520 woaiwojia1314 5201314520131
  zhifubao1234 alipayalipay alipay123456 alipay-f2f-f2f correcthorsebatterystaple`.split(/\s+/),
);

export type PasswordFault = 'too_short' | 'too_long' | 'is_name' | 'common';

/** What is wrong with a password that somebody chooses; undefined when nothing is. */
export function passwordFault(password: string, name: string): PasswordFault | undefined {
  const length = lengthOf(password.normalize('NFKC'));
  if (length < PASSWORD_LENGTH_MIN) return 'too_short';
  if (length > PASSWORD_LENGTH_MAX) return 'too_long';
  const plain = signInName(password);
  if (plain === signInName(name)) return 'is_name';
  const isOneCharacter = new Set(plain).size === 1;
  return isOneCharacter || COMMON.has(plain) ? 'common' : undefined;
}
