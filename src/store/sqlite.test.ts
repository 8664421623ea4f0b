/**
 * The SQLite adapter: commits that last, transactions that undo all or nothing, and the write lock taken at the
 * beginning of a transaction. Two processes on one file are played by a second connection and by a worker thread, since
 * `node:sqlite` blocks the thread that waits for a lock.
 */
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeNumbers } from './counters.ts';
import { durable, inTransaction, type Db } from './database.ts';
import { isInUse, openSqlite, openSqliteAlone, openSqliteToRead } from './sqlite.ts';
import { DiskFailed } from './group-sync.ts';
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

test('the log is whole after every commit, and a reader does not stop a writer', async () => {
  // 1 is NORMAL: SQLite brings the log to the disk before it empties it, and the group syncs do so for each commit.
  expect(await runRaw(db, 'pragma synchronous')).toStrictEqual([{ synchronous: 1 }]);
  expect(await runRaw(db, 'pragma journal_mode')).toStrictEqual([{ journal_mode: 'wal' }]);
  expect(await runRaw(db, 'pragma foreign_keys')).toStrictEqual([{ foreign_keys: 1 }]);
  expect(await runRaw(db, 'pragma busy_timeout')).toStrictEqual([{ timeout: 5000 }]);
});

describe('the disk', () => {
  /** The same file, with a disk whose syncs end when the test says so. */
  const withDisk = (): { slow: Db; syncs: PromiseWithResolvers<void>[] } => {
    const syncs: PromiseWithResolvers<void>[] = [];
    const slow = openSqlite(path, () => {
      const sync = Promise.withResolvers<void>();
      syncs.push(sync);
      return sync.promise;
    });
    return { slow, syncs };
  };
  const isOver = async (work: Promise<unknown>): Promise<boolean> => {
    let over = false;
    void work.catch(() => undefined).then(() => (over = true));
    // One turn in which those who commit just now are gathered, and one for the rest.
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    return over;
  };

  test('has a transaction before it is over', async () => {
    const { slow, syncs } = withDisk();
    const work = inTransaction(slow, (tx) => takeNumbers(tx, 'a', 1));
    expect(await isOver(work)).toBe(false);
    expect(syncs).toHaveLength(1);
    syncs[0]?.resolve();
    await work;
    await slow.destroy();
  });

  test('is waited for once by transactions that end meanwhile, and others go on', async () => {
    const { slow, syncs } = withDisk();
    const first = inTransaction(slow, (tx) => takeNumbers(tx, 'a', 1));
    expect(await isOver(first)).toBe(false);
    const others = ['b', 'c', 'd'].map((name) =>
      inTransaction(slow, (tx) => takeNumbers(tx, name, 1)),
    );
    expect(await isOver(Promise.any(others))).toBe(false);
    // They are committed, and whoever reads them now must not tell it before the disk has them, too.
    expect(await nextOf(slow)).toBe(2);
    const told = durable(slow);
    syncs[0]?.resolve();
    await first;
    expect(await isOver(told)).toBe(false);
    syncs[1]?.resolve();
    await Promise.all([...others, told]);
    expect(syncs).toHaveLength(2);
    await slow.destroy();
  });

  test('is asked for a write without a transaction when somebody wants to know, and for reads never', async () => {
    const { slow, syncs } = withDisk();
    await nextOf(slow);
    await inTransaction(slow, nextOf);
    await durable(slow);
    expect(syncs).toHaveLength(0);
    await slow.insertInto('counter').values({ name: 'a', next: 1 }).execute();
    const told = durable(slow);
    expect(await isOver(told)).toBe(false);
    syncs[0]?.resolve();
    await told;
    await slow.destroy();
  });

  test('is asked after a commit: a sync before it would not hold what is written', async () => {
    const { slow, syncs } = withDisk();
    const work = inTransaction(slow, async (tx) => {
      await takeNumbers(tx, 'a', 1);
      void durable(slow);
      expect(syncs).toHaveLength(0);
    });
    expect(await isOver(work)).toBe(false);
    expect(syncs).toHaveLength(1);
    syncs[0]?.resolve();
    await work;
    expect(await nextOf(slow)).toBe(2);
    await slow.destroy();
  });

  test('that fails ends everything: nothing counts as written, and nothing is read any more', async () => {
    const { slow, syncs } = withDisk();
    const work = inTransaction(slow, (tx) => takeNumbers(tx, 'a', 1));
    expect(await isOver(work)).toBe(false);
    syncs[0]?.reject(new Error('EIO'));
    await expect(work).rejects.toThrow(DiskFailed);
    await expect(nextOf(slow)).rejects.toThrow(DiskFailed);
    await expect(inTransaction(slow, nextOf)).rejects.toThrow(DiskFailed);
    await slow.destroy();
  });
});

test('after a power cut at any time, every transaction that was over is there', async () => {
  const image = join(folder, 'image.sqlite');
  // What the disk has for certain is what it had when the last sync began; all later writes are lost.
  const slow = openSqlite(path, async () => {
    copyFileSync(path, image);
    copyFileSync(`${path}-wal`, `${image}-wal`);
    await new Promise(setImmediate);
  });
  // The log is emptied into the file, and begun anew, all the time.
  await runRaw(slow, 'pragma wal_autocheckpoint = 4');
  const over = new Set<string>();
  const write = async (name: string): Promise<void> => {
    for (let value = 1; value <= 20; value += 1) {
      await inTransaction(slow, (tx) => takeNumbers(tx, `${name}${value}`, value));
      over.add(`${name}${value}`);
      if (over.size % 20 !== 0) continue;
      rmSync(`${image}-shm`, { force: true });
      const found = openSqlite(image);
      const rows = await found.selectFrom('counter').select('name').execute();
      expect(rows.map((row) => row.name)).toStrictEqual(expect.arrayContaining([...over]));
      await found.destroy();
    }
  };
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map(write));
  expect(over.size).toBe(100);
  await slow.destroy();
});

test('what a process that died had committed lasts once another has opened the file', async () => {
  await takeNumbers(db, 'a', 41);
  const next = openSqlite(path);
  // After a power cut now: nothing of the log that nobody has brought to the disk.
  const image = join(folder, 'image.sqlite');
  copyFileSync(path, image);
  const found = openSqlite(image);
  expect(await nextOf(found)).toBe(42);
  await found.destroy();
  await next.destroy();
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
  test('that SQLite ended itself fails with what went wrong, and the next one works', async () => {
    await runRaw(
      db,
      `create trigger full before insert on counter when new.name = 'b'
        begin select raise(rollback, 'database or disk is full'); end`,
    );
    const failing = inTransaction(db, async (tx) => {
      await takeNumbers(tx, 'a', 1);
      await takeNumbers(tx, 'b', 1);
    });
    await expect(failing).rejects.toThrow('database or disk is full');
    expect(await nextOf(db)).toBeUndefined();
    await inTransaction(db, (tx) => takeNumbers(tx, 'a', 1));
    expect(await nextOf(db)).toBe(2);
  });

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
    const exit = once(holder, 'exit');
    await once(holder, 'message');
    // The other's write is seen, and its number is not taken twice.
    expect(await inTransaction(db, (tx) => takeNumbers(tx, 'a', 1))).toBe(42);
    await exit;
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

describe('a file that is opened for one process alone', () => {
  test('is refused while another has it open, be it idle, and is left as it was', async () => {
    let error: unknown;
    try {
      openSqliteAlone(path);
    } catch (thrown) {
      error = thrown;
    }
    expect(isInUse(error)).toBe(true);
    await db.destroy();
    db = openSqliteAlone(path);
    expect(await runRaw(db, 'select 1 as one')).toStrictEqual([{ one: 1 }]);
  });

  test('is kept from every other, and given back at the end', async () => {
    await db.destroy();
    db = openSqliteAlone(path);
    const other = new DatabaseSync(path);
    expect(() => other.prepare('select * from counter').all()).toThrow('database is locked');
    other.close();
    await runRaw(db, 'create table written (n)');
    await db.destroy();
    db = openSqlite(path);
    expect(await runRaw(db, 'select n from written')).toStrictEqual([]);
  });
});

describe('opened to read', () => {
  test('beside one who writes, it sees what was written last, and cannot write', async () => {
    await takeNumbers(db, 'a', 1);
    const reader = openSqliteToRead(path);
    expect(await nextOf(reader)).toBe(2);
    await takeNumbers(db, 'a', 1);
    expect(await nextOf(reader)).toBe(3);
    await expect(takeNumbers(reader, 'a', 1)).rejects.toThrow('readonly');
    await reader.destroy();
  });

  test('a file that nobody has open, in a path of any characters: no file comes into being beside it', async () => {
    await takeNumbers(db, 'a', 1);
    await db.destroy();
    const odd = join(folder, 'a%20 b?c#d.sqlite');
    copyFileSync(path, odd);
    db = openSqlite(path);
    const before = readdirSync(folder);
    const reader = openSqliteToRead(odd);
    expect(await nextOf(reader)).toBe(2);
    await reader.destroy();
    expect(readdirSync(folder)).toStrictEqual(before);
  });

  test('no file is an error, and none is made', () => {
    const absent = join(folder, 'absent.sqlite');
    expect(() => openSqliteToRead(absent)).toThrow('unable to open');
    expect(readdirSync(folder)).not.toContain('absent.sqlite');
  });
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
