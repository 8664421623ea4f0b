/**
 * A backup in the place of the database, on real files: only where nobody has that open, never beside what belonged to another
 * database, and the old one kept. What changes in it on the way is tested in `flows/restore-database.test.ts`.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeNumbers } from './counters.ts';
import { backUpDatabase } from './sqlite-backup.ts';
import { FileRefused } from './sqlite-copy.ts';
import { replaceDatabase, type Replaced } from './sqlite-restore.ts';
import { openInPlace, openSqlite } from './sqlite.ts';
import { migrateToLatest } from './migrate.ts';

let folder: string;
let place: string;
let backup: string;

/** A database with one counter that tells which one it is. */
async function makeDatabase(path: string, mark: number): Promise<void> {
  const db = openSqlite(path);
  await migrateToLatest(db);
  await takeNumbers(db, 'mark', 0, mark);
  await db.destroy();
}

function markOf(path: string): unknown {
  const database = new DatabaseSync(path);
  try {
    return database.prepare("select next from counter where name = 'mark'").get()?.['next'];
  } finally {
    database.close();
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'f2f-restore-'));
  place = join(folder, 'gateway.sqlite');
  backup = join(folder, 'backup');
  const source = join(folder, 'source.sqlite');
  await makeDatabase(source, 7);
  await backUpDatabase(source, backup, () => undefined);
  rmSync(source);
});
afterEach(() => rmSync(folder, { recursive: true }));

const restore = (
  keepAs?: string,
  change: (path: string) => Promise<void> = async () => undefined,
): Promise<Replaced> =>
  replaceDatabase({ from: backup, to: place, keepAs, onProgress: () => undefined }, change);
/** The sentence of the refusal, after which everything must be as it was. */
async function refusal(keepAs?: string): Promise<string> {
  const before = readdirSync(folder);
  const error: unknown = await restore(keepAs).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(FileRefused);
  expect(readdirSync(folder)).toStrictEqual(before);
  return (error as Error).message;
}

test('into an empty place', async () => {
  expect(await restore()).toMatchObject({ keptAs: undefined, rows: { payment: 0, counter: 1 } });
  expect(markOf(place)).toBe(7);
  expect(statSync(place).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).toSorted()).toStrictEqual(['backup', 'gateway.sqlite']);
});

test('what the caller changed is in it, and the backup is as it was', async () => {
  await restore(undefined, async (path) => {
    const db = openSqlite(path);
    await takeNumbers(db, 'mark', 5);
    await db.destroy();
  });
  expect(markOf(place)).toBe(12);
  expect(markOf(backup)).toBe(7);
});

test('a change that fails leaves everything as it was', async () => {
  await makeDatabase(place, 1);
  const before = readdirSync(folder);
  const failing = restore(`${place}.old`, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(readdirSync(folder)).toStrictEqual(before);
  expect(markOf(place)).toBe(1);
});

describe('where there is a database', () => {
  const old = (): string => `${place}.old`;
  beforeEach(() => makeDatabase(place, 1));

  test('it is not replaced unasked', async () => {
    expect(await refusal()).toContain('restore with --replace');
    expect(markOf(place)).toBe(1);
  });

  test('it is kept under the other name', async () => {
    expect((await restore(old())).keptAs).toBe(old());
    expect([markOf(place), markOf(old())]).toStrictEqual([7, 1]);
  });

  test('a name that is taken is numbered, and what has it stays', async () => {
    await restore(old());
    await makeDatabase(join(folder, 'third'), 3);
    renameSync(join(folder, 'third'), place);
    expect((await restore(old())).keptAs).toBe(`${old()}-2`);
    expect([old(), `${old()}-2`, place].map((path) => markOf(path))).toStrictEqual([1, 3, 7]);
  });

  test('that a gateway has open, though it does nothing, everything stays', async () => {
    const gateway = openSqlite(place);
    expect(await refusal(old())).toContain(`has ${place} open: stop it`);
    await gateway.destroy();
    expect(markOf(place)).toBe(1);
  });

  test('that a gateway left without closing it, its last writes are in what is kept', async () => {
    const gateway = openSqlite(place);
    await takeNumbers(gateway, 'mark', 41);
    const died = join(folder, 'died.sqlite');
    for (const ending of ['', '-wal', '-shm']) copyFileSync(place + ending, died + ending);
    await gateway.destroy();
    for (const ending of ['', '-wal', '-shm']) renameSync(died + ending, place + ending);
    expect(statSync(`${place}-wal`).size).toBeGreaterThan(0);
    await restore(old());
    expect([markOf(place), markOf(old())]).toStrictEqual([7, 42]);
    expect(readdirSync(folder).filter((name) => /-(wal|shm)$/.test(name))).toStrictEqual([]);
  });

  test('that cannot be read, a person must see to it', async () => {
    writeFileSync(place, 'a disk that lies '.repeat(1000));
    expect(await refusal(old())).toContain('nobody can tell whether a gateway has it open');
  });

  test('it cannot be restored from itself', async () => {
    await expect(
      replaceDatabase(
        { from: place, to: place, keepAs: old(), onProgress: () => undefined },
        async () => undefined,
      ),
    ).rejects.toThrow('is the database itself');
  });

  test('nobody opens it while the restore goes on', async () => {
    let error: unknown;
    await restore(old(), async () => {
      try {
        new DatabaseSync(place, { timeout: 0 }).exec('pragma journal_mode = wal');
      } catch (cause) {
        error = cause;
      }
    });
    expect(error).toMatchObject({ errcode: 5 });
  });
});

test.each(['-wal', '-shm', '-journal'])('a %s without its database is refused', async (ending) => {
  writeFileSync(place + ending, 'x');
  expect(await refusal()).toContain(`${place}${ending} belongs to a database that is gone`);
});

test('a gateway that began in the empty place meanwhile keeps it', async () => {
  await expect(restore(undefined, () => makeDatabase(place, 1))).rejects.toThrow(
    'was a gateway started meanwhile?',
  );
  expect(markOf(place)).toBe(1);
});

test('a backup that is not there is said to be', async () => {
  rmSync(backup);
  expect(await refusal()).toBe(`${backup} does not exist`);
});

test('a backup that this user may not read is not said to be missing', async () => {
  // For root nothing is forbidden; what is asked of the file is asked before anything waits.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  else chmodSync(backup, 0o000);
  const restoring = restore(undefined);
  if (isRoot) process.seteuid?.(0);
  await expect(restoring).rejects.toThrow(
    `The user who runs this may not read ${backup}: use a folder of that user's (EACCES)`,
  );
});

test('whoever waited for the lock while the file was replaced does not go on with the old one', async () => {
  await makeDatabase(place, 1);
  await makeDatabase(`${place}.new`, 2);
  let opened: DatabaseSync | undefined;
  const open = (): DatabaseSync => {
    opened = new DatabaseSync(place);
    renameSync(`${place}.new`, place);
    opened.exec('pragma journal_mode = wal');
    return opened;
  };
  expect(() => openInPlace(place, open)).toThrow('start again');
  expect(opened?.isOpen).toBe(false);
  expect(markOf(place)).toBe(2);
  expect(existsSync(`${place}-wal`)).toBe(false);
  const other = openInPlace(place, () => new DatabaseSync(place));
  other.close();
});
