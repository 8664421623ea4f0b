/**
 * Each step of a probe fails by itself, against real servers on the loopback interface: a name that nobody has, a port that
 * nobody listens on, certificates of every wrong kind, a server that says nothing; and what a good answer tells.
 */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.ts';
import { createProbe, type Probed } from './probe.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' });
const DAY_MS = 24 * 3_600_000;
const certificate = (changes: { host?: string; endsInMs?: number } = {}): string =>
  makeCertificate({
    key: privateKey,
    commonName: 'a server',
    host: changes.host ?? 'localhost',
    beginsAtMs: Date.now() - 365 * DAY_MS,
    endsAtMs: Date.now() + (changes.endsInMs ?? 365 * DAY_MS),
    isAuthority: true,
  });

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
    await once(server, 'close');
  }
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ANSWER: RequestListener = (request, response) => {
  response
    .writeHead(203, { 'x-met': request.method })
    .end(`${request.headers.host} ${request.url}`);
};

const probe = (url: string, trusted?: string, timeoutMs = 5000): Promise<Probed> =>
  createProbe(trusted === undefined ? {} : { trusted: [trusted] })({
    method: 'POST',
    url,
    timeoutMs,
  });

const tlsPort = (cert: string): Promise<number> =>
  portOf(createHttpsServer({ key: KEY, cert }, ANSWER));

test('an answer: status, headers, body, and when', async () => {
  const port = await portOf(createHttpServer(ANSWER));
  const before = Date.now();
  const probed = await probe(`http://127.0.0.1:${port}/a?b=c`);
  expect(probed).toMatchObject({
    kind: 'answered',
    status: 203,
    headers: { 'x-met': 'POST', date: expect.any(String) as unknown },
    body: `127.0.0.1:${port} /a?b=c`,
    certificateEndsAtMs: undefined,
  });
  if (probed.kind !== 'answered') throw new Error('not reached');
  expect(probed.sentAtMs).toBeGreaterThanOrEqual(before);
  expect(probed.headersAtMs).toBeGreaterThanOrEqual(probed.sentAtMs);
});

test('a redirect is an answer, and is not followed', async () => {
  const port = await portOf(
    createHttpServer((_request, response) => response.writeHead(302, { location: '/' }).end()),
  );
  expect(await probe(`http://127.0.0.1:${port}`)).toMatchObject({ status: 302 });
});

test('a long answer is read to its beginning only', async () => {
  const port = await portOf(
    createHttpServer((_request, response) => response.end('a'.repeat(1_000_000))),
  );
  const probed = await probe(`http://127.0.0.1:${port}`);
  expect(probed.kind === 'answered' && probed.body.length).toBe(65_536);
});

test('a trusted certificate: until when it is good', async () => {
  const cert = certificate({ endsInMs: 3 * DAY_MS });
  const probed = await probe(`https://localhost:${await tlsPort(cert)}`, cert);
  expect(probed).toMatchObject({ kind: 'answered', status: 203 });
  const endsAtMs = probed.kind === 'answered' ? (probed.certificateEndsAtMs ?? 0) : 0;
  expect(Math.abs(endsAtMs - Date.now() - 3 * DAY_MS)).toBeLessThan(60_000);
});

describe('fails', () => {
  test('at the name', async () => {
    const probed = await probe('http://no-such-host.invalid/');
    expect(probed).toMatchObject({ kind: 'failed', step: 'name' });
  });

  test('at the connection', async () => {
    const server = createTcpServer();
    const port = await portOf(server);
    server.close();
    await once(server, 'close');
    servers.pop();
    expect(await probe(`http://127.0.0.1:${port}`)).toStrictEqual({
      kind: 'failed',
      step: 'connection',
      code: 'ECONNREFUSED',
    });
  });

  test.each<[what: string, cert: string, isTrusted: boolean, code: string]>([
    ['expired, though trusted', certificate({ endsInMs: -DAY_MS }), true, 'CERT_HAS_EXPIRED'],
    ['expired and of nobody', certificate({ endsInMs: -DAY_MS }), false, 'CERT_HAS_EXPIRED'],
    ['for another name', certificate({ host: 'b.test' }), true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['of nobody we trust', certificate(), false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('at TLS, with a certificate %s', async (_what, cert, isTrusted, code) => {
    let requests = 0;
    const port = await portOf(createHttpsServer({ key: KEY, cert }, () => (requests += 1)));
    const probed = await probe(`https://localhost:${port}`, isTrusted ? cert : undefined);
    expect(probed).toStrictEqual({ kind: 'failed', step: 'tls', code });
    expect(requests).toBe(0);
  });

  test('at TLS, where plain HTTP is spoken', async () => {
    const port = await portOf(createHttpServer(ANSWER));
    const probed = await probe(`https://localhost:${port}`);
    expect(probed).toMatchObject({ kind: 'failed', step: 'tls' });
  });

  test('at the answer, when none comes', async () => {
    const port = await portOf(createHttpServer(() => undefined));
    expect(await probe(`http://127.0.0.1:${port}`, undefined, 200)).toStrictEqual({
      kind: 'failed',
      step: 'answer',
      code: 'TIMEOUT',
    });
  });

  test('at the answer, when the connection is cut', async () => {
    const port = await portOf(createTcpServer((socket) => socket.once('data', () => socket.end())));
    const probed = await probe(`http://127.0.0.1:${port}`);
    expect(probed).toStrictEqual({ kind: 'failed', step: 'answer', code: 'ECONNRESET' });
  });
});
