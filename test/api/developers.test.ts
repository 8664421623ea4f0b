/**
 * A developer's first hour, with real processes: a key, a program that receives webhooks, `f2f listen` in front of it, events
 * made by `f2f trigger`, a gateway that is killed meanwhile; and each thing that may be wrong, told in a sentence.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  findPort,
  runCommand,
  startGateway,
  until,
  type Gateway,
} from '../support/gateway-process.ts';

const run = promisify(execFile);
const MAIN = join(import.meta.dirname, '../../src/main.js');
/** Each command is a process, and several run at once. */
const SLOW_MS = 120_000;

let gateway: Gateway;
let settings: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-developers-'));
const ends: (() => unknown)[] = [];
beforeAll(async () => {
  gateway = await startGateway({ F2F_PORT: String(await findPort()) });
  const { stdout } = await runCommand(['api-key', 'create', 'x'], {
    F2F_DATA_DIR: gateway.dataDir,
  });
  // The port in the settings is where the commands look for the gateway.
  settings = { F2F_PORT: new URL(gateway.url()).port, F2F_API_KEY: stdout.trim() };
});
afterAll(async () => {
  for (const end of ends) await end();
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Received = {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

/** A program that takes every webhook. */
async function startProgram(): Promise<{ url: string; received: Received[]; server: Server }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      received.push({
        path: request.url ?? '',
        headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      response.writeHead(200).end('thanks');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ends.push(() => server.close());
  // A server of TCP has an address like this.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received, server };
}

type Follower = { readonly child: ChildProcess; stdout: string; stderr: string };

/** A command that runs until it is stopped. */
function startCommand(...args: string[]): Follower {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  ends.push(() => child.kill('SIGKILL'));
  const follower: Follower = { child, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (follower.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (follower.stderr += chunk.toString('utf8')));
  return follower;
}

async function trigger(type: string): Promise<{ payment: string; events: { id: string }[] }> {
  const { exitCode, stdout, stderr } = await runCommand(['trigger', type, '--json'], settings);
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as { payment: string; events: { id: string }[] };
}

test(
  'listen hands over what trigger makes, signed, through a kill of the gateway',
  async () => {
    const program = await startProgram();
    const listener = startCommand('listen', '--forward-to', `${program.url}/hook`);
    const secret = await until(() => /whsec_\S+/.exec(listener.stderr)?.[0], { what: 'a secret' });
    const first = await trigger('payment.paid');
    const heard = (ids: readonly { id: string }[]) => () =>
      ids.every(({ id }) => program.received.some(({ headers }) => headers['webhook-id'] === id));
    await until(heard(first.events), { what: 'the first payment to be heard of' });

    await gateway.restart();
    const second = await trigger('refund.succeeded');
    await until(heard(second.events), { what: 'the refund to be heard of' });
    expect(listener.stderr).toContain(`The gateway at ${gateway.url()} answers again`);
    for (const { path, headers, body } of program.received) {
      expect(path).toBe('/hook');
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    }
    // What was answered is printed after it.
    await until(() => listener.stdout.trim().split('\n').length >= program.received.length, {
      what: 'a line for each call',
    });
    expect(listener.stdout.trim().split('\n')).toHaveLength(program.received.length);
    expect(listener.stdout).toMatch(
      / payment\.paid +pay_FF\d+ +88\.00 +evt_\d+ +-> 200 \(\d+ ms\)/,
    );

    listener.child.kill('SIGINT');
    const [exitCode] = (await once(listener.child, 'close')) as [number | null];
    expect(exitCode).toBe(0);
    expect(listener.stderr).toMatch(/To go on from here: --from \S+\n$/);
  },
  SLOW_MS,
);

test(
  'events tail prints what happens, and ends when it is told to',
  async () => {
    const { events } = await trigger('payment.declined');
    const tail = startCommand('events', 'tail', '--json', '--from', 'start');
    const last = events.at(-1);
    await until(() => tail.stdout.includes(`{"id":"${last?.id}"`), { what: 'the event' });
    const lines = tail.stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(last);
    tail.child.kill('SIGTERM');
    expect((await once(tail.child, 'close'))[0]).toBe(0);
  },
  SLOW_MS,
);

test(
  'what is wrong is told in a sentence',
  async () => {
    const wrong = 'f2f_wrong';
    const cases: readonly (readonly [string[], Record<string, string>, RegExp])[] = [
      [['events', 'tail'], { F2F_API_KEY: '' }, /^No API key is given: set F2F_API_KEY, or add/],
      [['listen'], { F2F_API_KEY: wrong }, /does not know this API key.*f2f api-key create NAME/],
      [
        ['trigger', 'payment.paid'],
        { F2F_PORT: '1' },
        /^No gateway answers at http:\/\/127\.0\.0\.1:1 \(connect ECONNREFUSED.*npm start.*--url/,
      ],
      [
        ['events', 'tail', '--url', gateway.url().replace('http:', 'https:')],
        {},
        /^No gateway answers at https:.*wrong version number/,
      ],
      [
        ['listen', '--merchant', 'TEA-1'],
        {},
        /^There is no such merchant\. --merchant is its id: mch_ and the cpiNo/,
      ],
    ];
    for (const [args, more, sentence] of cases) {
      const told = await runCommand(args, { ...settings, ...more });
      expect([told.exitCode, told.stdout]).toEqual([1, '']);
      expect(told.stderr).toMatch(sentence);
      expect(told.stderr.trim().split('\n')).toHaveLength(1);
      expect(told.stderr).not.toContain(wrong);
    }
  },
  SLOW_MS,
);

test(
  'nothing is triggered where money moves',
  async () => {
    const masterKeyFile = join(folder, 'master.key');
    writeFileSync(masterKeyFile, Buffer.alloc(32, 1), { mode: 0o600 });
    const real = await startGateway({
      F2F_ALIPAY: 'sandbox',
      F2F_ALIPAY_GATEWAY: `${gateway.simulatorUrl()}/gateway.do`,
      F2F_MASTER_KEY_FILE: masterKeyFile,
    });
    ends.push(() => real.stop());
    const key = await runCommand(['api-key', 'create', 'x'], { F2F_DATA_DIR: real.dataDir });
    const authorization = `Bearer ${key.stdout.trim()}`;
    const args = ['trigger', 'payment.paid', '--url', real.url(), '--key', key.stdout.trim()];
    const refused = await runCommand(args);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/speaks to the real Alipay.*F2F_ALIPAY=simulator/);
    const merchants = await fetch(`${real.url()}/v2/merchants`, { headers: { authorization } });
    expect(await merchants.json()).toMatchObject({ data: [] });
  },
  SLOW_MS,
);

const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!hasCurl)(
  "sign's line for curl is taken by a receiver, and verify takes it",
  async () => {
    const program = await startProgram();
    const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const file = join(folder, "guest's event.json");
    writeFileSync(file, '{"id":"evt_5","note":"茶 \'tea\' $HOME"}\n');
    const sign = ['webhook', 'sign', '--secret', secret, '--url', `${program.url}/h?a=1&b=2`];
    const { stdout } = await runCommand([...sign, '--body', file]);
    await run('sh', ['-c', stdout.slice(stdout.indexOf('curl '))]);
    const { path, headers, body } = program.received.at(-1)!;
    expect(path).toBe('/h?a=1&b=2');
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    const given = ['id', 'timestamp', 'signature'].flatMap((name) => [
      `--${name}`,
      headers[`webhook-${name}`] ?? '',
    ]);
    const verify = ['webhook', 'verify', '--secret', secret, '--body', file, ...given];
    const told = await runCommand(verify);
    expect(told).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^The signature fits, and the webhook is \d+ s old\n$/),
    });
  },
  SLOW_MS,
);

test(
  'a body comes through a pipe, and one that cannot be read is told',
  async () => {
    const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    // Whoever writes takes longer than the command needs to begin.
    const command = `{ sleep 1; printf '{"id":"evt_6"}'; } | "$NODE" "$MAIN" webhook sign --secret ${secret} --body - --json`;
    const env = { ...process.env, NODE: process.execPath, MAIN };
    const { stdout } = await run('sh', ['-c', command], { env, cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      body: '{"id":"evt_6"}',
      headers: { 'webhook-id': 'evt_6' },
    });
    const missing = await runCommand(['webhook', 'sign', '--secret', secret, '--body', 'nowhere']);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toMatch(/^nowhere cannot be read: .*ENOENT[^\n]*\n$/);
  },
  SLOW_MS,
);
