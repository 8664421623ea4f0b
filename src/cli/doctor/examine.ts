/**
 * The doctor's round: each check in turn, and the next one whatever the last one found. Observations are made here, through
 * the ports; what they mean is decided by the pure functions beside this file. Nothing is written anywhere.
 */
import type { Config } from '../../config.ts';
import type { Merchant } from '../../core/merchant.ts';
import { examineApps, type ExaminedApp, type ExaminedApps } from '../../flows/examine-apps.ts';
import { isMasterKeyRight } from '../../flows/key-ring.ts';
import { proveApp } from '../../flows/prove-app.ts';
import type { Db } from '../../store/database.ts';
import { countDuePayments, countDueRefunds } from '../../store/due.ts';
import { countOpenIncidents } from '../../store/incidents.ts';
import { listMerchants } from '../../store/merchants.ts';
import type { Probed, ProbeRequest } from '../../system/probe.ts';
import type { Vault } from '../../system/vault.ts';
import { alipayFindings, isAnswering, QUESTION, type AlipaySeen } from './alipay.ts';
import { answerFindings } from './app-answers.ts';
import { appKeyFindings, appName, askersOf, certificateEndFindings } from './app-keys.ts';
import {
  databaseFindings,
  failureSeen,
  isFresh,
  isUsable,
  observe,
  type DatabaseSeen,
} from './database.ts';
import { finding, type Finding } from './finding.ts';
import { notificationFindings } from './notification-url.ts';
import type { DoctorPorts, Urls } from './ports.ts';
import type { Check, CheckResult } from './report.ts';
import { gatewayFindings, isRunning, type GatewaySeen } from './running-gateway.ts';
import { settingsFindings } from './settings.ts';
import {
  dataFolderFindings,
  MASTER_KEY_BYTES,
  masterKeyFindings,
  waitingFindings,
} from './storage.ts';

/** A probe of a machine nearby may take this long; one of Alipay as long as any call to it. */
const NEAR_TIMEOUT_MS = 5000;
/** Due for longer than this means that nobody looks: the worker comes every second. */
const OVERDUE_MS = 60_000;
/** Apps that are asked about at the same time. */
const APPS_AT_ONCE = 8;

type Findings = readonly Finding[];

/** What a check found, and what the checks after it go by. */
type Outcome<Known> = { readonly findings: Findings; readonly known?: Known | undefined };

/** Runs one check; what it throws becomes a finding, so that the next one runs all the same. */
type Run = <Known>(
  check: Check,
  work: () => Outcome<Known> | Promise<Outcome<Known>>,
) => Promise<Known | undefined>;

type Round = {
  readonly ports: DoctorPorts;
  readonly config: Config;
  readonly isSimulator: boolean;
  readonly urls: Urls;
  readonly run: Run;
};

/** Runs every check; `onResult` hears of each as soon as it is done. */
export async function examine(
  ports: DoctorPorts,
  onResult: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const run: Run = async (check, work) => {
    const { findings, known } = await outcomeOf(work);
    results.push({ check, findings });
    onResult({ check, findings });
    return known;
  };
  const settings = ports.settings();
  const { config } = settings;
  const isSimulator = config.alipay === 'simulator';
  const round: Round = { ports, config, isSimulator, urls: ports.urlsOf(config), run };
  await run('settings', () => ({ findings: settingsFindings(settings) }));
  await run('data_folder', () => {
    const place = ports.places.look(config.dataDir);
    const freeBytes = ports.places.freeBytes(config.dataDir);
    return {
      findings: dataFolderFindings({ path: config.dataDir, place, freeBytes, isSimulator }),
    };
  });
  const { seen, db } = (await run('database', () => openAndObserve(round))) ?? NO_DATABASE;
  try {
    await examineStore(round, seen, isUsable(seen) ? db : undefined);
  } finally {
    await db?.destroy();
  }
  return results;
}

async function outcomeOf<Known>(
  work: () => Outcome<Known> | Promise<Outcome<Known>>,
): Promise<Outcome<Known>> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { findings: [finding('check_broke', { why })] };
  }
}

type Opened = { readonly seen: DatabaseSeen; readonly db: Db | undefined };

const NO_DATABASE: Opened = { seen: { kind: 'closed', why: 'not looked at' }, db: undefined };

async function openAndObserve(round: Round): Promise<Outcome<Opened>> {
  const { ports, config } = round;
  const isServer = config.databaseUrl !== undefined;
  const place = isServer ? 'F2F_DATABASE_URL' : ports.databaseFile(config);
  const known = await openedAndSeen(round);
  return { findings: databaseFindings(place, known.seen, config.databasePool), known };
}

async function openedAndSeen(round: Round, isSecondLook = false): Promise<Opened> {
  const { ports, config } = round;
  const isServer = config.databaseUrl !== undefined;
  const file = ports.databaseFile(config);
  const place = ports.places.look(file);
  if (!isServer && place.kind === 'missing') return { seen: { kind: 'missing' }, db: undefined };
  if (!isServer && place.kind === 'file' && place.bytes === 0) {
    return { seen: { kind: 'empty' }, db: undefined };
  }
  const isLogged = (): boolean => ports.places.look(`${file}-wal`).kind !== 'missing';
  const wasLogged = isLogged();
  let db: Db | undefined;
  try {
    db = ports.openToRead(config);
    const seen = await observe(db, ports.clock);
    // A gateway that started meanwhile has changed the file under our eyes: what was seen says nothing.
    const isStale = !isServer && !wasLogged && isLogged();
    if (!isStale || isSecondLook) return { seen, db };
    await db.destroy();
    return await openedAndSeen(round, true);
  } catch (error) {
    await db?.destroy();
    return { seen: failureSeen(error), db: undefined };
  }
}

/** What needs the database; then what needs what was learnt from it. */
async function examineStore(round: Round, seen: DatabaseSeen, db: Db | undefined): Promise<void> {
  const { run } = round;
  const vault = await run('master_key', () => masterKey(round, seen, db));
  await run('waiting', () => withDatabase(db, (open) => waiting(round, open)));
  const apps = await run('app_keys', () => withDatabase(db, (open) => appKeys(round, open, vault)));
  await examineNetwork(round, { db, vault, apps });
}

async function withDatabase<Known>(
  db: Db | undefined,
  work: (db: Db) => Promise<Outcome<Known>>,
): Promise<Outcome<Known>> {
  return db === undefined ? { findings: [finding('not_checked_without_database')] } : work(db);
}

async function masterKey(
  { ports, config, isSimulator }: Round,
  seen: DatabaseSeen,
  db: Db | undefined,
): Promise<Outcome<Vault>> {
  const path = config.masterKeyFile;
  const place = ports.places.look(path);
  const read = place.kind === 'file' ? ports.places.read(path, MASTER_KEY_BYTES + 1) : undefined;
  const isWhole = read?.ok === true && read.bytes.length === MASTER_KEY_BYTES;
  const known = isWhole ? ports.createVault(read.bytes) : undefined;
  const findings = masterKeyFindings({ path, place, mayBeMade: isSimulator && isFresh(seen) });
  if (known === undefined || db === undefined) return { findings, known };
  const isRight = await isMasterKeyRight({ db, vault: known });
  const another = isRight ? [] : [finding('master_key_of_another', { path })];
  return { findings: [...findings, ...another], known };
}

async function waiting({ ports }: Round, db: Db): Promise<Outcome<never>> {
  const atMs = ports.clock.nowMs() - OVERDUE_MS;
  const open = [...(await countOpenIncidents(db)).values()];
  const findings = waitingFindings({
    overduePayments: await countDuePayments(db, atMs),
    overdueRefunds: await countDueRefunds(db, atMs),
    openIncidents: open.reduce((sum, count) => sum + count, 0),
  });
  return { findings };
}

type Apps = ExaminedApps & { readonly merchants: readonly Merchant[] };

async function appKeys(
  { ports, isSimulator }: Round,
  db: Db,
  vault: Vault | undefined,
): Promise<Outcome<Apps>> {
  const merchants = await listMerchants(db);
  const known = { ...(await examineApps({ db }, vault)), merchants };
  const findings = [
    ...appKeyFindings(known, merchants, isSimulator),
    ...certificateEndFindings(known, merchants, ports.clock.nowMs()),
  ];
  return { findings, known };
}

type Known = {
  readonly db: Db | undefined;
  readonly vault: Vault | undefined;
  readonly apps: Apps | undefined;
};

async function examineNetwork(round: Round, known: Known): Promise<void> {
  const { run } = round;
  const isAlipayThere = await run('alipay', () => alipay(round));
  await run('app_answers', () => appAnswers(round, known, isAlipayThere === true));
  const isGatewayRunning = await run('gateway', () => gateway(round));
  await run('notification_url', () => notification(round, isGatewayRunning === true));
}

async function ask(
  { ports }: Round,
  url: string | undefined,
  request: Partial<ProbeRequest> = {},
): Promise<Probed | undefined> {
  if (url === undefined) return undefined;
  return ports.probe({ method: 'GET', url, timeoutMs: NEAR_TIMEOUT_MS, ...request });
}

/** Whether an Alipay answers, the simulator included. */
async function alipay(round: Round): Promise<Outcome<boolean>> {
  const { ports, config, isSimulator, urls } = round;
  const isOwn = config.simulatorUrl === undefined && config.alipayGateway === undefined;
  const seen: AlipaySeen = {
    isBuiltIn: isSimulator && isOwn,
    url: urls.alipay,
    probed: await ask(round, urls.alipay && `${urls.alipay}${QUESTION}`, {
      method: 'POST',
      timeoutMs: config.alipayTimeoutMs,
    }),
    nowMs: ports.clock.nowMs(),
  };
  return { findings: alipayFindings(seen), known: isAnswering(seen) };
}

/** Whether the gateway runs. */
async function gateway(round: Round): Promise<Outcome<boolean>> {
  const origin = round.urls.gateway;
  const seen: GatewaySeen = {
    url: origin,
    name: await ask(round, origin && `${origin}/`),
    ready: await ask(round, origin && `${origin}/readyz`),
  };
  return { findings: gatewayFindings(seen, round.ports.version), known: isRunning(seen) };
}

async function notification(round: Round, isGatewayRunning: boolean): Promise<Outcome<never>> {
  const { ports, isSimulator, urls } = round;
  const findings = notificationFindings({
    isSimulator,
    url: urls.notify,
    probed: await ask(round, urls.notify, { method: 'POST' }),
    isGatewayRunning,
    nowMs: ports.clock.nowMs(),
  });
  return { findings };
}

async function appAnswers(
  round: Round,
  { db, vault, apps }: Known,
  isAlipayThere: boolean,
): Promise<Outcome<never>> {
  if (db === undefined || vault === undefined || apps === undefined) {
    return { findings: [finding('not_checked_without_database')] };
  }
  const url = round.urls.alipay;
  if (!isAlipayThere || url === undefined) {
    return { findings: [finding('not_checked_without_alipay')] };
  }
  const prover = round.ports.openProver(round.config, url, vault);
  try {
    return { findings: await proofs(round, apps, { ...prover, db }) };
  } finally {
    await prover.close();
  }
}

async function proofs(
  { isSimulator }: Round,
  { apps, merchants, appOfPublicKey }: Apps,
  deps: Parameters<typeof proveApp>[0],
): Promise<Findings> {
  const answerOf = async (app: ExaminedApp): Promise<Findings> => {
    const name = appName(app, merchants);
    const own = appKeyFindings({ apps: [app], appOfPublicKey }, [], isSimulator);
    // The answer about keys that are wrong already would say the same, or less.
    const isWrong = own.some(({ severity }) => severity === 'failure');
    if (isWrong) return [finding('app_not_asked', { app: name })];
    const found: Finding[] = [];
    for (const { who, authorizationId } of askersOf(app, merchants)) {
      found.push(...answerFindings(who, await proveApp(deps, { ...app, authorizationId })));
    }
    return found;
  };
  const found: Finding[] = [];
  for (let from = 0; from < apps.length; from += APPS_AT_ONCE) {
    const together = apps.slice(from, from + APPS_AT_ONCE).map(answerOf);
    found.push(...(await Promise.all(together)).flat());
  }
  return found;
}
