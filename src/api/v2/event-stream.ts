/**
 * An answer that goes on: events as `text/event-stream` has them (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * What is sent waits for nobody: a client that does not read is let go, and comes back where it was. What the events say
 * is decided in `payment-stream.ts`.
 */
import { Readable } from 'node:stream';

/** Many times what a page that shows one payment is sent in a stream's life. */
const UNREAD_CHARS_MAX = 16_384;

export type EventStream = {
  /** What Fastify sends. */
  readonly body: Readable;
  /** Aborted once nobody listens any more: the body was sent to its end, or the client went away. */
  readonly gone: AbortSignal;
  send(text: string): void;
  /** More than a little of what was sent is not read yet. */
  readonly isFull: boolean;
  /** Resolves when it is read, but for a little, or when `gone` is aborted. */
  taken(): Promise<void>;
  /** Resolves when `gone` is aborted. */
  end(): Promise<void>;
};

/** `unreadCharsMax`: what may wait to be read; a client that leaves more unread is let go. */
export function createEventStream(unreadCharsMax = UNREAD_CHARS_MAX): EventStream {
  let asked = Promise.withResolvers<void>();
  const body = new Readable({ read: () => asked.resolve() });
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
      if (body.readableLength > unreadCharsMax) body.destroy();
    },
    get isFull() {
      return body.readableLength >= body.readableHighWaterMark;
    },
    taken: async () => {
      // Node asks for more when less than that is left.
      asked = Promise.withResolvers();
      await Promise.race([asked.promise, closed.promise]);
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

/** The same, where ids are no numbers. */
export function namedEvent(id: string, data: string): string {
  return `id: ${id}\ndata: ${data}\n\n`;
}

/** A client comes back with this id, and hears nothing. */
export function idOnly(id: number): string {
  return `id: ${id}\n\n`;
}

/** Keeps the connection alive, and says nothing. */
export const HEARTBEAT = ':\n\n';
