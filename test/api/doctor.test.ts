/**
 * `f2f doctor` on real files, databases and sockets: beside a gateway that runs, where one was stopped or killed, on folders
 * that are empty or broken, with wrong keys, a wrong clock and a wrong proxy. It changes nothing, shows no secret, and ends
 * with 1 for failures.
 */
import { Command } from 'commander';
import { execFile, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../simulator/server.ts';
import { addDoctorCommand } from '../../src/cli/doctor.ts';
import { examineConfig, readConfig } from '../../src/config.ts';
import { createDoctorPorts } from '../../src/doctor.ts';
import { makeApiKey } from '../../src/flows/manage-api-keys.ts';
import { startGateway, type RunningGateway } from '../../src/gateway.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { realClock } from '../../src/system/clock.ts';
import { realRandom } from '../../src/system/random.ts';

const MAIN = join(import.meta.dirname, '../../src/main.js');
const APP_ID = '2016022901171807';
const NO_LOG = { debug: noop, info: noop, warn: noop, error: noop };
function noop(): void {
  // Nobody reads it.
}

type Report = {
  readonly checks: readonly {
    readonly check: string;
    readonly status: string;
    readonly findings: readonly { readonly code: string }[];
  }[];
};
type Run = {
  readonly hasFailed: boolean;
  readonly report: Report;
  readonly text: string;
  /** Of all findings. */
  readonly codes: readonly string[];
};

const folders: string[] = [];
const servers: Server[] = [];
let gateway: RunningGateway;
/** Settings under which the doctor finds the gateway that runs. */
let running: Record<string, string>;
let shop: { token: string; publicKey: string };
/** Data folders as a gateway leaves them that is killed, and one that is stopped. */
let left: { killed: string; stopped: string };

async function start(dataDir: string): Promise<void> {
  const env = { F2F_DATA_DIR: dataDir, F2F_PORT: '0', F2F_SIMULATOR_PORT: '0' };
  gateway = await startGateway(readConfig({ ...env, F2F_RATE_LIMIT: 'off' }), NO_LOG);
  running = {
    F2F_DATA_DIR: dataDir,
    F2F_PORT: new URL(gateway.url).port,
    F2F_SIMULATOR_PORT: new URL(gateway.simulatorUrl ?? '').port,
  };
}

beforeAll(async () => {
  const dataDir = join(newFolder(), 'data');
  await start(dataDir);
  const dogNo = 'B996377230C16FEF1BA98F127C1A4570';
  const { secretKey } = await call('/auth/secret', { dogNo });
  const { token } = await call('/auth/token', { dogNo, secretKey: String(secretKey) });
  const data = { storeDogNo: 'DL0001', cpiPid: '2088212612254111', cpiAppid: APP_ID };
  const added = await call('/f2f/company/add', {
    token: String(token),
    data: JSON.stringify(data),
  });
  shop = { token: String(token), publicKey: String(added['cpiPubKey']) };
  // What is on the disk while it runs is what a kill leaves behind.
  const killed = copyOf(dataDir);
  await gateway.stop();
  left = { killed, stopped: copyOf(dataDir) };
  await start(dataDir);
});

afterAll(async () => {
  await gateway.stop();
  for (const server of servers) server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function call(
  path: string,
  params: Record<string, string>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${gateway.url}${path}?${new URLSearchParams(params).toString()}`);
  return ((await response.json()) as { data: Record<string, unknown> }).data;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'f2f-doctor-'));
  folders.push(folder);
  return folder;
}

function copyOf(dataDir: string): string {
  const folder = newFolder();
  cpSync(dataDir, folder, { recursive: true });
  return folder;
}

async function doctor(env: Record<string, string>, options: readonly string[] = []): Promise<Run> {
  const lines: string[] = [];
  let hasFailed = false;
  const program = new Command('f2f');
  addDoctorCommand(program, {
    ...createDoctorPorts(() => examineConfig(env)),
    print: (line) => lines.push(line),
    fail: () => {
      hasFailed = true;
    },
  });
  await program.parseAsync(['doctor', '--json', ...options], { from: 'user' });
  const text = lines.join('\n');
  const report = JSON.parse(text) as Report;
  const codes = report.checks.flatMap(({ findings }) => findings.map(({ code }) => code));
  return { hasFailed, report, text, codes };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Names, contents and permissions; SQLite's index of its log is any reader's to make anew. */
function fingerprint(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.endsWith('-shm'))
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    );
}

describe('a gateway that runs', () => {
  test('is in order in every way', async () => {
    const { hasFailed, report, text, codes } = await doctor(running);
    expect(codes).toStrictEqual([]);
    expect(hasFailed).toBe(false);
    expect(report.checks).toHaveLength(10);
    expect(report.checks.every(({ status }) => status === 'ok')).toBe(true);
    for (const secret of [
      shop.token,
      readFileSync(join(left.stopped, 'master.key')).toString('hex'),
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  test('with an Alipay whose clock is two minutes behind, and one that has no clock', async () => {
    const answer = '{"error_response":{"code":"40001"}}';
    const behind = await serve((_request, response) => {
      response.sendDate = false;
      response.setHeader('date', new Date(Date.now() - 120_000).toUTCString());
      response.end(answer);
    });
    const { codes } = await doctor({ ...running, F2F_SIMULATOR_URL: behind });
    expect(codes).toStrictEqual(['clock_apart', 'app_refused']);
    const timeless = await serve((_request, response) => {
      response.sendDate = false;
      response.end(answer);
    });
    const other = await doctor({ ...running, F2F_SIMULATOR_URL: timeless });
    expect(other.codes).toStrictEqual(['alipay_tells_no_time', 'app_refused']);
  });

  test('with an Alipay that does not know the app', async () => {
    const other = await startSimulator({ host: '127.0.0.1', port: 0, log: noop });
    const { codes, hasFailed } = await doctor({ ...running, F2F_SIMULATOR_URL: other.url });
    await other.close();
    expect(codes).toStrictEqual(['app_id_unknown']);
    expect(hasFailed).toBe(true);
  });

  test("of a service provider's app, which is proven by its merchant's token", async () => {
    const db = openSqlite(join(running['F2F_DATA_DIR'] ?? '', 'gateway.sqlite'));
    const wanted = { name: 'doctor', merchantId: null, scopes: ['read', 'manage'] } as const;
    const ports = { db, clock: realClock, random: realRandom };
    const { secret } = await makeApiKey(ports, wanted);
    await db.destroy();
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const list = await fetch(`${gateway.url}/v2/merchants`, { headers });
    const [merchant] = ((await list.json()) as { data: { id: string }[] }).data;
    const give = async (authorization: object | null): Promise<void> => {
      const body = JSON.stringify({ authorization });
      const url = `${gateway.url}/v2/merchants/${merchant?.id}`;
      expect((await fetch(url, { method: 'PATCH', headers, body })).status).toBe(200);
    };
    await give({ app_auth_token: 'no-token-of-alipay' });
    const wrong = await doctor(running);
    expect([wrong.codes, wrong.hasFailed]).toStrictEqual([['app_token_refused'], true]);
    await give(null);
    const path = `${gateway.simulatorUrl}/simulator/apps/${APP_ID}/authorizations`;
    const pid = JSON.stringify({ pid: '2088212612254111' });
    const made = await fetch(path, { method: 'POST', headers, body: pid });
    await give({ app_auth_token: ((await made.json()) as { appAuthToken: string }).appAuthToken });
    expect((await doctor(running)).codes).toStrictEqual([]);
    await give(null);
  });

  test.each<[what: string, listener: RequestListener, code: string]>([
    [
      'redirects',
      (_request, response) => response.writeHead(302, { location: 'https://a.test' }).end(),
      'notify_redirected',
    ],
    ['has a page of its own', (_request, response) => response.end('hello'), 'notify_not_ours'],
    ['finds nothing', (_request, response) => response.writeHead(404).end(), 'notify_http_status'],
  ])('behind a proxy that %s', async (_what, listener, code) => {
    const url = await serve(listener);
    const { codes, hasFailed } = await doctor({ ...running, F2F_PUBLIC_URL: `${url}/a` });
    expect(codes).toStrictEqual([code]);
    expect(hasFailed).toBe(true);
  });

  test('where another program has its port', async () => {
    const url = await serve((_request, response) => response.end('hello'));
    const { codes } = await doctor({ ...running, F2F_PORT: new URL(url).port });
    expect(codes).toStrictEqual(['gateway_port_taken', 'notify_not_ours']);
  });

  test("after the app's own key was pasted where Alipay's belongs", async () => {
    const update = async (cpiAlipubKey: string): Promise<void> => {
      const data = JSON.stringify({ cpiNo: 'DL0001', cpiAlipubKey });
      await call('/f2f/company/update', { token: shop.token, data });
    };
    await update(shop.publicKey);
    expect((await doctor(running)).codes).toStrictEqual(['alipay_key_is_own', 'app_not_asked']);
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await update(publicKey.export({ type: 'spki', format: 'der' }).toString('base64'));
    const { codes, hasFailed } = await doctor(running);
    expect(codes).toStrictEqual(['alipay_key_does_not_verify']);
    expect(hasFailed).toBe(true);
  });
});

describe('where no gateway runs', () => {
  const off = { F2F_PORT: '1', F2F_SIMULATOR_PORT: '1' };
  const OFF = [
    'simulator_not_running',
    'not_checked_without_alipay',
    'gateway_not_running',
    'notify_gateway_stopped',
  ];

  test('on an empty folder, nothing is wrong and nothing is made', async () => {
    const folder = newFolder();
    const dataDir = join(folder, 'data');
    const { codes, hasFailed } = await doctor({ ...off, F2F_DATA_DIR: dataDir });
    expect(codes).toStrictEqual([
      'data_folder_not_made',
      'database_not_made',
      'master_key_not_made',
      'not_checked_without_database',
      'not_checked_without_database',
      'simulator_not_running',
      'not_checked_without_database',
      'gateway_not_running',
      'notify_gateway_stopped',
    ]);
    expect(hasFailed).toBe(false);
    expect(readdirSync(folder)).toStrictEqual([]);
  });

  test('as a program of its own: for people, it ends with 1 for failures', async () => {
    const env = { PATH: process.env['PATH'], ...off, F2F_ALIPAY: 'nobody' };
    const folder = newFolder();
    const { promise, resolve } = Promise.withResolvers<[unknown, string]>();
    execFile(process.execPath, [MAIN, 'doctor'], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve([error?.code, stdout + stderr]),
    );
    const [exitCode, text] = await promise;
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^\[failure\] settings 设置\n {4}failure: setting_refused\n/);
    expect(text).toMatch(/\n10 checks, 1 failures, 0 warnings, 10 notes\. .+\n$/);
    expect(readdirSync(folder)).toStrictEqual([]);
  });

  test('into a pipe that nobody reads: it ends as it would, without a word about the pipe', async () => {
    const env = { PATH: process.env['PATH'], ...off, F2F_ALIPAY: 'nobody' };
    const child = spawn(process.execPath, [MAIN, 'doctor'], { env, cwd: newFolder() });
    child.stdout.destroy();
    const [words, [exitCode]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
    expect([exitCode, words]).toStrictEqual([1, '']);
  });

  test.each(['killed', 'stopped'] as const)('after it was %s, nothing is changed', async (end) => {
    const folder = copyOf(left[end]);
    const before = fingerprint(folder);
    expect(before.some((line) => line.startsWith('gateway.sqlite-wal '))).toBe(end === 'killed');
    const { codes } = await doctor({ ...off, F2F_DATA_DIR: folder });
    expect(codes).toStrictEqual(OFF);
    expect(fingerprint(folder)).toStrictEqual(before);
  });

  test.each<[what: string, spoil: (folder: string) => void, codes: readonly string[]]>([
    [
      'another master key',
      (folder) => writeFileSync(join(folder, 'master.key'), Buffer.alloc(32, 7)),
      ['master_key_of_another', 'app_private_key_sealed'],
    ],
    [
      'a master key as text',
      (folder) => writeFileSync(join(folder, 'master.key'), 'a'.repeat(64)),
      ['master_key_wrong_size'],
    ],
    ['no master key', (folder) => rmSync(join(folder, 'master.key')), ['master_key_missing']],
    ['an open folder', (folder) => chmodSync(folder, 0o755), ['data_folder_open']],
    [
      'a truncated database',
      (folder) => truncateSync(join(folder, 'gateway.sqlite'), 10_000),
      ['database_damaged'],
    ],
    [
      'an emptied database',
      (folder) => truncateSync(join(folder, 'gateway.sqlite'), 0),
      ['database_empty'],
    ],
    [
      'a text as database',
      (folder) => writeFileSync(join(folder, 'gateway.sqlite'), 'hello, this is a text'),
      ['database_not_a_database'],
    ],
  ])('with %s', async (_what, spoil, expected) => {
    const folder = copyOf(left.stopped);
    spoil(folder);
    const { codes } = await doctor({ ...off, F2F_DATA_DIR: folder });
    const leftOut = [...OFF, 'not_checked_without_database'];
    expect(codes.filter((code) => !leftOut.includes(code))).toStrictEqual(expected);
  });

  test('with settings that stop the start, everything else is checked all the same', async () => {
    const { codes, hasFailed, text } = await doctor({
      ...off,
      F2F_DATA_DIR: join(newFolder(), 'data'),
      F2F_TIMEOUT: '3',
      F2F_DATABASE_URL: 'mysql://u:secret-word@db/x',
    });
    expect(codes.slice(0, 4)).toStrictEqual([
      'setting_refused',
      'setting_refused',
      'settings_taken_as_default',
      'data_folder_not_made',
    ]);
    expect(hasFailed).toBe(true);
    expect(text).not.toContain('secret-word');
  });
});

describe('key files', () => {
  const nowhere = (): Record<string, string> => ({ F2F_DATA_DIR: join(newFolder(), 'data') });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  test('a pair, and the own key given as that of Alipay', async () => {
    const folder = newFolder();
    const [secret, own] = [join(folder, 'private.pem'), join(folder, 'public.txt')];
    writeFileSync(secret, privateKey.export({ type: 'pkcs1', format: 'pem' }));
    writeFileSync(own, publicKey.export({ type: 'spki', format: 'der' }).toString('base64'));
    const pair = await doctor(nowhere(), ['--private-key', secret, '--public-key', own]);
    expect(pair.codes).toStrictEqual(['private_key_pkcs1']);
    expect(pair.hasFailed).toBe(false);
    const pasted = await doctor(nowhere(), ['--public-key', own, '--alipay-public-key', own]);
    expect(pasted.codes).toStrictEqual(['key_file_own_for_alipay']);
    expect(pasted.hasFailed).toBe(true);
    const swapped = await doctor(nowhere(), ['--alipay-public-key', secret]);
    expect(swapped.codes).toStrictEqual(['key_file_public_expected']);
    const body = readFileSync(secret, 'utf8').split('\n')[1] ?? '';
    expect(body.length).toBe(64);
    expect(swapped.text).not.toContain(body);
  });

  test('a key that the gateway made, and a file that is not there', async () => {
    const file = join(newFolder(), 'alipay.txt');
    writeFileSync(file, shop.publicKey);
    const made = await doctor(running, ['--alipay-public-key', file]);
    expect(made.codes).toStrictEqual(['key_file_app_for_alipay']);
    const missing = await doctor(nowhere(), ['--private-key', `${file}.no`]);
    expect(missing.codes).toStrictEqual(['key_file_unreadable']);
  });
});
