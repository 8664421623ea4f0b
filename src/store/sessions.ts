/**
 * SQL of sessions and one-time links: both are known by the hash of a secret that somebody else holds, and end by being
 * deleted. Who they are for is in `users.ts`.
 */
import type { Session, UserLink } from '../core/session.ts';
import type { User } from '../core/user.ts';
import type { Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { UserAccountTable, UserSessionTable } from './user-schema.ts';
import { columnsOf } from './tables.ts';
import { toUser } from './users.ts';

export async function insertSession(db: Queryable, session: Session): Promise<void> {
  await db
    .insertInto('user_session')
    .values({
      session_hash: session.sessionHash,
      user_no: session.userNo,
      must_change_password: session.mustChangePassword ? 1 : 0,
      created_at_ms: session.createdAtMs,
      last_seen_at_ms: session.lastSeenAtMs,
    })
    .execute();
}

/** A session, ended or not, and whose it is. */
export async function findSession(
  db: Queryable,
  sessionHash: string,
): Promise<{ readonly session: Session; readonly user: User } | undefined> {
  const { rows } = await selectSession(db, { sessionHash });
  const [row] = rows;
  return row && { session: toSession(row), user: toUser(row) };
}

const USER_COLUMNS = columnsOf('user_account')
  .filter((name) => name !== 'created_at_ms')
  .map((name) => `u.${name}` as const);

const selectSession = prepared((db, { sessionHash }: Pick<Session, 'sessionHash'>) =>
  db
    .selectFrom('user_session as s')
    .innerJoin('user_account as u', 'u.user_no', 's.user_no')
    .select(USER_COLUMNS)
    .select(['s.session_hash', 's.must_change_password', 's.last_seen_at_ms'])
    .select(['u.created_at_ms', 's.created_at_ms as session_created_at_ms'])
    .where('s.session_hash', '=', sessionHash),
);

/** Notes a use, which is no change: the newest moment of several stays. */
export async function saveLastSeen(
  db: Queryable,
  sessionHash: string,
  atMs: number,
): Promise<void> {
  await db
    .updateTable('user_session')
    .set({ last_seen_at_ms: atMs })
    .where('session_hash', '=', sessionHash)
    .where('last_seen_at_ms', '<', atMs)
    .execute();
}

export async function deleteSession(db: Queryable, sessionHash: string): Promise<void> {
  await db.deleteFrom('user_session').where('session_hash', '=', sessionHash).execute();
}

export async function deleteSessionsOf(db: Queryable, userNo: string): Promise<void> {
  await db.deleteFrom('user_session').where('user_no', '=', userNo).execute();
}

/** Deletes those that nobody used since `seenBeforeMs`, and those that are older than `madeBeforeMs`. */
export async function deleteSessionsBefore(
  db: Queryable,
  seenBeforeMs: number,
  madeBeforeMs: number,
): Promise<void> {
  await db.deleteFrom('user_session').where('last_seen_at_ms', '<=', seenBeforeMs).execute();
  await db.deleteFrom('user_session').where('created_at_ms', '<=', madeBeforeMs).execute();
}

export async function insertLink(db: Queryable, link: UserLink): Promise<void> {
  await db
    .insertInto('user_link')
    .values({ token_hash: link.tokenHash, user_no: link.userNo, expires_at_ms: link.expiresAtMs })
    .execute();
}

/** The link of this hash that has not ended. */
export async function findLink(
  db: Queryable,
  tokenHash: string,
  nowMs: number,
): Promise<UserLink | undefined> {
  const row = await db
    .selectFrom('user_link')
    .select(columnsOf('user_link'))
    .where('token_hash', '=', tokenHash)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirst();
  return row && { tokenHash, userNo: row.user_no, expiresAtMs: row.expires_at_ms };
}

/** False when another was faster: a link is good once. */
export async function deleteLink(db: Queryable, tokenHash: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('user_link')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

/** Those of a user, or with null those that make the first administrator. */
export async function deleteLinksOf(db: Queryable, userNo: string | null): Promise<void> {
  await (
    userNo === null
      ? db.deleteFrom('user_link').where('user_no', 'is', null)
      : db.deleteFrom('user_link').where('user_no', '=', userNo)
  ).execute();
}

export async function deleteLinksBefore(db: Queryable, nowMs: number): Promise<void> {
  await db.deleteFrom('user_link').where('expires_at_ms', '<=', nowMs).execute();
}

type SessionRow = Omit<UserSessionTable, 'created_at_ms'> &
  Pick<UserAccountTable, 'user_no'> & { readonly session_created_at_ms: number };

function toSession(row: SessionRow): Session {
  return {
    sessionHash: row.session_hash,
    userNo: row.user_no,
    mustChangePassword: row.must_change_password === 1,
    createdAtMs: row.session_created_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
  };
}
