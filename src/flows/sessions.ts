/**
 * Sessions of people who signed in: the cookie's value is a secret that is stored as its hash, and what a page must show beside
 * it (against forged requests) is made from that hash under the master key. Every sign-in makes a new one.
 */
import { sessionEndsAtMs, type Session } from '../core/session.ts';
import { passwordFault, type User } from '../core/user.ts';
import type { Queryable } from '../store/database.ts';
import { deleteSession, findSession, insertSession, saveLastSeen } from '../store/sessions.ts';
import type { Deps } from './deps.ts';
import { hashCredential } from './hash-credential.ts';

/** Somebody who is signed in. */
export type SignedIn = { readonly session: Session; readonly user: User };
/** With the cookie's value, which is told once. */
export type NewSession = SignedIn & { readonly secret: string };

const SECRET_BYTES = 32;
const SECRET_PATTERN = /^[0-9a-f]{64}$/;
const USE_NOTED_EVERY_MS = 60_000;

/** In the transaction in which it was found that the user may sign in. */
export async function openSession(
  { clock, random }: Pick<Deps, 'clock' | 'random'>,
  tx: Queryable,
  user: User,
  mustChangePassword: boolean,
): Promise<NewSession> {
  const secret = random.hex(SECRET_BYTES);
  const nowMs = clock.nowMs();
  const session: Session = {
    sessionHash: hashCredential(secret),
    userNo: user.userNo,
    mustChangePassword,
    createdAtMs: nowMs,
    lastSeenAtMs: nowMs,
  };
  await insertSession(tx, session);
  return { session, user, secret };
}

/** Whether a password that was right would be refused today. */
export function isRefusedToday(password: string, name: string): boolean {
  return passwordFault(password, name) !== undefined;
}

/** Who holds this cookie; undefined when it is unknown or has ended, or its user may not come in any more. */
export async function authenticateSession(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  secret: string,
): Promise<SignedIn | undefined> {
  if (!SECRET_PATTERN.test(secret)) return undefined;
  const found = await findSession(db, hashCredential(secret));
  const nowMs = clock.nowMs();
  if (found === undefined || found.user.state !== 'active') return undefined;
  if (sessionEndsAtMs(found.session) <= nowMs) return undefined;
  const { sessionHash, lastSeenAtMs } = found.session;
  if (nowMs - lastSeenAtMs < USE_NOTED_EVERY_MS) return found;
  await saveLastSeen(db, sessionHash, nowMs);
  return { ...found, session: { ...found.session, lastSeenAtMs: nowMs } };
}

/** Ends the session of a cookie, if it is one. */
export async function endSession({ db }: Pick<Deps, 'db'>, secret: string): Promise<void> {
  await deleteSession(db, hashCredential(secret));
}

/** What a request must carry beside the cookie; always the same for a session. */
export function csrfToken({ vault }: Pick<Deps, 'vault'>, { sessionHash }: Session): string {
  return vault.token(`csrf:${sessionHash}`);
}
