/**
 * A line to the gateway that loses answers: of every call that moves money the first one, after the gateway has given it. Who
 * repeats such a call under the same key gets through; who makes a new key each time never hears anything.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type LossyProxy = {
  readonly url: string;
  /** The keys of the calls whose first answer was lost. */
  readonly lost: ReadonlySet<string>;
  readonly end: () => void;
};

/** About this connection, and not about the call. */
const OWN = ['connection', 'host', 'content-length', 'transfer-encoding', 'keep-alive', 'date'];

export async function lossyProxy(target: string): Promise<LossyProxy> {
  const lost = new Set<string>();
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await ask(target, request);
    const key = request.headers['idempotency-key'];
    if (typeof key === 'string' && !lost.has(key)) {
      lost.add(key);
      response.destroy();
      return;
    }
    const headers = [...answer.headers].filter(([name]) => !OWN.includes(name));
    response.writeHead(answer.status, Object.fromEntries(headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    // A caller that was killed has no use for an answer.
    pass(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lost,
    end: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function ask(target: string, request: IncomingMessage): Promise<Response> {
  const body = await buffer(request);
  const headers = Object.entries(request.headers).filter(([name]) => !OWN.includes(name));
  return fetch(`${target}${request.url ?? ''}`, {
    method: request.method ?? 'GET',
    headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
    ...(body.length > 0 && { body }),
  });
}
