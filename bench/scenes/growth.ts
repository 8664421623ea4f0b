/**
 * Whether a gateway that has been used for long is as fast as a new one: the same tills on two gateways in turns, one of
 * which has a hundred times the payments, or a thousand times the merchants. Stored payments are copies of a real one with
 * its whole history, made in the gateway's file while it is down.
 */
import { sql } from 'kysely';
import type { Db } from '../../src/store/database.ts';
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
const COPIES_AT_ONCE = 50_000;

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
  await whileDown(stage, async (db) => {
    for (let made = 0; made < payments; made += COPIES_AT_ONCE) {
      progress(`${made} of ${payments} payments`);
      await copyPayment(db, made + 1, Math.min(payments, made + COPIES_AT_ONCE));
    }
  });
  await runRound(stage, { tills: TILLS, seconds: ROUND_S });
  return stage;
}

/** Copies the first payment and its history, with the numbers from `first` to `last` in the place of its own. */
async function copyPayment(db: Db, first: number, last: number): Promise<void> {
  const { payment_no: original } = await db
    .selectFrom('payment')
    .select('payment_no')
    .where('state', '=', 'paid')
    .orderBy('created_at_ms')
    .executeTakeFirstOrThrow();
  const number = `'FF2501' || printf('%09d', n.i)`;
  const renamed = (column: string): string => `replace(${column}, '${original}', ${number})`;
  const own: Record<string, string> = {
    merchant_id: `1 + n.i % ${SHOPS}`,
    payment_no: number,
    local_no: `'grown-' || n.i`,
    answer: renamed('answer'),
    detail: renamed('detail'),
    changes: renamed('changes'),
    notify_id: `notify_id || n.i`,
  };
  for (const table of ['payment', 'payment_event']) {
    const { rows } = await sql<{
      name: string;
    }>`select name from pragma_table_info(${table})`.execute(db);
    const names = rows.map(({ name }) => name);
    const values = names.map((name) => own[name] ?? name);
    await sql
      .raw(
        `with recursive n(i) as (select ${first} union all select i + 1 from n where i < ${last})
        insert into ${table} (${names.join(', ')})
        select ${values.join(', ')} from ${table}, n where payment_no = '${original}'`,
      )
      .execute(db);
  }
}
