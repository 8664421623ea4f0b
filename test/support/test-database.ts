/**
 * A fresh, migrated database on the engine that the running tests are about: SQLite in memory, or a copy of the template
 * on the PostgreSQL server of `postgres-setup.ts`. What tests ask for is the same on both.
 */
import { inject } from 'vitest';
import type { Db } from '../../src/store/database.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { openPostgres, type PostgresOptions } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { urlOf, withClient } from './postgres-setup.ts';

export const ENGINE = inject('postgres') === undefined ? 'sqlite' : 'postgres';

let copies = 0;

/** A migrated database that nothing is stored in. */
export async function openTestDatabase(connectionsMax = 4): Promise<Db> {
  if (ENGINE === 'postgres') return openTestPostgres(await createTestPostgres(), connectionsMax);
  const db = openSqlite(':memory:');
  await migrateToLatest(db);
  return db;
}

/** Makes a migrated database on the tests' PostgreSQL server; returns its URL. */
export async function createTestPostgres(): Promise<string> {
  const server = inject('postgres');
  if (server === undefined) throw new Error('These tests run in the project "postgres" only');
  const { url, template } = server;
  const name = `${template}_${process.pid}_${(copies += 1)}`;
  await withClient(url, (client) => client.query(`create database ${name} template ${template}`));
  return urlOf(url, name);
}

export function openTestPostgres(
  url: string,
  connectionsMax = 4,
  more: Partial<PostgresOptions> = {},
): Db {
  return openPostgres(url, { connectionsMax, monotonicMs: () => performance.now(), ...more });
}
