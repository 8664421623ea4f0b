/**
 * The server engine: PostgreSQL through `pg`, a bounded pool, every statement prepared once per connection and bounded in
 * time. What goes wrong with the connection rather than with the query becomes `DatabaseUnavailable`, and its connection is
 * not used again. Isolation is PostgreSQL's default, read committed: each write names the version it read.
 */
import {
  Kysely,
  PostgresDialect,
  sql,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import {
  DatabaseError,
  Pool,
  types,
  type ClientBase,
  type CustomTypesConfig,
  type PoolClient,
  type PoolConfig,
  type QueryConfig,
  type QueryResultRow,
} from 'pg';
import { DatabaseUnavailable, isPostgres, type Db, type Queryable } from './database.ts';
import type { Schema } from './schema.ts';

export type PostgresOptions = {
  /** Connections of this process at most, at least 1. */
  readonly connectionsMax: number;
  /** Milliseconds that only run forward. */
  readonly monotonicMs: () => number;
  /** For migrations: nothing is given up because it takes long, or because another node's migrations go first. */
  readonly isPatient?: boolean;
  /** Shorter than usual, for tests. */
  readonly patience?: Partial<Patience>;
  /** Hears of connections that broke while nobody used them. */
  readonly onBroken?: (error: Error) => void;
};

/** How long things may take, in milliseconds. */
export type Patience = typeof PATIENCE;

const PATIENCE = {
  /** A caller waits so long for a free connection, or for a new one: a clerk stands there. */
  connectMs: 5000,
  /** A statement that the server runs for longer is given up; each of ours takes milliseconds. */
  statementMs: 10_000,
  /** Rows are held for the length of a transaction, which awaits only the database. */
  lockMs: 5000,
  /** A transaction of a process that stands still holds its rows no longer than this. */
  standstillMs: 15_000,
  /** A server that says nothing for so long is gone: it would have ended the statement itself. */
  silenceMs: 12_000,
};
const KEEPALIVE_AFTER_MS = 10_000;
/** While the server is away, the next attempt to connect is this long after the last: doubled each time, to the most. */
const BACKOFF_MS = { first: 50, most: 2000 };

/** Opens a pool on the server of `url`, without connecting yet. */
export function openPostgres(url: string, options: PostgresOptions): Db {
  const patience = { ...PATIENCE, ...options.patience };
  const pool = new Pool({
    connectionString: url,
    max: options.connectionsMax,
    connectionTimeoutMillis: patience.connectMs,
    ...(options.isPatient === true ? {} : timeoutsOf(patience)),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
    application_name: 'alipay-f2f',
    types: { getTypeParser },
    // The pool waits for what this returns; its types do not say so yet.
    // oxlint-disable-next-line typescript/no-misused-promises -- as the sentence above says
    onConnect: makeCommitsLast,
  });
  pool.on('error', (error) => options.onBroken?.(error));
  // One that breaks while it is used, between two statements: the next statement says so.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: adapt(pool, options) }) });
}

function timeoutsOf({ statementMs, lockMs, standstillMs, silenceMs }: Patience): PoolConfig {
  return {
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: standstillMs,
    query_timeout: silenceMs,
  };
}

/** The server's clock: epoch milliseconds. All nodes go by it. */
export async function databaseNowMs(db: Db): Promise<number> {
  const { rows } = await sql<{
    now_ms: number;
  }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms`.execute(db);
  return rows[0]?.now_ms ?? Number.NaN;
}

/** False on a standby, and where an operator allows reading only: what is asked there is answered, and nothing can be done. */
export async function takesWrites(db: Queryable): Promise<boolean> {
  if (!isPostgres(db)) return true;
  const { rows } = await sql<{
    is_read_only: string;
  }>`select current_setting('transaction_read_only') as is_read_only`.execute(db);
  return rows[0]?.is_read_only === 'off';
}

/** Our whole numbers are safe integers: fen and epoch milliseconds. */
const getTypeParser: CustomTypesConfig['getTypeParser'] = (oid, format) =>
  oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format);

/**
 * A server may be set to answer before its disk has a commit, which no promise of ours survives. What it waits for beyond
 * its own disk (a standby) is left as it is set.
 */
async function makeCommitsLast(client: ClientBase): Promise<void> {
  await client.query(
    "select set_config('synchronous_commit', 'local', false) where current_setting('synchronous_commit') = 'off'",
  );
}

function adapt(pool: Pool, options: PostgresOptions): PostgresPool {
  const gate = createGate(options.monotonicMs);
  const nameOf = createNames();
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const hasIdle = pool.idleCount > 0;
      if (!hasIdle) gate.check();
      try {
        const client = await pool.connect();
        gate.opened();
        return adaptClient(client, nameOf);
      } catch (cause) {
        // A pool whose connections are all in use says nothing about the server.
        if (pool.totalCount === 0) gate.failed();
        throw unavailable(cause);
      }
    },
  };
}

/** Kysely keeps what it knows of a connection under the client it was handed: one for each of the pool's. */
const adapted = new WeakMap<PoolClient, PostgresPoolClient>();

function adaptClient(client: PoolClient, nameOf: NameOf): PostgresPoolClient {
  const known = adapted.get(client);
  if (known !== undefined) return known;
  let broken: Error | undefined;
  const query = async <R>(
    text: string,
    values: readonly unknown[],
  ): Promise<PostgresQueryResult<R>> => {
    // One that went silent still waits for its last answer: whatever came after would wait behind it.
    if (broken !== undefined) throw broken;
    try {
      const result = await client.query<R & QueryResultRow>(queryOf(text, values, nameOf));
      // Kysely and `pg` differ in what else a command may be called.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
      return result as PostgresQueryResult<R>;
    } catch (error) {
      if (!isAway(error)) throw error;
      broken = unavailable(error);
      throw broken;
    }
  };
  const it: PostgresPoolClient = {
    // Cursors are the other form of this call, and nothing here reads by cursor.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
    query: query as PostgresPoolClient['query'],
    release: (isUnusable) => client.release(broken ?? isUnusable),
  };
  adapted.set(client, it);
  return it;
}

type NameOf = (text: string) => string;

/** `begin` and its like go as they are; everything else is parsed and planned once per connection, under its name. */
function queryOf(text: string, values: readonly unknown[], nameOf: NameOf): QueryConfig {
  if (values.length === 0) return { text };
  return { name: nameOf(text), text, values: [...values] };
}

/** Statements are few: those of the code, each with its own text. */
function createNames(): NameOf {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const name = `f2f${names.size}`;
    names.set(text, name);
    return name;
  };
}

type Gate = {
  /** Throws while it is too early for another attempt to connect. */
  check(): void;
  opened(): void;
  failed(): void;
};

/** A server that is away is not asked again by every request: they fail at once, and one tries now and then. */
function createGate(monotonicMs: () => number): Gate {
  let backoffMs = 0;
  let closedUntilMs = -Infinity;
  return {
    check: () => {
      if (monotonicMs() < closedUntilMs) throw unavailable(undefined);
    },
    opened: () => {
      backoffMs = 0;
      closedUntilMs = -Infinity;
    },
    failed: () => {
      backoffMs = Math.min(BACKOFF_MS.most, Math.max(BACKOFF_MS.first, backoffMs * 2));
      closedUntilMs = monotonicMs() + backoffMs;
    },
  };
}

function unavailable(cause: unknown): DatabaseUnavailable {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new DatabaseUnavailable(`The database cannot take the work now${why}`, { cause });
}

/**
 * SQLSTATE codes (PostgreSQL's manual, appendix A) that tell of the server or of this connection rather than of the query:
 * the connection failed (08), resources (53), an operator's or a timeout's doing (57), the server's own system (58), a lock
 * not got in time (55P03), and a server that became a standby (25006): another one takes the writes now.
 */
const AWAY = /^(08|53|57|58)|^(25006|25P03|55P03)$/;

function isAway(error: unknown): boolean {
  // What has no code of the server's is a broken or silent connection.
  return !(error instanceof DatabaseError) || AWAY.test(error.code ?? '');
}
