/**
 * One HTTP request, step by step, for whoever wants to know which step fails: the name, the connection, TLS, the answer.
 * A certificate that is not trusted is looked at before it is refused, so that it can be said what is wrong with it;
 * nothing is sent to such a server. Payments never go through here, but through `http.ts`.
 */
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';

export type ProbeRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For all steps together. */
  readonly timeoutMs: number;
};

export type ProbeStep = 'name' | 'connection' | 'tls' | 'answer';

export type Probed =
  | {
      readonly kind: 'failed';
      readonly step: ProbeStep;
      /** The system's or OpenSSL's word, such as ENOTFOUND or CERT_HAS_EXPIRED; TIMEOUT after `timeoutMs`. */
      readonly code: string;
    }
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | undefined>>;
      /** The beginning of the answer. */
      readonly body: string;
      /** When the server's certificate ends; undefined without TLS. */
      readonly certificateEndsAtMs: number | undefined;
      /** By this host's clock, around the moment in which the server wrote its headers. */
      readonly sentAtMs: number;
      readonly headersAtMs: number;
    };

export type Probe = (request: ProbeRequest) => Promise<Probed>;

const BODY_BYTES_MAX = 65_536;

export type ProbeOptions = {
  /** Certificates in PEM that are trusted in place of the system's. */
  readonly trusted?: readonly string[];
};

export function createProbe(options: ProbeOptions = {}): Probe {
  return (request) => probe(request, options);
}

async function probe(request: ProbeRequest, options: ProbeOptions): Promise<Probed> {
  const url = new URL(request.url);
  const state: { step: ProbeStep; socket: Socket | undefined } = {
    step: 'name',
    socket: undefined,
  };
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const deadline = setTimeout(() => reject(new Coded('TIMEOUT')), request.timeoutMs);
  try {
    return await Promise.race([expired, walk(request, url, options, state)]);
  } catch (error) {
    return { kind: 'failed', step: state.step, code: codeOf(error) };
  } finally {
    clearTimeout(deadline);
    state.socket?.destroy();
  }
}

/** A failure whose short word we choose. */
class Coded extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

async function walk(
  request: ProbeRequest,
  url: URL,
  { trusted }: ProbeOptions,
  state: { step: ProbeStep; socket: Socket | undefined },
): Promise<Probed> {
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const { address } = await lookup(host);
  state.step = 'connection';
  const plain = connect({ host: address, port: Number(url.port || (isTls ? 443 : 80)) });
  state.socket = plain;
  await happens(plain, 'connect');
  let socket: Socket = plain;
  let certificateEndsAtMs: number | undefined;
  if (isTls) {
    state.step = 'tls';
    const secure = tlsConnect({
      socket: plain,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(trusted === undefined ? {} : { ca: [...trusted] }),
      rejectUnauthorized: false,
    });
    state.socket = secure;
    await happens(secure, 'secureConnect');
    certificateEndsAtMs = requireTrust(secure);
    socket = secure;
  }
  state.step = 'answer';
  const sentAtMs = Date.now();
  const answer = await exchange(request, url, socket);
  const headersAtMs = Date.now();
  const body = await beginningOf(answer);
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, value?.toString()]),
  );
  const status = answer.statusCode ?? 0;
  return { kind: 'answered', status, headers, body, certificateEndsAtMs, sentAtMs, headersAtMs };
}

/** Throws OpenSSL's word for what is wrong with the certificate; returns when a good one ends. */
function requireTrust(socket: TLSSocket): number {
  const endsAtMs = Date.parse(socket.getPeerCertificate().valid_to);
  const error: unknown = socket.authorizationError;
  if (socket.authorized) return endsAtMs;
  // A chain that ends nowhere hides that its certificate is over as well, which is the nearer cause.
  if (endsAtMs < Date.now()) throw new Coded('CERT_HAS_EXPIRED');
  if (error instanceof Error) throw error;
  throw new Coded(typeof error === 'string' ? error : 'UNTRUSTED');
}

async function happens(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, resolve);
  socket.on('error', reject);
  socket.once('close', () => reject(new Coded('CLOSED')));
  await promise;
}

async function exchange(request: ProbeRequest, url: URL, socket: Socket): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = httpRequest({
    createConnection: () => socket,
    host: url.hostname,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: { host: url.host, connection: 'close', ...request.headers },
  });
  sent.on('response', resolve);
  sent.on('error', reject);
  sent.end();
  return promise;
}

async function beginningOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    const part: Buffer = chunk;
    chunks.push(part);
    bytes += part.length;
    if (bytes >= BODY_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, BODY_BYTES_MAX).toString('utf8');
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
