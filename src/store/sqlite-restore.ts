/**
 * Puts a backup in the place of the database, when nobody has that open. A copy of the backup is made and proven beside the
 * place, changed as the caller wants, brought to the disk, and only then given the name, in one step. Until then everything is
 * as it was. What must change in a database that goes back in time is decided in `flows/restore-database.ts`.
 */
import {
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  copyDatabase,
  FileRefused,
  sqliteCode,
  type Contents,
  type Progress,
  withAccess,
} from './sqlite-copy.ts';
import { SQLITE_BUSY, syncPath } from './sqlite.ts';

export type Replacement = {
  /** The backup. It is only read. */
  readonly from: string;
  readonly to: string;
  /** The name that a database in the place gets, numbered where it is taken; undefined refuses to replace one. */
  readonly keepAs: string | undefined;
  readonly onProgress: (progress: Progress) => void;
};

export type Replaced = Contents & {
  /** Where the database is that was in the place, if there was one. */
  readonly keptAs: string | undefined;
};

/** Of a database, what belongs to it alone. To another of its name they would be poison: SQLite would play them into it. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** `change` is handed the path of the copy and what it holds, and leaves it closed. */
export async function replaceDatabase(
  { from, to, keepAs, onProgress }: Replacement,
  change: (path: string, contents: Contents) => Promise<void>,
): Promise<Replaced> {
  withAccess(from, 'read', () => closeSync(openSync(from, 'r')));
  const holder = holdPlace(from, to, keepAs);
  const folder = dirname(resolve(to));
  let staging: string | undefined;
  try {
    staging = mkdtempSync(join(folder, 'restore-'));
    const staged = join(staging, 'copy.sqlite');
    const contents = await copyDatabase(from, staged, { readOnly: true, onProgress });
    await change(staged, contents);
    giveTo(folder, staged);
    syncPath(staged);
    let keptAs: string | undefined;
    if (holder === undefined || keepAs === undefined) putNew(staged, to);
    else keptAs = putInstead(staged, to, keepAs);
    syncPath(folder);
    return { ...contents, keptAs };
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
    holder?.close();
  }
}

/** The lock on the database in the place, held alone; undefined when there is none. */
function holdPlace(from: string, to: string, keepAs: string | undefined): DatabaseSync | undefined {
  const orphan = COMPANIONS.map((ending) => to + ending).find((path) => existsSync(path));
  if (!existsSync(to)) {
    if (orphan === undefined) return undefined;
    throw new FileRefused(
      `${orphan} belongs to a database that is gone, and would spoil another: move it to another folder, then restore again`,
    );
  }
  if (statSync(from).ino === statSync(to).ino) {
    throw new FileRefused(`${from} is the database itself, not a backup of it`);
  }
  if (keepAs === undefined) {
    throw new FileRefused(
      `There is a database already, ${to}: restore with --replace to keep it under another name and put the backup in its place`,
    );
  }
  return holdAlone(to);
}

/**
 * Whoever has a database with a write-ahead log open holds a shared lock on its file for as long as that is so, whether it
 * reads or not; a process that died holds none. What such a process left in the log is brought into the file.
 */
function holdAlone(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Exclusive from the first access on: the log is then read without the shared index beside it, and the lock never given up.
    database.exec('pragma locking_mode = exclusive');
    database.exec('begin exclusive');
    database.exec('commit');
    database.exec('pragma wal_checkpoint(truncate)');
    return database;
  } catch (cause) {
    database.close();
    const sentence =
      sqliteCode(cause) === SQLITE_BUSY
        ? `A gateway or another command has ${path} open: stop it, then restore again`
        : `${path} cannot be read as a database, so nobody can tell whether a gateway has it open. Stop the gateway, move the file and those beside it that begin with its name to another folder, then restore again`;
    throw new FileRefused(sentence, { cause });
  }
}

/** As whoever runs the gateway will need it: restored by root, it would otherwise be root's. */
function giveTo(folder: string, path: string): void {
  const { uid, gid } = statSync(folder);
  const file = statSync(path);
  if (file.uid !== uid || file.gid !== gid) chownSync(path, uid, gid);
}

/** A link, unlike a renaming, never replaces what a gateway that starts this moment has made. */
function putNew(staged: string, to: string): void {
  try {
    linkSync(staged, to);
  } catch (cause) {
    throw new FileRefused(
      `The backup cannot get the name ${to}: was a gateway started meanwhile?`,
      {
        cause,
      },
    );
  }
}

/**
 * The old file gets its second name first, then its place is taken: at no time is there none. The holder's lock keeps a gateway
 * that starts meanwhile waiting, and `openSqlite` notices then that the file is another.
 */
function putInstead(staged: string, to: string, keepAs: string): string {
  // The log is in the file since the lock was taken, so what stands beside it is empty.
  for (const ending of COMPANIONS) rmSync(to + ending, { force: true });
  const keptAs = linkToFree(to, keepAs);
  syncPath(dirname(resolve(to)));
  renameSync(staged, to);
  return keptAs;
}

/** A restore that was killed a moment ago may have taken the name, and what it kept must stay. */
function linkToFree(path: string, name: string): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}-${number}`;
    try {
      linkSync(path, free);
      return free;
    } catch (cause) {
      const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
      if (!isTaken) throw cause;
    }
  }
}
