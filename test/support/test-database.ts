/**
 * A fresh, migrated database on the engine that the running tests are about: SQLite in memory, or a copy of the template
 * on the PostgreSQL server of `postgres-setup.ts`. What tests ask for is the same on both.
 */
import { Pool } from 'pg';
import { inject } from 'vitest';
import type { Db } from '../../src/store/database.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { openPostgres, type PostgresOptions } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { urlOf } from './postgres-setup.ts';

export const ENGINE = inject('postgres') === undefined ? 'sqlite' : 'postgres';

let copies = 0;

/** A migrated database that nothing is stored in, and that is gone when it is closed. */
export async function openTestDatabase(connectionsMax = 4): Promise<Db> {
  if (ENGINE === 'postgres') return openAndDrop(await createTestPostgres(), connectionsMax);
  const db = openSqlite(':memory:');
  await migrateToLatest(db);
  return db;
}

/** What is dropped at once is never written to the disk: nine megabytes for each test would be what most of them take. */
function openAndDrop(url: string, connectionsMax: number): Db {
  const db = openTestPostgres(url, connectionsMax);
  const close = db.destroy.bind(db);
  db.destroy = async () => {
    await close();
    await askServer(`drop database if exists ${new URL(url).pathname.slice(1)}`);
  };
  return db;
}

/** Makes a migrated database on the tests' PostgreSQL server; returns its URL. */
export async function createTestPostgres(): Promise<string> {
  const given = inject('postgres');
  if (given === undefined) throw new Error('These tests run in the project "postgres" only');
  const { url, template } = given;
  const name = `${template}_${process.pid}_${(copies += 1)}`;
  // Copied as files: written to the log first, which nobody reads, it takes twice as long.
  await askServer(`create database ${name} template ${template}`);
  return urlOf(url, name);
}

let server: Pool | undefined;

/** For all tests of this process, which share a connection: making one takes as long as what is asked. */
async function askServer(statement: string): Promise<void> {
  server ??= new Pool({
    connectionString: inject('postgres')?.url,
    max: 1,
    allowExitOnIdle: true,
    idleTimeoutMillis: 0,
  });
  await server.query(statement);
}

export function openTestPostgres(
  url: string,
  connectionsMax = 4,
  more: Partial<PostgresOptions> = {},
): Db {
  return openPostgres(url, { connectionsMax, monotonicMs: () => performance.now(), ...more });
}
