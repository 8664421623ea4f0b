/**
 * The database that the settings name, opened and brought to the newest schema: SQLite in the data folder, or PostgreSQL.
 * What differs between the two beyond SQL is here: where the file is, whose clock counts, and how nodes hear of each other.
 */
import { existsSync, mkdirSync, chmodSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sql } from 'kysely';
import type { Config } from './config.ts';
import { findCopyMarker } from './store/copy-marker.ts';
import type { Db } from './store/database.ts';
import { migrateToLatest } from './store/migrate.ts';
import { startNodeNews } from './store/postgres-news.ts';
import { databaseNowMs, openPostgres } from './store/postgres.ts';
import { isInUse, openSqlite, openSqliteAlone, openSqliteToRead } from './store/sqlite.ts';
import { realClock, type Clock } from './system/clock.ts';
import type { Log } from './system/log.ts';
import { createNews, type News } from './system/news.ts';
import { realRandom } from './system/random.ts';
import { createSharedClock } from './system/shared-clock.ts';

const DATABASE_FILE = 'gateway.sqlite';
/** How often the database's clock is asked; a good quartz strays two milliseconds in that time. */
const STEER_EVERY_MS = 60_000;
/** A node's name among the others, in bytes. */
const NODE_NAME_BYTES = 8;

/** Makes the data folder if it is missing; only its owner may read it. */
export function makeDataDir(dataDir: string): void {
  const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // The process's umask may have taken more away, never less; `mkdir` alone would leave it at that.
  if (made !== undefined) chmodSync(dataDir, 0o700);
}

/** The file of the settings' SQLite database. */
export function databasePath(config: Pick<Config, 'dataDir'>): string {
  return join(config.dataDir, DATABASE_FILE);
}

/** Where the settings' database is, for people: nothing secret. */
export function databasePlace(config: Pick<Config, 'dataDir' | 'databaseUrl'>): string {
  return config.databaseUrl === undefined ? `in ${config.dataDir}` : 'of F2F_DATABASE_URL';
}

/** False when it is certain that nobody has made the database yet: a server is not asked. */
export function mayHaveDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): boolean {
  return config.databaseUrl !== undefined || existsSync(databasePath(config));
}

/**
 * Runs the migrations that are missing, and returns their names. Throws what `migrateToLatest` and the engine throw, and a
 * sentence for the operator when the database is half of a copy: whatever works with it would work without the other half.
 */
export async function migrateDatabase(config: Config): Promise<readonly string[]> {
  const db = open(config, { isPatient: true });
  try {
    const names = await migrateToLatest(db);
    const copy = await findCopyMarker(db);
    if (copy !== undefined) {
      throw new Error(
        `it holds an unfinished copy of ${copy.source}. Run the "f2f copy" that began it again, which goes on where it stopped; or make the database anew`,
      );
    }
    return names;
  } finally {
    await db.destroy();
  }
}

/** Opens the settings' database as it is. */
export function openDatabase(config: Config, log?: Log): Db {
  return open(config, {
    onBroken: (error) => log?.warn({ err: error }, 'an idle connection to the database broke'),
  });
}

/** Opens the settings' database to look at it: nothing is made, migrated or left behind. */
export function openDatabaseToRead(config: Config): Db {
  return config.databaseUrl === undefined
    ? openSqliteToRead(databasePath(config))
    : openDatabase({ ...config, databasePool: 1 });
}

type OpenOptions = {
  readonly isPatient?: boolean;
  readonly onBroken?: (error: Error) => void;
};

function open(config: Config, options: OpenOptions): Db {
  if (config.databaseUrl !== undefined) {
    return openPostgres(config.databaseUrl, {
      ...options,
      connectionsMax: config.databasePool,
      monotonicMs: () => realClock.monotonicMs(),
    });
  }
  makeDataDir(config.dataDir);
  return openSqlite(databasePath(config));
}

/** A database that is not (or not yet) the settings' one. */
export type Place = {
  readonly engine: 'sqlite' | 'postgres';
  /** For people: without user, password and parameters. */
  readonly name: string;
  /** Opens it for a copy: for this process alone where the engine can. Throws a sentence for the operator. */
  readonly open: (as: 'source' | 'destination') => Promise<Db>;
};

/** Reads `sqlite:PATH` or `postgres://…`; undefined when the text is neither. */
export function readPlace(text: string): Place | undefined {
  const path = /^sqlite:(?!\/\/)(.+)$/s.exec(text)?.[1];
  if (path !== undefined) {
    const file = resolve(path);
    return { engine: 'sqlite', name: `sqlite:${file}`, open: (as) => openFile(file, as) };
  }
  if (!/^postgres(ql)?:\/\/\S+$/.test(text) || !URL.canParse(text)) return undefined;
  const { host, pathname } = new URL(text);
  return {
    engine: 'postgres',
    name: `postgres://${host}${pathname}`,
    open: () => openServer(text),
  };
}

async function openFile(path: string, as: 'source' | 'destination'): Promise<Db> {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.isDirectory() === true) {
    throw new Error(`it is a folder: name the file in it, ${join(path, DATABASE_FILE)}`);
  }
  if (file === undefined && as === 'source') throw new Error('there is no such file');
  makeDataDir(dirname(path));
  try {
    return openSqliteAlone(path);
  } catch (error) {
    if (!isInUse(error)) throw error;
    throw new Error('another program has it open: stop the gateway, and its commands, first', {
      cause: error,
    });
  }
}

async function openServer(url: string): Promise<Db> {
  const db = openPostgres(url, {
    connectionsMax: 1,
    isPatient: true,
    monotonicMs: () => realClock.monotonicMs(),
  });
  try {
    // Nothing is connected before the first query.
    await sql`select 1`.execute(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** What goes with the database for as long as the gateway runs. */
export type Surroundings = {
  /** The time that counts in rows. */
  readonly clock: Clock;
  readonly news: News;
  /** Ends what goes on beside the requests; to be called once `news` was told to stop. */
  close(): Promise<void>;
};

/** With SQLite all is in this process; nodes on PostgreSQL go by its clock, and hear of each other. */
export async function createSurroundings(config: Config, db: Db, log: Log): Promise<Surroundings> {
  const url = config.databaseUrl;
  if (url === undefined) {
    return { clock: realClock, news: createNews(realClock), close: async () => undefined };
  }
  const clock = await createSharedClock(realClock, () => databaseNowMs(db));
  const news = createNews(clock, (topic) => {
    // Every worker finds what is due by itself.
    if (topic !== 'due') nodes.publish(topic);
  });
  const nodes = startNodeNews({
    url,
    db,
    node: realRandom.hex(NODE_NAME_BYTES),
    sleep: (ms, signal) => realClock.sleep(ms, signal),
    hear: (topic) => news.hear(topic),
    onTrouble: (error) => log.warn({ err: error }, 'no news of other nodes for now'),
  });
  const steering = steerUntilStopped(clock, news, log);
  return {
    clock,
    news,
    close: async () => {
      await Promise.all([nodes.close(), steering]);
    },
  };
}

async function steerUntilStopped(
  clock: { steer(): Promise<void> },
  news: News,
  log: Log,
): Promise<void> {
  const follower = news.follow('steer');
  while (!news.stopping) {
    await follower.next(STEER_EVERY_MS);
    if (news.stopping) break;
    await clock.steer().catch((error: unknown) => {
      log.warn({ err: error }, "the database's clock was not told");
    });
  }
  follower.close();
}
