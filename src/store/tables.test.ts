/** The list of all tables, held against what the migrations make on this engine: nothing is left behind by a copy. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ENGINE, openTestDatabase } from '../../test/support/test-database.ts';
import type { Db } from './database.ts';
import { runRaw } from './store.fixtures.ts';
import { COPIED, NOT_COPIED } from './tables.ts';

let db: Db;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.destroy());

test('it has every table that the migrations make', async () => {
  const made = await db.introspection.getTables({ withInternalKyselyTables: true });
  const names = made.map(({ name }) => name).filter((name) => name !== 'kysely_migration_lock');
  const listed = [...COPIED.map(({ name }) => name), ...NOT_COPIED];
  expect(listed.toSorted()).toStrictEqual(names.toSorted());
});

test('it has every column, with its type', async () => {
  const made = await db.introspection.getTables();
  for (const { name, types } of COPIED) {
    const columns = made.find((table) => table.name === name)?.columns ?? [];
    const stored = columns.map(({ name, dataType }) => [
      name,
      /^(int8|bigint)$/i.test(dataType) ? 'bigint' : dataType.toLowerCase(),
    ]);
    expect(types, `of ${name}`).toStrictEqual(Object.fromEntries(stored));
  }
});

test('its keys are the primary keys', async () => {
  for (const { name, key } of COPIED) {
    const rows =
      ENGINE === 'sqlite'
        ? await runRaw(db, 'select name from pragma_table_info(?) where pk > 0 order by pk', [name])
        : await runRaw(
            db,
            `select a.attname as name from pg_index i
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
            where i.indisprimary and i.indrelid = $1::regclass
            order by array_position(i.indkey, a.attnum)`,
            [name],
          );
    expect(rows.map((row) => row['name'])).toStrictEqual([...key]);
  }
});

test('what a row refers to comes before it', async () => {
  const names = COPIED.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    const rows =
      ENGINE === 'sqlite'
        ? await runRaw(db, 'select "table" as name from pragma_foreign_key_list(?)', [name])
        : await runRaw(
            db,
            `select confrelid::regclass::text as name from pg_constraint
            where contype = 'f' and conrelid = $1::regclass`,
            [name],
          );
    for (const { name: referred } of rows) {
      expect(names.slice(0, index), `${name} refers to it`).toContain(referred);
    }
  }
});
