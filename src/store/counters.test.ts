/** Running numbers: each taken once, whoever asks at the same time, and given again only when a transaction fails. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeNumbers } from './counters.ts';
import { inTransaction, type Db } from './database.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';
import { runRaw, REFUSALS } from './store.fixtures.ts';

let db: Db;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.destroy());

test('begin at 1, and go on where the last block ended', async () => {
  expect(await takeNumbers(db, 'payment', 1)).toBe(1);
  expect(await takeNumbers(db, 'payment', 100)).toBe(2);
  expect(await takeNumbers(db, 'payment', 1)).toBe(102);
});

test('begin elsewhere where that is asked for, and only at their beginning', async () => {
  expect(await takeNumbers(db, 'payment', 100, 5000)).toBe(5000);
  expect(await takeNumbers(db, 'payment', 100, 9000)).toBe(5100);
  expect(await takeNumbers(db, 'payment', 1)).toBe(5200);
});

test('each name counts for itself', async () => {
  await takeNumbers(db, 'payment', 100);
  expect(await takeNumbers(db, 'store:2088212612254111', 1)).toBe(1);
});

test('are taken once by whoever asks at the same time', async () => {
  const firsts = await Promise.all(
    Array.from({ length: 200 }, (_, index) => takeNumbers(db, 'payment', 1 + (index % 3))),
  );
  const taken = firsts.flatMap((first, index) =>
    Array.from({ length: 1 + (index % 3) }, (_, more) => first + more),
  );
  expect(taken.toSorted((one, other) => one - other)).toStrictEqual(
    Array.from({ length: taken.length }, (_, index) => index + 1),
  );
});

test('of a transaction that failed are given again', async () => {
  const failing = inTransaction(db, async (tx) => {
    await takeNumbers(tx, 'payment', 5);
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await takeNumbers(db, 'payment', 1)).toBe(1);
});

test('never go below one, whatever is written', async () => {
  await takeNumbers(db, 'payment', 1);
  await expect(runRaw(db, 'update counter set next = 0')).rejects.toThrow(REFUSALS.CHECK);
});
