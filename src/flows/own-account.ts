/**
 * What somebody does with the own account who is signed in: another password, and the end of the second factor, both only with
 * the password of now. Strangers who try the name at the sign-in are not in the way: what is tried here is counted apart. Whoever
 * is thrown out meanwhile changes nothing.
 */
import { passwordFault, type PasswordFault, type User } from '../core/user.ts';
import { inRace, RaceLost, type Queryable } from '../store/database.ts';
import { deleteLinksOf, deleteSessionsOf, findSession } from '../store/sessions.ts';
import { saveUser, takeUserTurn } from '../store/users.ts';
import type { Deps } from './deps.ts';
import { countAttempt, ownPasswordSubject } from './limit-attempts.ts';
import { openSession, type NewSession, type SignedIn } from './sessions.ts';
import { requireUser, withoutTotp } from './totp.ts';

type OwnDeps = Pick<Deps, 'db' | 'clock' | 'random' | 'passwords'>;

export type Refused =
  | { readonly kind: 'password_wrong' }
  /** While the password was looked at: by a suspension, say, or by another password. */
  | { readonly kind: 'session_ended' }
  | { readonly kind: 'locked'; readonly untilMs: number };

export type ChangePasswordResult =
  | { readonly kind: 'changed'; readonly made: NewSession }
  | { readonly kind: 'refused'; readonly fault: PasswordFault | 'same' }
  | Refused;

/** Ends every session of the user, also the one that asks, which gets another. */
export async function changePassword(
  deps: OwnDeps,
  signedIn: SignedIn,
  password: string,
  newPassword: string,
): Promise<ChangePasswordResult> {
  const { userNo, name } = signedIn.user;
  const fault = newPassword === password ? 'same' : passwordFault(newPassword, name);
  if (fault !== undefined) return { kind: 'refused', fault };
  const refused = await provePassword(deps, userNo, password);
  if (refused !== undefined) return refused;
  const passwordHash = await deps.passwords.hash(newPassword);
  return inSession(deps, signedIn, async (tx, user) => {
    const changed = { ...user, passwordHash, version: user.version + 1 };
    if (!(await saveUser(tx, changed))) throw new RaceLost();
    await deleteSessionsOf(tx, userNo);
    await deleteLinksOf(tx, userNo);
    return { kind: 'changed', made: await openSession(deps, tx, changed, false) };
  });
}

export type EndTotpResult = { readonly kind: 'ended'; readonly user: User } | Refused;

export async function endTotp(
  deps: OwnDeps,
  signedIn: SignedIn,
  password: string,
): Promise<EndTotpResult> {
  const refused = await provePassword(deps, signedIn.user.userNo, password);
  if (refused !== undefined) return refused;
  return inSession(deps, signedIn, async (tx, user) => {
    const off = { ...withoutTotp(user), version: user.version + 1 };
    if (!(await saveUser(tx, off))) throw new RaceLost();
    return { kind: 'ended', user: off };
  });
}

async function provePassword(
  deps: OwnDeps,
  userNo: string,
  password: string,
): Promise<Refused | undefined> {
  const counted = await countAttempt(deps, ownPasswordSubject(userNo));
  if ('lockedUntilMs' in counted) return { kind: 'locked', untilMs: counted.lockedUntilMs };
  const { passwordHash } = await requireUser(deps, userNo);
  const { isRight } = await deps.passwords.verify(password, passwordHash);
  if (!isRight) return { kind: 'password_wrong' };
  await counted.succeed();
  return undefined;
}

/** Does it with the user as he is, again when somebody was faster; unless the session has ended that asks for it. */
async function inSession<Done extends object>(
  { db }: Pick<OwnDeps, 'db'>,
  { session }: SignedIn,
  work: (tx: Queryable, user: User) => Promise<Done>,
): Promise<Done | { readonly kind: 'session_ended' }> {
  for (;;) {
    const done = await inRace(db, async (tx) => {
      // An administrator who throws the user out just now comes before this, or after it.
      await takeUserTurn(tx);
      const found = await findSession(tx, session.sessionHash);
      return found === undefined ? ({ kind: 'session_ended' } as const) : work(tx, found.user);
    });
    if (done !== undefined) return done;
  }
}
