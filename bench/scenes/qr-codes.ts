/**
 * A thousand QR codes open at once, of all ages from new to about to expire, that nobody pays: what looking at them costs.
 * They are made through the API in a few seconds, and made older in the gateway's file while it is down.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { call } from '../../test/support/v1-client.ts';
import { cpuMsOf } from '../processor-time.ts';
import type { Scene } from '../scene.ts';
import { openStage, whileDown, type Stage } from '../stage.ts';

const CODES = 1000;
const SHOPS = 50;
const AT_ONCE = 32;
/** Life of a code by default, in seconds, but for a minute at its end: none is to expire while it is measured. */
const AGES_S = 840;
const ROUND_S = 8;
/** After the restart everything is due at once; then the schedule is as usual. */
const SETTLE_S = 15;

export const qrCodes: Scene = {
  name: 'qr codes',
  measure: async ({ rounds, progress }) => {
    progress(`${CODES} codes`);
    const stage = await openStage({ shops: SHOPS });
    try {
      await makeCodes(stage);
      await makeOlder(stage);
      await delay(SETTLE_S * 1000);
      const qrOpen: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        progress(`round ${round} of ${rounds}`);
        const before = cpuMsOf(stage.gateway.pid());
        const startMs = performance.now();
        await delay(ROUND_S * 1000);
        const cpuMs = cpuMsOf(stage.gateway.pid()) - before;
        qrOpen.push((100 * cpuMs) / (performance.now() - startMs));
      }
      return { qrOpen };
    } finally {
      await stage.close();
    }
  },
};

async function makeCodes({ gateway, token, shops }: Stage): Promise<void> {
  let made = 0;
  const make = async (): Promise<void> => {
    while (made < CODES) {
      made += 1;
      const data = {
        cpiNo: shops[made % shops.length],
        localNo: `qr-${made}`,
        totalAmount: '8.80',
        subject: 'bench',
      };
      const reply = await call(gateway.url(), '/f2f/qrcode', { token, data });
      if (reply.err !== 'nothing') throw new Error(`a QR code was not made: ${reply.raw}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, make));
}

async function makeOlder(stage: Stage): Promise<void> {
  await whileDown(stage, async (db) => {
    const age = sql.raw(`(1000 * ${AGES_S} * rowid / ${CODES})`);
    await sql`update payment set created_at_ms = created_at_ms - ${age},
      deadline_at_ms = deadline_at_ms - ${age}, dies_at_ms = dies_at_ms - ${age}`.execute(db);
  });
}
