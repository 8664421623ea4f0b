/**
 * The database of the cluster: one PostgreSQL server, or a primary with a synchronous standby that takes its place when it
 * dies. A new standby is made as an operator makes one: a base backup of the running primary, which it then follows. The
 * server from npm has all of it but `pg_basebackup`, so the copy is made by the backup API.
 */
import { chmodSync, chownSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts';
import { withClient } from '../support/postgres-setup.ts';
import { until } from '../support/gateway-process.ts';

export type ClusterDatabase = {
  /** The server that takes writes now, without a line between. */
  url(): string;
  port(): number;
  /** As `pg_ctl stop -m immediate`. */
  stopAtOnce(): Promise<void>;
  startAgain(): Promise<void>;
  /** The standby takes the place of the primary, which was stopped. */
  promote(): Promise<void>;
  /** Makes a new standby; resolves when no commit is answered any more that it does not have. */
  addStandby(): Promise<void>;
  close(): Promise<void>;
};

/** Small, so that strangers can take all of it; a standby needs as many. */
export const CONNECTIONS_MAX = 80;
const SETTINGS = {
  max_connections: CONNECTIONS_MAX,
  // A standby that is made while much is written still finds what it needs.
  wal_keep_size: '1GB',
  wal_retrieve_retry_interval: '200ms',
  // The name that the primary waits for is told when the standby is there.
  synchronous_commit: 'on',
};
const READY_MS_MAX = 60_000;

export async function startDatabase(): Promise<ClusterDatabase> {
  const first = await startPostgres(SETTINGS);
  let primary = first;
  let standby: PostgresServer | undefined;
  return {
    url: () => primary.url(),
    port: () => primary.port,
    stopAtOnce: () => primary.stopAtOnce(),
    startAgain: () => primary.startAgain(),
    promote: async () => {
      if (standby === undefined) throw new Error('There is no standby to promote');
      await withClient(standby.url(), (client) => client.query('select pg_promote(true, 60)'));
      // The first one's folder holds the binaries of all.
      if (primary !== first) await primary.close();
      [primary, standby] = [standby, undefined];
    },
    addStandby: async () => {
      standby = await startStandby(primary);
      await waitForStandby(primary);
    },
    close: async () => {
      await standby?.close();
      if (primary !== first) await primary.close();
      await first.close();
    },
  };
}

async function startStandby(primary: PostgresServer): Promise<PostgresServer> {
  const dataDir = mkdtempSync(join(primary.folder, 'standby-'));
  const owner = statSync(primary.dataDir);
  const label = await withClient(primary.url(), async (client) => {
    await client.query("select pg_backup_start('standby', true)");
    await copyFolder(primary.dataDir, dataDir, owner);
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(false)',
    );
    return rows[0]?.labelfile ?? '';
  });
  for (const [name, text] of [
    ['backup_label', label],
    ['standby.signal', ''],
  ] as const) {
    writeFileSync(join(dataDir, name), text);
    chownSync(join(dataDir, name), owner.uid, owner.gid);
  }
  chmodSync(dataDir, 0o700);
  return primary.startBeside(dataDir, {
    ...SETTINGS,
    primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres application_name=standby`,
  });
}

/** What a base backup leaves out (PostgreSQL's manual, "Making a Base Backup Using the Low Level API"). */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts']);
const LEFT_EMPTY = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_stat_tmp']);

/** Copies a folder that is written to meanwhile: what vanishes is in the log of the primary, which is replayed. */
async function copyFolder(
  from: string,
  to: string,
  owner: { readonly uid: number; readonly gid: number },
): Promise<void> {
  await chown(to, owner.uid, owner.gid);
  await chmod(to, 0o700);
  if (LEFT_EMPTY.has(basename(from))) return;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (LEFT_OUT.has(entry.name)) continue;
    if (entry.isDirectory()) {
      await mkdir(target);
      await copyFolder(source, target, owner);
      continue;
    }
    try {
      await copyFile(source, target);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') continue;
      throw error;
    }
    await chown(target, owner.uid, owner.gid);
  }
}

/** From here on a commit is answered when the standby has it on its disk, too; and it has all that were answered before. */
async function waitForStandby(primary: PostgresServer): Promise<void> {
  await withClient(primary.url(), async (client) => {
    const holds = async (condition: string): Promise<boolean> => {
      const { rows } = await client.query(`select 1 from pg_stat_replication where ${condition}`);
      return rows.length > 0;
    };
    const within = { withinMs: READY_MS_MAX };
    await client.query("alter system set synchronous_standby_names = '*'");
    await client.query('select pg_reload_conf()');
    await until(() => holds("sync_state = 'sync' and state = 'streaming'"), {
      what: 'the standby to follow',
      ...within,
    });
    const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_lsn() as lsn');
    await until(() => holds(`flush_lsn >= '${rows[0]?.lsn}'::pg_lsn`), {
      what: 'the standby to have everything',
      ...within,
    });
  });
}
