/**
 * The database of a simulation: one SQLite in memory that several nodes share, each through a Kysely of its own. Every
 * statement is a port call, so a node can die at any of them; what it had begun is rolled back, as a real database does
 * when a connection breaks. Transactions of different nodes follow one another, as SQLite's write lock has it.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { Db } from '../../src/store/database.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import type { Schema } from '../../src/store/schema.ts';

/** One node's way through its ports: it may die before or after `work`, and then nothing returns. */
export type Gate = {
  readonly isDead: boolean;
  pass<T>(port: string, work: () => T): Promise<T>;
  /** Holds a caller up now and then: a slow disk, a long pause of the process. Undefined for no hold-up. */
  stall(): Promise<void> | undefined;
};

export type SharedDatabase = {
  /** The node's own connection. */
  connect(gate: Gate): Db;
  /** A connection of the run's own, for looking. */
  readonly witness: Db;
  /** Ends whatever a node that died had under way. */
  abandon(gate: Gate): void;
  copy(): Uint8Array;
  /** Payments and refunds of v2 without the key that they were asked for under, begun since. None while somebody is at it. */
  keyless(sinceMs: number): readonly string[];
  close(): void;
};

/** What a write found, for reach marks: statements by their beginning, and whether they changed a row. */
export type OnWrite = (sql: string, changes: number) => void;

type Session = { readonly gate: Gate; inTransaction: boolean };
type Waiter = { readonly gate: Gate; readonly grant: (session: Session) => void };

let migrated: Promise<Uint8Array> | undefined;

/** The schema is made once a process, by the real migrations, and copied for each run. */
async function makeSchema(): Promise<Uint8Array> {
  const database = new DatabaseSync(':memory:');
  await migrateToLatest(connectTo(database, () => undefined)(ALWAYS_OPEN));
  return database.serialize();
}

const ALWAYS_OPEN: Gate = {
  isDead: false,
  pass: async (_port, work) => work(),
  stall: () => undefined,
};

/** `from`: a copy of another one to begin with; an empty one without. */
export async function createSharedDatabase(
  onWrite: OnWrite,
  from?: Uint8Array,
): Promise<SharedDatabase> {
  migrated ??= makeSchema();
  const database = new DatabaseSync(':memory:');
  database.deserialize(from ?? (await migrated));
  database.exec('pragma foreign_keys = on');
  const lock = createLock(database);
  const connect = connectTo(database, onWrite, lock);
  return {
    connect,
    witness: connect(ALWAYS_OPEN),
    abandon: lock.abandon,
    copy: () => database.serialize(),
    keyless: (sinceMs) =>
      database.isTransaction
        ? []
        : database
            .prepare(KEYLESS)
            .all(sinceMs, sinceMs)
            .map(({ no }) => String(no)),
    close: () => database.close(),
  };
}

const KEYLESS = `
  select p.payment_no as no from payment p
  where p.created_by is not null and p.local_no is not null and p.created_at_ms >= ? and not exists (
    select 1 from idempotency i where i.merchant_id = p.merchant_id and i.payment_no = p.payment_no)
  union all
  select r.payment_no from refund r
  where r.created_by is not null and r.created_at_ms >= ? and not exists (
    select 1 from idempotency i
    where i.merchant_id = r.merchant_id and i.payment_no = r.payment_no and i.request_no = r.request_no)`;

function connectTo(
  database: DatabaseSync,
  onWrite: OnWrite,
  lock = createLock(database),
): (gate: Gate) => Db {
  const run = createRunner(database, onWrite);
  return (gate) => kyselyOver(createDriver(gate, lock, run));
}

type Lock = {
  take(gate: Gate): Promise<Session>;
  free(session: Session): void;
  abandon(gate: Gate): void;
};

function createLock(database: DatabaseSync): Lock {
  let holder: Session | undefined;
  let waiting: Waiter[] = [];
  const next = (): void => {
    holder = undefined;
    const waiter = waiting.shift();
    if (waiter === undefined) return;
    holder = { gate: waiter.gate, inTransaction: false };
    waiter.grant(holder);
  };
  return {
    take: (gate) =>
      new Promise((resolve) => {
        // What a dead node still runs must not hold the lock for ever.
        if (gate.isDead) return;
        waiting.push({ gate, grant: resolve });
        if (holder === undefined) next();
      }),
    free: (session) => {
      if (session === holder) next();
    },
    abandon: (gate) => {
      waiting = waiting.filter((waiter) => waiter.gate !== gate);
      if (holder?.gate !== gate) return;
      if (holder.inTransaction) database.exec('rollback');
      next();
    },
  };
}

type Runner = (query: CompiledQuery) => QueryResult<never>;

function createRunner(database: DatabaseSync, onWrite: OnWrite): Runner {
  const prepared = new Map<string, { statement: StatementSync; isReader: boolean }>();
  return ({ sql, parameters }) => {
    let known = prepared.get(sql);
    if (known === undefined) {
      const statement = database.prepare(sql);
      known = { statement, isReader: statement.columns().length > 0 };
      prepared.set(sql, known);
    }
    // Kysely types parameters as unknown; ours are text, numbers and null only.
    const inputs = parameters as SQLInputValue[];
    // Kysely's own drivers type the rows no better than this.
    if (known.isReader) return { rows: known.statement.all(...inputs) as never[] };
    const { changes } = known.statement.run(...inputs);
    onWrite(sql, Number(changes));
    return { rows: [], numAffectedRows: BigInt(changes) };
  };
}

/** Statements are long and few: the same name each time, so that it is looked up and not read again. */
const ports = new Map<string, string>();

function portOf(sql: string): string {
  const port = ports.get(sql) ?? `db ${sql}`;
  ports.set(sql, port);
  return port;
}

function createDriver(gate: Gate, lock: Lock, run: Runner): Driver {
  const sessions = new WeakMap<DatabaseConnection, Session>();
  const sessionOf = (connection: DatabaseConnection): Session => {
    const session = sessions.get(connection);
    if (session === undefined) throw new Error('a connection of another driver');
    return session;
  };
  const command = (connection: DatabaseConnection, sql: string, isOpenAfter: boolean) => {
    const session = sessionOf(connection);
    return gate.pass(portOf(sql), () => {
      run(CompiledQuery.raw(sql));
      session.inTransaction = isOpenAfter;
    });
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => {
      await gate.stall();
      const session = await lock.take(gate);
      const connection: DatabaseConnection = {
        executeQuery: (query) => gate.pass(portOf(query.sql), () => run(query)),
        // oxlint-disable-next-line require-yield -- nothing streams
        streamQuery: async function* () {
          throw new Error('nothing streams');
        },
      };
      sessions.set(connection, session);
      return connection;
    },
    beginTransaction: (connection) => command(connection, 'begin immediate', true),
    commitTransaction: (connection) => command(connection, 'commit', false),
    rollbackTransaction: (connection) => command(connection, 'rollback', false),
    releaseConnection: async (connection) => lock.free(sessionOf(connection)),
    destroy: async () => undefined,
  };
}

/**
 * Several callers of one node may be at work at once; the lock above is what keeps them apart. One for all worlds: queries are
 * compiled once for each.
 */
const ADAPTER = Object.defineProperty(new SqliteAdapter(), 'supportsMultipleConnections', {
  value: true,
});

function kyselyOver(driver: Driver): Db {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => ADAPTER,
      createDriver: () => driver,
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}
