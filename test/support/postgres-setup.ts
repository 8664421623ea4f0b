/**
 * Runs once before the tests that want PostgreSQL: a server of their own, or the one that `F2F_TEST_DATABASE_URL` names
 * (its user must be allowed to create databases). Each test takes a copy of one migrated database.
 */
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { startPostgres, WITHOUT_DISK } from './postgres-server.ts';

export type TestPostgres = {
  /** The server, by the URL of a database that exists. */
  readonly url: string;
  /** A migrated database that nobody is connected to, to be copied. */
  readonly template: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined in tests that run on SQLite. */
    postgres: TestPostgres | undefined;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const own = process.env['F2F_TEST_DATABASE_URL'] ? undefined : await startPostgres(WITHOUT_DISK);
  const url = own?.url() ?? process.env['F2F_TEST_DATABASE_URL'] ?? '';
  const template = `f2f_test_${process.pid}`;
  await withClient(url, (client) => client.query(`create database ${template}`));
  const db = openPostgres(urlOf(url, template), {
    connectionsMax: 1,
    monotonicMs: () => performance.now(),
  });
  await migrateToLatest(db);
  await db.destroy();
  project.provide('postgres', { url, template });
  return async () => {
    if (own !== undefined) {
      await own.close();
      return;
    }
    await withClient(url, async (client) => {
      const { rows } = await client.query<{ datname: string }>(
        'select datname from pg_database where starts_with(datname, $1)',
        [template],
      );
      for (const { datname } of rows) await client.query(`drop database ${datname} (force)`);
    });
  };
}

/** The URL of another database of the same server. */
export function urlOf(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
