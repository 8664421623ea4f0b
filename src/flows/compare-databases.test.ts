/**
 * What the comparison of two databases notices: a change of any column of any table, be it of one row. Copies and engines
 * are in `test/postgres/copy-database.test.ts`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertOddRows } from '../../test/support/odd-rows.ts';
import type { Db, Queryable } from '../store/database.ts';
import { migrateToLatest } from '../store/migrate.ts';
import { openSqlite } from '../store/sqlite.ts';
import { runRaw, unlockAuditLog } from '../store/store.fixtures.ts';
import { COPIED } from '../store/tables.ts';
import { compareDatabases, type Comparison } from './compare-databases.ts';

let one: Db;
let other: Db;
beforeAll(async () => {
  [one, other] = [openSqlite(':memory:'), openSqlite(':memory:')];
  for (const db of [one, other]) {
    await migrateToLatest(db);
    await insertOddRows(db);
    // What is planted need not make sense, and of each table a few rows will do.
    await runRaw(db, 'pragma foreign_keys = off');
    await unlockAuditLog(db);
    for (const { name } of COPIED) await runRaw(db, `delete from ${name} where rowid > 3`);
  }
  await runRaw(other, 'pragma ignore_check_constraints = on');
});
afterAll(() => Promise.all([one.destroy(), other.destroy()]));

const compare = (there: Queryable): Promise<Comparison> =>
  compareDatabases(one, there, () => undefined);

class Undo extends Error {}

/** Compares after the change, and takes it back. */
async function compareWith(statement: string): Promise<Comparison | undefined> {
  let comparison: Comparison | undefined;
  const changing = other.transaction().execute(async (tx) => {
    await runRaw(tx, statement);
    comparison = await compare(tx);
    throw new Undo();
  });
  await expect(changing).rejects.toThrow(Undo);
  return comparison;
}

const COLUMNS = COPIED.flatMap(({ name, key, columns, types }) =>
  columns.map((column) => ({
    table: name,
    column,
    type: types[column],
    isKey: key.includes(column),
  })),
);

test.each(COLUMNS)('a change of $table $column', async ({ table, column, type, isKey }) => {
  const value = type === 'bigint' ? '424242' : "'planted'";
  const found = await compareWith(
    `update ${table} set ${column} = ${value} where rowid = (select max(rowid) from ${table})`,
  );
  expect(found?.isSame).toBe(false);
  expect(found?.difference).toMatchObject({
    table,
    ...(isKey ? { what: 'missing' } : { what: 'different', columns: [column] }),
  });
});

test('an empty text and none are not the same', async () => {
  const found = await compareWith("update merchant set name = '' where name is null");
  expect(found?.isSame).toBe(false);
});

test('what changes places between two rows is found', async () => {
  const found = await compareWith(
    `update counter set next = case next when 2 then 3 else 2 end where next in (2, 3)`,
  );
  expect(found).toMatchObject({ isSame: false, difference: { table: 'counter' } });
});

test('the same is the same, and each row is read on both sides', async () => {
  let rowsDone = 0;
  const found = await compareDatabases(one, other, (_table, done) => {
    rowsDone = done;
  });
  expect(found).toMatchObject({ isSame: true, difference: undefined });
  const counts = found.tables.map(({ source }) => source.rows);
  expect(rowsDone).toBe(counts.reduce((sum, count) => sum + count) * 2);
  expect(found.money.source).toStrictEqual(found.money.destination);
  expect(found.money.source.map(({ state }) => state)).toContain('awaiting_buyer');
});
