/**
 * An answer that goes on: events as `text/event-stream` has them (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * What is sent waits for nobody: a client that does not read is let go, and comes back where it was. What the events say
 * is decided in `payment-stream.ts`.
 */
import { Readable } from 'node:stream';

/** Many times what a page is sent in a stream's life. */
const UNREAD_CHARS_MAX = 16_384;

export type EventStream = {
  /** What Fastify sends. */
  readonly body: Readable;
  /** Aborted once nobody listens any more: the body was sent to its end, or the client went away. */
  readonly gone: AbortSignal;
  send(text: string): void;
  /** Resolves when `gone` is aborted. */
  end(): Promise<void>;
};

export function createEventStream(): EventStream {
  const body = new Readable({ read: () => undefined });
  const gone = new AbortController();
  const closed = Promise.withResolvers<void>();
  body.once('close', () => {
    gone.abort();
    closed.resolve();
  });
  return {
    body,
    gone: gone.signal,
    send: (text) => {
      if (gone.signal.aborted) return;
      body.push(text);
      if (body.readableLength > UNREAD_CHARS_MAX) body.destroy();
    },
    end: () => {
      if (!gone.signal.aborted) body.push(null);
      return closed.promise;
    },
  };
}

/** How long a client waits before it comes back. */
export function retryLine(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** A client hears it, and comes back with its id. */
export function eventOf(id: number, data: string): string {
  return `id: ${id}\ndata: ${data}\n\n`;
}

/** A client comes back with this id, and hears nothing. */
export function idOnly(id: number): string {
  return `id: ${id}\n\n`;
}

/** Keeps the connection alive, and says nothing. */
export const HEARTBEAT = ':\n\n';
