/**
 * Builds the real gateway: clock, database, network, simulator, worker and server, wired together once. Tests and the
 * simulation wire other parts to the same flows. Starting and stopping have one order each, and it is written here.
 */
import type { FastifyInstance } from 'fastify';
import type { RunningSimulator } from '../simulator/server.ts';
import { createAlipayClient, type CallRecord } from './alipay/client.ts';
import { createMetrics, type Metrics } from './api/metrics.ts';
import { NOTIFICATION_PATH } from './api/notifications.ts';
import { buildServer, PROGRAM_VERSION } from './api/server.ts';
import { renderEvent } from './api/v2/events.ts';
import { mayCall } from './api/v2/webhook-url.ts';
import { startStep } from './cli/start.ts';
import type { Config } from './config.ts';
import {
  createSurroundings,
  databasePlace,
  makeDataDir,
  migrateDatabase,
  openDatabase,
} from './database.ts';
import { announceAllApps } from './flows/announce-app.ts';
import { countWaiting } from './flows/count-waiting.ts';
import type { Deps, FlowSettings } from './flows/deps.ts';
import { checkMasterKey, createKeyRing } from './flows/key-ring.ts';
import { createNumberSource } from './flows/take-number.ts';
import { createTurns } from './flows/turns.ts';
import { linkPath, makeFirstLink } from './flows/user-links.ts';
import type { Db } from './store/database.ts';
import { isPublicAddress, originOf } from './system/addresses.ts';
import { createHttpSend, NoResponse, type HttpSend } from './system/http.ts';
import { makeRealCertificateRequest } from './system/certificate-request.ts';
import { makeRealKeyPair } from './system/key-pairs.ts';
import type { Log } from './system/log.ts';
import { oneTimeCodes } from './system/one-time-codes.ts';
import { createPasswords } from './system/passwords.ts';
import { realRandom } from './system/random.ts';
import { createVault, readMasterKey, type Vault } from './system/vault.ts';
import { shownSettings } from './shown-settings.ts';
import { startWorker } from './worker/worker.ts';

export type RunningGateway = {
  /** Origin without a path. */
  readonly url: string;
  readonly simulatorUrl: string | undefined;
  /** Where the first administrator chooses name and password; undefined when there is somebody. */
  readonly firstLink: string | undefined;
  /** No new requests; those in flight end, waits end at once; then everything closes. */
  stop(): Promise<void>;
};

/** How often the simulator is told of the apps while it does not answer. */
const ANNOUNCE_EVERY_MS = 2000;

/** The simulator of these settings: the built-in one, started here; or undefined when none is to be started. */
async function startOwnSimulator(config: Config, log: Log): Promise<RunningSimulator | undefined> {
  if (config.alipay !== 'simulator' || config.simulatorUrl !== undefined) return undefined;
  // Against the real Alipay it is not even loaded.
  const { startSimulator } = await import('../simulator/server.ts');
  return startSimulator({
    host: '127.0.0.1',
    port: config.simulatorPort,
    dataDir: config.dataDir,
    ...(config.simulatorToken === undefined ? {} : { controlToken: config.simulatorToken }),
    log: ({ event, ...fields }) =>
      log.debug({ ...fields, event: `simulator_${event}` }, 'simulator'),
  });
}

async function openStore(config: Config, vault: Vault, log: Log): Promise<Db> {
  const sentence = `The database ${databasePlace(config)} cannot be opened`;
  const db = await startStep(sentence, async () => {
    const migrations = await migrateDatabase(config);
    if (migrations.length > 0) log.info({ migrations }, 'database migrated');
    return openDatabase(config, log);
  });
  await startStep('The stored private keys are of no use', () => checkMasterKey({ db, vault }));
  return db;
}

const MAKERS = {
  passwords: createPasswords(),
  oneTimeCodes,
  makeKeyPair: makeRealKeyPair,
  makeCertificateRequest: makeRealCertificateRequest,
};

export async function startGateway(config: Config, log: Log): Promise<RunningGateway> {
  await startStep('The data folder (F2F_DATA_DIR) cannot be used', () =>
    makeDataDir(config.dataDir),
  );
  const vault = await startStep('No master key', () =>
    createVault(readMasterKey(config.masterKeyFile, config.alipay === 'simulator')),
  );
  const db = await openStore(config, vault, log);
  const simulator = await startStep('The Alipay simulator (F2F_SIMULATOR_PORT) cannot start', () =>
    startOwnSimulator(config, log),
  );
  const simulatorUrl = simulator?.url ?? config.simulatorUrl;
  const around = await startStep(`The database ${databasePlace(config)} cannot be used`, () =>
    createSurroundings(config, db, log),
  );
  const { clock, news } = around;
  const http = createHttpSend();
  const webhookHttp = createHttpSend(
    config.webhooks === 'any' ? {} : { mayConnect: isPublicAddress },
  );
  const metrics = createMetrics(() => countWaiting({ db, clock }));
  const settings = flowSettings(config, simulatorUrl);
  const deps: Deps = {
    db,
    clock,
    random: realRandom,
    log,
    news,
    vault,
    keyRing: createKeyRing(vault),
    ...MAKERS,
    numbers: createNumberSource(db, realRandom),
    turns: createTurns(),
    send: http.send,
    settings,
    about: aboutOf(config),
    webhooks: createWebhooks(config, { db, vault }, webhookHttp.send),
    alipay: createAlipay(config, simulatorUrl, { send: http.send, clock, metrics, log }),
  };
  const server = await buildServer({ deps, metrics, ...config });
  const url = await startStep('The gateway (F2F_HOST, F2F_PORT) cannot listen', () =>
    listen(server, config),
  );
  settings.notifyUrl = notifyUrlOf(config, url);
  const announcing = announceUntilHeard(deps);
  const worker = startWorker(deps);
  return {
    url,
    simulatorUrl,
    firstLink: await firstLinkAt(deps, config.publicUrl ?? url),
    stop: async () => {
      news.stop();
      await server.close();
      await Promise.all([worker.ended(), announcing]);
      await around.close();
      await Promise.all([http.close(), webhookHttp.close()]);
      await simulator?.close();
      await db.destroy();
      log.info({}, 'stopped');
    },
  };
}

type AlipayParts = Pick<Deps, 'send' | 'clock' | 'log'> & { readonly metrics: Metrics };

function createAlipay(
  config: Config,
  simulatorUrl: string | undefined,
  { send, clock, metrics, log }: AlipayParts,
): Deps['alipay'] {
  return createAlipayClient({
    send,
    clock,
    gatewayUrl: requireAlipayUrl(config, simulatorUrl),
    timeoutMs: config.alipayTimeoutMs,
    onCall: (record) => {
      metrics.observeAlipay(record);
      logCall(log, record);
    },
  });
}

function aboutOf(config: Config): Deps['about'] {
  return {
    version: PROGRAM_VERSION,
    database: config.databaseUrl === undefined ? 'sqlite' : 'postgres',
    alipay: config.alipay,
    publicUrl: config.publicUrl ?? null,
    settings: shownSettings(config),
  };
}

function createWebhooks(
  config: Config,
  deps: Pick<Deps, 'db' | 'vault'>,
  send: HttpSend,
): Deps['webhooks'] {
  const allow = config.webhooks;
  return {
    // One that was made while more was allowed.
    send: (request) =>
      mayCall({ allow }, request.url)
        ? send(request)
        : Promise.reject(new NoResponse('connection', 'only https:// may be called')),
    allow,
    isPublic: isPublicAddress,
    render: (event) => renderEvent(deps, event),
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
    publicUrl: config.publicUrl,
    notifyUrl: undefined,
  };
}

/** Alipay's gateway.do, or that of the simulator which runs at `simulatorUrl`. */
export function alipayUrlOf(config: Config, simulatorUrl: string | undefined): string | undefined {
  return config.alipayGateway ?? (simulatorUrl && `${simulatorUrl}/gateway.do`);
}

function requireAlipayUrl(config: Config, simulatorUrl: string | undefined): string {
  const url = alipayUrlOf(config, simulatorUrl);
  if (url === undefined) throw new Error('No Alipay gateway is configured');
  return url;
}

/** Where Alipay sends notifications, if it is told to send any. */
export function notifyUrlOf(config: Config, listeningUrl: string | undefined): string | undefined {
  const base = config.publicUrl ?? (config.alipay === 'simulator' ? listeningUrl : undefined);
  return base && `${base}${NOTIFICATION_PATH}`;
}

/** A new one at each start: whoever reads an older log finds one that is worth nothing. */
async function firstLinkAt(deps: Deps, base: string): Promise<string | undefined> {
  const link = await makeFirstLink(deps);
  return link && `${base}${linkPath(link)}`;
}

async function listen(server: FastifyInstance, config: Config): Promise<string> {
  await server.listen({ host: config.host, port: config.port });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  return originOf(config.host, port);
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
