/**
 * The database as everything else sees it, whichever engine is under it: `sqlite.ts` opens the embedded one, `postgres.ts`
 * a server. Transactions, what lasts, and what may go wrong are told here; migrations are in `migrate.ts`.
 */
import { PostgresAdapter, sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
/** A database, or a transaction on it: what a query needs. */
export type Queryable = Db | Transaction<Schema>;

/** Of each database (its dialect's adapter), how to wait until its commits last; one whose commits wait themselves has none. */
const waits = new WeakMap<object, () => Promise<void>>();

/** For engines whose commit may return before the disk has it. */
export function tellHowCommitsLast(adapter: object, durable: () => Promise<void>): void {
  waits.set(adapter, durable);
}

/**
 * Resolves when everything that this process has committed, and so everything that it can have read, is on disk. What
 * leaves the process waits for it. Rejects with `DiskFailed`.
 */
export async function durable(db: Queryable): Promise<void> {
  await waits.get(db.getExecutor().adapter)?.();
}

/** How an engine that runs its statements in this very thread lets others have their turn. */
export type Sharing = {
  /** Resolves when whoever waited had a turn. */
  readonly breathe: () => Promise<void>;
  /** Another connection for reading, beside which everything else goes on; undefined where there can be none. */
  readonly reader: (() => Db) | undefined;
};

const sharings = new WeakMap<object, Sharing>();

export function tellHowToShare(adapter: object, sharing: Sharing): void {
  sharings.set(adapter, sharing);
}

/** For whoever reads much: between two stretches, lets others have their turn, where one statement keeps all others waiting. */
export async function breathe(db: Queryable): Promise<void> {
  await sharings.get(db.getExecutor().adapter)?.breathe();
}

/** Of each database, when the last long read ends. */
const views = new WeakMap<object, Promise<unknown>>();

/**
 * As `inSnapshot`, for reads that take long: payments go on meanwhile, on both engines. One at a time, so that they take no more
 * than one connection. A database in memory, which is for tests, has one only, and lets the others wait.
 */
export function inView<T>(db: Db, read: (view: Queryable) => Promise<T>): Promise<T> {
  const { adapter } = db.getExecutor();
  const run = (): Promise<T> => {
    const reader = sharings.get(adapter)?.reader?.();
    return reader === undefined ? inSnapshot(db, read) : reader.transaction().execute(read);
  };
  const result = (views.get(adapter) ?? Promise.resolve()).then(run);
  views.set(
    adapter,
    result.catch(() => undefined),
  );
  return result;
}

/** Whether other processes work on the same rows at the same time, each on connections of its own. */
export function isPostgres(db: Queryable): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * The database could not be reached, or could not take the work now: nothing is known to be wrong with the request, and the
 * same one may succeed a moment later. A commit that was under way may have happened or not.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** Times that one transaction is begun again because PostgreSQL undid it for the sake of others. */
const UNDONE_MAX = 10;
/** SQLSTATE of that: a serialization failure, a deadlock. */
const UNDONE = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction. It may await the database only, and is run again from the beginning when the server undid
 * it for the sake of another transaction. What it wrote lasts when this resolves. When this rejects, nothing was written,
 * unless with `DatabaseUnavailable`: then nobody knows.
 */
export async function inTransaction<T>(
  db: Queryable,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  for (let run = 1; ; run += 1) {
    try {
      const result = await db.transaction().execute(work);
      await durable(db);
      return result;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (run === UNDONE_MAX || !UNDONE.has(code)) throw error;
    }
  }
}

/**
 * Runs reads that see the database as it was at one moment. On PostgreSQL, the statements of an ordinary transaction do not:
 * each sees what was committed before itself.
 */
export function inSnapshot<T>(db: Db, read: (tx: Transaction<Schema>) => Promise<T>): Promise<T> {
  const transaction = db.transaction();
  return (
    isPostgres(db)
      ? transaction.setIsolationLevel('repeatable read').setAccessMode('read only')
      : transaction
  ).execute(read);
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
