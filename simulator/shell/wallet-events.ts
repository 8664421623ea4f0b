/**
 * Tells open wallet pages that the book changed, as server-sent events; what changed they ask for themselves. Changes that come
 * close together are told once, so that a load test does not drown a page.
 */
import type { ServerResponse } from 'node:http';

export type WalletEvents = {
  /** Keeps the answer open and writes to it from now on; false if too many are open already. */
  open: (response: ServerResponse) => boolean;
  changed: () => void;
  close: () => void;
};

const STREAMS_MAX = 200;
/** A person sees it at once, and a page asks ten times a second at most. */
const GATHER_MS = 100;
/** Sooner than proxies end a silent connection. */
const KEEP_ALIVE_MS = 25_000;
const CHANGED = 'event: changed\ndata: {}\n\n';

export function createWalletEvents(): WalletEvents {
  const streams = new Set<ServerResponse>();
  let gathering: NodeJS.Timeout | undefined;
  let keepAlive: NodeJS.Timeout | undefined;
  const write = (text: string): void => {
    for (const stream of streams) stream.write(text);
  };
  const forget = (stream: ServerResponse): void => {
    streams.delete(stream);
    if (streams.size > 0) return;
    clearTimeout(gathering);
    clearInterval(keepAlive);
    gathering = undefined;
    keepAlive = undefined;
  };
  return {
    open: (response) => {
      if (streams.size >= STREAMS_MAX) return false;
      streams.add(response);
      response.on('close', () => forget(response));
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      // Whatever happened before the stream was open.
      response.write(CHANGED);
      keepAlive ??= setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS);
      return true;
    },
    changed: () => {
      if (streams.size === 0 || gathering !== undefined) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        write(CHANGED);
      }, GATHER_MS);
    },
    close: () => {
      for (const stream of streams) {
        stream.end();
        forget(stream);
      }
    },
  };
}
