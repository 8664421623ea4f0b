/**
 * What an engine says about itself: SQLite's file is whole or what is wrong with it, and a PostgreSQL server how it is set up.
 * A damaged file is damaged here by hand.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ENGINE, openTestDatabase } from '../../test/support/test-database.ts';
import { postgresFacts, sqliteFaults } from './engine-facts.ts';
import { migrateToLatest } from './migrate.ts';
import { openSqlite, openSqliteToRead } from './sqlite.ts';
import { runRaw } from './store.fixtures.ts';

const PAGE_BYTES = 4096;

test.runIf(ENGINE === 'sqlite')(
  'a whole SQLite file has no faults, a damaged one has',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'f2f-engine-'));
    const file = join(folder, 'a.sqlite');
    const db = openSqlite(file);
    await migrateToLatest(db);
    expect(await sqliteFaults(db)).toStrictEqual([]);
    const sql = "select rootpage from sqlite_schema where name = 'payment_due'";
    const page = Number((await runRaw(db, sql))[0]?.['rootpage']);
    await db.destroy();
    const bytes = readFileSync(file);
    // The header of the page that an index begins with.
    bytes.fill(0, (page - 1) * PAGE_BYTES, (page - 1) * PAGE_BYTES + 12);
    writeFileSync(file, bytes);
    const damaged = openSqliteToRead(file);
    const faults = await sqliteFaults(damaged);
    await damaged.destroy();
    rmSync(folder, { recursive: true });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThanOrEqual(3);
    expect(faults.join()).toMatch(/page|tree/i);
  },
);

test.runIf(ENGINE === 'postgres')('how a PostgreSQL server is set up', async () => {
  const db = await openTestDatabase();
  const facts = await postgresFacts(db);
  await db.destroy();
  expect(facts).toMatchObject({
    encoding: 'UTF8',
    // As the tests start it; our own sessions ask for `local`, which is not what the server is set to.
    fsync: 'off',
    fullPageWrites: 'off',
    synchronousCommit: 'off',
    isStandby: false,
    isReadOnly: false,
  });
  expect(facts.versionNum).toBeGreaterThanOrEqual(140_000);
  expect(facts.version).toMatch(/^\d+/);
  expect(facts.connectionsMax).toBeGreaterThan(0);
});
