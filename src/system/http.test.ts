/**
 * The real transport against real sockets on this machine: servers that drip, flood, reset, redirect and keep silent.
 * Short deadlines are waited for as such (tens of milliseconds); nothing sleeps for anything else.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpSend, NoResponse, type HttpOptions, type HttpRequest } from './http.ts';

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** A TCP server whose behaviour is a function of the socket and the requests that arrived on it so far. */
async function serve(
  onRequest: (socket: Socket, text: string, count: number) => void,
): Promise<{ url: string; requests: string[]; sockets: Socket[] }> {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    let buffered = '';
    socket.on('data', (chunk: Buffer) => {
      buffered += chunk.toString('latin1');
      for (;;) {
        const headEnd = buffered.indexOf('\r\n\r\n');
        if (headEnd === -1) return;
        const length = Number(/content-length: (\d+)/i.exec(buffered)?.[1] ?? 0);
        if (buffered.length < headEnd + 4 + length) return;
        const text = buffered.slice(0, headEnd + 4 + length);
        buffered = buffered.slice(text.length);
        requests.push(text);
        onRequest(socket, text, requests.length);
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => void server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/gateway.do?a=b`, requests, sockets };
}

function client(options?: HttpOptions): ReturnType<typeof createHttpSend> {
  const http = createHttpSend(options);
  open.push(http.close);
  return http;
}

function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const headers = { 'content-type': 'text/plain' };
  return {
    method: 'POST',
    url,
    headers,
    body: 'biz=1',
    timeoutMs: 5_000,
    maxBytes: 1_000,
    ...more,
  };
}

function answer(
  body: string,
  head = 'HTTP/1.1 200 OK\r\ntrace_id: 0b1\r\nX-A: 1\r\nX-A: 2',
): string {
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** undici gives a socket back one turn of the event loop after its answer, in case the server closes it. */
async function turn(): Promise<void> {
  for (let count = 0; count < 2; count += 1)
    await new Promise((resolve) => void setImmediate(resolve));
}

async function failure(promise: Promise<unknown>): Promise<NoResponse> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(NoResponse);
  if (error instanceof NoResponse) return error;
  throw new Error('answered');
}

describe('an answer', () => {
  test('comes with status, lower-case headers and exact bytes', async () => {
    const { url, requests } = await serve((socket) => void socket.write(answer('系统')));
    const response = await client().send(post(url, { headers: { 'X-Own': 'yes' } }));
    expect(response.status).toBe(200);
    expect(response.headers).toMatchObject({ trace_id: '0b1', 'x-a': '1, 2' });
    expect(Buffer.from(response.body).toString()).toBe('系统');
    expect(requests[0]).toMatch(/^POST \/gateway\.do\?a=b HTTP\/1\.1\r\n/);
    expect(requests[0]).toMatch(/x-own: yes/i);
    expect(requests[0]).toMatch(/\r\n\r\nbiz=1$/);
  });

  test('of any status is an answer, and a redirect is not followed', async () => {
    const { url, requests } = await serve((socket, _text, count) => {
      const head = count === 1 ? 'HTTP/1.1 302 Found\r\nLocation: /elsewhere' : 'HTTP/1.1 502 Bad';
      socket.write(answer('', head));
    });
    const { send } = client();
    expect(await send(post(url))).toMatchObject({
      status: 302,
      headers: { location: '/elsewhere' },
    });
    expect(await send(post(url, { method: 'GET', body: '' }))).toMatchObject({ status: 502 });
    expect(requests).toHaveLength(2);
  });

  test('in chunks, with an interim 103 before it', async () => {
    const { url } = await serve((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\n');
      socket.write(
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n',
      );
    });
    const response = await client().send(post(url));
    expect(response.status).toBe(200);
    expect(Buffer.from(response.body).toString()).toBe('abc');
  });

  test('leaves its socket to the next call', async () => {
    const { url, sockets } = await serve((socket) => void socket.write(answer('ok')));
    const { send } = client();
    await send(post(url));
    await turn();
    await send(post(url));
    expect(sockets).toHaveLength(1);
  });

  test('is asked for on sockets of their own by calls at the same time', async () => {
    const waiting: Socket[] = [];
    const { url, sockets } = await serve((socket) => {
      waiting.push(socket);
      if (waiting.length === 3) for (const each of waiting) each.write(answer('ok'));
    });
    const { send } = client();
    await Promise.all([send(post(url)), send(post(url)), send(post(url))]);
    expect(sockets).toHaveLength(3);
  });
});

describe('silence', () => {
  test('a server that accepts and says nothing is a timeout', async () => {
    const { url } = await serve(() => undefined);
    expect(await failure(client().send(post(url, { timeoutMs: 40 })))).toMatchObject({
      reason: 'timeout',
    });
  });

  test('a body that drips for longer than the deadline is a timeout, however lively it is', async () => {
    const hungUp = Promise.withResolvers<boolean>();
    const { url } = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const drip = setInterval(() => void socket.write('x'), 5);
      socket.on('close', () => {
        clearInterval(drip);
        hungUp.resolve(true);
      });
    });
    const startedAt = performance.now();
    const error = await failure(client().send(post(url, { timeoutMs: 60 })));
    expect(error.reason).toBe('timeout');
    expect(error.message).toBe('no complete answer within 60 ms (the status 200 came)');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    // The socket is closed at once: what still comes must not be taken for the answer to the next call.
    expect(await hungUp.promise).toBe(true);
  });

  test('a connection that is never completed is a timeout, and nothing is sent on it', async () => {
    // TCP is accepted and TLS never answered: the request waits for its connection all the time.
    const { url, requests } = await serve(() => undefined);
    const { send } = client({ connectTimeoutMs: 300 });
    const error = await failure(send(post(url.replace('http:', 'https:'), { timeoutMs: 40 })));
    expect(error.reason).toBe('timeout');
    expect(requests).toEqual([]);
  });

  test('a refused connection keeps its cause', async () => {
    const { url, sockets } = await serve(() => undefined);
    await Promise.all(open.splice(0).map((close) => close()));
    expect(sockets).toHaveLength(0);
    const error = await failure(client().send(post(url)));
    expect(error).toMatchObject({ reason: 'connection', cause: { code: 'ECONNREFUSED' } });
  });

  test.each([
    ['before a word', ''],
    ['within the headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['within the body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ])('a reset %s is no answer, and the POST is not sent again', async (_when, part) => {
    const { url, requests } = await serve((socket) => {
      if (part === '') socket.resetAndDestroy();
      else socket.write(part, () => socket.destroy());
    });
    const { send } = client();
    expect(await failure(send(post(url)))).toMatchObject({ reason: 'connection' });
    expect(requests).toHaveLength(1);
  });

  test('a kept socket that is reset under the next call does not make it a second one', async () => {
    const { url, requests, sockets } = await serve((socket, _text, count) => {
      if (count === 1) socket.write(answer('ok'));
      else socket.resetAndDestroy();
    });
    const { send } = client();
    await send(post(url));
    await turn();
    expect(await failure(send(post(url)))).toMatchObject({ reason: 'connection' });
    expect(requests).toHaveLength(2);
    expect(sockets).toHaveLength(1);
  });

  test('an answer that is no HTTP', async () => {
    const { url } = await serve((socket) => void socket.write('SSH-2.0-OpenSSH\r\n\r\n'));
    expect(await failure(client().send(post(url)))).toMatchObject({ reason: 'connection' });
  });

  test.each([
    ['announced', 'content-length: 5000\r\n\r\n'],
    ['unannounced', 'connection: close\r\n\r\n'],
  ])('a body over the limit, %s', async (_how, head) => {
    const { url } = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${head}${'x'.repeat(5_000)}`);
    });
    const error = await failure(client().send(post(url)));
    expect(error.reason).toBe('too_large');
  });

  test('of a body over the limit the beginning, where the status is what counts', async () => {
    const hungUp = Promise.withResolvers<void>();
    const { url } = await serve((socket) => {
      socket.on('close', hungUp.resolve);
      socket.write(`HTTP/1.1 201 Created\r\n\r\n${'x'.repeat(900)}`);
      socket.write('y'.repeat(900));
    });
    const { status, body } = await client().send(post(url, { isBodyCut: true }));
    expect([status, String(body)]).toEqual([201, `${'x'.repeat(900)}${'y'.repeat(100)}`]);
    await hungUp.promise;
  });

  test('TLS with a server that does not speak it says so, and nothing of where that is written', async () => {
    const sockets: Socket[] = [];
    const plain = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      socket.write('HTTP/1.1 400 Bad\r\n\r\n');
    });
    await new Promise<void>((resolve) => void plain.listen(0, '127.0.0.1', resolve));
    open.push(async () => {
      for (const socket of sockets) socket.destroy();
      plain.close();
    });
    const { port } = plain.address() as AddressInfo;
    const secure = `https://127.0.0.1:${port}/`;
    expect((await failure(client().send(post(secure)))).message).toBe('TLS: wrong version number');
  });

  test('a body of exactly the limit is read', async () => {
    const { url } = await serve((socket) => void socket.write(answer('x'.repeat(1_000))));
    expect((await client().send(post(url))).body).toHaveLength(1_000);
  });

  test('a call that gave up while it waited for a socket is never sent', async () => {
    const release: Socket[] = [];
    const { url, requests } = await serve((socket) => void release.push(socket));
    const { send } = client({ connectionsMax: 1 });
    const arrived = async (count: number): Promise<void> => {
      while (requests.length < count) await new Promise((resolve) => void setImmediate(resolve));
    };
    const first = send(post(url));
    await arrived(1);
    const second = failure(send(post(url, { body: 'late', timeoutMs: 30 })));
    expect((await second).reason).toBe('timeout');
    release[0]?.write(answer('ok'));
    await first;
    const third = send(post(url, { body: 'third' }));
    await arrived(2);
    release[1]?.write(answer('ok'));
    await third;
    expect(requests.map((text) => text.split('\r\n\r\n')[1])).toEqual(['biz=1', 'third']);
  });
});

describe('of the addresses of a name', () => {
  /** A name whose addresses are these, one list for each look. */
  const named = (url: string, ...looks: string[][]) => ({
    url: url.replace('127.0.0.1', 'pms.example'),
    http: client({
      keepAliveMs: 1,
      mayConnect: (address) => address === '127.0.0.1',
      askName: () => {
        const addresses = (looks.length > 1 ? looks.shift() : looks[0]) ?? [];
        return Promise.resolve(addresses.map((address) => ({ address, family: 4 as const })));
      },
    }),
  });

  test('only those that may be connected to are, each time anew', async () => {
    const server = await serve((socket) => void socket.end(answer('ok')));
    const { url, http } = named(server.url, ['10.0.0.1', '127.0.0.1'], ['10.0.0.1']);
    expect((await http.send(post(url))).status).toBe(200);
    const error = await failure(http.send(post(url)));
    expect(error.message).toBe('pms.example is not an address that may be called');
    expect(server.requests).toHaveLength(1);
  });

  test.each(['127.0.0.2', '[::1]', '2130706434', '0x7f.2'])(
    '%s is asked about itself',
    async (host) => {
      const { url, http } = named(`http://${host}:1/`, ['127.0.0.1']);
      expect((await failure(http.send(post(url)))).message).toMatch(
        /is not an address that may be/,
      );
    },
  );

  test('each tells why it was in vain', async () => {
    const both = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 as const }));
    const http = client({ mayConnect: () => true, askName: () => Promise.resolve(both) });
    const error = await failure(http.send(post('http://pms.example:1/')));
    expect(error.message).toBe(
      'connect ECONNREFUSED 127.0.0.1:1; connect ECONNREFUSED 127.0.0.2:1',
    );
  });
});

describe('close', () => {
  test('lets the call under way finish, and refuses the next', async () => {
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const { url } = await serve((socket) => resolve(socket));
    const { send, close } = createHttpSend();
    const answered = send(post(url));
    const socket = await promise;
    const closed = close();
    socket.write(answer('ok'));
    expect((await answered).status).toBe(200);
    await closed;
    expect(await failure(send(post(url)))).toMatchObject({ reason: 'connection' });
  });

  test('a URL that is none is a mistake of ours', async () => {
    await expect(client().send(post('gateway.do'))).rejects.toThrow(TypeError);
  });
});
