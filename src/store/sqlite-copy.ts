/**
 * Copies a database file while others write to it, and proves the copy: SQLite's online backup
 * (https://sqlite.org/backup.html) from one moment of the source, then the checks of integrity and the rows of each table
 * counted on both sides. Where a copy goes and what it replaces is in `sqlite-backup.ts` and `sqlite-restore.ts`.
 */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './migrate.ts';
import { syncPath } from './sqlite.ts';

/** What a database holds. */
export type Contents = {
  /** The migrations that ran, in order: the schema it has. */
  readonly migrations: readonly string[];
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  /** When the newest payment began; null when there is none. */
  readonly newestPaymentAtMs: number | null;
};

export type Progress = { readonly copiedPages: number; readonly totalPages: number };

/** A file cannot be used for what was asked; the message is a sentence for the operator. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

/**
 * What `use` does with the path, or a `FileRefused` that says why it cannot be done: the path is not there, or this user may
 * not do that to it.
 */
export function withAccess<T>(path: string, verb: 'read' | 'write', use: () => T): T {
  try {
    return use();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') throw new FileRefused(`${path} does not exist`);
    if (!/^(EACCES|EPERM|EROFS)$/.test(code)) throw error;
    throw new FileRefused(
      `The user who runs this may not ${verb} ${path}: use a folder of that user's (${code})`,
    );
  }
}

/** Pages of 4 KB copied before the progress is told: a few hundredths of a second. */
const PAGES_PER_STEP = 1000;
const BUSY_TIMEOUT_MS = 5000;

/** SQLite's results (https://sqlite.org/rescode.html) that say that a file is no sound database. */
const UNSOUND = new Set([11, 26]);

/** The primary result of an error of `node:sqlite`; undefined for any other. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  // The upper bits say more (https://sqlite.org/rescode.html#extrc).
  return typeof error.errcode === 'number' ? error.errcode % 256 : undefined;
}

/**
 * Copies the database at `from` to the new file `to`, which only its owner may read, and brings it to the disk. The copy is one
 * file without a log beside it. Throws `FileRefused` when either is not a sound database of this gateway.
 */
export async function copyDatabase(
  from: string,
  to: string,
  options: { readonly readOnly: boolean; readonly onProgress: (progress: Progress) => void },
): Promise<Contents> {
  const { readOnly, onProgress } = options;
  try {
    const source = new DatabaseSync(from, { readOnly, timeout: BUSY_TIMEOUT_MS });
    try {
      // The moment that is copied. Without an open transaction each write of another process would make the backup begin
      // anew, and beside a selling gateway it would never end.
      source.exec('begin');
      const before = readContents(source, from);
      closeSync(openSync(to, 'wx', 0o600));
      await backup(source, to, {
        rate: PAGES_PER_STEP,
        progress: ({ totalPages, remainingPages }) =>
          onProgress({ copiedPages: totalPages - remainingPages, totalPages }),
      });
      proveCopy(to, before);
      return before;
    } finally {
      source.close();
    }
  } catch (cause) {
    const code = sqliteCode(cause);
    if (!(cause instanceof Error) || (code === undefined && !('errno' in cause))) throw cause;
    const fault =
      code !== undefined && UNSOUND.has(code)
        ? 'is not a sound SQLite database'
        : 'cannot be copied';
    throw new FileRefused(`${from} ${fault}: ${cause.message}`, { cause });
  }
}

function proveCopy(path: string, source: Contents): void {
  const copy = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // One file, readable from anywhere: a database with a write-ahead log wants to write beside it even to be read.
    copy.exec('pragma journal_mode = delete');
    const [broken] = copy.prepare('pragma integrity_check(1)').all();
    const finding = String(broken?.['integrity_check']);
    if (finding !== 'ok') throw new FileRefused(`The database is damaged: ${finding}`);
    const [dangling] = copy.prepare('pragma foreign_key_check').all();
    if (dangling !== undefined) {
      throw new FileRefused(
        `The database is damaged: a row of ${String(dangling['table'])} refers to none`,
      );
    }
    if (JSON.stringify(readContents(copy, path)) !== JSON.stringify(source)) {
      throw new FileRefused('The copy differs from its source: copy it again');
    }
  } finally {
    copy.close();
  }
  chmodSync(path, 0o600);
  syncPath(path);
}

/** What a database holds. Throws `FileRefused` when it is not this gateway's, or a newer version's; `name` is told then. */
function readContents(database: DatabaseSync, name: string): Contents {
  const tables = database
    .prepare(
      `select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`,
    )
    .all()
    .map((row) => String(row['name']));
  if (!tables.includes('kysely_migration') || !tables.includes('payment')) {
    throw new FileRefused(`${name} is not a database of this gateway`);
  }
  const migrations = database
    .prepare('select name from kysely_migration order by name')
    .all()
    .map((row) => String(row['name']));
  const unknown = migrations.find((migration) => MIGRATIONS[migration] === undefined);
  if (unknown !== undefined) {
    throw new FileRefused(
      `${name} is of a newer version of this program (it has ${unknown}): use that version or a later one`,
    );
  }
  const rows = tables.map((table) => [
    table,
    numberOf(database, `select count(*) from "${table}"`),
  ]);
  return {
    migrations,
    rows: Object.fromEntries(rows),
    newestPaymentAtMs: numberOf(database, 'select max(created_at_ms) from payment'),
  };
}

function numberOf(database: DatabaseSync, query: string): number | null {
  const [value] = Object.values(database.prepare(query).get() ?? {});
  return typeof value === 'number' ? value : null;
}
