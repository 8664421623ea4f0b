/**
 * A prepared query asks what the same query, built anew, would ask: with each call's own values, in every place where a
 * value stands, in transactions as well, and for each dialect in its own words.
 */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
} from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inTransaction, type Db } from './database.ts';
import { prepared, wroteOne } from './prepared.ts';
import type { Schema } from './schema.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';

let db: Db;
let built = 0;

beforeEach(async () => {
  db = await openTestDatabase();
  built = 0;
});
afterEach(() => db.destroy());

const put = prepared((to, row: { name: string; next: number }) => {
  built += 1;
  return to
    .insertInto('counter')
    .values(row)
    .onConflict((conflict) => conflict.doNothing());
});
const between = prepared((from, { low, high }: { low: number; high: number }) => {
  built += 1;
  return from
    .selectFrom('counter')
    .select('name')
    .where((eb) => eb.or([eb('next', '=', low), eb.between('next', low, high)]))
    .where('name', '!=', 'fixed')
    .orderBy('name');
});

async function names(low: number, high: number): Promise<string[]> {
  return (await between(db, { low, high })).rows.map(({ name }) => name);
}

test('is built once and asked with the values of each call', async () => {
  expect(wroteOne(await put(db, { name: 'a', next: 10_001 }))).toBe(true);
  expect(wroteOne(await put(db, { name: 'b', next: 10_002 }))).toBe(true);
  expect(wroteOne(await put(db, { name: 'b', next: 10_003 }))).toBe(false);
  expect(built).toBe(1);
  expect(await names(10_001, 10_001)).toStrictEqual(['a']);
  expect(await names(10_001, 10_009)).toStrictEqual(['a', 'b']);
  expect(await names(10_003, 10_009)).toStrictEqual([]);
  expect(built).toBe(2);
});

test('belongs to the transaction in which it is asked', async () => {
  const failed = inTransaction(db, async (tx) => {
    await put(tx, { name: 'a', next: 10_001 });
    throw new Error('undone');
  });
  await expect(failed).rejects.toThrow('undone');
  expect(await names(10_001, 10_001)).toStrictEqual([]);
});

test('is built for each dialect in its own words', async () => {
  const asked: CompiledQuery[] = [];
  const postgres = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void asked.push(query),
  });
  await names(1, 2);
  await between(postgres, { low: 1, high: 2 });
  expect(asked.map(({ sql }) => sql)).toStrictEqual([
    'select "name" from "counter" where ("next" = $1 or "next" between $2 and $3) and "name" != $4 order by "name"',
  ]);
  expect(asked[0]?.parameters).toStrictEqual([1, 1, 2, 'fixed']);
});
