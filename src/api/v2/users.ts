/**
 * People over v2: whoever may administer invites them, changes what they may do and ends it. Nobody gives away, by a role or by
 * a link that takes over an account, what he lacks himself.
 */
import type { Caller } from '../../core/caller.ts';
import { scopesOf, signInName, USER_NAME_PATTERN, type User } from '../../core/user.ts';
import { rfc3339 } from '../../core/time.ts';
import type { Deps } from '../../flows/deps.ts';
import { lockedUntil } from '../../flows/limit-attempts.ts';
import {
  changeUser,
  makeLinkFor,
  makeUser,
  resetTotp,
  resumeUser,
  suspendUser,
  type ChangeResult,
} from '../../flows/manage-users.ts';
import { linkPath, type MadeLink } from '../../flows/user-links.ts';
import { findUser, listUsers } from '../../store/users.ts';
import { cpiNoOfMerchant, merchantOf, requireScope } from './caller.ts';
import { isMatch } from './entity-tag.ts';
import { merchantId, userId, userNoOf } from './ids.ts';
import type { Keep } from './made-once.ts';
import { invalidField, Problem } from './problems.ts';
import type { UserChange, UserCreate, UserLinkResource, UserResource } from './user-schemas.ts';

export async function createUser(
  deps: Deps,
  caller: Caller,
  wanted: UserCreate,
  keep: Keep,
): Promise<void> {
  const name = readName(wanted.name);
  const id = await merchantIdOf(deps, caller, wanted.merchant);
  const { role, display_name: displayName = null } = wanted;
  requireScopesOf(caller, { role, merchantId: id });
  const user = { name, displayName, role, merchantId: id };
  const made = await makeUser(deps, user, async (tx, { user: invited, link }) => {
    const view = await userView({ ...deps, db: tx }, invited);
    await keep(tx, {
      status: 201,
      body: { ...view, link: linkView(link) },
      etag: etagOf(invited),
    });
  });
  if (made === undefined) throw new Problem('user_name_taken', { field: 'name' });
}

/** A name as it is stored. Throws `invalid_request` for one that cannot be. */
export function readName(typed: string): string {
  const name = signInName(typed);
  if (USER_NAME_PATTERN.test(name)) return name;
  throw invalidField(
    'name',
    'must begin with a letter or a digit, and hold none but these and . _ @ + -',
    '须以字母或数字开头，且只含字母、数字和 . _ @ + -',
  );
}

async function merchantIdOf(
  deps: Deps,
  caller: Caller,
  named: string | null | undefined,
): Promise<number | null> {
  if (named === undefined || named === null) return null;
  return (await merchantOf(deps, caller, named)).merchantId;
}

/** Else whoever may administer and nothing else would give himself the rest. */
function requireScopesOf(caller: Caller, user: Pick<User, 'role' | 'merchantId'>): void {
  for (const scope of scopesOf(user)) requireScope(caller, scope);
}

/** All of them: as many as work there. */
export async function allUsers(deps: Deps) {
  const users = await listUsers(deps.db);
  const data = await Promise.all(users.map((user) => userView(deps, user)));
  return { object: 'list' as const, data, next_cursor: null };
}

/** The user with this id. Throws `user_not_found`. */
export async function userOf({ db }: Pick<Deps, 'db'>, id: string): Promise<User> {
  const userNo = userNoOf(id);
  const user = userNo === undefined ? undefined : await findUser(db, userNo);
  if (user === undefined) throw new Problem('user_not_found');
  return user;
}

/** `ifMatch`: the version that the caller read; another one is a problem. */
export async function changeOne(
  deps: Deps,
  caller: Caller,
  user: User,
  wanted: UserChange,
  ifMatch: string | undefined,
): Promise<User> {
  const { role, display_name: displayName, merchant } = wanted;
  const merchantId =
    merchant === undefined ? undefined : await merchantIdOf(deps, caller, merchant);
  const isExpected = (before: User): boolean => {
    requireScopesOf(caller, before);
    requireScopesOf(caller, {
      role: role ?? before.role,
      merchantId: merchantId === undefined ? before.merchantId : merchantId,
    });
    return isMatch(ifMatch, etagOf(before));
  };
  return changed(
    await changeUser(deps, user.userNo, { displayName, role, merchantId }, isExpected),
  );
}

function changed(result: ChangeResult): User {
  if (result.kind === 'changed') return result.user;
  throw new Problem(result.kind === 'outdated' ? 'precondition_failed' : 'last_administrator');
}

/** Of somebody as he is in the transaction: he may have been given more since he was read. */
function mayChange(caller: Caller): (before: User) => boolean {
  return (before) => {
    requireScopesOf(caller, before);
    return true;
  };
}

export async function suspendOne(deps: Deps, caller: Caller, { userNo }: User): Promise<User> {
  return changed(await suspendUser(deps, userNo, mayChange(caller)));
}

export async function resumeOne(deps: Deps, caller: Caller, { userNo }: User): Promise<User> {
  return changed(await resumeUser(deps, userNo, mayChange(caller)));
}

export async function resetTotpOf(deps: Deps, caller: Caller, { userNo }: User): Promise<User> {
  return changed(await resetTotp(deps, userNo, mayChange(caller)));
}

export async function newLink(
  deps: Deps,
  caller: Caller,
  { userNo }: User,
  keep: Keep,
): Promise<void> {
  await makeLinkFor(deps, userNo, mayChange(caller), (tx, link) =>
    keep(tx, { status: 201, body: linkView(link) }),
  );
}

function linkView(link: MadeLink): UserLinkResource {
  return { url_path: linkPath(link), expires_at: rfc3339(link.expiresAtMs) };
}

export function etagOf({ version }: User): string {
  return `"${version}"`;
}

export async function userView(
  deps: Pick<Deps, 'db' | 'clock'>,
  user: User,
): Promise<UserResource> {
  const cpiNo = user.merchantId === null ? null : await cpiNoOfMerchant(deps, user.merchantId);
  const lockedUntilMs = await lockedUntil(deps, user.name);
  return {
    object: 'user',
    id: userId(user.userNo),
    name: user.name,
    display_name: user.displayName,
    role: user.role,
    merchant: cpiNo === null ? null : merchantId(cpiNo),
    scopes: [...scopesOf(user)],
    state: user.state,
    totp: user.totpSecret !== null,
    locked_until: lockedUntilMs === null ? null : rfc3339(lockedUntilMs),
    last_sign_in_at: user.lastSignInAtMs === null ? null : rfc3339(user.lastSignInAtMs),
    created_at: rfc3339(user.createdAtMs),
  };
}
