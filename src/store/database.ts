/**
 * Opens the database: SQLite through `node:sqlite`, write-ahead log, every commit on disk before it counts.
 * The small adapter gives Kysely the shape it expects and keeps prepared statements. Migrations are in `migrate.ts`.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  Kysely,
  sql,
  SqliteDialect,
  type Dialect,
  type RawBuilder,
  type Transaction,
} from 'kysely';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
/** A database, or a transaction on it: what a query needs. */
export type Queryable = Db | Transaction<Schema>;

/** Statements kept prepared. There are fewer distinct ones than this; the bound is for safety. */
const STATEMENTS_MAX = 500;
/** How long a write waits for another process (the command line beside a running gateway). */
const BUSY_TIMEOUT_MS = 5000;

/** Opens or makes the SQLite file at `path`; `:memory:` for one that vanishes. Throws when the file is not usable. */
export function openSqlite(path: string): Db {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  database.exec('pragma journal_mode = wal');
  // FULL: a commit has reached the disk when it returns. Answers to tills stand on that.
  database.exec('pragma synchronous = full');
  database.exec('pragma foreign_keys = on');
  return new Kysely<Schema>({
    dialect: withTransactionalDdl(new SqliteDialect({ database: adapt(database) })),
  });
}

/**
 * SQLite undoes changes of the schema with their transaction; Kysely's dialect does not say so. With it, each start's
 * migrations are one transaction, which begins with the write lock: a crash half way leaves nothing behind, and of two
 * processes that start at once the second waits and finds everything done.
 */
function withTransactionalDdl(dialect: Dialect): Dialect {
  return {
    createAdapter: () =>
      Object.defineProperty(dialect.createAdapter(), 'supportsTransactionalDdl', { value: true }),
    createDriver: () => dialect.createDriver(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

/** Runs `work` in one transaction. It may await the database only. */
export function inTransaction<T>(
  db: Queryable,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(work);
}

/**
 * A `limit` that differs from call to call. SQLite plans a statement anew whenever a bare parameter in `limit` changes,
 * which costs thirty times the query; it does not look into the cast.
 */
export function rowsAtMost(count: number): RawBuilder<number> {
  return sql<number>`cast(${count} as bigint)`;
}

/** Thrown inside a transaction to undo all of it because another writer was faster. */
export class RaceLost extends Error {
  override readonly name = 'RaceLost';
}

/** As `inTransaction`, but undefined when `work` threw `RaceLost`: nothing of it was written, and the caller decides again. */
export async function inRace<T>(
  db: Queryable,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await inTransaction(db, work);
  } catch (error) {
    if (error instanceof RaceLost) return undefined;
    throw error;
  }
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

function adapt(database: DatabaseSync): {
  close(): void;
  prepare(sql: string): KyselyStatement;
} {
  const kept = new Map<string, KyselyStatement>();
  return {
    close: () => database.close(),
    prepare: (text) => {
      const known = kept.get(text);
      if (known !== undefined) return known;
      // A transaction that reads first and writes later must not find out then that another process wrote: take the
      // write lock at its beginning.
      const statement = adaptStatement(
        database.prepare(text === 'begin' ? 'begin immediate' : text),
      );
      if (kept.size >= STATEMENTS_MAX) kept.clear();
      kept.set(text, statement);
      return statement;
    },
  };
}

function adaptStatement(statement: StatementSync): KyselyStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...inputs(parameters)),
    run: (parameters) => statement.run(...inputs(parameters)),
    iterate: (parameters) => statement.iterate(...inputs(parameters)),
  };
}

/** Kysely types parameters as unknown; ours are text, numbers and null only, and SQLite refuses anything else. */
function inputs(parameters: readonly unknown[]): SQLInputValue[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
  return parameters as SQLInputValue[];
}
