/**
 * What somebody does with the own account who is signed in: another password, and the end of the second factor, both only with
 * the password of now. Strangers who try the name at the sign-in are not in the way: what is tried here is counted apart.
 */
import { passwordFault, type PasswordFault } from '../core/user.ts';
import { inRace, RaceLost } from '../store/database.ts';
import { deleteLinksOf, deleteSessionsOf } from '../store/sessions.ts';
import { saveUser } from '../store/users.ts';
import type { Deps } from './deps.ts';
import { countAttempt, ownPasswordSubject } from './limit-attempts.ts';
import { openSession, type NewSession, type SignedIn } from './sessions.ts';
import { requireUser, withoutTotp } from './totp.ts';

type OwnDeps = Pick<Deps, 'db' | 'clock' | 'random' | 'passwords'>;

type Refused =
  | { readonly kind: 'password_wrong' }
  | { readonly kind: 'locked'; readonly untilMs: number };

export type ChangePasswordResult =
  | { readonly kind: 'changed'; readonly made: NewSession }
  | { readonly kind: 'refused'; readonly fault: PasswordFault | 'same' }
  | Refused;

/** Ends every session of the user, also the one that asks, which gets another. */
export async function changePassword(
  deps: OwnDeps,
  { user: { userNo, name } }: SignedIn,
  password: string,
  newPassword: string,
): Promise<ChangePasswordResult> {
  const fault = newPassword === password ? 'same' : passwordFault(newPassword, name);
  if (fault !== undefined) return { kind: 'refused', fault };
  const refused = await provePassword(deps, userNo, password);
  if (refused !== undefined) return refused;
  const passwordHash = await deps.passwords.hash(newPassword);
  const made = await withUser(deps, userNo, async (tx, user) => {
    const changed = { ...user, passwordHash, version: user.version + 1 };
    if (!(await saveUser(tx, changed))) throw new RaceLost();
    await deleteSessionsOf(tx, userNo);
    await deleteLinksOf(tx, userNo);
    return openSession(deps, tx, changed, false);
  });
  return { kind: 'changed', made };
}

/** Undefined when it is done. */
export async function endTotp(
  deps: OwnDeps,
  { user: { userNo } }: SignedIn,
  password: string,
): Promise<Refused | undefined> {
  const refused = await provePassword(deps, userNo, password);
  if (refused !== undefined) return refused;
  await withUser(deps, userNo, async (tx, user) => {
    const off = { ...withoutTotp(user), version: user.version + 1 };
    if (!(await saveUser(tx, off))) throw new RaceLost();
  });
  return undefined;
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

type Transaction = Parameters<Parameters<typeof inRace>[1]>[0];

/** Does it with the user as he is, again when somebody was faster. */
async function withUser<T extends object | void>(
  deps: OwnDeps,
  userNo: string,
  work: (tx: Transaction, user: Awaited<ReturnType<typeof requireUser>>) => Promise<T>,
): Promise<T> {
  for (;;) {
    const user = await requireUser(deps, userNo);
    const done = await inRace(deps.db, async (tx) => ({ result: await work(tx, user) }));
    if (done !== undefined) return done.result;
  }
}
