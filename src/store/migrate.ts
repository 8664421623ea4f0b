/**
 * Brings a database to the newest schema: forward only, each migration once, all of them listed here in order.
 * Kysely's migrator keeps the record and takes a lock, so that several may start at once. While nodes are upgraded one by
 * one, older code runs on a newer schema: each migration says whether it may, and leaves a note of it for that code.
 */
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Db } from './database.ts';
import type { Schema } from './schema.ts';
import * as firstPayment from './migrations/0001-first-payment.ts';
import * as historyAndIncidents from './migrations/0002-history-and-incidents.ts';
import * as severalNodes from './migrations/0003-several-nodes.ts';
import * as copyMarker from './migrations/0004-copy-marker.ts';
import * as v2Api from './migrations/0005-v2-api.ts';
import * as webhooks from './migrations/0006-webhooks.ts';
import * as merchantLifecycle from './migrations/0007-merchant-lifecycle.ts';
import * as webhookSweep from './migrations/0008-webhook-sweep.ts';
import * as users from './migrations/0009-users.ts';
import * as auditLog from './migrations/0010-audit-log.ts';
import * as figures from './migrations/0011-figures.ts';
import * as stories from './migrations/0012-stories.ts';
import * as keptAnswers from './migrations/0013-kept-answers.ts';
import * as attemptHeaders from './migrations/0014-attempt-headers.ts';

export type Migration = {
  up(db: Kysely<unknown>): Promise<void>;
  /** Whether code that does not know this migration runs rightly on a database that has it. */
  readonly OLD_CODE_MAY_RUN: boolean;
};

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-payment': firstPayment,
  '0002-history-and-incidents': historyAndIncidents,
  '0003-several-nodes': severalNodes,
  '0004-copy-marker': copyMarker,
  '0005-v2-api': v2Api,
  '0006-webhooks': webhooks,
  '0007-merchant-lifecycle': merchantLifecycle,
  '0008-webhook-sweep': webhookSweep,
  '0009-users': users,
  '0010-audit-log': auditLog,
  '0011-figures': figures,
  '0012-stories': stories,
  '0013-kept-answers': keptAnswers,
  '0014-attempt-headers': attemptHeaders,
};

/**
 * Runs what is missing. Returns the names of those that ran: none, too, on a database that newer code brought further, if
 * this code may run on it. Throws a sentence for the operator when it may not, and with the cause when a migration fails.
 */
export async function migrateToLatest(db: Db): Promise<readonly string[]> {
  const newer = await newerThan(db);
  const refused = newer.filter(({ mayRun }) => !mayRun).map(({ name }) => name);
  if (refused.length > 0) {
    throw new Error(
      `The database has been brought further than this version knows (${refused.join(', ')}): start the newer version`,
    );
  }
  if (newer.length > 0) return [];
  const { error, results } = await migratorOf(db).migrateToLatest();
  if (error !== undefined) throw new Error('A migration of the database failed', { cause: error });
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/** True when the database is reachable, no migration is missing, and none has made this code unfit for it. */
export async function isMigrated(db: Db): Promise<boolean> {
  const migrations = await migratorOf(db).getMigrations();
  if (migrations.some(({ executedAt }) => executedAt === undefined)) return false;
  return (await unknownIn(db)).every(({ mayRun }) => mayRun);
}

export type SchemaState = {
  /** Migrations that this code knows and the database does not have. */
  readonly missing: readonly string[];
  /** Migrations that the database has and this code does not know, and whether this code may run on it all the same. */
  readonly newer: readonly Newer[];
};

/** How far the database has been brought. Reads only. */
export async function schemaState(db: Db): Promise<SchemaState> {
  const migrations = await migratorOf(db).getMigrations();
  const missing = migrations.filter(({ executedAt }) => executedAt === undefined);
  return { missing: missing.map(({ name }) => name), newer: await newerThan(db) };
}

function migratorOf(db: Db): Migrator {
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(WITH_NOTES) } });
}

/**
 * The last one leaves the notes of all, in its own transaction: older code that looks at any moment finds a migration and
 * its note, or neither.
 */
const WITH_NOTES = Object.fromEntries(
  Object.entries(MIGRATIONS).map(([name, migration], index, all) => {
    const isLast = index === all.length - 1;
    const upWithNotes = async (db: Kysely<unknown>): Promise<void> => {
      await migration.up(db);
      if (isLast) await leaveNotes(db.withTables<Schema>());
    };
    return [name, { up: upWithNotes }];
  }),
);

type Newer = { readonly name: string; readonly mayRun: boolean };

/** Migrations that the database has and this code does not know; none where no migration ever ran. */
async function newerThan(db: Db): Promise<readonly Newer[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  return tables.some(({ name }) => name === 'kysely_migration') ? unknownIn(db) : [];
}

/** The same of a database in which some ran. */
async function unknownIn(db: Db): Promise<readonly Newer[]> {
  const executed = await db.selectFrom('kysely_migration').select('name').execute();
  const unknown = executed.filter(({ name }) => MIGRATIONS[name] === undefined);
  if (unknown.length === 0) return [];
  const notes = await db
    .selectFrom('migration_note')
    .select(['name', 'old_code_may_run'])
    .execute();
  const allowed = new Set(notes.filter((note) => note.old_code_may_run === 1).map((n) => n.name));
  return unknown.map(({ name }) => ({ name, mayRun: allowed.has(name) }));
}

async function leaveNotes(db: Db): Promise<void> {
  const notes = Object.entries(MIGRATIONS).map(([name, { OLD_CODE_MAY_RUN }]) => ({
    name,
    old_code_may_run: OLD_CODE_MAY_RUN ? 1 : 0,
  }));
  await db
    .insertInto('migration_note')
    .values(notes)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
