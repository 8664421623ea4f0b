import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLine, type DatabaseLine } from './line.ts';

let server: Server;
let line: DatabaseLine;
let client: Socket;
/** What the server was told so far, over all connections; it answers each piece with the same. */
let heard = '';

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('utf8');
      socket.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  line = await startLine(() => port);
  client = connect(line.port, '127.0.0.1');
  client.setEncoding('utf8');
});
afterEach(async () => {
  client.destroy();
  await line.close();
  server.close();
});

async function say(text: string): Promise<string> {
  client.write(text);
  const [answer] = await once(client, 'data');
  return String(answer);
}

test('what is said goes through, and so does the answer', async () => {
  expect(await say('one')).toBe('one');
});

test('a cut breaks the connections that there are; a new one works', async () => {
  await say('one');
  const closed = once(client, 'close');
  line.cut();
  await closed;
  client = connect(line.port, '127.0.0.1');
  client.setEncoding('utf8');
  expect(await say('two')).toBe('two');
});

test('while the line is silent nothing arrives, and then all of it does', async () => {
  await say('one');
  line.fallSilent();
  client.write('two');
  // Another line to the same server: what it carries comes later than what was said here.
  const other = connect((server.address() as { port: number }).port, '127.0.0.1');
  other.write('three');
  await once(other, 'data');
  other.destroy();
  expect(heard).toBe('onethree');
  line.goOn();
  await once(client, 'data');
  expect(heard).toBe('onethreetwo');
});

test('a slow line takes its time', async () => {
  await say('one');
  line.slowDown(50);
  const startedAtMs = performance.now();
  await say('two');
  // There and back.
  expect(performance.now() - startedAtMs).toBeGreaterThan(90);
});
