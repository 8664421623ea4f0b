/** A program that is called by webhooks: it answers as it is told, and keeps what came, word by word. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Call = { readonly headers: IncomingHttpHeaders; readonly body: string };

export type Receiver = {
  readonly url: string;
  /** Oldest first, whatever was answered. */
  readonly calls: readonly Call[];
  /** What it answers from now on; 204 at first. */
  readonly answer: (status: number, words?: string) => void;
  readonly close: () => void;
};

export async function startReceiver(): Promise<Receiver> {
  const calls: Call[] = [];
  let [status, words] = [204, ''];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      calls.push({ headers: request.headers, body });
      response.statusCode = status;
      response.end(words);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    calls,
    answer: (wanted, said = '') => {
      [status, words] = [wanted, said];
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
