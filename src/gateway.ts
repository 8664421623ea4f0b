/**
 * Builds the real gateway: clock, database, network, simulator, worker and server, wired together once. Tests and the
 * simulation wire other parts to the same flows. Starting and stopping have one order each, and it is written here.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { startSimulator, type RunningSimulator } from '../simulator/server.ts';
import { createAlipayClient, type CallRecord } from './alipay/client.ts';
import { createMetrics } from './api/metrics.ts';
import { NOTIFICATION_PATH } from './api/notifications.ts';
import { buildServer } from './api/server.ts';
import type { Config } from './config.ts';
import { announceAllApps } from './flows/announce-app.ts';
import type { Deps, FlowSettings } from './flows/deps.ts';
import { createKeyRing } from './flows/key-ring.ts';
import { createNumberSource } from './flows/take-number.ts';
import { openSqlite, type Db } from './store/database.ts';
import { migrateToLatest } from './store/migrate.ts';
import { countDuePayments } from './store/payments.ts';
import { realClock } from './system/clock.ts';
import { createHttpSend } from './system/http.ts';
import { makeRealKeyPair } from './system/key-pairs.ts';
import type { Log } from './system/log.ts';
import { createNews } from './system/news.ts';
import { realRandom } from './system/random.ts';
import { createVault, readMasterKey } from './system/vault.ts';
import { startWorker } from './worker/worker.ts';

export type RunningGateway = {
  /** Origin without a path. */
  readonly url: string;
  readonly simulatorUrl: string | undefined;
  /** No new requests; those in flight end, waits end at once; then everything closes. */
  stop(): Promise<void>;
};

const DATABASE_FILE = 'gateway.sqlite';
/** How often the simulator is told of the apps while it does not answer. */
const ANNOUNCE_EVERY_MS = 2000;

/** Makes the data folder if it is missing; only its owner may read it. */
export function makeDataDir(dataDir: string): void {
  const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // The process's umask may have taken more away, never less; `mkdir` alone would leave it at that.
  if (made !== undefined) chmodSync(dataDir, 0o700);
}

/** Opens the settings' database as it is; migrations are the caller's. */
export function openDatabase(config: Config): Db {
  makeDataDir(config.dataDir);
  return openSqlite(join(config.dataDir, DATABASE_FILE));
}

/** The simulator of these settings: the built-in one, started here; or undefined when none is to be started. */
async function startOwnSimulator(config: Config, log: Log): Promise<RunningSimulator | undefined> {
  if (config.alipay !== 'simulator' || config.simulatorUrl !== undefined) return undefined;
  return startSimulator({
    host: '127.0.0.1',
    port: config.simulatorPort,
    dataDir: config.dataDir,
    ...(config.simulatorToken === undefined ? {} : { controlToken: config.simulatorToken }),
    log: ({ event, ...fields }) =>
      log.debug({ ...fields, event: `simulator_${event}` }, 'simulator'),
  });
}

export async function startGateway(config: Config, log: Log): Promise<RunningGateway> {
  makeDataDir(config.dataDir);
  const vault = createVault(readMasterKey(config.masterKeyFile, config.alipay === 'simulator'));
  const db = openDatabase(config);
  const migrations = await migrateToLatest(db);
  if (migrations.length > 0) log.info({ migrations }, 'database migrated');

  const simulator = await startOwnSimulator(config, log);
  const simulatorUrl = simulator?.url ?? config.simulatorUrl;
  const news = createNews(realClock);
  const http = createHttpSend();
  const metrics = createMetrics(() => countDuePayments(db, realClock.nowMs()));
  const settings = flowSettings(config, simulatorUrl);
  const deps: Deps = {
    db,
    clock: realClock,
    random: realRandom,
    log,
    news,
    vault,
    keyRing: createKeyRing(vault),
    makeKeyPair: makeRealKeyPair,
    numbers: createNumberSource(db),
    send: http.send,
    settings,
    alipay: createAlipayClient({
      send: http.send,
      clock: realClock,
      gatewayUrl: gatewayUrlOf(config, simulatorUrl),
      timeoutMs: config.alipayTimeoutMs,
      onCall: (record) => {
        metrics.observeAlipay(record);
        logCall(log, record);
      },
    }),
  };
  const server = await buildServer({ deps, metrics, rateLimit: config.rateLimit });
  const url = await listen(server, config);
  settings.notifyUrl = notifyUrlOf(config, url);
  const announcing = announceUntilHeard(deps);
  const worker = startWorker(deps);
  return {
    url,
    simulatorUrl,
    stop: async () => {
      news.stop();
      await server.close();
      await Promise.all([worker.ended(), announcing]);
      await http.close();
      await simulator?.close();
      await db.destroy();
    },
  };
}

/** `notifyUrl` is known only once the gateway listens; everything else is fixed. */
function flowSettings(
  config: Config,
  simulatorUrl: string | undefined,
): FlowSettings & { notifyUrl: string | undefined } {
  const usesSimulator = config.alipay === 'simulator' && simulatorUrl !== undefined;
  return {
    enrolment: config.enrolment,
    tokenTtlS: config.tokenTtlS,
    barcodeWaitS: config.barcodeWaitS,
    paymentDeadlineS: config.paymentDeadlineS,
    qrExpiresS: config.qrExpiresS,
    alipayTimeoutMs: config.alipayTimeoutMs,
    confirm: config.confirm,
    latePayment: config.latePayment,
    simulator: usesSimulator ? { url: simulatorUrl, token: config.simulatorToken } : undefined,
    notifyUrl: undefined,
  };
}

function gatewayUrlOf(config: Config, simulatorUrl: string | undefined): string {
  const url = config.alipayGateway ?? (simulatorUrl && `${simulatorUrl}/gateway.do`);
  if (url === undefined) throw new Error('No Alipay gateway is configured');
  return url;
}

function notifyUrlOf(config: Config, listeningUrl: string): string | undefined {
  const base = config.publicUrl ?? (config.alipay === 'simulator' ? listeningUrl : undefined);
  return base && `${base}${NOTIFICATION_PATH}`;
}

async function listen(server: FastifyInstance, config: Config): Promise<string> {
  await server.listen({ host: config.host, port: config.port });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const isEverywhere = config.host === '0.0.0.0' || config.host === '::';
  const host = isEverywhere ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A simulator that runs elsewhere may come up after the gateway. Ends when it was told, or at the stop. */
async function announceUntilHeard(deps: Deps): Promise<void> {
  const follower = deps.news.follow('announce');
  while (!deps.news.stopping) {
    try {
      await announceAllApps(deps);
      break;
    } catch (error) {
      deps.log.warn({ err: error }, 'the simulator does not answer yet');
      await follower.next(ANNOUNCE_EVERY_MS);
    }
  }
  follower.close();
}

function logCall(log: Log, record: CallRecord): void {
  if (record.outcome === 'unknown') log.warn({ ...record }, 'alipay call without a verdict');
  else log.debug({ ...record }, 'alipay call');
}
