/**
 * A shop's web server for the tests: it collects notifications and answers them as told. Waiting is
 * for an arrival, never for time.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';

export type Shop = {
  /** Where notifications go. */
  url: string;
  bodies: string[];
  /** Resolves when `count` notifications have come in all. */
  arrivals: (count: number) => Promise<void>;
  /** How the next ones are answered. */
  answer: (response: ServerResponse) => void;
  close: () => void;
};

export async function openShop(answer: Shop['answer']): Promise<Shop> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('latin1'));
      server.emit('arrival');
      shop.answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const shop: Shop = {
    url: `http://127.0.0.1:${port}/notify`,
    bodies,
    arrivals: async (count) => {
      while (bodies.length < count) await once(server, 'arrival');
    },
    answer,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return shop;
}
