/**
 * The second factor of somebody who is signed in: a secret is made and shown, and asked for from the first code on that proves
 * it. It is sealed like private keys, since it has to be used. Codes at the sign-in are taken in `sign-in.ts`.
 */
import type { User } from '../core/user.ts';
import { saveUser, findUser } from '../store/users.ts';
import type { Deps } from './deps.ts';

/** RFC 4226 recommends 160 bits. */
const SECRET_BYTES = 20;

/** What a secret is sealed for: it opens for its user only. */
function contextOf(userNo: string): string {
  return `totp:${userNo}`;
}

export function openTotp(
  { vault }: Pick<Deps, 'vault'>,
  userNo: string,
  sealedSecret: string,
): string {
  return vault.open(sealedSecret, contextOf(userNo));
}

export type BeginTotpResult =
  | { readonly kind: 'begun'; readonly secret: string; readonly uri: string }
  /** Whoever stole a session must not put a telephone of his own in the place of the user's. */
  | { readonly kind: 'already_on' };

/** Makes a secret, which is asked for once a code of it was shown. Made again, the one before is worth nothing. */
export async function beginTotp(
  deps: Pick<Deps, 'db' | 'random' | 'vault' | 'oneTimeCodes'>,
  userNo: string,
): Promise<BeginTotpResult> {
  for (;;) {
    const user = await requireUser(deps, userNo);
    if (user.totpSecret !== null) return { kind: 'already_on' };
    const secret = deps.oneTimeCodes.secretOf(deps.random.hex(SECRET_BYTES));
    const totpPending = deps.vault.seal(secret, contextOf(userNo));
    if (!(await saveUser(deps.db, { ...user, totpPending, version: user.version + 1 }))) continue;
    return { kind: 'begun', secret, uri: deps.oneTimeCodes.uriOf(secret, user.name) };
  }
}

/** Turns it on. Undefined when the code is wrong, or no secret waits for one. */
export async function confirmTotp(
  deps: Pick<Deps, 'db' | 'clock' | 'vault' | 'oneTimeCodes'>,
  userNo: string,
  code: string,
): Promise<User | undefined> {
  for (;;) {
    const user = await requireUser(deps, userNo);
    if (user.totpPending === null) return undefined;
    const secret = openTotp(deps, userNo, user.totpPending);
    const totpStep = deps.oneTimeCodes.periodOf(secret, code, deps.clock.nowMs());
    if (totpStep === undefined) return undefined;
    const { totpPending: totpSecret } = user;
    const on = { ...user, totpSecret, totpPending: null, totpStep, version: user.version + 1 };
    if (await saveUser(deps.db, on)) return on;
  }
}

/** Turns it off, here for its user and elsewhere for one who lost the telephone. */
export function withoutTotp(user: User): User {
  return { ...user, totpSecret: null, totpPending: null, totpStep: null };
}

export async function requireUser({ db }: Pick<Deps, 'db'>, userNo: string): Promise<User> {
  const user = await findUser(db, userNo);
  if (user === undefined) throw new Error(`User ${userNo} is missing`);
  return user;
}
