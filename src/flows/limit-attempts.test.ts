/** Attempts, counted before it is known how they end, on both engines; and which addresses are one. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../../test/support/test-database.ts';
import type { Db } from '../store/database.ts';
import { findAttempts } from '../store/sign-in-attempts.ts';
import { addressSubject, countAttempt, nameSubject, type Counted } from './limit-attempts.ts';

let db: Db;
const clock = { nowMs: () => 1_000_000, monotonicMs: () => 0, sleep: () => Promise.resolve() };
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.destroy());

const ANNA = nameSubject('anna');
const isCounted = (one: Awaited<ReturnType<typeof countAttempt>>): one is Counted =>
  !('lockedUntilMs' in one);

test('of twenty at once five are let through', async () => {
  const made = await Promise.all(
    Array.from({ length: 20 }, () => countAttempt({ db, clock }, ANNA)),
  );
  expect(made.filter(isCounted)).toHaveLength(5);
  expect(await findAttempts(db, ANNA.hash)).toMatchObject({
    failures: 5,
    lockedUntilMs: 1_060_000,
  });
});

test('success forgives all, a withdrawal one', async () => {
  const [one, two] = [
    await countAttempt({ db, clock }, ANNA),
    await countAttempt({ db, clock }, ANNA),
  ].filter(isCounted);
  await two?.withdraw();
  expect((await findAttempts(db, ANNA.hash))?.failures).toBe(1);
  await one?.succeed();
  expect(await findAttempts(db, ANNA.hash)).toBeUndefined();
  // There is nothing left to withdraw from.
  await one?.withdraw();
  expect(await findAttempts(db, ANNA.hash)).toBeUndefined();
});

test('nothing that was typed is stored as it is', async () => {
  await countAttempt({ db, clock }, nameSubject('my password in the wrong field'));
  const rows = await db.selectFrom('sign_in_attempts').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain('password');
});

test.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['::ffff:192.0.2.1', '192.0.2.1', true],
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
  ['2001:DB8:0001:2::1', '2001:db8:1:2::9', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['2001:db8::1', '2001:db8:0:0:1::', true],
  ['fe80::1%eth0', 'fe80::2%eth0', true],
  ['::1', '::2', true],
])('%s and %s are of one customer: %s', (one, other, expected) => {
  expect(addressSubject(one).hash === addressSubject(other).hash).toBe(expected);
});
