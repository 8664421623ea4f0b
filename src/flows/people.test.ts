/**
 * What happens to people at once, on both engines and without the API: of many who open one link one comes in, of many who show
 * one code one, and nobody is in who was suspended meanwhile. What it looks like over v2 is in `test/v2/`.
 */
import { createHmac } from 'node:crypto';
import { TOTP } from 'otpauth';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../../test/support/test-database.ts';
import type { User } from '../core/user.ts';
import type { Db } from '../store/database.ts';
import { saveSignIn } from '../store/users.ts';
import { oneTimeCodes } from '../system/one-time-codes.ts';
import { createPasswords } from '../system/passwords.ts';
import { realRandom } from '../system/random.ts';
import { createVault } from '../system/vault.ts';
import {
  changeUser,
  makeLinkFor,
  makeUser,
  resetTotp,
  resumeUser,
  suspendUser,
} from './manage-users.ts';
import { changePassword } from './own-account.ts';
import { redeemLink } from './redeem-link.ts';
import { authenticateSession } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { confirmTotp } from './totp.ts';
import { makeFirstLink } from './user-links.ts';

const NOW_MS = 1_800_000_000_000;
const PASSWORD = 'tea at the quiet lake';
const passwords = createPasswords(undefined, async (password, salt, _cost, bytes) =>
  createHmac('sha512', salt).update(password).digest().subarray(0, bytes),
);

let db: Db;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.destroy());

function depsAt(nowMs = NOW_MS) {
  const clock = { nowMs: () => nowMs, monotonicMs: () => 0, sleep: () => Promise.resolve() };
  const vault = createVault(new Uint8Array(32));
  return { db, clock, vault, random: realRandom, passwords, oneTimeCodes };
}

const open = (token: string, name?: string, password = PASSWORD) =>
  redeemLink(depsAt(), { token, name, password, code: undefined, address: '192.0.2.1' });
const enter = (name: string, code?: string) =>
  signIn(depsAt(NOW_MS + 60_000), {
    name,
    password: PASSWORD,
    code,
    address: '192.0.2.1',
    oldSecret: undefined,
  });
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const count = async (table: 'user_account' | 'user_session' | 'user_link'): Promise<number> =>
  (await db.selectFrom(table).selectAll().execute()).length;

/** Somebody with a password, an administrator of all merchants. */
async function somebody(name: string): Promise<string> {
  const wanted = { name, displayName: null, role: 'administrator', merchantId: null } as const;
  const made = await makeUser(depsAt(), wanted);
  await open(made?.link.token ?? '');
  await db.deleteFrom('user_session').execute();
  return made?.user.userNo ?? '';
}

test('of twenty who open one link one comes in', async () => {
  const wanted = { name: 'anna', displayName: null, role: 'clerk', merchantId: null } as const;
  const made = await makeUser(depsAt(), wanted);
  const results = await times(20, (index) =>
    open(made?.link.token ?? '', undefined, `${PASSWORD} ${index}`),
  );
  expect(results.filter(({ kind }) => kind === 'signed_in')).toHaveLength(1);
  expect([await count('user_session'), await count('user_link')]).toEqual([1, 0]);
});

test('of twenty who want to be the first administrator one is', async () => {
  const links = await times(3, () => makeFirstLink(depsAt()));
  expect(await count('user_link')).toBe(1);
  const tokens = links.map((link) => link?.token ?? '');
  const results = await times(20, (index) => open(tokens[index % 3] ?? '', `anna-${index}`));
  expect(results.filter(({ kind }) => kind === 'signed_in')).toHaveLength(1);
  expect(await count('user_account')).toBe(1);
});

test('of four who show one code one comes in', async () => {
  const userNo = await somebody('anna');
  const { vault } = depsAt();
  const secret = oneTimeCodes.secretOf('31'.repeat(20));
  const totpPending = vault.seal(secret, `totp:${userNo}`);
  await db.updateTable('user_account').set({ totp_pending: totpPending }).execute();
  const codeAt = (timestamp: number): string => new TOTP({ secret }).generate({ timestamp });
  await confirmTotp(depsAt(), userNo, codeAt(NOW_MS));
  const code = codeAt(NOW_MS + 60_000);
  const results = await times(4, () => enter('anna', code));
  expect(results.filter(({ kind }) => kind === 'signed_in')).toHaveLength(1);
});

test('nobody is in who was suspended while he came in', async () => {
  const userNo = await somebody('anna');
  await somebody('bob');
  const entering = times(4, () => enter('anna'));
  const suspended = await suspendUser(depsAt(), userNo);
  expect(suspended.kind).toBe('changed');
  await entering;
  expect(await count('user_session')).toBe(0);
});

test.each([
  ['a suspension', (userNo: string) => suspendUser(depsAt(), userNo)],
  ['a link', (userNo: string) => makeLinkFor(depsAt(), userNo)],
])('nobody changes the own password who is thrown out meanwhile by %s', async (_, throwOut) => {
  const userNo = await somebody('anna');
  await somebody('bob');
  const entered = await enter('anna');
  if (entered.kind !== 'signed_in') throw new Error(entered.kind);
  // A hash takes its time.
  const hash = async (password: string): Promise<string> => {
    await throwOut(userNo);
    return passwords.hash(password);
  };
  const deps = { ...depsAt(), passwords: { ...passwords, hash } };
  const changed = await changePassword(deps, entered.made, PASSWORD, 'a boat on the quiet lake');
  expect(changed.kind).toBe('session_ended');
  expect(await count('user_session')).toBe(0);
  await resumeUser(depsAt(), userNo);
  expect((await enter('anna')).kind).toBe('signed_in');
});

test('what somebody may do with a user is asked of the user as he is when it is done', async () => {
  const userNo = await somebody('anna');
  await somebody('bob');
  await changeUser(depsAt(), userNo, { role: 'clerk' });
  for (const act of [suspendUser, resumeUser, resetTotp, makeLinkFor]) {
    const seen: string[] = [];
    const mayNot = ({ role }: User): boolean => {
      seen.push(role);
      throw new Error('no');
    };
    await expect(act(depsAt(), userNo, mayNot)).rejects.toThrow('no');
    expect(seen).toEqual(['clerk']);
  }
  expect(await count('user_link')).toBe(0);
});

test('six administrators who take the rights from each other leave one', async () => {
  const all: string[] = [];
  for (let index = 0; index < 6; index += 1) all.push(await somebody(`anna-${index}`));
  // Six connections are open, so that nobody waits for one.
  await times(6, () => count('user_session'));
  const results = await Promise.all(
    all.map((userNo) => changeUser(depsAt(), userNo, { role: 'clerk' })),
  );
  expect(results.map(({ kind }) => kind).toSorted()).toEqual([
    ...Array.from({ length: 5 }, () => 'changed'),
    'last_administrator',
  ]);
});

test('a session is worth nothing once its user is suspended, also one that was left behind', async () => {
  await somebody('anna');
  const result = await enter('anna');
  const secret = result.kind === 'signed_in' ? result.made.secret : '';
  await db.updateTable('user_account').set({ state: 'suspended' }).execute();
  expect(await authenticateSession(depsAt(), secret)).toBeUndefined();
});

test('who was changed since he was read does not sign in, and a code is written once', async () => {
  const userNo = await somebody('anna');
  const as = (version: number, totpStep: number | null) =>
    saveSignIn(db, { userNo, version }, { atMs: NOW_MS, totpStep });
  const { version } = await db
    .selectFrom('user_account')
    .select('version')
    .executeTakeFirstOrThrow();
  expect(await as(version - 1, null)).toBe(false);
  expect([await as(version, 7), await as(version, 7), await as(version, 6)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([await as(version, 8), await as(version, null)]).toEqual([true, true]);
});

test('a session is known by its cookie and by nothing that is stored', async () => {
  await somebody('anna');
  const result = await enter('anna');
  const secret = result.kind === 'signed_in' ? result.made.secret : '';
  expect((await authenticateSession(depsAt(NOW_MS), secret))?.user.name).toBe('anna');
  const [row] = await db.selectFrom('user_session').selectAll().execute();
  expect(await authenticateSession(depsAt(NOW_MS), row?.session_hash ?? '')).toBeUndefined();
  expect(await authenticateSession(depsAt(NOW_MS), '')).toBeUndefined();
});
