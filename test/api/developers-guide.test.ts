/**
 * The page for developers, followed as a newcomer would: its program receives what its commands make happen, against a gateway
 * that was just started. Both languages have the same blocks (`test/docs.test.ts`).
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPort, startGateway, until, type Gateway } from '../support/gateway-process.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/developers.md'), 'utf8');

let gateway: Gateway;
let env: Record<string, string | undefined>;
const started: ChildProcess[] = [];
beforeAll(async () => {
  gateway = await startGateway({ F2F_PORT: String(await findPort()) });
  const { port } = new URL(gateway.url());
  env = { ...process.env, F2F_DATA_DIR: gateway.dataDir, F2F_PORT: port };
});
afterAll(async () => {
  for (const { pid } of started) {
    try {
      // With all that it started: npm, and Node under it.
      process.kill(-(pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  await gateway.stop();
});

function blocks(language: string): readonly string[] {
  const fences = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g');
  return [...PAGE.matchAll(fences)].map(([, block = '']) => block);
}

/** Starts what runs until it is stopped; returns what it wrote so far. */
function start(command: string, args: readonly string[]): () => string {
  const child = spawn(command, args, { cwd: ROOT, env, detached: true });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  }
  return () => output;
}

async function sh(script: string): Promise<{ stdout: string; stderr: string }> {
  return run('sh', ['-c', script], { cwd: ROOT, env });
}

test('its program receives what its commands make happen', async () => {
  const [
    key = '',
    secret = '',
    listen = '',
    trigger = '',
    tail = '',
    show = '',
    sign = '',
    verify = '',
  ] = blocks('sh');
  env['F2F_API_KEY'] = (await sh(`${key}echo $F2F_API_KEY`)).stdout.trim();
  env['WEBHOOK_SECRET'] = (await sh(secret)).stdout.trim();
  const port = String(await findPort());
  const [program = ''] = blocks('js');
  const code = program.replace('3000', port);
  const received = start(process.execPath, ['--input-type=module', '--eval', code]);
  const listening = start('sh', ['-c', listen.replace('3000', port)]);
  await until(() => listening().includes('Signing secret'), { what: 'listen to be ready' });
  const { stdout } = await sh(trigger);
  for (const type of ['payment.paid', 'payment.reversed', 'refund.succeeded']) {
    expect(stdout).toContain(type);
    await until(() => new RegExp(`^${type} (pay|re)_`, 'm').test(received()), { what: type });
  }
  expect(listening()).not.toMatch(/-> [^2]/);
  const reading = start('sh', ['-c', tail]);
  await until(() => reading().includes('payment.reversed'), { what: 'the feed to be read' });
  expect((await sh(show)).stdout).toContain('"id": "evt_1"');
  const tried = await sh(`${sign}${verify}`);
  expect(tried.stdout).toContain('webhook-signature: v1,');
  expect(tried.stderr).toContain('not as the gateway writes it');
}, 120_000);
