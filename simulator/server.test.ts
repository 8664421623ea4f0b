/**
 * The simulator behind HTTP: what the core cannot show. Closed connections, held answers, who may
 * use the control API, notifications over the network and their retries, and a book that survives a
 * restart and a kill. No test waits for time to pass.
 */
import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startSimulator } from './server.ts';
import type { LogRecord, RunningSimulator, SimulatorOptions } from './server.ts';
import { APP_ID, PID, SHAPES, signedParams } from './testing/client.ts';
import type { ClientOptions, Json } from './testing/client.ts';
import { APP_KEY, publicKeyOf } from './testing/keys.ts';
import { openShop } from './testing/shop.ts';

let dataDir = '';
const cleanups: (() => unknown)[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'simulator-'));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({ port: 0, ...options });
  // Closing twice is closing once.
  cleanups.push(() => simulator.close());
  return simulator;
}

async function control(url: string, verb: string, path: string, body?: Json): Promise<Json> {
  const response = await fetch(`${url}/simulator/${path}`, {
    method: verb,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: Json = JSON.parse(await response.text());
  return { status: response.status, ...json };
}

const register = (url: string): Promise<Json> =>
  control(url, 'POST', 'apps', { appId: APP_ID, pid: PID, appPublicKey: publicKeyOf(APP_KEY) });

async function call(
  url: string,
  method: string,
  biz: Json,
  options?: ClientOptions,
): Promise<Json> {
  const request = SHAPES.official(signedParams(method, biz, options));
  const response = await fetch(`${url}${request.url}`, {
    method: 'POST',
    headers: { 'content-type': request.contentType ?? '' },
    body: request.body.toString(),
  });
  const text = await response.text();
  const node: Json = JSON.parse(/:(\{.*\}),"sign"/.exec(text)?.[1] ?? '{}');
  return node;
}

const ORDER = { out_trade_no: 'S1', total_amount: '5.00', subject: '房费' };
const PLAIN = { ...ORDER, auth_code: '281111111111111111' };
const success = (response: ServerResponse): unknown => response.end('success');

async function trade(url: string): Promise<Json> {
  const { trades } = await control(url, 'GET', 'trades?outTradeNo=S1');
  return Array.isArray(trades) ? trades[0] : {};
}

describe('answers that suffer on the wire', () => {
  test('a dropped one closes the connection; the money moved', async () => {
    const { url } = await start();
    await register(url);
    const sent = call(url, 'alipay.trade.pay', { ...ORDER, auth_code: '281111111111110007' });
    await expect(sent).rejects.toThrow('fetch failed');
    expect(await trade(url)).toMatchObject({ tradeStatus: 'TRADE_SUCCESS', chargeCount: 1 });
  });

  test('a dropped request does nothing', async () => {
    const { url } = await start();
    await register(url);
    await control(url, 'POST', 'faults', { kind: 'drop_request' });
    await expect(call(url, 'alipay.trade.pay', PLAIN)).rejects.toThrow('fetch failed');
    expect(await call(url, 'alipay.trade.query', ORDER)).toMatchObject({ code: '40004' });
  });

  test('a delayed one comes later', async () => {
    const { url } = await start();
    await register(url);
    await control(url, 'POST', 'faults', { kind: 'delay', ms: 50 });
    const startedAt = performance.now();
    expect(await call(url, 'alipay.trade.pay', PLAIN)).toMatchObject({ code: '10000' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
  });

  test('closing drops what is held and lets go of everything', async () => {
    const isHeld = Promise.withResolvers<void>();
    const log = (record: LogRecord): void => {
      if (record['fault'] === 'delay') isHeld.resolve();
    };
    const { url, close } = await start({ log });
    await register(url);
    const held = call(url, 'alipay.trade.pay', { ...ORDER, auth_code: '281111111111110008' });
    const outcome = held.then(
      () => 'answered',
      () => 'dropped',
    );
    await isHeld.promise;
    await close();
    expect(await outcome).toBe('dropped');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});

test('a call under way when the simulator ends is answered, on a connection that closes', async () => {
  const { url, port, close } = await start();
  await register(url);
  const wire = SHAPES.official(signedParams('alipay.trade.pay', PLAIN));
  const agent = new Agent({ keepAlive: true });
  const headers = {
    'content-type': wire.contentType ?? '',
    'content-length': wire.body.length,
    expect: '100-continue',
  };
  const request = httpRequest({ port, method: 'POST', path: wire.url, headers, agent });
  request.flushHeaders();
  await once(request, 'continue');
  const closed = close();
  request.end(wire.body);
  const [response] = await once(request, 'response');
  expect(response.headers['connection']).toBe('close');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  expect(text).toContain('"code":"10000"');
  await closed;
});

describe('odd callers', () => {
  test('an absolute request target, as official Python sends it', async () => {
    const { url, port } = await start();
    await register(url);
    const wire = SHAPES.python(signedParams('monitor.heartbeat.syn', {}));
    const request = httpRequest({
      port,
      method: 'POST',
      path: wire.url.replace('simulator:8090', `127.0.0.1:${port}`),
      headers: { 'content-type': wire.contentType ?? '' },
    });
    request.end(wire.body);
    const [response] = await once(request, 'response');
    expect(response.headers).toMatchObject({ 'content-type': 'text/html;charset=utf-8' });
    expect(response.headers['trace_id']).toMatch(/^[0-9a-f]{32}$/);
    let text = '';
    for await (const chunk of response) text += String(chunk);
    expect(text).toContain('"code":"10000"');
  });

  test.each([
    '\u0000\u0001\u0002',
    'GET\r\n\r\n',
    'POST /gateway.do HTTP/1.1\r\nContent-Length: x\r\n\r\n',
  ])('bytes that are no HTTP: %j', async (bytes) => {
    const { url, port } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(bytes);
    await once(socket, 'close');
    expect((await fetch(url)).status).toBe(200);
  });

  test('a body too long is refused', async () => {
    const { url } = await start();
    const body = 'x'.repeat(1024 * 1024 + 1);
    const response = await fetch(`${url}/gateway.do`, { method: 'POST', body }).catch(() => null);
    // The answer may be lost, because the simulator stops reading; what matters is that it lives
    // on.
    expect([413, undefined]).toContain(response?.status);
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('who may use the control API', () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

  test.skipIf(outside === undefined)('strangers need the token', async () => {
    const { port } = await start({ host: '0.0.0.0', controlToken: 'secret' });
    const ask = async (host: string, authorization?: string): Promise<number> => {
      const headers = authorization === undefined ? {} : { authorization };
      return (await fetch(`http://${host}:${port}/simulator/trades`, { headers })).status;
    };
    expect(await ask('127.0.0.1')).toBe(200);
    expect(await ask(outside ?? '')).toBe(403);
    expect(await ask(outside ?? '', 'Bearer wrong!')).toBe(403);
    expect(await ask(outside ?? '', 'Bearer secret')).toBe(200);
    expect((await fetch(`http://${outside}:${port}/`)).status).toBe(200);
  });

  test.skipIf(outside === undefined)('without a token strangers are always refused', async () => {
    const { port } = await start({ host: '0.0.0.0' });
    const headers = { authorization: 'Bearer undefined' };
    const response = await fetch(`http://${outside}:${port}/simulator/trades`, { headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });
});

describe('notifications over the network', () => {
  test('retried at once and as the clock advances, until exactly success', async () => {
    const records: LogRecord[] = [];
    const { url } = await start({ log: (record) => records.push(record) });
    await register(url);
    const shop = await openShop((response) => response.end('success\n'));
    cleanups.push(shop.close);
    await call(url, 'alipay.trade.pay', PLAIN, { notifyUrl: shop.url });
    await shop.arrivals(3);
    shop.answer = (response) => response.writeHead(500).end('success');
    await control(url, 'POST', 'clock', { advanceMs: 4 * 60_000 });
    await shop.arrivals(4);
    shop.answer = (response) => response.writeHead(302, { location: '/other' }).end();
    await control(url, 'POST', 'clock', { advanceMs: 10 * 60_000 });
    await shop.arrivals(5);
    shop.answer = success;
    await control(url, 'POST', 'clock', { advanceMs: 10 * 60_000 });
    await shop.arrivals(6);
    await control(url, 'POST', 'clock', { advanceMs: 48 * 3_600_000 });
    const ids = shop.bodies.map((body) => new URLSearchParams(body).get('notify_id'));
    expect(new Set(ids).size).toBe(1);
    while (records.filter(({ event }) => event === 'notification').length < 6) {
      await control(url, 'GET', 'trades');
    }
    const attempts = records.filter(({ event }) => event === 'notification');
    expect(attempts.map(({ attempt, status, isSuccess }) => [attempt, status, isSuccess])).toEqual([
      [1, 200, false],
      [2, 200, false],
      [3, 200, false],
      [4, 500, false],
      [5, 302, false],
      [6, 200, true],
    ]);
    expect(shop.bodies).toHaveLength(6);
  });

  test('an answer too long, a closed port and a URL that is none are failures', async () => {
    const failures: unknown[] = [];
    const three = Promise.withResolvers<void>();
    const log = (record: LogRecord): void => {
      if (record.event !== 'notification') return;
      failures.push(record['isSuccess']);
      if (failures.length === 9) three.resolve();
    };
    const { url } = await start({ log });
    await register(url);
    const shop = await openShop((response) => response.end('x'.repeat(100_000)));
    cleanups.push(shop.close);
    for (const [i, notifyUrl] of [shop.url, 'http://127.0.0.1:1/', 'nowhere'].entries()) {
      const order = { ...PLAIN, out_trade_no: `S${i}`, auth_code: `28111111111111111${i}` };
      await call(url, 'alipay.trade.pay', order, { notifyUrl });
    }
    await three.promise;
    expect(failures).toEqual(Array.from({ length: 9 }, () => false));
  });

  test('what a shop has not answered when the simulator ends is sent again when it starts', async () => {
    const { url, close } = await start({ dataDir });
    await register(url);
    const shop = await openShop(() => undefined);
    cleanups.push(shop.close);
    await call(url, 'alipay.trade.pay', PLAIN, { notifyUrl: shop.url });
    await shop.arrivals(1);
    await close();
    shop.answer = success;
    await start({ dataDir });
    await shop.arrivals(2);
    const ids = shop.bodies.map((body) => new URLSearchParams(body).get('notify_id'));
    expect(new Set(ids).size).toBe(1);
  });
});

/** Something of everything the book keeps. */
async function fill(url: string): Promise<Json> {
  const { alipayPublicKey } = await register(url);
  await control(url, 'POST', 'clock', { advanceMs: 3_600_000 });
  await call(url, 'alipay.trade.pay', PLAIN);
  await call(url, 'alipay.trade.refund', { ...ORDER, refund_amount: '1', out_request_no: 'R1' });
  const shown = await call(url, 'alipay.trade.precreate', { ...ORDER, out_trade_no: 'S2' });
  const issued = await control(url, 'POST', 'payment-codes', { buyer: 'poor' });
  const before = await trade(url);
  return { alipayPublicKey, qrCode: shown['qr_code'], poorCode: issued['authCode'], before };
}

async function expectKept(url: string, filled: Json): Promise<void> {
  expect(await trade(url)).toEqual(filled['before']);
  const used = { ...PLAIN, out_trade_no: 'S3' };
  expect(await call(url, 'alipay.trade.pay', used)).toMatchObject({
    sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
  });
  expect(
    await call(url, 'alipay.trade.pay', { ...used, auth_code: filled['poorCode'] }),
  ).toMatchObject({
    sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
  });
  expect(await control(url, 'POST', 'scan', { qrCode: filled['qrCode'] })).toMatchObject({
    status: 200,
    outTradeNo: 'S2',
  });
  const again = { ...ORDER, refund_amount: '1', out_request_no: 'R1' };
  expect(await call(url, 'alipay.trade.refund', again)).toMatchObject({ fund_change: 'N' });
  const asked = await call(url, 'alipay.trade.query', ORDER);
  const paidMs = Date.parse(`${String(asked['send_pay_date']).replace(' ', 'T')}+08:00`);
  // The clock was put an hour ahead, and still is: a new payment is not older than the one before.
  expect(paidMs).toBeGreaterThan(Date.now() + 3_000_000);
  const later = { ...PLAIN, out_trade_no: 'S4', auth_code: '281111111111114444' };
  const { gmt_payment: laterAt } = await call(url, 'alipay.trade.pay', later);
  expect(String(laterAt) >= String(asked['send_pay_date'])).toBe(true);
  expect((await register(url))['alipayPublicKey']).toBe(filled['alipayPublicKey']);
}

describe('the book survives', () => {
  test('a restart', async () => {
    const first = await start({ dataDir });
    const filled = await fill(first.url);
    await first.close();
    expect(statSync(join(dataDir, 'simulator.sqlite')).mode & 0o777).toBe(0o600);
    const second = await start({ dataDir });
    await expectKept(second.url, filled);
  });

  test('how far the clock is ahead, too, when nothing else happened', async () => {
    const first = await start({ dataDir });
    await register(first.url);
    const advanced = await control(first.url, 'POST', 'clock', { advanceMs: 400 * 86_400_000 });
    await first.close();
    const second = await start({ dataDir });
    const again = await control(second.url, 'POST', 'clock', { advanceMs: 0 });
    expect(String(again['now']) >= String(advanced['now'])).toBe(true);
  });

  test('a kill at any moment', async () => {
    const script = join(import.meta.dirname, 'testing', 'run.ts');
    const child = spawn(process.execPath, [script, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cleanups.push(() => child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    const { url }: { url: string } = JSON.parse(String(line));
    const filled = await fill(url);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(child.signalCode).toBe('SIGKILL');
    const second = await start({ dataDir });
    await expectKept(second.url, filled);
  });

  test('but only one simulator has it at a time', async () => {
    await start({ dataDir });
    await expect(startSimulator({ port: 0, dataDir })).rejects.toThrow('cannot be opened');
  });
});

test('a port that is taken is an error, and the book is free again', async () => {
  const { port } = await start();
  await expect(startSimulator({ port, dataDir })).rejects.toThrow('EADDRINUSE');
  const { url } = await start({ dataDir });
  expect((await fetch(url)).status).toBe(200);
});

test("Alipay's key has 2048 bits and stands in the book's file only", async () => {
  const { url } = await start();
  const { alipayPublicKey, ...rest } = await register(url);
  expect(String(alipayPublicKey)).toMatch(/^MIIBIjAN/);
  expect(rest).toEqual({ status: 200, appId: APP_ID, pid: PID });
  expect(() => createPrivateKey(String(alipayPublicKey))).toThrow('DECODER');
});
