/** Payment numbers of a node: each given once, whoever asks at the same time, also by several nodes and after a crash. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PAYMENT_NO_CYCLE } from '../core/numbers.ts';
import { at } from '../core/payment.fixtures.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Db } from '../store/database.ts';
import { openSqlite } from '../store/sqlite.ts';
import { migrateToLatest } from '../store/migrate.ts';
import type { Random } from '../system/random.ts';
import { createNumberSource } from './take-number.ts';

/** A new database begins at a random place of the cycle; here at its beginning. */
const FROM_ONE: Random = { hex: () => '00000000' };

let db: Db;
beforeEach(async () => {
  db = openSqlite(':memory:');
  await migrateToLatest(db);
});
afterEach(() => db.destroy());

const running = (paymentNo: string): number => Number(paymentNo.slice(-7));

test('begin at 1 and are of the day in Shanghai', async () => {
  const numbers = createNumberSource(db, FROM_ONE);
  expect(await numbers.takePaymentNo(at(0))).toBe('FF2603210000001');
  // Noon there, and twelve hours later it is the next day there and not yet in UTC.
  expect(await numbers.takePaymentNo(at(12 * 3600 - 1))).toBe('FF2603210000002');
  expect(await numbers.takePaymentNo(at(12 * 3600))).toBe('FF2603220000003');
});

test('are given once and without gaps, whoever asks at the same time', async () => {
  const numbers = createNumberSource(db, FROM_ONE);
  const taken = await Promise.all(Array.from({ length: 350 }, () => numbers.takePaymentNo(at(0))));
  expect(taken.map(running).toSorted((one, other) => one - other)).toStrictEqual(
    Array.from({ length: 350 }, (_, index) => index + 1),
  );
});

test('are given once by several nodes on one database', async () => {
  const nodes = [
    createNumberSource(db, FROM_ONE),
    createNumberSource(db, FROM_ONE),
    createNumberSource(db, FROM_ONE),
  ];
  const taken = await Promise.all(
    Array.from({ length: 450 }, (_, index) => nodes[index % 3]!.takePaymentNo(at(0))),
  );
  expect(new Set(taken).size).toBe(450);
});

test('of a node that died are lost, not given again', async () => {
  const died = await createNumberSource(db, FROM_ONE).takePaymentNo(at(0));
  const next = await createNumberSource(db, FROM_ONE).takePaymentNo(at(0));
  expect(running(died)).toBe(1);
  expect(running(next)).toBe(101);
});

test('go on when the database is back after a failure', async () => {
  const numbers = createNumberSource(db, FROM_ONE);
  await db.schema.alterTable('counter').renameTo('away').execute();
  const failed = await Promise.allSettled([1, 2, 3].map(() => numbers.takePaymentNo(at(0))));
  expect(failed.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected', 'rejected']);
  await db.schema.alterTable('away').renameTo('counter').execute();
  expect(running(await numbers.takePaymentNo(at(0)))).toBe(1);
});

test('begin anew after ten million, in the middle of a block', async () => {
  await takeNumbers(db, 'payment', PAYMENT_NO_CYCLE - 3);
  const numbers = createNumberSource(db, FROM_ONE);
  const taken: number[] = [];
  for (let index = 0; index < 4; index += 1)
    taken.push(running(await numbers.takePaymentNo(at(0))));
  expect(taken).toStrictEqual([9_999_998, 9_999_999, 0, 1]);
});

test('of a new database begin anywhere in the cycle', async () => {
  const numbers = createNumberSource(db, { hex: () => '00abcdef' });
  expect(running(await numbers.takePaymentNo(at(0)))).toBe(1 + (0x00abcdef % PAYMENT_NO_CYCLE));
});
