/**
 * Copies of real files: whole and of one moment while another process never stops writing, of what a dead process left in its
 * log, and refused where the source is no sound database of this gateway.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aPayment } from '../core/payment.fixtures.ts';
import { backUpDatabase } from './sqlite-backup.ts';
import { copyDatabase, FileRefused, sqliteCode, type Progress } from './sqlite-copy.ts';
import type { Db } from './database.ts';
import { openSqlite } from './sqlite.ts';
import { migrateToLatest, MIGRATIONS } from './migrate.ts';
import { insertPayment } from './payments.ts';
import { fillShop, runRaw } from './store.fixtures.ts';

let folder: string;
let path: string;
let db: Db;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'f2f-copy-'));
  path = join(folder, 'gateway.sqlite');
  db = openSqlite(path);
  await migrateToLatest(db);
  await fillShop(db);
  await insertPayment(db, aPayment());
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

const copy = (from = path): ReturnType<typeof copyDatabase> =>
  copyDatabase(from, join(folder, 'copy'), { readOnly: false, onProgress: () => undefined });
const rowsIn = (file: string, query: string): unknown[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
};
/** 24 MB: some steps of the copy. */
const makeLarge = (): Promise<unknown> =>
  runRaw(
    db,
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < 6000)
     insert into counter select 'filling ' || i || hex(zeroblob(1900)), 1 from n`,
  );

test('a copy has every row, is one file, and its owner alone may read it', async () => {
  const contents = await copy();
  expect(contents).toMatchObject({
    migrations: Object.keys(MIGRATIONS),
    rows: { payment: 1, merchant: 2, refund: 0, counter: 0 },
    newestPaymentAtMs: aPayment().createdAtMs,
  });
  expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toStrictEqual(['copy']);
  // 2 would be a write-ahead log (https://sqlite.org/fileformat.html), without which a reader can do nothing.
  expect([...readFileSync(join(folder, 'copy')).subarray(18, 20)]).toStrictEqual([1, 1]);
  expect(statSync(join(folder, 'copy')).mode & 0o777).toBe(0o600);
  expect(rowsIn(join(folder, 'copy'), 'select payment_no from payment')).toMatchObject([
    { payment_no: aPayment().paymentNo },
  ]);
});

/** Each of its transactions adds one to both counters, and the next begins at once. */
const WRITER = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1], { timeout: 5000 });
  database.exec("insert into counter values ('left', 1), ('right', 1)");
  const left = database.prepare("update counter set next = next + 1 where name = 'left'");
  const right = database.prepare("update counter set next = next + 1 where name = 'right'");
  console.log('writing');
  for (;;) {
    database.exec('begin immediate');
    left.run();
    right.run();
    database.exec('commit');
  }
`;

test('a backup ends, and is of one moment, while another process never stops writing', async () => {
  await makeLarge();
  const writer = spawn(process.execPath, ['-e', WRITER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(writer.stdout, 'data');
    const steps: Progress[] = [];
    const to = join(folder, 'backup');
    await backUpDatabase(path, to, (progress) => {
      const last = steps.at(-1)?.copiedPages ?? 0;
      if (progress.copiedPages < last) throw new Error('it began anew, and may never end');
      steps.push(progress);
    });
    expect(steps.length).toBeGreaterThan(3);
    const [left, right] = rowsIn(
      to,
      "select next from counter where name in ('left', 'right')",
    ) as { next: number }[];
    expect(left!.next).toBe(right!.next);
    // It went on meanwhile.
    const [after] = rowsIn(path, "select next from counter where name = 'left'") as [
      { next: number },
    ];
    expect(after.next).toBeGreaterThan(left!.next);
  } finally {
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  }
});

test('what a process that died left in its log is in the copy', async () => {
  const died = join(folder, 'died.sqlite');
  copyFileSync(path, died);
  copyFileSync(`${path}-wal`, `${died}-wal`);
  rmSync(`${died}-shm`, { force: true });
  expect((await copy(died)).rows['payment']).toBe(1);
});

describe('refused is', () => {
  const refusal = async (from: string): Promise<string> => {
    const error: unknown = await copy(from).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(FileRefused);
    return (error as Error).message;
  };
  const closed = async (): Promise<void> => {
    await db.destroy();
    db = openSqlite(':memory:');
  };

  test('what is no database', async () => {
    const text = join(folder, 'text');
    writeFileSync(text, 'Dear operator, '.repeat(1000));
    expect(await refusal(text)).toContain('text is not a sound SQLite database');
    writeFileSync(text, '');
    expect(await refusal(text)).toContain('text is not a database of this gateway');
  });

  test('a database of another program', async () => {
    const other = join(folder, 'other');
    new DatabaseSync(other).exec('create table payment (no text); insert into payment values (1)');
    expect(await refusal(other)).toContain('other is not a database of this gateway');
  });

  test('a database of a newer version', async () => {
    await runRaw(db, "insert into kysely_migration values ('9999-time-travel', '2099')");
    expect(await refusal(path)).toMatch(
      /newer version of this program \(it has 9999-time-travel\)/,
    );
  });

  test.each([0.3, 0.7, 0.97])('%f of a database', async (share) => {
    await makeLarge();
    await closed();
    truncateSync(path, Math.floor(statSync(path).size * share));
    expect(await refusal(path)).toMatch(/not a sound SQLite database|damaged/);
  });

  test('a database with a page of nonsense', async () => {
    await closed();
    const file = openSync(path, 'r+');
    const pages = statSync(path).size / 4096;
    for (let page = 2; page < pages; page += 1) writeSync(file, 'x'.repeat(64), page * 4096);
    expect(await refusal(path)).toMatch(/not a sound SQLite database|damaged/);
  });

  test('an index that lacks rows of its table', async () => {
    await runRaw(db, 'update payment set due_at_ms = null');
    await closed();
    const database = new DatabaseSync(path);
    database.enableDefensive(false);
    database.exec(`pragma writable_schema = on;
      update sqlite_schema set sql = replace(sql, 'is not null', 'is null') where name = 'payment_due'`);
    database.close();
    expect(await refusal(path)).toMatch(/^The database is damaged: .+ payment_due/);
  });

  test('a row that refers to none', async () => {
    await runRaw(db, 'pragma foreign_keys = off');
    await runRaw(db, 'delete from merchant');
    expect(await refusal(path)).toContain('a row of payment refers to none');
  });

  test('a file that is not there, with no copy of nothing left', async () => {
    expect(await refusal(join(folder, 'nowhere', 'gateway.sqlite'))).toContain('cannot be copied');
    expect(existsSync(join(folder, 'copy'))).toBe(false);
  });
});

describe('a backup', () => {
  const backUp = (to: string): Promise<unknown> => backUpDatabase(path, to, () => undefined);

  test('overwrites nothing', async () => {
    const to = join(folder, 'backup');
    writeFileSync(to, 'precious');
    await expect(backUp(to)).rejects.toThrow(`${to} exists: give the backup another name`);
    expect(statSync(to).size).toBe(8);
  });

  test('wants a folder that exists', async () => {
    await expect(backUp(join(folder, 'no', 'backup'))).rejects.toThrow('make it first');
  });

  test('that failed leaves nothing', async () => {
    await runRaw(db, 'pragma foreign_keys = off');
    await runRaw(db, 'delete from merchant');
    await expect(backUp(join(folder, 'backup'))).rejects.toThrow('damaged');
    expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toStrictEqual([]);
  });
});

test('an extended result code of SQLite is one of its primary code, and other errors have none', () => {
  expect(sqliteCode(Object.assign(new Error('busy'), { errcode: 261 }))).toBe(5);
  expect(sqliteCode(new Error('no'))).toBeUndefined();
  expect(sqliteCode('no')).toBeUndefined();
});
