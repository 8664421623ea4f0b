/**
 * The gateway and the simulator as real processes, as an operator runs them: a data folder of their
 * own, ports that were free, settings from the environment only. Everything that waits has a
 * deadline. What is said to them over HTTP is in `v1-client.ts` and `simulator-client.ts`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type Gateway = Program & {
  /** Origin of the gateway: another one after each restart. */
  readonly url: () => string;
  readonly simulatorUrl: () => string;
};

export type Program = {
  readonly dataDir: string;
  /** Of the process that runs now: another one after each restart. */
  readonly pid: () => number;
  /** Everything written to stdout and stderr by all runs so far. */
  readonly output: () => string;
  readonly isAlive: () => boolean;
  /** Ends the process and resolves to its exit code: null after a signal that it did not handle. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** Ends the process if it runs, and starts it again on the same data folder. */
  readonly restart: () => Promise<void>;
  /** Ends the process and removes everything it wrote. */
  readonly stop: () => Promise<void>;
};

type Listening = { readonly gateway: string | null; readonly simulator: string | null };
type Run = { readonly child: ChildProcess; readonly listening: Listening };

/** None of them outlives the test process. */
const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

const MAIN = join(import.meta.dirname, '../../src/main.js');
const START_MS_MAX = 25_000;
/** Longer than the ten seconds that a clean stop may take. */
const STOP_MS_MAX = 15_000;

export async function startGateway(settings: Record<string, string> = {}): Promise<Gateway> {
  const { program, listening } = await startProgram(
    () => ['start'],
    (dataDir) => ({
      F2F_PORT: '0',
      F2F_SIMULATOR_PORT: '0',
      F2F_RATE_LIMIT: 'off',
      F2F_DATA_DIR: dataDir,
      ...settings,
    }),
  );
  return {
    ...program,
    url: () => required(listening().gateway, 'the gateway listens'),
    simulatorUrl: () => listening().simulator ?? required(settings['F2F_SIMULATOR_URL'], 'a URL'),
  };
}

/**
 * The simulator by itself: it survives what happens to the gateway, and stays on its port. Its book
 * is in memory, so a restart is another Alipay in the same place; with `keepsBook` it is the same.
 */
export async function startSimulator(
  options: { port?: number; keepsBook?: boolean; settings?: Record<string, string> } = {},
): Promise<Program & { readonly url: string }> {
  let port = String(options.port ?? 0);
  const { program, listening } = await startProgram(
    (dataDir) => {
      const data = options.keepsBook === true ? ['--data', dataDir] : [];
      return ['simulator', '--port', port, ...data];
    },
    () => options.settings ?? {},
  );
  const url = required(listening().simulator, 'the simulator listens');
  ({ port } = new URL(url));
  return { ...program, url };
}

/**
 * A free port that is still free after a restart: below those that the system gives out by itself
 * to whoever connects or asks for any.
 */
export async function findPort(): Promise<number> {
  const first = 20_000 + ((process.pid * 10) % 10_000);
  for (let port = first; port < first + 2000; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${first} on is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** One command of the command line, to its end: `npm run f2f -- …` as an operator types it. */
export async function runCommand(
  args: readonly string[],
  settings: Record<string, string> = {},
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: START_MS_MAX,
    killSignal: 'SIGKILL',
  });
  children.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  await once(child, 'close');
  return { exitCode: child.exitCode, stdout, stderr };
}

async function startProgram(
  args: (dataDir: string) => readonly string[],
  environment: (dataDir: string) => Record<string, string>,
): Promise<{ program: Program; listening: () => Listening }> {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-'));
  // The program makes its data folder itself, with the mode it wants.
  const dataDir = join(folder, 'data');
  let output = '';
  const launch = async (): Promise<Run> => {
    const child = spawn(process.execPath, [MAIN, ...args(dataDir)], {
      // Away from the repository, so that a developer's .env has no say.
      cwd: folder,
      env: { PATH: process.env['PATH'], TZ: 'America/New_York', ...environment(dataDir) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let outputOfRun = '';
    const collect = (chunk: Buffer): void => {
      outputOfRun += chunk.toString('utf8');
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const listening = await until(
      () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${outputOfRun}`);
        return findListening(outputOfRun);
      },
      { what: `${args(dataDir).join(' ')} to listen`, withinMs: START_MS_MAX, retryErrors: false },
    ).catch((error: unknown) => {
      // Nobody would stop it later, and it may get hold of the port after all.
      child.kill('SIGKILL');
      throw error;
    });
    return { child, listening };
  };

  let run = await launch();
  const kill = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    const { child } = run;
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit', { signal: AbortSignal.timeout(STOP_MS_MAX) });
      child.kill(signal);
      await exit.catch((cause: unknown) => {
        child.kill('SIGKILL');
        throw new Error(`${signal} did not end the process`, { cause });
      });
    }
    return child.exitCode;
  };
  const program: Program = {
    dataDir,
    pid: () => required(run.child.pid, 'a process that runs'),
    output: () => output,
    isAlive: () => run.child.exitCode === null && run.child.signalCode === null,
    kill,
    restart: async () => {
      await kill('SIGKILL');
      run = await launch();
    },
    stop: async () => {
      await kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return { program, listening: () => run.listening };
}

function findListening(output: string): Listening | undefined {
  const line = output.split('\n').find((text) => text.includes('"event":"listening"'));
  return line?.endsWith('}') === true ? JSON.parse(line) : undefined;
}

/** Asks, every 50 ms by default, until the answer is neither undefined nor false. An error counts as "not yet". */
export async function until<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  options: { what: string; withinMs?: number; everyMs?: number; retryErrors?: boolean },
): Promise<T> {
  const endsAtMs = Date.now() + (options.withinMs ?? 20_000);
  let last: unknown;
  while (Date.now() < endsAtMs) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      if (options.retryErrors === false) throw error;
      last = error;
    }
    await delay(options.everyMs ?? 50);
  }
  throw new Error(`waited in vain for ${options.what}`, { cause: last });
}

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`expected: ${what}`);
  return value;
}
