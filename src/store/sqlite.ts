/**
 * The embedded engine: SQLite through `node:sqlite`, write-ahead log, every transaction on disk before it counts.
 * The small adapter gives Kysely the shape it expects and keeps prepared statements. How transactions share the waiting
 * for the disk is in `group-sync.ts`.
 */
import { closeSync, existsSync, fdatasync, fsyncSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { scheduler } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect, type Dialect } from 'kysely';
import { tellHowCommitsLast, tellHowToShare, type Db } from './database.ts';
import { createGroupSync, type GroupSync, type Sync } from './group-sync.ts';
import type { Schema } from './schema.ts';

/** Statements kept prepared. There are fewer distinct ones than this; the bound is for safety. */
const STATEMENTS_MAX = 500;
/** How long a write waits for another process (the command line beside a running gateway). */
const BUSY_TIMEOUT_MS = 5000;
/** A command that is about to end; a gateway does not. */
const ALONE_TIMEOUT_MS = 1000;
/** SQLite's word for "database is locked" (https://sqlite.org/rescode.html). */
export const SQLITE_BUSY = 5;

/**
 * Opens or makes the SQLite file at `path`; `:memory:` for one that vanishes. Throws when the file is not usable. Another
 * `sync` than the file's own is for tests that play the disk.
 */
export function openSqlite(path: string, sync?: Sync): Db {
  const database = openInPlace(path, () => {
    const opened = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    opened.exec('pragma journal_mode = wal');
    return opened;
  });
  return openWith(path, sync, database);
}

/**
 * Opens the file for this process alone: throws when another one has it open, be it idle, and none can open it until it is
 * closed (https://sqlite.org/wal.html, 8). Nobody waits for a write that is never given up, and a crash leaves no lock.
 */
export function openSqliteAlone(path: string): Db {
  const database = new DatabaseSync(path, { timeout: ALONE_TIMEOUT_MS });
  // Counts from the first access on.
  database.exec('pragma locking_mode = exclusive');
  return openWith(path, undefined, database);
}

/** Whether a file was not opened because another process has it open. */
export function isInUse(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function openWith(path: string, sync: Sync | undefined, database: DatabaseSync): Db {
  try {
    setUp(database);
  } catch (error) {
    // Even one of no use would keep others from the file.
    database.close();
    throw error;
  }
  const isInMemory = path === ':memory:';
  const log = isInMemory ? undefined : openLog(`${path}-wal`);
  const groupSync = log && createGroupSync(sync ?? log.sync, () => scheduler.yield());
  const reader = isInMemory ? undefined : createReader(path);
  return new Kysely<Schema>({
    dialect: asWeUseIt(
      new SqliteDialect({
        // The reader first: the last one that is closed brings the log into the file, which a reader cannot.
        database: adapt(database, groupSync, { before: reader?.close, after: log?.close }),
      }),
      groupSync,
      reader?.open,
    ),
  });
}

/**
 * A second connection to the file, for long reads: in write-ahead mode it sees what was there when its transaction began, and
 * keeps no writer waiting. Opened when it is first needed.
 */
function createReader(path: string): { readonly open: () => Db; readonly close: () => void } {
  let database: DatabaseSync | undefined;
  let reader: Db | undefined;
  return {
    open: () => {
      if (reader !== undefined) return reader;
      database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
      const adapted = adapt(database, undefined, {}, 'begin');
      reader = new Kysely<Schema>({
        dialect: asWeUseIt(new SqliteDialect({ database: adapted }), undefined, undefined),
      });
      return reader;
    },
    close: () => database?.close(),
  };
}

function setUp(database: DatabaseSync): void {
  database.exec('pragma journal_mode = wal');
  // NORMAL: a commit is in the log file, whole or not at all, and `durable` brings the log to the disk. Nothing leaves this
  // process before: `inTransaction` waits for it, and so does every answer.
  database.exec('pragma synchronous = normal');
  database.exec('pragma foreign_keys = on');
  // What a process left in the log that died, or whose disk failed, may be in the system's memory only. Read from now on, it
  // must last: this brings it into the database file, and that to the disk.
  database.exec('pragma wal_checkpoint(passive)');
}

/**
 * Opens the file at `path` for reading alone. Without a log beside it nobody has it open, and opened as immutable it needs no
 * files of its own (https://sqlite.org/uri.html). With one, the gateway runs or was killed, and what the log holds is read
 * as well: SQLite may then make its index of the log anew, which any reader does and which holds nothing.
 */
export function openSqliteToRead(path: string): Db {
  const isAlone = !existsSync(`${path}-wal`);
  const url = pathToFileURL(path);
  if (isAlone) url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  return new Kysely<Schema>({
    dialect: asWeUseIt(
      new SqliteDialect({ database: adapt(database, undefined, {}) }),
      undefined,
      undefined,
    ),
  });
}

/**
 * What `open` opens holds a shared lock on the file, so nobody can put another in its place any more (`sqlite-restore.ts`).
 * Who waited for the lock while somebody did has opened the old file under the new one's name, and would write its log.
 */
export function openInPlace(path: string, open: () => DatabaseSync): DatabaseSync {
  const before = statSync(path, { throwIfNoEntry: false });
  const database = open();
  if (before === undefined || statSync(path).ino === before.ino) return database;
  database.close();
  throw new Error('The database was replaced while it was being opened: start again');
}

/**
 * SQLite's log file (https://sqlite.org/wal.html), opened beside it when the first commit is in it. SQLite keeps the file as
 * long as a connection is open; its locks are on other files, so closing this one releases none (https://sqlite.org/howtocorrupt.html, 2.2).
 */
function openLog(path: string): { readonly sync: Sync; readonly close: () => void } {
  let file: number | undefined;
  return {
    sync: () =>
      new Promise((resolve, reject) => {
        file ??= openNamed(path);
        fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
      }),
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** Opens a file, and brings its name to the disk: a file that nobody finds after a power cut is none. */
function openNamed(path: string): number {
  syncPath(dirname(path));
  return openSync(path, 'r+');
}

/** Brings a file, or the names in a folder, to the disk. */
export function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * SQLite undoes changes of the schema with their transaction; Kysely's dialect does not say so. With it, each start's
 * migrations are one transaction, which begins with the write lock: a crash half way leaves nothing behind, and of two
 * processes that start at once the second waits and finds everything done.
 */
function asWeUseIt(
  dialect: Dialect,
  groupSync: GroupSync | undefined,
  reader: (() => Db) | undefined,
): Dialect {
  return {
    createAdapter: () => {
      const adapter = dialect.createAdapter();
      tellHowToShare(adapter, { breathe: () => scheduler.yield(), reader });
      if (groupSync !== undefined) tellHowCommitsLast(adapter, () => groupSync.durable());
      return Object.defineProperty(adapter, 'supportsTransactionalDdl', { value: true });
    },
    createDriver: () => dialect.createDriver(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

type KyselyStatement = {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): {
    changes: number | bigint;
    lastInsertRowid: number | bigint;
  };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
};

function adapt(
  database: DatabaseSync,
  groupSync: GroupSync | undefined,
  closing: {
    readonly before?: (() => void) | undefined;
    readonly after?: (() => void) | undefined;
  },
  // A transaction that reads first and writes later must not find out then that another process wrote: take the write lock at
  // its beginning.
  begin: 'begin' | 'begin immediate' = 'begin immediate',
): { close(): void; prepare(sql: string): KyselyStatement } {
  const kept = new Map<string, KyselyStatement>();
  let isDirty = false;
  /** Called when a statement ran: what was written counts as committed when no transaction is open (any more). */
  const ran = (text: string): void => {
    isDirty ||= WRITES.test(text);
    if (!isDirty || database.isTransaction) return;
    isDirty = false;
    groupSync?.wrote();
  };
  return {
    close: () => {
      closing.before?.();
      // The last connection brings everything into the database file, and that to the disk.
      database.close();
      closing.after?.();
    },
    prepare: (text) => {
      groupSync?.check();
      if (text === 'rollback' && !database.isTransaction) return DONE;
      const known = kept.get(text);
      if (known !== undefined) return known;
      const statement = database.prepare(text === 'begin' ? begin : text);
      const adapted = adaptStatement(statement, () => ran(text));
      if (kept.size >= STATEMENTS_MAX) kept.clear();
      kept.set(text, adapted);
      return adapted;
    },
  };
}

/**
 * SQLite ends a transaction itself when the disk is full, say. What went wrong is what must be heard then, and not that there
 * is nothing left to undo.
 */
const DONE: KyselyStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

/** Statements that change something; a transaction's `commit` is known by its end. */
const WRITES = /^(?!\s*(?:select|begin|commit|rollback|pragma))/i;

function adaptStatement(statement: StatementSync, ran: () => void): KyselyStatement {
  const then = <T>(result: T): T => {
    ran();
    return result;
  };
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => then(statement.all(...inputs(parameters))),
    run: (parameters) => then(statement.run(...inputs(parameters))),
    // Read row by row as it is asked for: only reading statements are.
    iterate: (parameters) => statement.iterate(...inputs(parameters)),
  };
}

/** Kysely types parameters as unknown; ours are text, numbers and null only, and SQLite refuses anything else. */
function inputs(parameters: readonly unknown[]): SQLInputValue[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
  return parameters as SQLInputValue[];
}
