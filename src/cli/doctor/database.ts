/**
 * The database: whether it can be read, is whole, and has the schema of this version. What is special to an engine is asked
 * in `observe` and judged in one place each: SQLite's file here, a PostgreSQL server in `postgres.ts`. Reads only.
 */
import { isPostgres, type Db } from '../../store/database.ts';
import { postgresFacts, sqliteFaults, type PostgresFacts } from '../../store/engine-facts.ts';
import { MIGRATIONS, schemaState, type SchemaState } from '../../store/migrate.ts';
import { databaseNowMs } from '../../store/postgres.ts';
import type { Clock } from '../../system/clock.ts';
import { finding, type Finding } from './finding.ts';
import { postgresFindings } from './postgres.ts';

export type DatabaseSeen =
  | { readonly kind: 'missing' | 'empty' | 'not_a_database' }
  | { readonly kind: 'damaged'; readonly fault: string }
  | { readonly kind: 'closed'; readonly why: string }
  | {
      readonly kind: 'open';
      readonly schema: SchemaState;
      readonly postgres: PostgresSeen | undefined;
    };

export type PostgresSeen = PostgresFacts & {
  /** The server's clock less ours. */
  readonly aheadMs: number;
};

/** SQLite's primary result codes (https://sqlite.org/rescode.html). */
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** Asks an opened database. Never rejects: what goes wrong is what was seen. */
export async function observe(db: Db, clock: Clock): Promise<DatabaseSeen> {
  try {
    const postgres = isPostgres(db) ? await observePostgres(db, clock) : undefined;
    const [fault] = postgres === undefined ? await sqliteFaults(db) : [];
    if (fault !== undefined) return { kind: 'damaged', fault };
    return { kind: 'open', schema: await schemaState(db), postgres };
  } catch (error) {
    return failureSeen(error);
  }
}

/** What an error says that came from opening or reading. */
export function failureSeen(error: unknown): DatabaseSeen {
  const why = error instanceof Error ? error.message : String(error);
  const code =
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
      ? error.errcode & 0xff
      : undefined;
  if (code === NOT_A_DATABASE) return { kind: 'not_a_database' };
  if (code === CORRUPT) return { kind: 'damaged', fault: why };
  return { kind: 'closed', why };
}

async function observePostgres(db: Db, clock: Clock): Promise<PostgresSeen> {
  const facts = await postgresFacts(db);
  const askedAtMs = clock.nowMs();
  const serverMs = await databaseNowMs(db);
  const aheadMs = serverMs - (askedAtMs + clock.nowMs()) / 2;
  return { ...facts, aheadMs };
}

/** `place` is the file, or where the server's address is set. */
export function databaseFindings(
  place: string,
  seen: DatabaseSeen,
  poolMax: number,
): readonly Finding[] {
  switch (seen.kind) {
    case 'missing':
      return [finding('database_not_made', { path: place })];
    case 'empty':
      return [finding('database_empty', { path: place })];
    case 'not_a_database':
      return [finding('database_not_a_database', { path: place })];
    case 'damaged':
      return [finding('database_damaged', { path: place, fault: seen.fault })];
    case 'closed':
      return [finding('database_not_opened', { place, why: seen.why })];
    case 'open':
      return [
        ...schemaFindings(seen.schema),
        ...(seen.postgres === undefined ? [] : postgresFindings(seen.postgres, poolMax)),
      ];
    default:
      return seen satisfies never;
  }
}

/** Whether the tables are those that this version reads. */
export function isUsable(seen: DatabaseSeen): boolean {
  if (seen.kind !== 'open') return false;
  const { missing, newer } = seen.schema;
  return missing.length === 0 && newer.every(({ mayRun }) => mayRun);
}

/** Whether no gateway has ever stored anything here. */
export function isFresh(seen: DatabaseSeen): boolean {
  if (seen.kind === 'missing' || seen.kind === 'empty') return true;
  const [first] = Object.keys(MIGRATIONS);
  return seen.kind === 'open' && first !== undefined && seen.schema.missing.includes(first);
}

function schemaFindings({ missing, newer }: SchemaState): readonly Finding[] {
  const namesOf = (mayRun: boolean): string =>
    newer
      .filter((migration) => migration.mayRun === mayRun)
      .map(({ name }) => name)
      .join(', ');
  const [refused, allowed] = [namesOf(false), namesOf(true)];
  return [
    ...(missing.length > 0 ? [finding('database_older', { names: missing.join(', ') })] : []),
    ...(refused === '' ? [] : [finding('database_newer', { names: refused })]),
    ...(allowed === '' ? [] : [finding('database_newer_allowed', { names: allowed })]),
  ];
}
