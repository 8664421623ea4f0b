/**
 * What a payment costs on PostgreSQL, and what it costs the peer (Express, the official SDK, `pg`) that does the same duties
 * on the same server: the same tills, in turns.
 */
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
};

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
  const { pid } = databaseOf(stage);
  const before = cpuMsOfTree(pid);
  const round = await runRound(seller, { tills: TILLS, seconds: ROUND_S });
  return { ...round, serverCpuMs: (cpuMsOfTree(pid) - before) / round.sales.length };
}

function databaseOf({ server }: Stage): NonNullable<Stage['server']> {
  if (server === undefined) throw new Error('this stage is on PostgreSQL');
  return server;
}
