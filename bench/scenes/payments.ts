/**
 * What a payment costs: tills of a thousand shops sell by payment code as fast as they can, then half as fast while Alipay
 * takes its usual time; and the memory that it takes.
 */
import { runRound, type Scene } from '../scene.ts';
import { residentBytesOf } from '../processor-time.ts';
import { openStage, type Stage } from '../stage.ts';
import { quantile, summarize } from '../statistics.ts';
import type { Samples } from '../figures.ts';

const SHOPS = 1000;
const TILLS = 16;
const ROUND_S = 6;
/** The first rounds make the machine code and fill the caches; a gateway runs for months. */
const WARM_UP_S = 8;
const LATENCY_S = 15;
/** What Alipay takes for a charge where it is near, at the least: own time is counted beyond what it did take. */
const ALIPAY_MS = 50;
const MB = 1_000_000;

export const payments: Scene = {
  name: 'payments',
  measure: async ({ rounds, progress }) => {
    progress(`${SHOPS} shops`);
    const stage = await openStage({ shops: SHOPS });
    try {
      const memoryIdle = residentBytesOf(stage.gateway.pid()) / MB;
      progress('warm up');
      await runRound(stage, { tills: TILLS, seconds: WARM_UP_S });
      const done = [];
      for (let round = 1; round <= rounds; round += 1) {
        progress(`round ${round} of ${rounds}`);
        done.push(await runRound(stage, { tills: TILLS, seconds: ROUND_S }));
      }
      const perSecond = done.map((round) => round.perSecond);
      const memoryLoaded = residentBytesOf(stage.gateway.pid()) / MB;
      progress('latency at half load');
      const latency = await measureLatency(stage, summarize(perSecond).median / 2);
      return {
        sqliteFloor: done.map(({ floorMs }) => floorMs),
        sqliteCpu: done.map(({ cpuMs }) => cpuMs),
        sqliteRatio: done.map(({ cpuMs, floorMs }) => cpuMs / floorMs),
        sqlitePerSecond: perSecond,
        memoryIdle: [memoryIdle],
        memoryLoaded: [memoryLoaded],
        ...latency,
      };
    } finally {
      await stage.close();
    }
  },
};

async function measureLatency(stage: Stage, perSecond: number): Promise<Samples> {
  await stage.simulator.fault({
    kind: 'delay',
    method: 'alipay.trade.pay',
    ms: ALIPAY_MS,
    times: 1_000_000,
  });
  const { sales } = await runRound(stage, { tills: 64, seconds: LATENCY_S, perSecond });
  await stage.simulator.endFaults();
  const alipayMs = stage.alipayTimes();
  const own = sales.map(({ ms, paymentNo = '' }) => ms - (alipayMs.get(paymentNo) ?? NaN));
  return {
    ownP50: [quantile(own, 0.5)],
    ownP99: [quantile(own, 0.99)],
    ownP999: [quantile(own, 0.999)],
  };
}
