/**
 * The SQLite adapter: commits that last, transactions that undo all or nothing, and the write lock taken at the
 * beginning of a transaction. Two processes on one file are played by a second connection and by a worker thread, since
 * `node:sqlite` blocks the thread that waits for a lock.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeNumbers } from './counters.ts';
import { inTransaction, openSqlite, type Db } from './database.ts';
import { migrateToLatest } from './migrate.ts';
import { runRaw } from './store.fixtures.ts';

let folder: string;
let path: string;
let db: Db;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'f2f-store-'));
  path = join(folder, 'gateway.sqlite');
  db = openSqlite(path);
  await migrateToLatest(db);
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const nextOf = async (from: Db): Promise<unknown> =>
  (await from.selectFrom('counter').select('next').where('name', '=', 'a').executeTakeFirst())
    ?.next;

test('every commit is on disk before it counts, and a reader does not stop a writer', async () => {
  // 2 is FULL.
  expect(await runRaw(db, 'pragma synchronous')).toStrictEqual([{ synchronous: 2 }]);
  expect(await runRaw(db, 'pragma journal_mode')).toStrictEqual([{ journal_mode: 'wal' }]);
  expect(await runRaw(db, 'pragma foreign_keys')).toStrictEqual([{ foreign_keys: 1 }]);
  expect(await runRaw(db, 'pragma busy_timeout')).toStrictEqual([{ timeout: 5000 }]);
});

test('a file that is opened again has what was written', async () => {
  await takeNumbers(db, 'a', 41);
  await db.destroy();
  db = openSqlite(path);
  expect(await nextOf(db)).toBe(42);
});

test('what a process that died had not committed is not there', async () => {
  const dying = new DatabaseSync(path);
  dying.exec("begin immediate; insert into counter values ('a', 42)");
  dying.close();
  expect(await nextOf(db)).toBeUndefined();
});

describe('a transaction', () => {
  test('writes all or nothing', async () => {
    const failing = inTransaction(db, async (tx) => {
      await takeNumbers(tx, 'a', 1);
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    expect(await nextOf(db)).toBeUndefined();
    await inTransaction(db, (tx) => takeNumbers(tx, 'a', 1));
    expect(await nextOf(db)).toBe(2);
  });

  test('returns what its work returns', async () => {
    expect(await inTransaction(db, (tx) => takeNumbers(tx, 'a', 1))).toBe(1);
  });

  test('is not mixed with others of the same process', async () => {
    const order: string[] = [];
    const work = (name: string): Promise<void> =>
      inTransaction(db, async (tx) => {
        order.push(`${name} begins`);
        await takeNumbers(tx, 'a', 1);
        await takeNumbers(tx, 'a', 1);
        order.push(`${name} ends`);
      });
    await Promise.all([work('one'), work('other')]);
    expect(order).toStrictEqual(['one begins', 'one ends', 'other begins', 'other ends']);
  });

  test('has the write lock before it reads, so that what it read still holds when it writes', async () => {
    const other = new DatabaseSync(path, { timeout: 0 });
    const write = "insert into counter values ('b', 1)";
    await inTransaction(db, async (tx) => {
      expect(await tx.selectFrom('counter').selectAll().execute()).toStrictEqual([]);
      expect(() => other.exec(write)).toThrow('database is locked');
      await takeNumbers(tx, 'a', 1);
    });
    expect(() => other.exec(write)).not.toThrow();
    other.close();
  });

  test('leaves readers alone', async () => {
    const reader = openSqlite(path);
    await inTransaction(db, async (tx) => {
      await takeNumbers(tx, 'a', 1);
      expect(await nextOf(reader)).toBeUndefined();
    });
    expect(await nextOf(reader)).toBe(2);
    await reader.destroy();
  });

  test('waits for another process that holds the lock briefly', async () => {
    const holder = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
      const { DatabaseSync } = require('node:sqlite');
      const other = new DatabaseSync(workerData);
      other.exec("begin immediate; insert into counter values ('a', 42)");
      parentPort.postMessage('locked');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
      other.exec('commit');
      other.close();`,
      { eval: true, workerData: path },
    );
    await once(holder, 'message');
    // The other's write is seen, and its number is not taken twice.
    expect(await inTransaction(db, (tx) => takeNumbers(tx, 'a', 1))).toBe(42);
    await once(holder, 'exit');
  });
});

test('many different statements are no harm to those that are kept', async () => {
  for (let index = 0; index < 1100; index += 1) {
    expect(await runRaw(db, `select ${index} as value`)).toStrictEqual([{ value: index }]);
  }
  expect(await takeNumbers(db, 'a', 1)).toBe(1);
});

test('a path where no file can be is an error at once', () => {
  expect(() => openSqlite(join(folder, 'absent', 'gateway.sqlite'))).toThrow('unable to open');
});

test('two databases in memory are two', async () => {
  const [one, other] = [openSqlite(':memory:'), openSqlite(':memory:')];
  await migrateToLatest(one);
  await migrateToLatest(other);
  await takeNumbers(one, 'a', 1);
  expect(await nextOf(other)).toBeUndefined();
  await one.destroy();
  await other.destroy();
});
