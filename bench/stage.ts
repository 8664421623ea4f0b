/**
 * What a figure is measured on: Alipay's simulator, a gateway with so many shops, each with an app and a key pair of its
 * own, and the tills; each a process of its own. Shops are put into the gateway's file while it is down, by the flow that
 * adds them, because a thousand key pairs take minutes to make and their numbers make no difference to who signs with them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { addMerchant } from '../src/flows/add-merchant.ts';
import type { Db } from '../src/store/database.ts';
import { openPostgres } from '../src/store/postgres.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { realClock } from '../src/system/clock.ts';
import { makeRealKeyPair, type MakeKeyPair } from '../src/system/key-pairs.ts';
import { createVault, readMasterKey } from '../src/system/vault.ts';
import {
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../test/support/gateway-process.ts';
import { startPostgres, type PostgresServer } from '../test/support/postgres-server.ts';
import { simulatorClient, type SimulatorClient } from '../test/support/simulator-client.ts';
import { anAppId, call, enrol } from '../test/support/v1-client.ts';
import { readTimes, TIMES_FILE } from './alipay-times.ts';
import { findWrongSales } from './check-sales.ts';
import type { LoadPlan, LoadResult } from './load.ts';
import { cpuMsOf } from './processor-time.ts';

/** What tills sell through: a gateway, or a peer that answers the same call. */
export type Seller = {
  readonly gateway: Pick<Gateway, 'url' | 'pid'>;
  readonly simulator: SimulatorClient;
  readonly token: string;
  /** `cpiNo` of the shops. */
  readonly shops: readonly string[];
};

export type Stage = Seller & {
  readonly gateway: Gateway;
  readonly simulatorUrl: string;
  readonly simulatorPid: number;
  /** The database server; undefined where the gateway runs on SQLite. */
  readonly server: PostgresServer | undefined;
  /** What Alipay itself took for each charge so far, in milliseconds, by payment number. */
  alipayTimes(): ReadonlyMap<string, number>;
  /** Ends the processes and removes what they wrote. */
  close(): Promise<void>;
};

export type StageOptions = {
  readonly shops: number;
  readonly engine?: 'sqlite' | 'postgres';
  readonly settings?: Readonly<Record<string, string>>;
};

/** Different key pairs that the apps share. */
const KEY_PAIRS = 24;
const CALM_MS = 400;
/** A gateway with nothing to do looks for due rows four times a second. */
const CALM_CPU_MS_MAX = 20;
const CALM_WITHIN_MS = 120_000;

export async function openStage(options: StageOptions): Promise<Stage> {
  const { shops, engine = 'sqlite', settings = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-'));
  const timesFile = join(folder, 'alipay-times');
  const preload = pathToFileURL(join(import.meta.dirname, 'alipay-times.ts')).href;
  const program = await startSimulator({
    settings: { NODE_OPTIONS: `--import ${preload}`, [TIMES_FILE]: timesFile },
  });
  const server = engine === 'postgres' ? await startPostgres() : undefined;
  const gateway = await startGateway({
    F2F_SIMULATOR_URL: program.url,
    ...(server === undefined ? {} : { F2F_DATABASE_URL: server.url() }),
    ...settings,
  });
  const { dogNo, token } = await enrol(gateway.url());
  const cpiNos = await whileDown({ gateway, server }, (db) =>
    addShops(db, gateway.dataDir, dogNo, shops),
  );
  const stage: Stage = {
    gateway,
    simulator: simulatorClient(program.url),
    simulatorUrl: program.url,
    simulatorPid: program.pid(),
    server,
    token,
    shops: cpiNos,
    alipayTimes: () => readTimes(timesFile),
    close: async () => {
      await gateway.stop();
      await program.stop();
      await server?.close();
      rmSync(folder, { recursive: true });
    },
  };
  await waitUntilKnown(stage);
  return stage;
}

/** The gateway tells the simulator of its apps one by one when it starts; the last one's shop can then be tested. */
async function waitUntilKnown({ gateway, token, shops }: Stage): Promise<void> {
  const path = `/f2f/test/${shops.at(-1)}`;
  await until(async () => (await call(gateway.url(), path, { token })).err === 'nothing', {
    what: 'the simulator to know every app',
    withinMs: CALM_WITHIN_MS,
    everyMs: 200,
  });
  await waitUntilCalm(gateway);
}

/** Waits until a process does nothing: what it was given to do is done, and its notifications are dealt with. */
export async function waitUntilCalm(program: Pick<Program, 'pid'>): Promise<void> {
  const endMs = performance.now() + CALM_WITHIN_MS;
  while (performance.now() < endMs) {
    const before = cpuMsOf(program.pid());
    await delay(CALM_MS);
    if (cpuMsOf(program.pid()) - before <= CALM_CPU_MS_MAX) return;
  }
  throw new Error('the gateway does not come to rest');
}

/** Stops the gateway, lets `work` write into its database, and starts it again. */
export async function whileDown<T>(
  { gateway, server }: Pick<Stage, 'gateway' | 'server'>,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  await gateway.kill('SIGTERM');
  const db =
    server === undefined
      ? openSqlite(join(gateway.dataDir, 'gateway.sqlite'))
      : openPostgres(server.url(), { connectionsMax: 1, monotonicMs: () => performance.now() });
  let result: T;
  try {
    // Nobody is told of these rows before the file is whole, so nothing needs to reach the disk one by one.
    if (server === undefined) await sql`pragma synchronous = off`.execute(db);
    result = await work(db);
  } finally {
    await db.destroy();
  }
  await gateway.restart();
  return result;
}

async function addShops(db: Db, dataDir: string, owner: string, count: number): Promise<string[]> {
  const vault = createVault(readMasterKey(join(dataDir, 'master.key'), false));
  const deps = {
    db,
    vault,
    clock: realClock,
    makeKeyPair: sharedKeyPairs(),
    send: () => Promise.reject(new Error('nothing is sent while shops are added')),
    settings: NO_SETTINGS,
  };
  const cpiNos: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const added = await addMerchant(deps, owner, {
      shopNo: `bench-${index}`,
      sellerId: '2088121307572082',
      appId: anAppId(),
      alipayPublicKey: undefined,
      signType: undefined,
      name: undefined,
    });
    if (added.kind !== 'added') throw new Error(`shop ${index} was not added: ${added.kind}`);
    cpiNos.push(added.view.merchant.cpiNo);
  }
  return cpiNos;
}

/** Without a simulator nothing is announced; the gateway does that when it starts. */
const NO_SETTINGS = {
  enrolment: 'open',
  tokenTtlS: 1,
  barcodeWaitS: 1,
  paymentDeadlineS: 1,
  qrExpiresS: 1,
  alipayTimeoutMs: 1000,
  confirm: 'background',
  latePayment: 'incident',
  publicUrl: undefined,
  notifyUrl: undefined,
  simulator: undefined,
} as const;

function sharedKeyPairs(): MakeKeyPair {
  const made: ReturnType<MakeKeyPair>[] = [];
  let next = 0;
  return (modulusBits) => {
    const index = next++ % KEY_PAIRS;
    return (made[index] ??= makeRealKeyPair(modulusBits));
  };
}

/**
 * Lets tills sell, waits until everything of it is settled, and holds what they were told against Alipay's book. `sold` is
 * called when the tills have gone home.
 */
export async function sell(
  stage: Seller,
  plan: Pick<LoadPlan, 'plan' | 'tills' | 'seconds' | 'perSecond'>,
  sold: () => void = () => undefined,
): Promise<LoadResult> {
  const before = new Set((await stage.simulator.trades()).map(({ outTradeNo }) => outTradeNo));
  const { token, shops, gateway } = stage;
  const result = await runProcess<LoadResult>('load.ts', {
    url: gateway.url(),
    token,
    shops,
    ...plan,
  });
  sold();
  await waitUntilCalm(gateway);
  const trades = await stage.simulator.trades();
  const wrong = findWrongSales(
    result.sales,
    trades.filter(({ outTradeNo }) => !before.has(outTradeNo)),
  );
  if (wrong.length > 0) {
    throw new Error(
      `${wrong.length} answers are wrong, the first: ${wrong.slice(0, 5).join('; ')}`,
    );
  }
  return result;
}

/** Runs one of this folder's programs to its end: `input` goes in as JSON, and JSON comes out. */
export async function runProcess<Output>(file: string, input: unknown): Promise<Output> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(input));
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (exitCode !== 0) throw new Error(`${file} ended with exit code ${String(exitCode)}`);
  return JSON.parse(output) as Output;
}
