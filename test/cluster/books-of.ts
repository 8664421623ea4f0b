/**
 * The three books of a cluster at the end of its storm: waits until nothing is left to do, reads every row with its history,
 * and asks the simulator for its trades. The rules are those of `test/e2e/books.ts`.
 */
import { readHistory } from '../../src/flows/read-history.ts';
import type { Db } from '../../src/store/database.ts';
import { listPayments } from '../../src/store/payments.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { leftToDo, type Bill, type Books } from '../e2e/books.ts';
import { until } from '../support/gateway-process.ts';
import type { SimulatorClient } from '../support/simulator-client.ts';

export type BooksOptions = {
  readonly url: string;
  readonly simulator: SimulatorClient;
  readonly settleMsMax: number;
};

const PAYMENTS_MAX = 1_000_000;
const READERS = 8;

/** Until nothing is left to do, or for so long that something never will be done: the books tell what. */
export async function settle({ url, simulator, settleMsMax }: BooksOptions): Promise<number> {
  const db = open(url);
  const endsAtMs = Date.now() + settleMsMax;
  try {
    return await until(
      async () => {
        const nowMs = Date.now();
        const isOver = !(await hasWorkLeft(db, simulator, nowMs));
        return (isOver || nowMs > endsAtMs) && nowMs;
      },
      { what: 'the books to be read', withinMs: 2 * settleMsMax, everyMs: 1000 },
    );
  } finally {
    await db.destroy();
  }
}

async function hasWorkLeft(db: Db, simulator: SimulatorClient, nowMs: number): Promise<boolean> {
  const { open } = await db
    .selectFrom('refund')
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .where((eb) => eb.or([eb('state', '=', 'created'), eb('due_at_ms', 'is not', null)]))
    .executeTakeFirstOrThrow();
  if (open > 0) return true;
  const trades = new Map((await simulator.trades()).map((trade) => [trade.outTradeNo, trade]));
  const payments = await listPayments(db, { limit: PAYMENTS_MAX });
  return payments.some((payment) => {
    const story = { payment, refunds: [], trade: trades.get(payment.paymentNo) };
    return [...leftToDo(story, nowMs)].length > 0;
  });
}

export async function readBooks(
  { url, simulator }: Pick<BooksOptions, 'url' | 'simulator'>,
  bills: readonly Bill[],
  settledAtMs: number,
): Promise<Books> {
  const db = open(url);
  try {
    const payments = await listPayments(db, { limit: PAYMENTS_MAX });
    const rows = await Promise.all(payments.map(({ paymentNo }) => readHistory({ db }, paymentNo)));
    return {
      bills,
      rows: rows.filter((row) => row !== undefined),
      trades: await simulator.trades(),
      settledAtMs,
    };
  } finally {
    await db.destroy();
  }
}

function open(url: string): Db {
  return openPostgres(url, {
    connectionsMax: READERS,
    monotonicMs: () => performance.now(),
    // Thousands of reads stand in line for a few connections.
    isPatient: true,
  });
}
