/**
 * What a payment costs on PostgreSQL, and what it costs the peer (Express, the official SDK, `pg`) that does the same duties
 * on the same server: the same tills, in turns.
 */
import { Client } from 'pg';
import { openPeer } from '../peers/open-peer.ts';
import { cpuMsOfTree } from '../processor-time.ts';
import { runRound, type Round, type Scene } from '../scene.ts';
import { openStage, type Seller, type Stage } from '../stage.ts';

const SHOPS = 1000;
const TILLS = 16;
const ROUND_S = 6;
const WARM_UP_S = 8;

type DatabaseRound = Round & {
  /** Of the database server, for one payment. */
  readonly serverCpuMs: number;
  /** For one payment too: what is kept, and what was written to the log of the server. */
  readonly storedBytes: number;
  readonly loggedBytes: number;
};

const KB = 1000;

export const postgres: Scene = {
  name: 'postgres',
  measure: async ({ rounds, progress }) => {
    progress(`${SHOPS} shops`);
    const stage = await openStage({ shops: SHOPS, engine: 'postgres' });
    try {
      progress(`${SHOPS} shops of the peer`);
      const peer = await openPeer(stage, databaseOf(stage).url(), SHOPS);
      try {
        progress('warm up');
        for (const seller of [stage, peer]) {
          await runRound(seller, { tills: TILLS, seconds: WARM_UP_S });
        }
        const ours: DatabaseRound[] = [];
        const theirs: DatabaseRound[] = [];
        for (let round = 1; round <= rounds; round += 1) {
          progress(`round ${round} of ${rounds}`);
          ours.push(await measureRound(stage, stage));
          theirs.push(await measureRound(stage, peer));
        }
        return {
          postgresFloor: ours.map(({ floorMs }) => floorMs),
          postgresCpu: ours.map(({ cpuMs }) => cpuMs),
          postgresRatio: ours.map(({ cpuMs, floorMs }) => cpuMs / floorMs),
          postgresServerCpu: ours.map(({ serverCpuMs }) => serverCpuMs),
          postgresSize: ours.map(({ storedBytes }) => storedBytes / KB),
          postgresWal: ours.map(({ loggedBytes }) => loggedBytes / KB),
          postgresPerSecond: ours.map(({ perSecond }) => perSecond),
          peerCpu: theirs.map(({ cpuMs }) => cpuMs),
          peerPerSecond: theirs.map(({ perSecond }) => perSecond),
          // Each against the floor of its own time: the machine may have changed between the two.
          peerRatio: ours.map(
            ({ cpuMs, floorMs }, round) => costOf(theirs[round]) / (cpuMs / floorMs),
          ),
        };
      } finally {
        await peer.close();
      }
    } finally {
      await stage.close();
    }
  },
};

function costOf(round: Round | undefined): number {
  return round === undefined ? Number.NaN : round.cpuMs / round.floorMs;
}

async function measureRound(stage: Stage, seller: Seller): Promise<DatabaseRound> {
  const { pid, url } = databaseOf(stage);
  const [cpuBefore, sizeBefore] = [cpuMsOfTree(pid), await readSize(url())];
  const round = await runRound(seller, { tills: TILLS, seconds: ROUND_S });
  const [cpu, size] = [cpuMsOfTree(pid), await readSize(url())];
  const { length } = round.sales;
  return {
    ...round,
    serverCpuMs: (cpu - cpuBefore) / length,
    storedBytes: (size.stored - sizeBefore.stored) / length,
    loggedBytes: (size.logged - sizeBefore.logged) / length,
  };
}

/** Bytes of the gateway's growing tables with their indexes, and of all that the server ever wrote to its log. */
async function readSize(url: string): Promise<{ stored: number; logged: number }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ stored: string; logged: string }>(
      `select pg_total_relation_size('payment') + pg_total_relation_size('payment_event') as stored,
        pg_current_wal_insert_lsn() - '0/0' as logged`,
    );
    return { stored: Number(rows[0]?.stored), logged: Number(rows[0]?.logged) };
  } finally {
    await client.end();
  }
}

function databaseOf({ server }: Stage): NonNullable<Stage['server']> {
  if (server === undefined) throw new Error('this stage is on PostgreSQL');
  return server;
}
