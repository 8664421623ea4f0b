/**
 * The pages as files: which headers they come with, what is kept by browsers and what is not, and that nothing else of the
 * installation can be had. What they do is tested in a browser (`test/e2e/browser/`).
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPages } from '../../tools/build-pages.js';
import { startGateway, type Gateway } from '../support/gateway-process.ts';

const BUILT = join(import.meta.dirname, '../../console/dist/pages');

let gateway: Gateway;

beforeAll(async () => {
  buildPages();
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(gateway.url() + path, { headers, redirect: 'manual' });

test.each(['/console', '/console/payments/pay_1', '/cashier', '/cashier/anything'])(
  '%s is the page, with a nonce of its own',
  async (path) => {
    const [first, second] = await Promise.all([get(path), get(path)]);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('no-store');
    const policy = first.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const nonce = /'nonce-([0-9a-f]{32})'/.exec(policy)?.[1] ?? 'none';
    const html = await first.text();
    expect(html).toContain(`property="csp-nonce" nonce="${nonce}"`);
    expect(html).not.toContain('__NONCE__');
    expect(second.headers.get('content-security-policy')).not.toContain(nonce);
  },
);

test('what the page loads is compressed and kept', async () => {
  const script = readdirSync(BUILT).find((name) => /^index-.*\.js$/.test(name)) ?? '';
  const answer = await get(`/pages/${script}`, { 'accept-encoding': 'br' });
  expect(answer.headers.get('content-encoding')).toBe('br');
  expect(answer.headers.get('cache-control')).toBe('public,max-age=31536000,immutable');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await answer.text()).toContain('createRoot');
  const plain = await get(`/pages/${script}`, { 'accept-encoding': 'identity' });
  expect(plain.headers.get('content-encoding')).toBeNull();
});

test.each([
  '/pages/',
  '/pages/none.js',
  '/pages/../index.html',
  '/pages/%2e%2e/index.html',
  '/pages/%2e%2e/%2e%2e/%2e%2e/package.json',
  '/pages/..%2f..%2f..%2fpackage.json',
])('%s is nothing', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('a person who typed the address is led to the pages, a program is told what this is', async () => {
  const person = await get('/', { accept: 'text/html,application/xhtml+xml' });
  expect([person.status, person.headers.get('location')]).toStrictEqual([302, 'console']);
  expect(await (await get('/')).json()).toMatchObject({ name: 'alipay-f2f' });
});
