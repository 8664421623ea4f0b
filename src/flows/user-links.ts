/**
 * One-time links by which somebody chooses a password: the first administrator, somebody who was invited, somebody who forgot
 * it. The token is in the part of the address that browsers keep to themselves, and is stored as its hash. Who opens one is
 * let in by `redeem-link.ts`.
 */
import { LINK_MS } from '../core/session.ts';
import { inTransaction, type Queryable } from '../store/database.ts';
import { deleteLinksOf, insertLink } from '../store/sessions.ts';
import { hasUsers, takeUserTurn } from '../store/users.ts';
import type { Deps } from './deps.ts';
import { hashCredential } from './hash-credential.ts';

export type MadeLink = { readonly token: string; readonly expiresAtMs: number };

const TOKEN_BYTES = 32;

/** Where the page is that takes the token. */
export function linkPath({ token }: MadeLink): string {
  return `/console/link#${token}`;
}

export async function insertNewLink(
  { clock, random }: Pick<Deps, 'clock' | 'random'>,
  tx: Queryable,
  userNo: string | null,
): Promise<MadeLink> {
  const token = random.hex(TOKEN_BYTES);
  const expiresAtMs = clock.nowMs() + LINK_MS;
  await insertLink(tx, { tokenHash: hashCredential(token), userNo, expiresAtMs });
  return { token, expiresAtMs };
}

/** The link that makes the first administrator; those before it end. Undefined when there is somebody. */
export async function makeFirstLink(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
): Promise<MadeLink | undefined> {
  if (await hasUsers(deps.db)) return undefined;
  return inTransaction(deps.db, async (tx) => {
    await takeUserTurn(tx);
    if (await hasUsers(tx)) return undefined;
    await deleteLinksOf(tx, null);
    return insertNewLink(deps, tx, null);
  });
}
