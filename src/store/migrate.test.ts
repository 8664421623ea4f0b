/** Migrations: each runs once, in order, also when several processes start at once; readiness tells whether all have. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Db } from './database.ts';
import { openSqlite } from './sqlite.ts';
import { isMigrated, MIGRATIONS, migrateToLatest, schemaState } from './migrate.ts';
import { runRaw } from './store.fixtures.ts';

let folder: string;
let db: Db;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'f2f-migrate-'));
  db = openSqlite(join(folder, 'gateway.sqlite'));
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const schemaOf = (from: Db): Promise<unknown[]> =>
  runRaw(
    from,
    "select name, sql from sqlite_schema where tbl_name not like 'kysely%' order by name",
  );

test('a new database is not ready, and is after the migrations', async () => {
  expect(await isMigrated(db)).toBe(false);
  expect(await migrateToLatest(db)).toContain('0001-first-payment');
  expect(await isMigrated(db)).toBe(true);
});

test('what ran does not run again, and changes nothing', async () => {
  await migrateToLatest(db);
  const schema = await schemaOf(db);
  expect(schema.length).toBeGreaterThan(10);
  expect(await migrateToLatest(db)).toStrictEqual([]);
  expect(await schemaOf(db)).toStrictEqual(schema);
});

test('those that start at once on one connection run each migration once', async () => {
  const ran = await Promise.all([migrateToLatest(db), migrateToLatest(db), migrateToLatest(db)]);
  expect(ran.flat().filter((name) => name === '0001-first-payment')).toHaveLength(1);
});

test('processes that start at once on one file run each migration once', async () => {
  const ours = join(import.meta.dirname, 'migrate.ts');
  const program = `
    const { openSqlite } = await import(${JSON.stringify(join(import.meta.dirname, 'sqlite.ts'))});
    const { migrateToLatest } = await import(${JSON.stringify(ours)});
    const db = openSqlite(process.argv[1]);
    process.stdout.write('ready\\n');
    process.stdin.once('data', async () => {
      process.stdout.write(JSON.stringify(await migrateToLatest(db)));
      await db.destroy();
      process.exit();
    });`;
  const starting = Array.from({ length: 3 }, () =>
    spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      program,
      join(folder, 'many.sqlite'),
    ]),
  );
  await Promise.all(starting.map((child) => once(child.stdout, 'data')));
  const answers = starting.map(async (child) => {
    child.stdin.write('go');
    const [answer] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return answer;
  });
  const ran = (await Promise.all(answers)).join(' ');
  expect(ran.match(/0001-first-payment/g)).toHaveLength(1);
  // The others found everything done, and did not fail.
  expect(ran.match(/\[\]/g)).toHaveLength(2);
});

test('a migration that fails says so, with its cause, and leaves nothing half done', async () => {
  // A table of somebody else's stands in the way.
  await runRaw(db, 'create table merchant (x text)');
  await expect(migrateToLatest(db)).rejects.toMatchObject({
    message: 'A migration of the database failed',
    cause: { message: expect.stringContaining('merchant') },
  });
  expect(await isMigrated(db)).toBe(false);
  expect(await schemaOf(db)).toHaveLength(1);
  await runRaw(db, 'drop table merchant');
  expect(await migrateToLatest(db)).toContain('0001-first-payment');
});

describe('older code on a database that newer code brought further', () => {
  const bringFurther = async (mayRun: 0 | 1): Promise<void> => {
    await migrateToLatest(db);
    await runRaw(db, "insert into kysely_migration values ('9999-later', '2026-01-01')");
    await runRaw(db, `insert into migration_note values ('9999-later', ${mayRun})`);
  };

  test('starts and is ready where the migration lets it', async () => {
    await bringFurther(1);
    expect(await migrateToLatest(db)).toStrictEqual([]);
    expect(await isMigrated(db)).toBe(true);
  });

  test('does not start, and is ready no more, where it does not', async () => {
    await bringFurther(0);
    await expect(migrateToLatest(db)).rejects.toThrow('(9999-later): start the newer version');
    expect(await isMigrated(db)).toBe(false);
  });

  test('does not take a migration without a note for one that lets it', async () => {
    await migrateToLatest(db);
    await runRaw(db, "insert into kysely_migration values ('9999-later', '2026-01-01')");
    await expect(migrateToLatest(db)).rejects.toThrow('9999-later');
  });
});

describe('how far a database has been brought', () => {
  test('nowhere, and nothing is changed by asking', async () => {
    const before = await schemaOf(db);
    const { missing, newer } = await schemaState(db);
    expect(missing).toStrictEqual(Object.keys(MIGRATIONS));
    expect(newer).toStrictEqual([]);
    expect(await schemaOf(db)).toStrictEqual(before);
  });

  test('to this version, and further', async () => {
    await migrateToLatest(db);
    expect(await schemaState(db)).toStrictEqual({ missing: [], newer: [] });
    await runRaw(db, "insert into kysely_migration values ('9998-may', '2026-01-01')");
    await runRaw(db, "insert into migration_note values ('9998-may', 1)");
    await runRaw(db, "insert into kysely_migration values ('9999-no', '2026-01-01')");
    expect(await schemaState(db)).toStrictEqual({
      missing: [],
      newer: [
        { name: '9998-may', mayRun: true },
        { name: '9999-no', mayRun: false },
      ],
    });
  });
});

test('a database that was closed is not ready', async () => {
  await migrateToLatest(db);
  await db.destroy();
  expect(await isMigrated(db).catch(() => false)).toBe(false);
  db = openSqlite(':memory:');
});
