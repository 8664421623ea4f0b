/**
 * Brings a database to the newest schema: forward only, each migration once, all of them listed here in order.
 * Kysely's migrator keeps the record and takes a lock, so that several may start at once.
 */
import { Migrator } from 'kysely/migration';
import type { Db } from './database.ts';
import * as firstPayment from './migrations/0001-first-payment.ts';
import * as historyAndIncidents from './migrations/0002-history-and-incidents.ts';

const MIGRATIONS = {
  '0001-first-payment': firstPayment,
  '0002-history-and-incidents': historyAndIncidents,
};

/** Runs what is missing. Returns the names of those that ran; throws with the cause when one fails. */
export async function migrateToLatest(db: Db): Promise<readonly string[]> {
  const { error, results } = await migratorOf(db).migrateToLatest();
  if (error !== undefined) throw new Error('A migration of the database failed', { cause: error });
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/** True when the database is reachable and no migration is missing. */
export async function isMigrated(db: Db): Promise<boolean> {
  const migrations = await migratorOf(db).getMigrations();
  return migrations.every(({ executedAt }) => executedAt !== undefined);
}

function migratorOf(db: Db): Migrator {
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
}
