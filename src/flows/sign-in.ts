/**
 * A sign-in with name, password and, where the user wants it, a code. What was wrong is never told, nor whether there is
 * somebody of this name: not by the answer, not by the time that it takes, not by the lock.
 */
import { signInName, type User } from '../core/user.ts';
import { inRace, RaceLost } from '../store/database.ts';
import { deleteSession } from '../store/sessions.ts';
import { findUserByName, saveSignIn, saveUser } from '../store/users.ts';
import type { Deps } from './deps.ts';
import { hashCredential } from './hash-credential.ts';
import { addressSubject, countAttempt, nameSubject, type Counted } from './limit-attempts.ts';
import { isRefusedToday, openSession, type NewSession } from './sessions.ts';
import { openTotp } from './totp.ts';

export type SignInDeps = Pick<
  Deps,
  'db' | 'clock' | 'random' | 'vault' | 'passwords' | 'oneTimeCodes'
>;

export type SignInInput = {
  readonly name: string;
  readonly password: string;
  readonly code: string | undefined;
  readonly address: string;
  /** The cookie that came with it: whoever was signed in there is so no more. */
  readonly oldSecret: string | undefined;
};

export type SignInResult =
  | { readonly kind: 'signed_in'; readonly made: NewSession }
  | { readonly kind: 'failed' }
  /** The password was right. */
  | { readonly kind: 'code_required' }
  | { readonly kind: 'locked'; readonly untilMs: number };

/** What is known once the password was looked at; a session is not yet made. */
type Verdict = Exclude<SignInResult['kind'], 'signed_in' | 'locked'> | 'right';

export async function signIn(deps: SignInDeps, input: SignInInput): Promise<SignInResult> {
  const name = signInName(input.name);
  const counted = await countBoth(deps, name, input.address);
  if ('lockedUntilMs' in counted) return { kind: 'locked', untilMs: counted.lockedUntilMs };
  for (;;) {
    const user = await findUserByName(deps.db, name);
    const { verdict, totpStep, isOutdated } = await judge(deps, user, input);
    if (verdict === 'code_required') {
      // It was no guess, and no success either: else it would wipe away the guesses at codes.
      await Promise.all([counted.ofName.withdraw(), counted.ofAddress.withdraw()]);
      return { kind: 'code_required' };
    }
    if (verdict === 'failed' || user === undefined) return { kind: 'failed' };
    const current = isOutdated ? await rehash(deps, user, input.password) : user;
    if (current === undefined) continue;
    const made = await enter(deps, current, input, totpStep);
    // The user was changed meanwhile, or the code taken.
    if (made === undefined) continue;
    await Promise.all([counted.ofName.succeed(), counted.ofAddress.withdraw()]);
    return { kind: 'signed_in', made };
  }
}

/** The address first: what it may not do any more is not held against the name. */
async function countBoth(
  deps: SignInDeps,
  name: string,
  address: string,
): Promise<
  { readonly lockedUntilMs: number } | { readonly ofName: Counted; readonly ofAddress: Counted }
> {
  const ofAddress = await countAttempt(deps, addressSubject(address));
  if ('lockedUntilMs' in ofAddress) return ofAddress;
  const ofName = await countAttempt(deps, nameSubject(name));
  if (!('lockedUntilMs' in ofName)) return { ofName, ofAddress };
  // Nothing was tried.
  await ofAddress.withdraw();
  return ofName;
}

async function judge(
  deps: SignInDeps,
  user: User | undefined,
  { password, code }: SignInInput,
): Promise<{ verdict: Verdict; totpStep: number | null; isOutdated: boolean }> {
  const hash = user?.passwordHash ?? null;
  const { isRight, isOutdated } = await deps.passwords.verify(password, hash);
  if (!isRight || user?.state !== 'active') {
    return { verdict: 'failed', totpStep: null, isOutdated: false };
  }
  const totpStep = takeCode(deps, user, code);
  const verdict: Verdict =
    totpStep === 'missing' ? 'code_required' : totpStep === 'wrong' ? 'failed' : 'right';
  return { verdict, totpStep: typeof totpStep === 'number' ? totpStep : null, isOutdated };
}

/** The period of the code, null where none is asked for. One that was taken before is wrong. */
export function takeCode(
  deps: Pick<Deps, 'vault' | 'oneTimeCodes' | 'clock'>,
  user: User,
  code: string | undefined,
): number | null | 'missing' | 'wrong' {
  if (user.totpSecret === null) return null;
  if (code === undefined) return 'missing';
  const secret = openTotp(deps, user.userNo, user.totpSecret);
  const period = deps.oneTimeCodes.periodOf(secret, code, deps.clock.nowMs());
  return period === undefined || period <= (user.totpStep ?? -1) ? 'wrong' : period;
}

/** Undefined when the user was changed meanwhile: look again. */
async function rehash(deps: SignInDeps, user: User, password: string): Promise<User | undefined> {
  const passwordHash = await deps.passwords.hash(password);
  const rehashed = { ...user, passwordHash, version: user.version + 1 };
  return (await saveUser(deps.db, rehashed)) ? rehashed : undefined;
}

async function enter(
  deps: SignInDeps,
  user: User,
  { password, oldSecret }: SignInInput,
  totpStep: number | null,
): Promise<NewSession | undefined> {
  return inRace(deps.db, async (tx) => {
    const atMs = deps.clock.nowMs();
    if (!(await saveSignIn(tx, user, { atMs, totpStep }))) throw new RaceLost();
    if (oldSecret !== undefined) await deleteSession(tx, hashCredential(oldSecret));
    const known = { ...user, lastSignInAtMs: atMs, totpStep: totpStep ?? user.totpStep };
    return openSession(deps, tx, known, isRefusedToday(password, user.name));
  });
}
