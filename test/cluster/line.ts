/**
 * The line between a gateway and the database: a TCP proxy that cuts its connections, goes silent or becomes slow when it is
 * told to. Where it leads is asked for each connection, so that it finds another server after a failover.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type DatabaseLine = {
  readonly port: number;
  /** Breaks all connections that it carries now. */
  cut(): void;
  /** Nothing goes through in either direction until `goOn`; what was said before arrives then, however late. */
  fallSilent(): void;
  goOn(): void;
  /** Whatever is said takes so long from now on; 0 is as fast as it can be. */
  slowDown(ms: number): void;
  close(): Promise<void>;
};

export async function startLine(serverPort: () => number): Promise<DatabaseLine> {
  const sockets = new Set<Socket>();
  let silence: PromiseWithResolvers<void> | undefined;
  let slowMs = 0;
  const mayGo = async (): Promise<void> => {
    if (slowMs > 0) await delay(slowMs);
    await silence?.promise;
  };
  const carry = async (from: Socket, to: Socket): Promise<void> => {
    try {
      for await (const chunk of from) {
        await mayGo();
        to.write(chunk);
      }
      to.end();
    } catch {
      // It broke at one end: the other one hears of it.
      await mayGo();
      to.destroy();
    }
  };
  const server = createServer((near) => {
    const keep = (socket: Socket): void => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    };
    keep(near);
    void mayGo().then(() => {
      const far = connect({ host: '127.0.0.1', port: serverPort(), noDelay: true });
      keep(far);
      near.setNoDelay(true);
      far.on('error', () => near.destroy());
      return Promise.all([carry(near, far), carry(far, near)]);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    fallSilent: () => (silence ??= Promise.withResolvers()),
    goOn: () => {
      silence?.resolve();
      silence = undefined;
    },
    slowDown: (ms) => {
      slowMs = ms;
    },
    close: async () => {
      server.close();
      silence?.resolve();
      cut();
      await once(server, 'close');
    },
  };
}
