/**
 * The wallet page over HTTP: the files and the policy they come with, that nothing else of the installation can be had, and the
 * stream that tells open pages of changes. What the page does is tested in a browser (`test/e2e/browser/wallet.test.ts`).
 */
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildPages } from '../../tools/build-pages.js';
import { startSimulator } from '../server.ts';
import type { RunningSimulator } from '../server.ts';

let simulator: RunningSimulator;

beforeAll(async () => {
  buildPages();
  simulator = await startSimulator({ host: '0.0.0.0', port: 0, controlToken: 'secret' });
});
afterAll(() => simulator?.close());

const outside = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(simulator.url + path, { redirect: 'manual', ...init });

describe('the files', () => {
  test('the page comes with a policy that lets it load from here alone', async () => {
    const page = await get('/wallet/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]* src="\.\/assets\/)|<style| style=/);
  });

  test('without the slash a browser is led to it, by a way that a proxy can prefix', async () => {
    const answer = await get('/wallet');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'wallet/']);
  });

  test('what it loads is kept by browsers, and has no map of the sources', async () => {
    const names = readdirSync(new URL('../wallet/dist/assets/', import.meta.url));
    expect(names.filter((name) => name.endsWith('.map'))).toEqual([]);
    for (const name of names) {
      const asset = await get(`/wallet/assets/${name}`, { method: 'HEAD' });
      expect([name, asset.status, asset.headers.get('cache-control')]).toEqual([
        name,
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
      expect(asset.headers.get('content-type')).toMatch(/^(text\/(javascript|css)|image\/svg)/);
    }
  });

  test.each([
    '/wallet/index.html',
    '/wallet/assets/',
    '/wallet/assets/none.js',
    '/wallet/assets/..%2findex.html',
    '/wallet/assets/%2e%2e/index.html',
    '/wallet/%2e%2e/%2e%2e/package.json',
    '/walletx',
  ])('%s is nothing', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test('no path leads out of the folder', async () => {
    // As a client sends it that does not shorten paths by itself.
    const status = await new Promise((resolve, reject) => {
      const path = '/wallet/assets/../../../../tools/build-pages.js';
      const asked = request({ port: simulator.port, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(status).toBe(404);
  });

  test('nothing is posted to them', async () => {
    const answer = await get('/wallet/', { method: 'POST', body: '{}' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

/** An open stream: each call of `next` resolves to the events that came since. */
async function openStream(
  url = simulator.url,
): Promise<{ next: () => Promise<string>; close: () => void }> {
  const abort = new AbortController();
  const response = await fetch(`${url}/simulator/wallet/events`, { signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.getReader();
  return {
    next: async () => {
      const { value, done } = await reader.read();
      return done ? 'the end' : new TextDecoder().decode(value);
    },
    close: () => abort.abort(),
  };
}

describe('the stream', () => {
  const post = (path: string, body: unknown): Promise<Response> =>
    get(`/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });

  test('says at once that there may be news, and again with each change', async () => {
    const stream = await openStream();
    expect(await stream.next()).toBe('event: changed\ndata: {}\n\n');
    await post('payment-codes', {});
    expect(await stream.next()).toBe('event: changed\ndata: {}\n\n');
    // Faults are not kept, and shown all the same.
    await post('faults', { kind: 'http_502' });
    expect(await stream.next()).toBe('event: changed\ndata: {}\n\n');
    stream.close();
  });

  test('tells what comes close together once', async () => {
    const stream = await openStream();
    await stream.next();
    await Promise.all(Array.from({ length: 20 }, () => post('payment-codes', {})));
    expect(await stream.next()).toBe('event: changed\ndata: {}\n\n');
    stream.close();
  });

  test('ends with the simulator, which does not wait for it', async () => {
    const other = await startSimulator({ port: 0 });
    const stream = await openStream(other.url);
    await stream.next();
    await other.close();
    expect(await stream.next()).toBe('the end');
  });
});

test.skipIf(outside === undefined)(
  'strangers get the page, and nothing else without the token',
  async () => {
    const from = `http://${outside}:${simulator.port}`;
    expect((await fetch(`${from}/wallet/`)).status).toBe(200);
    for (const path of ['wallet', 'wallet/history', 'wallet/events', 'faults', 'clock']) {
      expect((await fetch(`${from}/simulator/${path}`)).status).toBe(403);
      const abort = new AbortController();
      const headers = { authorization: 'Bearer secret' };
      const answer = await fetch(`${from}/simulator/${path}`, { headers, signal: abort.signal });
      expect([path, answer.status]).toEqual([path, 200]);
      abort.abort();
    }
  },
);
