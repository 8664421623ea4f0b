/**
 * A database whose statements a test may stop: before or after a named one, until it lets it go, or with its answer lost.
 * So two connections meet where the test wants them to, and not where chance has it. It also tells how much is under way,
 * which is how a virtual clock knows that nothing can happen any more without time.
 */
import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';
import { DatabaseUnavailable, type Db } from '../../src/store/database.ts';
import type { Schema } from '../../src/store/schema.ts';

/** A statement that was caught. */
export type Hold = {
  /** Resolves when the statement is there. */
  readonly reached: Promise<void>;
  letGo(): void;
};

export type HeldDatabase = {
  readonly db: Db;
  /** Stops the next statement that matches, before it is sent; `after`: when its answer is there. */
  hold(statement: RegExp, when?: 'before' | 'after'): Hold;
  /** The next statement that matches is carried out, and its caller never hears of it. */
  loseAnswer(statement: RegExp): void;
  /** Resolves when nothing is under way but what is held. At once, usually. */
  idle(): Promise<void>;
  readonly isIdle: boolean;
};

type Trap = {
  readonly statement: RegExp;
  readonly when: 'before' | 'after' | 'lost';
  stop(): Promise<void>;
};

/** `inner` is a PostgreSQL database as `openPostgres` makes it; it closes with this one. */
export function holdStatements(inner: Db): HeldDatabase {
  const traps: Trap[] = [];
  const work = countWork();
  const caught = (sql: string): Trap | undefined => {
    const at = traps.findIndex(({ statement }) => statement.test(sql));
    return at < 0 ? undefined : traps.splice(at, 1)[0];
  };
  const execute = async <R>(
    connection: DatabaseConnection,
    query: CompiledQuery,
  ): Promise<QueryResult<R>> => {
    const trap = caught(query.sql);
    if (trap?.when === 'before') await trap.stop();
    const result = await work.during(() => connection.executeQuery<R>(query));
    if (trap?.when === 'after') await trap.stop();
    if (trap?.when === 'lost') throw new DatabaseUnavailable('The answer was lost');
    return result;
  };
  const hold: HeldDatabase['hold'] = (statement, when = 'before') => {
    const reached = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const stop = (): Promise<void> => {
      reached.resolve();
      return gone.promise;
    };
    traps.push({ statement, when, stop });
    return { reached: reached.promise, letGo: gone.resolve };
  };
  return {
    db: kyselyOver(createDriver(inner, execute, work)),
    hold,
    loseAnswer: (statement) => {
      traps.push({ statement, when: 'lost', stop: () => Promise.resolve() });
    },
    idle: work.idle,
    get isIdle() {
      return work.isIdle();
    },
  };
}

type Work = {
  during<T>(work: () => Promise<T>): Promise<T>;
  isIdle(): boolean;
  idle(): Promise<void>;
};

function countWork(): Work {
  let count = 0;
  let waiting = Promise.withResolvers<void>();
  return {
    during: async (work) => {
      count += 1;
      try {
        return await work();
      } finally {
        count -= 1;
        if (count === 0) {
          waiting.resolve();
          waiting = Promise.withResolvers();
        }
      }
    },
    isIdle: () => count === 0,
    idle: () => (count === 0 ? Promise.resolve() : waiting.promise),
  };
}

type Execute = <R>(connection: DatabaseConnection, query: CompiledQuery) => Promise<QueryResult<R>>;

/** The inner database's connections, each statement through `execute`; transactions as Kysely's own driver has them. */
function createDriver(inner: Db, execute: Execute, work: Work): Driver {
  const releases = new WeakMap<DatabaseConnection, () => void>();
  const command = async (connection: DatabaseConnection, text: string): Promise<void> => {
    const { rows } = await connection.executeQuery<{ command?: string }>(CompiledQuery.raw(text));
    if (text === 'commit' && rows[0]?.command === 'ROLLBACK') {
      throw new Error('The transaction had failed before its commit');
    }
  };
  const acquire = (): Promise<DatabaseConnection> =>
    new Promise((resolve, reject) => {
      const lend = (real: DatabaseConnection): Promise<void> =>
        new Promise((release) => {
          const connection: DatabaseConnection = {
            executeQuery: (query) => execute(real, query),
            streamQuery: () => {
              throw new Error('nothing streams');
            },
          };
          releases.set(connection, release);
          resolve(connection);
        });
      inner.getExecutor().provideConnection(lend).catch(reject);
    });
  return {
    init: async () => undefined,
    acquireConnection: () => work.during(acquire),
    beginTransaction: (connection, { isolationLevel, accessMode }) =>
      command(
        connection,
        isolationLevel === undefined
          ? 'begin'
          : `start transaction isolation level ${isolationLevel} ${accessMode ?? ''}`,
      ),
    commitTransaction: (connection) => command(connection, 'commit'),
    rollbackTransaction: (connection) => command(connection, 'rollback'),
    releaseConnection: async (connection) => releases.get(connection)?.(),
    destroy: () => inner.destroy(),
  };
}

function kyselyOver(driver: Driver): Db {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
