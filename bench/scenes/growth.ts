/**
 * Whether a gateway that has been used for long is as fast as a new one: the same tills on two gateways in turns, one of
 * which has a hundred times the payments, or a thousand times the merchants.
 */
import { copyPayments } from '../copies.ts';
import { runRound, type Scene, type SceneTools } from '../scene.ts';
import { openStage, whileDown, type Stage } from '../stage.ts';

const FEW_PAYMENTS = 10_000;
const MANY_PAYMENTS = 1_000_000;
const DEEP_PAYMENTS = 10_000_000;
const FEW_SHOPS = 10;
const MANY_SHOPS = 10_000;
const SHOPS = 1000;
const TILLS = 16;
const ROUND_S = 5;

export const growth: Scene = {
  name: 'growth',
  measure: async (tools) => {
    const many = tools.deep ? DEEP_PAYMENTS : MANY_PAYMENTS;
    return {
      growthPayments: await compare(tools, {
        few: () => openGrown(FEW_PAYMENTS, tools),
        many: () => openGrown(many, tools),
      }),
      growthShops: await compare(tools, {
        few: () => openWarm(FEW_SHOPS),
        many: () => openWarm(MANY_SHOPS),
      }),
    };
  },
};

type Pair = { readonly few: () => Promise<Stage>; readonly many: () => Promise<Stage> };

/** Payments per second of processor time with many, against few, in each round. */
async function compare({ rounds, progress }: SceneTools, open: Pair): Promise<number[]> {
  const few = await open.few();
  try {
    const many = await open.many();
    try {
      const ratios: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        progress(`round ${round} of ${rounds}`);
        const ofFew = await runRound(few, { tills: TILLS, seconds: ROUND_S });
        const ofMany = await runRound(many, { tills: TILLS, seconds: ROUND_S });
        // Each against the floor of its own time: the machine may have changed between the two.
        ratios.push(ofFew.cpuMs / ofFew.floorMs / (ofMany.cpuMs / ofMany.floorMs));
      }
      return ratios;
    } finally {
      await many.close();
    }
  } finally {
    await few.close();
  }
}

async function openWarm(shops: number): Promise<Stage> {
  const stage = await openStage({ shops });
  await runRound(stage, { tills: TILLS, seconds: ROUND_S });
  return stage;
}

async function openGrown(payments: number, { progress }: SceneTools): Promise<Stage> {
  const stage = await openWarm(SHOPS);
  await whileDown(stage, (db) => copyPayments(db, { payments, shops: SHOPS, progress }));
  await runRound(stage, { tills: TILLS, seconds: ROUND_S });
  return stage;
}
