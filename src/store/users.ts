/**
 * SQL of the people who sign in. Passwords come in as hashes, secrets sealed. Their sessions are in `sessions.ts`, links in
 * `user-links.ts`.
 */
import type { User } from '../core/user.ts';
import { takeNumbers } from './counters.ts';
import type { Queryable } from './database.ts';
import type { UserAccountTable } from './user-schema.ts';
import { columnsOf } from './tables.ts';

const COLUMNS = columnsOf('user_account');
/** The counter that whoever makes a user, or takes rights from one, holds; its numbers mean nothing. */
const TURN_COUNTER = 'user_account';

/**
 * In a transaction that goes on to make a user, or to take rights from one: whoever does, on whatever node, waits here until
 * that has ended, and sees what it left.
 */
export async function takeUserTurn(tx: Queryable): Promise<void> {
  await takeNumbers(tx, TURN_COUNTER, 1);
}

/** False when the name is somebody's already. */
export async function insertUser(db: Queryable, user: User): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('user_account')
    .values(toRow(user))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findUser(db: Queryable, userNo: string): Promise<User | undefined> {
  const row = await db
    .selectFrom('user_account')
    .select(COLUMNS)
    .where('user_no', '=', userNo)
    .executeTakeFirst();
  return row && toUser(row);
}

export async function findUserByName(db: Queryable, name: string): Promise<User | undefined> {
  const row = await db
    .selectFrom('user_account')
    .select(COLUMNS)
    .where('name', '=', name)
    .executeTakeFirst();
  return row && toUser(row);
}

/** All of them, oldest first: as many as work there. */
export async function listUsers(db: Queryable): Promise<readonly User[]> {
  const rows = await db
    .selectFrom('user_account')
    .select(COLUMNS)
    .orderBy('created_at_ms')
    .orderBy('user_no')
    .execute();
  return rows.map(toUser);
}

export async function hasUsers(db: Queryable): Promise<boolean> {
  const row = await db.selectFrom('user_account').select('user_no').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Writes a user read at `version - 1`; false when somebody else changed it since. */
export async function saveUser(db: Queryable, user: User): Promise<boolean> {
  const { user_no, name: _, created_at_ms: __, last_sign_in_at_ms: ___, ...columns } = toRow(user);
  const { numUpdatedRows } = await db
    .updateTable('user_account')
    .set(columns)
    .where('user_no', '=', user_no)
    .where('version', '=', user.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/**
 * Notes that somebody signed in, which is no change of the user, and that the code of this period was taken. False when the
 * user was changed since it was read, or the code was taken before. Whoever changes the user meanwhile comes after this
 * transaction, and finds the session that it makes.
 */
export async function saveSignIn(
  tx: Queryable,
  { userNo, version }: Pick<User, 'userNo' | 'version'>,
  { atMs, totpStep }: { readonly atMs: number; readonly totpStep: number | null },
): Promise<boolean> {
  let query = tx
    .updateTable('user_account')
    .set({ last_sign_in_at_ms: atMs, ...(totpStep === null ? {} : { totp_step: totpStep }) })
    .where('user_no', '=', userNo)
    .where('version', '=', version);
  if (totpStep !== null) {
    query = query.where((eb) =>
      eb.or([eb('totp_step', 'is', null), eb('totp_step', '<', totpStep)]),
    );
  }
  const { numUpdatedRows } = await query.executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

function toRow(user: User): UserAccountTable {
  return {
    user_no: user.userNo,
    name: user.name,
    display_name: user.displayName,
    role: user.role,
    merchant_id: user.merchantId,
    state: user.state,
    password_hash: user.passwordHash,
    totp_secret: user.totpSecret,
    totp_pending: user.totpPending,
    totp_step: user.totpStep,
    last_sign_in_at_ms: user.lastSignInAtMs,
    created_at_ms: user.createdAtMs,
    version: user.version,
  };
}

export function toUser(row: UserAccountTable): User {
  return {
    userNo: row.user_no,
    name: row.name,
    displayName: row.display_name,
    role: row.role,
    merchantId: row.merchant_id,
    state: row.state,
    passwordHash: row.password_hash,
    totpSecret: row.totp_secret,
    totpPending: row.totp_pending,
    totpStep: row.totp_step,
    lastSignInAtMs: row.last_sign_in_at_ms,
    createdAtMs: row.created_at_ms,
    version: row.version,
  };
}
