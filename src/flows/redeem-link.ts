/**
 * Whoever opens a one-time link chooses a password and is signed in; of many who open the same, one. The link stands for the
 * password, and not for the telephone: who has a second factor shows it here, too. Links are made in `user-links.ts`.
 */
import { passwordFault, signInName, type PasswordFault, type User } from '../core/user.ts';
import { inRace, RaceLost, type Queryable } from '../store/database.ts';
import { deleteLink, deleteLinksOf, deleteSessionsOf, findLink } from '../store/sessions.ts';
import { hasUsers, insertUser, saveSignIn, saveUser, takeUserTurn } from '../store/users.ts';
import { hashCredential } from './hash-credential.ts';
import { addressSubject, countAttempt, ownPasswordSubject } from './limit-attempts.ts';
import { aNewUser } from './manage-users.ts';
import { openSession, type NewSession } from './sessions.ts';
import { takeCode, type SignInDeps } from './sign-in.ts';
import { requireUser } from './totp.ts';

export type RedeemInput = {
  readonly token: string;
  /** The first administrator chooses it; for everybody else it is the link's. */
  readonly name: string | undefined;
  readonly password: string;
  readonly code: string | undefined;
  readonly address: string;
};

export type RedeemResult =
  | { readonly kind: 'signed_in'; readonly made: NewSession }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'name_required' }
  | { readonly kind: 'other_name' }
  | { readonly kind: 'refused'; readonly fault: PasswordFault }
  /** A link does not take the place of the telephone. */
  | { readonly kind: 'code_required' | 'code_wrong' }
  | { readonly kind: 'locked'; readonly untilMs: number };

/** Stores the password, and signs in. Of many calls with one link, one does. */
export async function redeemLink(deps: SignInDeps, input: RedeemInput): Promise<RedeemResult> {
  const counted = await countAttempt(deps, addressSubject(input.address));
  if ('lockedUntilMs' in counted) return { kind: 'locked', untilMs: counted.lockedUntilMs };
  const result = await redeem(deps, input);
  // Only whoever guesses tokens has one that there is not.
  if (result.kind !== 'invalid') await counted.withdraw();
  return result;
}

async function redeem(deps: SignInDeps, input: RedeemInput): Promise<RedeemResult> {
  const tokenHash = hashCredential(input.token);
  for (;;) {
    const link = await findLink(deps.db, tokenHash, deps.clock.nowMs());
    if (link === undefined) return { kind: 'invalid' };
    const done =
      link.userNo === null
        ? await makeFirst(deps, tokenHash, input)
        : await setPassword(deps, tokenHash, link.userNo, input);
    if (done !== undefined) return done;
  }
}

/** Undefined when somebody was faster: look again. */
async function makeFirst(
  deps: SignInDeps,
  tokenHash: string,
  { name = '', password }: RedeemInput,
): Promise<RedeemResult | undefined> {
  if (name === '') return { kind: 'name_required' };
  const fault = passwordFault(password, name);
  if (fault !== undefined) return { kind: 'refused', fault };
  const passwordHash = await deps.passwords.hash(password);
  const wanted = { name, displayName: null, role: 'administrator', merchantId: null } as const;
  const user: User = { ...aNewUser(deps, wanted), state: 'active', passwordHash };
  return inRace(deps.db, async (tx) => {
    await takeUserTurn(tx);
    if (!(await deleteLink(tx, tokenHash))) throw new RaceLost();
    if (await hasUsers(tx)) return { kind: 'invalid' as const };
    await insertUser(tx, user);
    return enter(deps, tx, user, null);
  });
}

async function setPassword(
  deps: SignInDeps,
  tokenHash: string,
  userNo: string,
  { name, password, code }: RedeemInput,
): Promise<RedeemResult | undefined> {
  const user = await requireUser(deps, userNo);
  if (user.state === 'suspended') return { kind: 'invalid' };
  if (name !== undefined && signInName(name) !== user.name) return { kind: 'other_name' };
  const fault = passwordFault(password, user.name);
  if (fault !== undefined) return { kind: 'refused', fault };
  const totpStep = await proveCode(deps, user, code);
  if (typeof totpStep === 'object' && totpStep !== null) return totpStep;
  const passwordHash = await deps.passwords.hash(password);
  const changed: User = { ...user, state: 'active', passwordHash, version: user.version + 1 };
  return inRace(deps.db, async (tx) => {
    if (!(await deleteLink(tx, tokenHash))) throw new RaceLost();
    if (!(await saveUser(tx, changed))) throw new RaceLost();
    await deleteSessionsOf(tx, userNo);
    await deleteLinksOf(tx, userNo);
    return enter(deps, tx, changed, totpStep);
  });
}

/** Codes are guessed at no faster here than passwords are. */
async function proveCode(
  deps: SignInDeps,
  user: User,
  code: string | undefined,
): Promise<number | null | RedeemResult> {
  const period = takeCode(deps, user, code);
  if (period === null) return null;
  if (period === 'missing') return { kind: 'code_required' };
  const counted = await countAttempt(deps, ownPasswordSubject(user.userNo));
  if ('lockedUntilMs' in counted) return { kind: 'locked', untilMs: counted.lockedUntilMs };
  if (period === 'wrong') return { kind: 'code_wrong' };
  await counted.succeed();
  return period;
}

async function enter(
  deps: SignInDeps,
  tx: Queryable,
  user: User,
  totpStep: number | null,
): Promise<RedeemResult> {
  const atMs = deps.clock.nowMs();
  if (!(await saveSignIn(tx, user, { atMs, totpStep }))) throw new RaceLost();
  const made = await openSession(deps, tx, { ...user, lastSignInAtMs: atMs }, false);
  return { kind: 'signed_in', made };
}
