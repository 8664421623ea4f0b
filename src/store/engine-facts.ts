/**
 * What the engine under the database says about itself, for `f2f doctor`: whether SQLite's file is whole, and how a
 * PostgreSQL server is set up. Reads only; what is good enough is decided by whoever asks.
 */
import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Complaints of the check that are worth reading; the first usually says it all. */
const FAULTS_MAX = 3;

/** What SQLite finds wrong with its file: nothing, mostly. Reads all of it. */
export async function sqliteFaults(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{
    quick_check: string;
  }>`pragma quick_check(${sql.lit(FAULTS_MAX)})`.execute(db);
  return rows.map(({ quick_check: said }) => said).filter((said) => said !== 'ok');
}

export type PostgresFacts = {
  /** As `server_version_num` has it: 140005 is 14.5. */
  readonly versionNum: number;
  readonly version: string;
  readonly encoding: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  /** What a session gets that does not ask for better, as the gateway's do. */
  readonly synchronousCommit: string;
  readonly connectionsMax: number;
  /** A standby, which takes no writes. */
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
};

/** How the server of a PostgreSQL database is set up. */
export async function postgresFacts(db: Db): Promise<PostgresFacts> {
  const { rows } = await sql<{ name: string; setting: string; reset_val: string }>`
    select name, setting, reset_val from pg_settings where name in
    ('server_version_num', 'server_version', 'server_encoding', 'fsync', 'full_page_writes', 'synchronous_commit',
     'max_connections', 'in_hot_standby', 'default_transaction_read_only')`.execute(db);
  const settings = new Map(rows.map((row) => [row.name, row]));
  const valueOf = (name: string): string => settings.get(name)?.setting ?? '';
  return {
    versionNum: Number(valueOf('server_version_num')),
    version: valueOf('server_version'),
    encoding: valueOf('server_encoding'),
    fsync: valueOf('fsync'),
    fullPageWrites: valueOf('full_page_writes'),
    // Our own sessions ask for better when they connect; the value to go back to is that of the server.
    synchronousCommit: settings.get('synchronous_commit')?.reset_val ?? '',
    connectionsMax: Number(valueOf('max_connections')),
    isStandby: valueOf('in_hot_standby') === 'on',
    isReadOnly: valueOf('default_transaction_read_only') === 'on',
  };
}
