/**
 * The port for outgoing HTTP and its real implementation over one undici Agent.
 * One call is one request on the wire, or none: no retry, no redirect, no pipelining, one deadline over everything.
 * A POST to Alipay may move money, so silence is reported as `NoResponse` and what to do about it is decided elsewhere.
 */
import { isIP } from 'node:net';
import type { Dispatcher } from 'undici';
// The package's entry loads a browser's fetch, sockets, caches and mocks as well: 80 files more, 2 MB of memory.
import Agent from 'undici/lib/dispatcher/agent.js';
import { askNameServers, guardedLookup, type AskName } from './names.ts';

/** One outgoing request. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Deadline of the whole call: waiting for a connection, connecting, sending, headers and body. */
  readonly timeoutMs: number;
  /** The largest body accepted; a larger one ends the call as `too_large`. */
  readonly maxBytes: number;
  /** Where the status is what counts: of a larger body the beginning is the answer. */
  readonly isBodyCut?: true;
};

/** A complete answer, of any status; redirects are answers like others. Header names are lower case. */
export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

/** Sends one request. Rejects with `NoResponse` when no complete answer came, and with nothing else. */
export type HttpSend = (request: HttpRequest) => Promise<HttpResponse>;

export type NoResponseReason = 'timeout' | 'connection' | 'too_large';

/** No complete answer came; whether the other side acted on the request is unknown. */
export class NoResponse extends Error {
  override readonly name = 'NoResponse';
  readonly reason: NoResponseReason;

  constructor(reason: NoResponseReason, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

export type HttpOptions = {
  /** Sockets per host; further calls wait, within their deadline. Default 128. */
  readonly connectionsMax?: number;
  /** How long an idle socket is kept. Default 4 s: shorter than the 5 s after which common servers close theirs. */
  readonly keepAliveMs?: number;
  /** How long a socket may take to connect, for calls that gave up on it too. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /**
   * Which addresses may be connected to; all of them without it. Asked of the address itself, after the name was looked up:
   * a name may mean another address at each look.
   */
  readonly mayConnect?: (address: string) => boolean;
  /** How names are looked up where not every address may be connected to. Default: their name servers are asked. */
  readonly askName?: AskName;
};

type Exchange = {
  readonly handler: Dispatcher.DispatchHandler;
  readonly response: Promise<HttpResponse>;
  readonly fail: (cause: Error) => void;
};

/** undici gives names in lower case, and a repeated header as a list. */
function flatHeaders(headers: Record<string, string | string[] | undefined>): {
  [name: string]: string | undefined;
} {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers))
    flat[name] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

/** Collects one answer. Whatever ends the exchange first (answer, error, deadline) ends it for good. */
function exchange(request: HttpRequest): Exchange {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  let controller: Dispatcher.DispatchController | undefined;
  let isOver = false;
  let status = 0;
  let headers: Record<string, string | undefined> = {};
  let size = 0;
  const chunks: Uint8Array[] = [];

  const end = (failure?: NoResponse): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(deadline);
    if (failure === undefined) resolve({ status, headers, body: Buffer.concat(chunks, size) });
    else reject(failure);
    if (failure !== undefined) controller?.abort(failure);
  };
  const deadline = setTimeout(() => {
    const came = status === 0 ? '' : ` (the status ${status} came)`;
    end(new NoResponse('timeout', `no complete answer within ${request.timeoutMs} ms${came}`));
  }, request.timeoutMs);

  const fail = (cause: Error): void => {
    end(cause instanceof NoResponse ? cause : new NoResponse('connection', wordsOf(cause), cause));
  };

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      // Called just before the bytes go out. A call that is over must not be sent late from a queue, and a second
      // start would be undici sending again after its socket was reset: a POST is never sent twice.
      if (isOver || controller !== undefined)
        started.abort(new NoResponse('connection', 'the request was not sent again'));
      controller = started;
    },
    onResponseStart(_started, statusCode, responseHeaders) {
      // Also called for interim answers (1xx); the last one is the answer.
      status = statusCode;
      headers = flatHeaders(responseHeaders);
    },
    onResponseData(_started, chunk) {
      const room = request.maxBytes - size;
      chunks.push(chunk.subarray(0, room));
      size += Math.min(chunk.length, room);
      if (chunk.length <= room) return;
      const tooLarge = new NoResponse(
        'too_large',
        `the answer has more than ${request.maxBytes} bytes`,
      );
      end(request.isBodyCut === true ? undefined : tooLarge);
      // The rest is not read.
      controller?.abort(tooLarge);
    },
    onResponseEnd() {
      end();
    },
    onResponseError(_started, error) {
      fail(error);
    },
  };
  return { handler, response: promise, fail };
}

/** Why there was no answer, for people. */
function wordsOf(cause: Error): string {
  // Of a host with several addresses, each of which failed; the error of them all says nothing.
  if (cause instanceof AggregateError) {
    return cause.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
  }
  // What OpenSSL says has the numbers of threads and of lines in its source.
  if ('library' in cause && 'reason' in cause) return `TLS: ${String(cause.reason)}`;
  return cause.message;
}

function notAllowed(host: string): NoResponse {
  return new NoResponse('connection', `${host} is not an address that may be called`);
}

function lookupOf({ mayConnect, askName = askNameServers }: HttpOptions) {
  if (mayConnect === undefined) return {};
  return { autoSelectFamily: true, lookup: guardedLookup(askName, mayConnect, notAllowed) };
}

/**
 * The real transport. `close()` lets the calls under way finish (each has a deadline), then closes all sockets;
 * calls after it reject with `NoResponse`. A URL that is none is a mistake of ours and throws `TypeError`.
 */
export function createHttpSend(options: HttpOptions = {}): {
  send: HttpSend;
  close: () => Promise<void>;
} {
  const agent = new Agent({
    connections: options.connectionsMax ?? 128,
    // undici's 1 means one request at a time on a socket, kept alive between requests.
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: options.keepAliveMs ?? 4_000,
    connect: {
      timeout: options.connectTimeoutMs ?? 10_000,
      ...lookupOf(options),
    },
    // Our own deadline covers both; undici's are coarse (steps of half a second).
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const underWay = new Set<Promise<HttpResponse>>();

  const send: HttpSend = async (request) => {
    const { origin, hostname, pathname, search } = new URL(request.url);
    const { handler, response, fail } = exchange(request);
    underWay.add(response);
    try {
      // An address needs no looking up, and would not be asked about.
      const address = hostname.replace(/^\[|\]$/g, '');
      if (isIP(address) !== 0 && options.mayConnect?.(address) === false) throw notAllowed(address);
      agent.dispatch(
        {
          origin,
          path: `${pathname}${search}`,
          method: request.method,
          headers: { ...request.headers },
          body: request.body ?? null,
          idempotent: false,
        },
        handler,
      );
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
    try {
      return await response;
    } finally {
      underWay.delete(response);
    }
  };

  return {
    send,
    close: async () => {
      await Promise.allSettled(underWay);
      await agent.destroy();
    },
  };
}
