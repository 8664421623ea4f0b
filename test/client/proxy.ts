/**
 * A network between a client and the gateway that does what a test says to one request: loses it, loses or cuts its answer
 * after the gateway gave it, or answers itself as a proxy does. What passed is kept: it is what the gateway heard and said.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

export type Passed = {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  /** What the gateway answered; undefined while it has not. */
  status?: number;
  body?: string;
  isReplayed?: boolean;
};

/** What happens to a request; without any it passes. */
export type Mishap =
  | 'request lost'
  | 'answer lost'
  | 'answer cut'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body: string };

export type Proxy = {
  readonly url: string;
  /** Everything that reached the gateway, oldest first. */
  readonly passed: readonly Passed[];
  /** What happens to the next requests that move something, one each. */
  spoil(...mishaps: readonly Mishap[]): void;
  close(): Promise<void>;
};

export async function startProxy(target: () => string): Promise<Proxy> {
  const passed: Passed[] = [];
  const mishaps: Mishap[] = [];
  const server = createServer((incoming, outgoing) => {
    const mishap = mishaps.shift();
    if (mishap === 'request lost') {
      incoming.socket.destroy();
      return;
    }
    if (typeof mishap === 'object') {
      incoming.resume();
      outgoing.writeHead(mishap.status, mishap.headers).end(mishap.body);
      return;
    }
    const one: Passed = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      key: incoming.headers['idempotency-key']?.toString(),
    };
    passed.push(one);
    pass(target(), incoming, outgoing, one, mishap);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    passed,
    spoil: (...more) => void mishaps.push(...more),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pass(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  one: Passed,
  mishap: 'answer lost' | 'answer cut' | undefined,
): void {
  const { method, url: path, headers } = incoming;
  const onward = request(target, { method, path, headers, agent: false }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('error', () => incoming.socket.destroy());
    answer.on('end', () => {
      const body = Buffer.concat(chunks);
      one.status = answer.statusCode ?? 0;
      one.body = body.toString('utf8');
      one.isReplayed = answer.headers['idempotent-replayed'] === 'true';
      if (mishap === 'answer lost') {
        incoming.socket.destroy();
        return;
      }
      outgoing.writeHead(one.status, answer.headers);
      if (mishap === undefined) outgoing.end(body);
      else outgoing.write(body.subarray(0, body.length / 2), () => incoming.socket.destroy());
    });
  });
  // The gateway died: whoever asked hears nothing.
  onward.on('error', () => incoming.socket.destroy());
  incoming.pipe(onward);
}
