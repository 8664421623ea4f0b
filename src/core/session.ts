/**
 * How long somebody who signed in stays so: until nothing was asked for a while, and at all events until a week has passed. A
 * one-time link lets somebody choose a password, once. Times in epoch milliseconds.
 */

export type Session = {
  /** SHA-256 of the cookie's value, which is kept nowhere. */
  readonly sessionHash: string;
  readonly userNo: string;
  /** The password that it was begun with would be refused today. */
  readonly mustChangePassword: boolean;
  readonly createdAtMs: number;
  /** To the minute. */
  readonly lastSeenAtMs: number;
};

export type UserLink = {
  /** SHA-256 of the token. */
  readonly tokenHash: string;
  /** Null makes the first administrator, while there is nobody. */
  readonly userNo: string | null;
  readonly expiresAtMs: number;
};

const HOUR_MS = 3_600_000;
/** A working day: who comes back in the evening is still signed in, and a till that was left open at night is not. */
export const SESSION_IDLE_MS = 12 * HOUR_MS;
export const SESSION_MS = 7 * 24 * HOUR_MS;
export const LINK_MS = 24 * HOUR_MS;

/** When it ends if nothing more is asked. */
export function sessionEndsAtMs({
  createdAtMs,
  lastSeenAtMs,
}: Pick<Session, 'createdAtMs' | 'lastSeenAtMs'>): number {
  return Math.min(createdAtMs + SESSION_MS, lastSeenAtMs + SESSION_IDLE_MS);
}
