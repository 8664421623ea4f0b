/**
 * What administrators do with people: invite one, change a role, suspend, let in again, take a lost second factor away. Whatever
 * takes rights ends the sessions in the same transaction, and one administrator is always left.
 */
import { isKeyHolder, scopesOf, signInName, type Role, type User } from '../core/user.ts';
import { inTransaction } from '../store/database.ts';
import { deleteLinksOf, deleteSessionsOf } from '../store/sessions.ts';
import { deleteAttempts } from '../store/sign-in-attempts.ts';
import { insertUser, listUsers, saveUser, takeUserTurn } from '../store/users.ts';
import { nothingBeside, type Beside } from './beside.ts';
import type { Deps } from './deps.ts';
import { nameSubject } from './limit-attempts.ts';
import { requireUser, withoutTotp } from './totp.ts';
import { insertNewLink, type MadeLink } from './user-links.ts';

export type NewUser = Pick<User, 'name' | 'displayName' | 'role' | 'merchantId'>;

const USER_NO_BYTES = 8;

export type UserDeps = Pick<Deps, 'db' | 'clock' | 'random'>;

/** A user without a password. */
export function aNewUser(
  { clock, random }: Pick<Deps, 'clock' | 'random'>,
  { name, ...wanted }: NewUser,
): User {
  return {
    ...wanted,
    userNo: random.hex(USER_NO_BYTES),
    name: signInName(name),
    state: 'invited',
    passwordHash: null,
    totpSecret: null,
    totpPending: null,
    totpStep: null,
    lastSignInAtMs: null,
    createdAtMs: clock.nowMs(),
    version: 1,
  };
}

export type MadeUser = { readonly user: User; readonly link: MadeLink };

/** Somebody new, and the link by which the password is chosen. Undefined when the name is taken. */
export async function makeUser(
  deps: UserDeps,
  wanted: NewUser,
  beside: Beside<MadeUser> = nothingBeside,
): Promise<MadeUser | undefined> {
  const user = aNewUser(deps, wanted);
  return inTransaction(deps.db, async (tx) => {
    await takeUserTurn(tx);
    if (!(await insertUser(tx, user))) return undefined;
    // There is somebody now.
    await deleteLinksOf(tx, null);
    const made = { user, link: await insertNewLink(deps, tx, user.userNo) };
    await beside(tx, made);
    return made;
  });
}

export type UserChange = {
  readonly displayName?: string | null | undefined;
  readonly role?: Role | undefined;
  readonly merchantId?: number | null | undefined;
};

export type ChangeResult =
  | { readonly kind: 'changed'; readonly user: User }
  | { readonly kind: 'last_administrator' }
  | { readonly kind: 'outdated' };

/** Sees the user as it is in the transaction: false when the caller read another; throws when he may not. */
export type MayChange = (before: User) => boolean;
const ANYBODY: MayChange = () => true;

export async function changeUser(
  deps: UserDeps,
  userNo: string,
  change: UserChange,
  mayChange: MayChange = ANYBODY,
): Promise<ChangeResult> {
  return inUserTurn(deps, userNo, mayChange, (before) => ({
    ...before,
    displayName: change.displayName === undefined ? before.displayName : change.displayName,
    role: change.role ?? before.role,
    merchantId: change.merchantId === undefined ? before.merchantId : change.merchantId,
  }));
}

/** Ends what the user has: sessions and links. */
export function suspendUser(
  deps: UserDeps,
  userNo: string,
  mayChange: MayChange = ANYBODY,
): Promise<ChangeResult> {
  return inUserTurn(deps, userNo, mayChange, (before) => ({ ...before, state: 'suspended' }));
}

/** With the password that there was; invited again where there was none. */
export function resumeUser(
  deps: UserDeps,
  userNo: string,
  mayChange: MayChange = ANYBODY,
): Promise<ChangeResult> {
  return inUserTurn(deps, userNo, mayChange, (before) => ({
    ...before,
    state:
      before.state !== 'suspended'
        ? before.state
        : before.passwordHash === null
          ? 'invited'
          : 'active',
  }));
}

/** For whoever lost the telephone: the next sign-in asks for the password alone. */
export function resetTotp(
  deps: UserDeps,
  userNo: string,
  mayChange: MayChange = ANYBODY,
): Promise<ChangeResult> {
  return inUserTurn(deps, userNo, mayChange, withoutTotp);
}

/** A new link, which ends what there was before: sessions, other links, and the lock of the name. `mayLink` throws when the caller may not. */
export async function makeLinkFor(
  deps: UserDeps,
  userNo: string,
  mayLink: (user: User) => void = () => undefined,
  beside: Beside<MadeLink> = nothingBeside,
): Promise<MadeLink> {
  return inTransaction(deps.db, async (tx) => {
    // Whoever signs in just now comes before this and is thrown out, or after it.
    await takeUserTurn(tx);
    const user = await requireUser({ db: tx }, userNo);
    mayLink(user);
    await deleteSessionsOf(tx, userNo);
    await deleteLinksOf(tx, userNo);
    await deleteAttempts(tx, nameSubject(user.name).hash);
    const made = await insertNewLink(deps, tx, userNo);
    await beside(tx, made);
    return made;
  });
}

/** One change after the other: two administrators who demote each other would leave none. */
async function inUserTurn(
  deps: UserDeps,
  userNo: string,
  mayChange: MayChange,
  change: (before: User) => User,
): Promise<ChangeResult> {
  for (;;) {
    const result = await inTransaction(deps.db, async (tx): Promise<ChangeResult | undefined> => {
      await takeUserTurn(tx);
      const before = await requireUser({ db: tx }, userNo);
      if (!mayChange(before)) return { kind: 'outdated' };
      const after = { ...change(before), version: before.version + 1 };
      if (isKeyHolder(before) && !isKeyHolder(after)) {
        const others = (await listUsers(tx)).filter((user) => user.userNo !== userNo);
        if (!others.some(isKeyHolder)) return { kind: 'last_administrator' };
      }
      if (isSame(before, after)) return { kind: 'changed', user: before };
      // The user changed the password meanwhile, which takes no turn.
      if (!(await saveUser(tx, after))) return undefined;
      if (mustSignInAgain(before, after)) await deleteSessionsOf(tx, userNo);
      if (endsLinks(before, after)) await deleteLinksOf(tx, userNo);
      return { kind: 'changed', user: after };
    });
    if (result !== undefined) return result;
  }
}

const CHANGEABLE = [
  'displayName',
  'role',
  'merchantId',
  'state',
  'totpSecret',
  'totpPending',
] as const;

function isSame(before: User, after: User): boolean {
  return CHANGEABLE.every((name) => before[name] === after[name]);
}

/**
 * Whoever made a link may have less than the user has from now on, and would take it over with that. An invitation stays: who has
 * it could have come in before, and be given the same.
 */
function endsLinks(before: User, after: User): boolean {
  const had = scopesOf(before);
  const getsMore = scopesOf(after).some((scope) => !had.includes(scope));
  return after.state === 'suspended' || (getsMore && before.passwordHash !== null);
}

function mustSignInAgain(before: User, after: User): boolean {
  return CHANGEABLE.some((name) => name !== 'displayName' && before[name] !== after[name]);
}
