/**
 * The command line. Reads the environment once, builds everything real, and hands it to the commands in `cli/`.
 * A mistake of the operator's ends with one sentence and exit code 1; a fault of ours with its cause.
 */
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import { Command, InvalidArgumentError } from 'commander';
import { CommandError, type CommandContext, type FileContext } from './cli/context.ts';
import type { CopyContext } from './cli/copy.ts';
import type { RemoteContext } from './cli/remote/gateway.ts';
import {
  listeningLine,
  StartError,
  startStep,
  stopOnSignal,
  welcome,
  type Listening,
} from './cli/start.ts';
import { ConfigError, examineConfig, readConfig, type Config } from './config.ts';
import {
  databasePath,
  databasePlace,
  makeDataDir,
  mayHaveDatabase,
  migrateDatabase,
  openDatabase,
  readPlace,
} from './database.ts';
import { CopyRefused } from './flows/copy-database.ts';
import { FileRefused } from './store/sqlite-copy.ts';
import { originOf } from './system/addresses.ts';
import { realClock } from './system/clock.ts';
import { createHttpSend } from './system/http.ts';
import { createLog } from './system/log.ts';
import { osUserName } from './system/os-user.ts';
import { realRandom } from './system/random.ts';
import { createVault, readMasterKey } from './system/vault.ts';

const SIMULATOR_PORT = 8090;

type SimulatorOptions = { port: number; data?: string; host: string; token?: string };

function readSettings(): Config {
  return readConfig(process.env, readDotEnv());
}

function readDotEnv(): string {
  try {
    return readFileSync('.env', 'utf8');
  } catch {
    // There is none, which is usual; whatever it would have said is then missing where it is needed.
    return '';
  }
}

const context: CommandContext & FileContext = {
  clock: realClock,
  random: realRandom,
  osUser: osUserName(),
  withDatabase: async (work, { mayCreate = false } = {}) => {
    const config = readSettings();
    if (!mayCreate && !mayHaveDatabase(config)) {
      throw new CommandError(
        `There is no database in ${config.dataDir}: start the gateway first, or set F2F_DATA_DIR`,
      );
    }
    await startStep(`The database ${databasePlace(config)} cannot be opened`, () =>
      migrateDatabase(config),
    );
    const db = openDatabase(config);
    try {
      return await work(db);
    } finally {
      await db.destroy();
    }
  },
  databaseFile: () => {
    const config = readSettings();
    makeDataDir(config.dataDir);
    return {
      path: databasePath(config),
      isPostgres: config.databaseUrl !== undefined,
      masterKeyPath: config.masterKeyFile,
      openVault: () => createVault(readMasterKey(config.masterKeyFile, false)),
    };
  },
  print: (line) => process.stdout.write(`${line}\n`),
  // Back to the beginning of the line, and the rest of what stood there away.
  showProgress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K`);
  },
};

/** All of it, however long whoever writes into the pipe takes: read at once, it would answer "try again". */
async function readInput(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(process.stdin) : readFileSync(path);
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${String(error)}`);
  }
}

const remote: RemoteContext = {
  clock: realClock,
  random: realRandom,
  send: createHttpSend().send,
  print: (line) => context.print(line),
  say: (line) => process.stderr.write(`${line}\n`),
  settings: () => {
    const { host, port, apiKey } = readSettings();
    return { url: originOf(host, port), apiKey };
  },
  onStop: (work) => stopOnSignal(process, async () => work(), setTimeout),
};

const copyContext: CopyContext = {
  ...context,
  readPlace: (text) => {
    const place = readPlace(text);
    return (
      place && {
        ...place,
        open: (as) => startStep(`The ${as} ${place.name} cannot be opened`, () => place.open(as)),
      }
    );
  },
  variable: (name) => process.env[name] ?? parseEnv(readDotEnv())[name],
  screen: {
    isTerminal: process.stderr.isTTY,
    write: (text) => process.stderr.write(text),
  },
};

async function start(): Promise<void> {
  const config = readSettings();
  const log = createLog(config.logLevel);
  const starting = import('./gateway.ts').then(({ startGateway }) => startGateway(config, log));
  // A signal during the start waits for it and stops cleanly, too.
  stopOnSignal(process, async () => (await starting).stop(), setTimeout);
  const gateway = await starting;
  announce({ gateway: gateway.url, simulator: gateway.simulatorUrl ?? null }, gateway.firstLink);
}

async function simulate(options: SimulatorOptions): Promise<void> {
  // The settings are read for their checks and the control token; the rest of them is the gateway's.
  const controlToken = options.token ?? readSettings().simulatorToken;
  if (options.data !== undefined) makeDataDir(options.data);
  const { startSimulator } = await import('../simulator/server.ts');
  const simulator = await startStep(`The simulator cannot listen on port ${options.port}`, () =>
    startSimulator({
      host: options.host,
      port: options.port,
      ...(options.data === undefined ? {} : { dataDir: options.data }),
      ...(controlToken === undefined ? {} : { controlToken }),
      log: (record) => context.print(JSON.stringify(record)),
    }),
  );
  stopOnSignal(process, () => simulator.close(), setTimeout);
  announce({ gateway: null, simulator: simulator.url });
}

function announce(listening: Listening, firstLink?: string): void {
  context.print(listeningLine(listening));
  if (listening.gateway !== null) process.stderr.write(welcome(listening, firstLink));
}

async function migrate(): Promise<void> {
  const config = readSettings();
  const names = await startStep(`The database ${databasePlace(config)} cannot be migrated`, () =>
    migrateDatabase(config),
  );
  context.print(names.length === 0 ? 'the database is up to date' : `ran ${names.join(', ')}`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

/** The commands. What one needs is loaded when it is the one that is run: the gateway runs for months, and without the others. */
const COMMANDS: Readonly<Record<string, (program: Command) => unknown>> = {
  start: (program) =>
    program
      .command('start')
      .description('run the gateway (and the Alipay simulator)')
      .action(start),
  simulator: (program) =>
    program
      .command('simulator')
      .description('run the Alipay simulator alone')
      .option('--port <n>', 'port to listen on; 0 takes a free one', readPort, SIMULATOR_PORT)
      .option('--host <host>', 'address to listen on', '127.0.0.1')
      .option('--data <dir>', 'folder of its book; without one, in memory')
      .option(
        '--token <token>',
        'control token for callers that are not on this host (or F2F_SIMULATOR_TOKEN)',
      )
      .action(simulate),
  migrate: (program) =>
    program
      .command('migrate')
      .description('bring the database to the newest schema')
      .action(migrate),
  backup: async (program) => (await import('./cli/backup.ts')).addBackupCommand(program, context),
  restore: async (program) =>
    (await import('./cli/restore.ts')).addRestoreCommand(program, context),
  dongle: async (program) => (await import('./cli/dongle.ts')).addDongleCommands(program, context),
  'api-key': async (program) =>
    (await import('./cli/api-key.ts')).addApiKeyCommands(program, context),
  user: async (program) =>
    (await import('./cli/user.ts')).addUserCommands(program, {
      ...context,
      publicUrl: () => readSettings().publicUrl,
    }),
  merchant: async (program) =>
    (await import('./cli/merchant.ts')).addMerchantCommands(program, context),
  payment: async (program) =>
    (await import('./cli/payment.ts')).addPaymentCommands(program, context),
  incident: async (program) =>
    (await import('./cli/incident.ts')).addIncidentCommands(program, context),
  audit: async (program) => (await import('./cli/audit.ts')).addAuditCommands(program, context),
  listen: async (program) => (await import('./cli/listen.ts')).addListenCommand(program, remote),
  events: async (program) => (await import('./cli/events.ts')).addEventCommands(program, remote),
  trigger: async (program) => (await import('./cli/trigger.ts')).addTriggerCommand(program, remote),
  webhook: async (program) =>
    (await import('./cli/webhook.ts')).addWebhookCommands(program, {
      clock: realClock,
      print: (line) => context.print(line),
      readInput,
    }),
  copy: async (program) => (await import('./cli/copy.ts')).addCopyCommand(program, copyContext),
  doctor: addDoctor,
};

async function addDoctor(program: Command): Promise<void> {
  const { createDoctorPorts } = await import('./doctor.ts');
  const { addDoctorCommand } = await import('./cli/doctor.ts');
  addDoctorCommand(program, {
    ...createDoctorPorts(() => examineConfig(process.env, readDotEnv())),
    print: (line) => context.print(line),
    fail: () => {
      process.exitCode = 1;
    },
  });
}

/** The program with the command that was typed; with every command where none was, or none of ours, to list them. */
async function buildProgram(typed: string | undefined): Promise<Command> {
  const program = new Command('f2f').description(
    'Self-hosted gateway for Alipay face-to-face payments',
  );
  const one = typed !== undefined && Object.hasOwn(COMMANDS, typed) ? COMMANDS[typed] : undefined;
  for (const add of one === undefined ? Object.values(COMMANDS) : [one]) await add(program);
  return program;
}

// Whoever reads what is printed may have read enough (`| head`): what is done here goes on all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// What we write is for us alone: databases hold hashes, sealed keys and Alipay's answers.
process.umask(0o077);
try {
  await (await buildProgram(process.argv[2])).parseAsync();
} catch (error) {
  const kinds = [ConfigError, CommandError, CopyRefused, FileRefused, StartError];
  const isOperators = kinds.some((kind) => error instanceof kind);
  process.stderr.write(`${describe(error, isOperators)}\n`);
  process.exit(1);
}

/** An operator's mistake is one sentence; a fault of ours shows where it happened. */
function describe(error: unknown, isOperators: boolean): string {
  if (!(error instanceof Error)) return String(error);
  return isOperators ? error.message : (error.stack ?? error.message);
}
