/**
 * A terminal that speaks the 1.2.1 API, as the ones in the field do: a GET with raw braces and
 * quotes by default, forms and JSON on demand. It checks nothing but that the answer is JSON; what
 * an answer must say is up to the tests.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { request } from 'node:http';

export type Answer = {
  readonly data: Record<string, unknown>;
  readonly err: string;
  readonly msg: string;
  readonly re: unknown;
  readonly reErr: unknown;
  readonly statusNo: number;
  readonly version: string;
};
export type Reply = Answer & {
  /** The bytes of the body as text, for what parsing would hide. */
  readonly raw: string;
  readonly httpStatus: number;
  readonly contentType: string;
};
export type Transport = 'get' | 'form' | 'json' | 'json with data as text';
/** Texts go out as they are, anything else as JSON; what is undefined is left out. */
export type Parameters = Readonly<Record<string, unknown>>;

const ANSWER_MS_MAX = 60_000;

export async function call(
  url: string,
  path: string,
  parameters: Parameters = {},
  transport: Transport = 'get',
  timeoutMs: number = ANSWER_MS_MAX,
): Promise<Reply> {
  const texts = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  if (transport === 'get') {
    const query = texts.map(([name, value]) => `${name}=${asTyped(value)}`).join('&');
    return send(url, { path: query === '' ? path : `${path}?${query}`, timeoutMs });
  }
  if (transport === 'form') {
    return send(url, {
      method: 'POST',
      path,
      contentType: 'application/x-www-form-urlencoded',
      body: new URLSearchParams(texts).toString(),
      timeoutMs,
    });
  }
  const isText = transport === 'json with data as text';
  return send(url, {
    method: 'POST',
    path,
    contentType: 'application/json',
    body: JSON.stringify(isText ? Object.fromEntries(texts) : parameters),
    timeoutMs,
  });
}

/** As the document prints requests: braces and quotes raw, everything that HTTP forbids encoded. */
function asTyped(value: string): string {
  return value.replace(/[^!-~]+|[%&#+]/gu, encodeURIComponent);
}

export type RawRequest = {
  readonly path: string;
  readonly method?: string;
  readonly contentType?: string;
  readonly body?: string | Uint8Array;
  readonly timeoutMs?: number;
};

/** One request over `node:http`, which leaves the path as it is (`fetch` would encode quotes). */
export async function send(url: string, raw: RawRequest): Promise<Reply> {
  const { httpStatus, contentType, text } = await exchange(url, raw);
  const answer: Answer = JSON.parse(text);
  return { ...answer, raw: text, httpStatus, contentType };
}

export function exchange(
  url: string,
  { path, method = 'GET', contentType, body, timeoutMs = ANSWER_MS_MAX }: RawRequest,
): Promise<{ httpStatus: number; contentType: string; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const outgoing = request(
      url,
      { path, method, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            httpStatus: incoming.statusCode ?? 0,
            contentType: incoming.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export type Terminal = {
  readonly dogNo: string;
  readonly secretKey: string;
  readonly token: string;
};

/** A dongle that has its secret key and a token. */
export async function enrol(url: string, dogNo = aDogNo()): Promise<Terminal> {
  const secret = await call(url, '/auth/secret', { dogNo });
  const secretKey = text(secret.data, 'secretKey');
  const token = await call(url, '/auth/token', { dogNo, secretKey });
  return { dogNo, secretKey, token: text(token.data, 'token') };
}

/** A shop of this terminal; `data` replaces what the test cares about. */
export async function addShop(
  url: string,
  token: string,
  data: object = {},
): Promise<{ readonly cpiNo: string; readonly data: Record<string, unknown> }> {
  const reply = await call(url, '/f2f/company/add', {
    data: { storeDogNo: aName('shop'), cpiPid: '2088121307572082', cpiAppid: anAppId(), ...data },
    token,
  });
  return { cpiNo: text(reply.data, 'cpiNo'), data: reply.data };
}

/** A charge by payment code; `data` replaces what the test cares about. */
export function aCharge(cpiNo: string, data: object = {}) {
  return {
    cpiNo,
    localNo: aName('order'),
    totalAmount: '0.01',
    operatorId: 'op007',
    storeId: '01',
    authCode: aPaymentCode(),
    subject: '迪联测试主题',
    body: '测试一下',
    ...data,
  };
}

/** A code that pays at once, or with a story: the last four digits that choose it. */
export function aPaymentCode(story?: string): string {
  const start = story === undefined ? '25' : '28';
  return `${start}${digits(12)}${story ?? digits(4)}`;
}

export function aDogNo(): string {
  return randomUUID().replaceAll('-', '').toUpperCase();
}

export function anAppId(): string {
  return `20${digits(14)}`;
}

export function aName(of: string): string {
  return `${of}-${digits(12)}`;
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

/** A field that must be there as text. */
export function text(record: unknown, name: string): string {
  const value = field(record, name);
  if (typeof value === 'string') return value;
  throw new Error(`${name} is not text in ${JSON.stringify(record)}`);
}

export function field(record: unknown, name: string): unknown {
  return Object.entries(record ?? {}).find(([key]) => key === name)?.[1];
}
