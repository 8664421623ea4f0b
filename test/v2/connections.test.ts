/**
 * Connections of those who hang up, send half of a request, or come through a proxy: what is logged of them, whom a stop waits
 * for, and whose address counts. Over real sockets, with a virtual clock.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/api/metrics.ts';
import { buildServer } from '../../src/api/server.ts';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, v2Client, type V2Client } from './client.ts';

type Line = Record<string, unknown>;
type Server = Awaited<ReturnType<typeof buildServer>>;

let world: World;
let operator: V2Client;
let server: Server;
let lines: Line[];
/** Resolves when a request is logged. */
let logged: PromiseWithResolvers<void>;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  lines = [];
  logged = Promise.withResolvers();
  server = await serve();
});
afterEach(async () => {
  world.deps.news.stop();
  await server.close();
  await world.close();
});

function serve(options: { trustedProxies?: string; rateLimit?: number } = {}): Promise<Server> {
  const info = (fields: unknown, message: string): void => {
    if (message !== 'request') return;
    lines.push(fields as Line);
    logged.resolve();
  };
  const deps = { ...world.deps, log: { ...world.deps.log, info } };
  const metrics = createMetrics(() => Promise.reject(new Error('nobody asks')));
  return buildServer({ deps, metrics, rateLimit: 'off', ...options });
}

async function dial(): Promise<Socket> {
  const listening = server.server.address();
  const known = typeof listening === 'object' && listening !== null ? listening.port : undefined;
  const port = known ?? Number(new URL(await server.listen({ port: 0, host: '127.0.0.1' })).port);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const get = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: f2f\r\nAuthorization: Bearer ${operator.secret}\r\n\r\n`;

/** Waits until what was sent has come in, which is seen by what it has the gateway do. */
async function until(isSo: () => boolean): Promise<void> {
  for (let look = 0; !isSo(); look += 1) {
    if (look > 5000) throw new Error('it never came to that');
    await new Promise((resolve) => setImmediate(resolve));
    await world.clock.settle();
  }
}

describe('who hangs up', () => {
  test('while he waits is in the log, and so is how long he waited', async () => {
    const waiting = { auth_code: '280851932108270002' };
    const made = await operator.post('/v2/payments', aPayment(await firstMerchant(world), waiting));
    const socket = await dial();
    let queries = 0;
    const { news } = world.deps;
    const follow = news.follow.bind(news);
    news.follow = (topic) => {
      queries += 1;
      return follow(topic);
    };
    socket.write(get(`/v2/payments/${String(made.body['id'])}?wait=50`));
    await until(() => queries > 0);
    news.follow = follow;
    await world.clock.advance(3000);
    socket.destroy();
    await logged.promise;
    expect(lines).toEqual([
      expect.objectContaining({
        method: 'GET',
        route: '/v2/payments/:id',
        status: 499,
        hungUp: true,
        address: '127.0.0.1',
        durationMs: 3000,
      }),
    ]);
  });

  test('on a stream is in the log, with the status that he heard', async () => {
    const socket = await dial();
    socket.write(get('/v2/events/stream'));
    await once(socket, 'data');
    socket.destroy();
    await logged.promise;
    expect(lines).toEqual([
      expect.objectContaining({ route: '/v2/events/stream', status: 200, hungUp: true }),
    ]);
  });

  test('never is in the log once, as ever', async () => {
    await server.inject('/healthz');
    expect(lines).toEqual([expect.objectContaining({ route: '/healthz', status: 200 })]);
    expect(lines[0]).not.toHaveProperty('hungUp');
  });
});

describe('a stop', () => {
  test.each([
    [
      'half a body',
      'POST /v2/payments HTTP/1.1\r\nHost: f2f\r\nContent-Type: application/json\r\n',
    ],
    ['half a head', 'POST /v2/payments HTTP/1.1\r\nHost:'],
  ])('waits a moment for who sent %s, and no longer', async (what, text) => {
    const socket = await dial();
    const auth = `Authorization: Bearer ${operator.secret}\r\nContent-Length: 90\r\n\r\n{`;
    socket.write(what === 'half a body' ? text + auth : text);
    // A second request on another connection has been answered: the first has come in.
    const other = await dial();
    other.write(get('/healthz'));
    await once(other, 'data');
    const closing = server.close();
    const state = { isClosed: false };
    void closing.then(() => (state.isClosed = true));
    await world.clock.advance(900);
    expect(state.isClosed).toBe(false);
    const ended = once(socket.resume(), 'close');
    await world.clock.advance(200);
    await ended;
    await closing;
  });

  test('lets who waits for an answer have it', async () => {
    const socket = await dial();
    let isAsked = false;
    world.onRequest(() => {
      isAsked = true;
      return world.clock.sleep(5000);
    });
    const body = JSON.stringify(aPayment(await firstMerchant(world)));
    socket.write(
      `POST /v2/payments HTTP/1.1\r\nHost: f2f\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nAuthorization: Bearer ${operator.secret}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => isAsked);
    const closing = server.close();
    await world.clock.advance(4000);
    const answered = once(socket, 'data');
    await world.clock.advance(2000);
    expect(String(await answered)).toContain('"state":"paid"');
    socket.destroy();
    await closing;
  });
});

describe('behind a proxy', () => {
  const through = (proxy: string, caller: string) =>
    server.inject({
      url: '/v2/payments',
      remoteAddress: proxy,
      headers: { 'x-forwarded-for': caller },
    });
  const addresses = (): unknown[] => lines.map(({ address }) => address);

  test('on this host, the address is that of its caller; of no other is it believed', async () => {
    await through('127.0.0.1', '203.0.113.9');
    await through('10.1.2.3', '203.0.113.9');
    expect(addresses()).toEqual(['203.0.113.9', '10.1.2.3']);
  });

  test('that is trusted, too; and one chain of proxies up to the first that is not', async () => {
    server = await serve({ trustedProxies: '10.0.0.0/8,fd00::1' });
    await through('10.1.2.3', '203.0.113.9');
    await through('fd00::1', '203.0.113.9, 10.9.9.9');
    await through('127.0.0.1', '203.0.113.9');
    await through('10.1.2.3', '198.51.100.1, 203.0.113.9');
    expect(addresses()).toEqual(['203.0.113.9', '203.0.113.9', '127.0.0.1', '203.0.113.9']);
  });

  test('each caller has a limit of his own, and of IPv6 a whole network one', async () => {
    server = await serve({ trustedProxies: '10.0.0.0/8', rateLimit: 1 });
    const callers = [
      ['203.0.113.1', 401],
      ['203.0.113.2', 401],
      ['203.0.113.1', 429],
      ['2001:db8:1:2::1', 401],
      ['2001:db8:1:2:ffff::2', 429],
      ['2001:db8:1:3::1', 401],
    ] as const;
    for (const [caller, expected] of callers) {
      expect([caller, (await through('10.1.2.3', caller)).statusCode]).toEqual([caller, expected]);
    }
  });
});
