/**
 * The gateway and Alipay's simulator as two processes that are killed again and again with `kill -9`, while tills sell,
 * refund and repeat and the network suffers. At the end what the tills were told, the gateway's rows and the simulator's
 * trades must tell one story. What happens when is in `plan.ts`, the tills in `tills.ts`, the rules in `books.ts`.
 * A bug that costs or invents money names itself here with the payment and its story.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHistory } from '../../src/flows/read-history.ts';
import type { Db } from '../../src/store/database.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { listPayments } from '../../src/store/payments.ts';
import { listRefunds } from '../../src/store/refunds.ts';
import {
  findPort,
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { simulatorClient, type SimulatorClient } from '../support/simulator-client.ts';
import { addShop, enrol } from '../support/v1-client.ts';
import { findViolations, leftToDo, type Books, type Rows } from './books.ts';
import { ALL_MOMENTS, faultsOf, momentOf, salesOf, VISITS_A_ROUND, type Moment } from './plan.ts';
import { report } from './report.ts';
import { createTills, type Tills } from './tills.ts';

/** More of them find more: each adds some two seconds. */
const ROUNDS = ALL_MOMENTS;
/** In the last rounds nothing slow begins, or the end would wait for it. */
const QUICK_ROUNDS = 6;
/** With more, each kill would find the gateway busy with what the last one left, and nothing would get further. */
const UNHEARD_MAX = 4;
/** Far beyond what a loaded machine needs: only a gateway that stands still is found by it. */
const MOMENT_MS_MAX = 60_000;
const ROUND_MS_MAX = 15_000;
const SETTLE_MS_MAX = 90_000;
const PAYMENTS_MAX = 1_000_000;

let simulatorProgram: Program;
let simulator: SimulatorClient;
let gateway: Gateway;
let tills: Tills;

beforeAll(async () => {
  // Both keep their addresses, as in the field: tills and notifications find them again.
  const program = await startSimulator({ port: await findPort(), keepsBook: true });
  simulatorProgram = program;
  simulator = simulatorClient(program.url);
  gateway = await startGateway({
    F2F_PORT: String(await findPort()),
    F2F_SIMULATOR_URL: program.url,
    F2F_BARCODE_WAIT_S: '1',
    F2F_PAYMENT_DEADLINE_S: '5',
    F2F_QR_EXPIRES_S: '7200',
    F2F_ALIPAY_TIMEOUT_MS: '1000',
  });
  const url = gateway.url();
  const { token } = await enrol(url);
  const { cpiNo } = await addShop(url, token);
  tills = createTills({ urls: [url], token, cpiNo, simulator });
});
afterAll(async () => {
  await gateway.stop();
  await simulatorProgram.stop();
});

async function refundsDone(): Promise<number> {
  return (await simulator.trades()).reduce((sum, { refunds }) => sum + refunds.length, 0);
}

/** How far things have come: a moment is named by one of these having moved. */
const COUNT: Record<Moment['since'], () => number | Promise<number>> = {
  begun: () => 0,
  paid: () => tills.count('paid'),
  'refund asked': () => tills.countAsked('refund'),
  'refund done': refundsDone,
};

/** Begins the sales of a round, and kills who is to be killed at the round's moment. */
async function runRound(round: number): Promise<readonly Promise<void>[]> {
  const { since, ms, dies } = momentOf(round);
  await until(() => tills.countUnheard() <= UNHEARD_MAX, {
    what: 'the tills to be heard',
    withinMs: MOMENT_MS_MAX,
  });
  for (const fault of faultsOf(round)) await simulator.fault(fault);
  const before = await COUNT[since]();
  const isLate = round >= ROUNDS - QUICK_ROUNDS;
  const sales = salesOf(round, isLate).map((sale) => tills.sell(sale));
  if (since !== 'begun') {
    await until(async () => (await COUNT[since]()) > before, {
      what: `round ${round}: ${since}`,
      withinMs: MOMENT_MS_MAX,
      everyMs: 1,
    });
  }
  await delay(ms);
  await Promise.all([
    ...(dies === 'simulator' ? [] : [gateway.restart()]),
    ...(dies === 'gateway' ? [] : [simulatorProgram.restart()]),
  ]);
  return sales;
}

/** Reads the gateway's own file, beside the gateway or after it. */
async function readFromFile<T>(read: (db: Db) => Promise<T>): Promise<T> {
  const db = openSqlite(join(gateway.dataDir, 'gateway.sqlite'));
  try {
    return await read(db);
  } finally {
    await db.destroy();
  }
}

/** Waits until the gateway has nothing left to do, or for so long that it never will: the books tell what is left. */
function settle(): Promise<number> {
  const endsAtMs = Date.now() + SETTLE_MS_MAX;
  return readFromFile((db) =>
    until(
      async () => {
        const trades = await simulator.trades();
        const nowMs = Date.now();
        for (const payment of await listPayments(db, { limit: PAYMENTS_MAX })) {
          const refunds = await listRefunds(db, payment);
          const trade = trades.find(({ outTradeNo }) => outTradeNo === payment.paymentNo);
          const left = [...leftToDo({ payment, refunds, trade }, nowMs)];
          if (left.length > 0) return nowMs > endsAtMs && nowMs;
        }
        return nowMs;
      },
      { what: 'the books to be read', withinMs: 2 * SETTLE_MS_MAX, everyMs: 300 },
    ),
  );
}

function readRows(): Promise<readonly Rows[]> {
  return readFromFile(async (db) => {
    const payments = await listPayments(db, { limit: PAYMENTS_MAX });
    const rows = payments.map(({ paymentNo }) => readHistory({ db }, paymentNo));
    return (await Promise.all(rows)).filter((row) => row !== undefined);
  });
}

test(
  'whoever is killed whenever, tills, gateway and Alipay tell one story',
  async () => {
    const sales: Promise<void>[] = [];
    for (let round = 0; round < ROUNDS; round += 1) sales.push(...(await runRound(round)));
    await simulator.endFaults();
    await Promise.all(sales);
    const settledAtMs = await settle();
    // What was answered before a kill is answered after it, too.
    await gateway.restart();
    await tills.repeatAll();
    expect(await gateway.kill('SIGTERM')).toBe(0);

    const [rows, trades] = [await readRows(), await simulator.trades()];
    const books: Books = { bills: tills.bills, rows, trades, settledAtMs };
    expect(report(books, findViolations(books))).toBe('');
    // The kills did hit calls, and what was to happen did.
    expect(tills.bills.length).toBe(VISITS_A_ROUND * ROUNDS);
    expect(tills.count('lost')).toBeGreaterThan(ROUNDS);
  },
  ROUNDS * ROUND_MS_MAX + SETTLE_MS_MAX,
);
