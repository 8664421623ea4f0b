/**
 * A client of Alipay's protocol for the tests, written apart from the simulator's own signing so
 * that the two check each other. It builds requests in the shapes the SDKs send, signs them with
 * `node:crypto`, and verifies answers over their raw bytes.
 */
import { createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import iconv from 'iconv-lite';

import { createBook, handle } from '../simulator.ts';
import type { Answer, Book, Handled, WireRequest } from '../simulator.ts';
import { ALIPAY_KEY, APP_KEY, publicKeyOf } from './keys.ts';

export const APP_ID = '2014072300007148';
export const PID = '2088102146225135';
/** 2026-03-01 12:00:00 in GMT+8. */
export const NOON_MS = 1_772_337_600_000;

export type Json = Record<string, unknown>;

/** How a client sends and signs. */
export type ClientOptions = {
  key?: KeyObject;
  signType?: string;
  charset?: string;
  appId?: string;
  notifyUrl?: string;
  /** Extra or replaced common parameters; an undefined one is left out. */
  params?: Record<string, string | undefined>;
};

const bytesOf = (text: string, charset: string): Buffer =>
  charset.toLowerCase() === 'utf-8' ? Buffer.from(text) : iconv.encode(text, 'gbk');

/** The common parameters and `biz_content`, signed. */
export function signedParams(
  method: string,
  biz: Json | string,
  options: ClientOptions = {},
): Record<string, string> {
  const charset = options.charset ?? 'utf-8';
  const wanted: Record<string, string | undefined> = {
    app_id: options.appId ?? APP_ID,
    method,
    format: 'JSON',
    charset,
    sign_type: options.signType ?? 'RSA2',
    timestamp: '2026-03-01 12:00:00',
    version: '1.0',
    notify_url: options.notifyUrl,
    biz_content: typeof biz === 'string' ? biz : JSON.stringify(biz),
    ...options.params,
  };
  const params = Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const text = Object.keys(params)
    .toSorted()
    .filter((name) => name !== 'sign' && params[name] !== '')
    .map((name) => `${name}=${params[name]}`)
    .join('&');
  const digest = options.signType === 'RSA' ? 'sha1' : 'sha256';
  const signature = sign(digest, bytesOf(text, charset), options.key ?? APP_KEY).toString('base64');
  return { ...params, sign: options.params?.['sign'] ?? signature };
}

/** `a=1&b=2` with every byte of a value escaped that needs it. */
export function urlencoded(params: Record<string, string>, charset = 'utf-8'): string {
  const escape = (text: string): string =>
    Array.from(bytesOf(text, charset), (byte) =>
      /[A-Za-z0-9]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`,
    ).join('');
  return Object.entries(params)
    .map(([name, value]) => `${name}=${escape(value)}`)
    .join('&');
}

const FORM = 'application/x-www-form-urlencoded';

function split(params: Record<string, string>): [Record<string, string>, Record<string, string>] {
  const { biz_content: biz, ...common } = params;
  return [common, biz === undefined ? {} : { biz_content: biz }];
}

function multipart(params: Record<string, string>): string {
  const parts = Object.entries(params).map(
    ([name, value]) =>
      `--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join('')}--xyz--\r\n`;
}

/** The shapes of the contract's table, by the SDK that sends them. */
export const SHAPES = {
  official: (params: Record<string, string>, charset?: string): WireRequest => {
    const [common, biz] = split(params);
    return {
      method: 'POST',
      url: `/gateway.do?${urlencoded(common, charset)}`,
      contentType: `${FORM};charset=${charset ?? 'utf-8'}`,
      host: 'simulator:8090',
      body: Buffer.from(urlencoded(biz, charset)),
    };
  },
  python: (params: Record<string, string>, charset?: string): WireRequest => {
    const request = SHAPES.official(params, charset);
    return { ...request, url: `http://simulator:8090${request.url}` };
  },
  smartwalle: (params: Record<string, string>, charset?: string): WireRequest => ({
    method: 'POST',
    url: '/gateway.do',
    contentType: `${FORM};charset=utf-8`,
    body: Buffer.from(urlencoded(params, charset)),
  }),
  fzlee: (params: Record<string, string>, charset?: string): WireRequest => ({
    method: 'GET',
    url: `/gateway.do?${urlencoded(params, charset)}`,
    body: Buffer.alloc(0),
  }),
  curl: (params: Record<string, string>, charset = 'utf-8'): WireRequest => {
    const [common, biz] = split(params);
    return {
      method: 'POST',
      url: `/gateway.do?${urlencoded(common, charset)}`,
      contentType: 'multipart/form-data; boundary=xyz',
      body: bytesOf(multipart(biz), charset),
    };
  },
};
export type Shape = keyof typeof SHAPES;

/** An answer taken apart from its raw bytes. */
export type Read = {
  text: string;
  nodeName: string;
  node: Json;
  /** The signature was there and right. */
  isSigned: boolean;
  contentType: string;
};

/**
 * Reads an answer as a careful client does: node by its place in the raw text, signature over
 * exactly its bytes.
 */
export function readAnswer(
  answer: Answer,
  options: { signType?: string; charset?: string; alipayKey?: KeyObject } = {},
): Read {
  if (answer.kind !== 'reply') throw new Error('the connection was closed without an answer');
  const charset = options.charset ?? 'utf-8';
  const text = charset === 'utf-8' ? answer.body.toString() : iconv.decode(answer.body, 'gbk');
  const match = /^\{"(\w+)":(\{.*?\})(?:,"sign":"([^"]*)")?\}$/.exec(text);
  if (match === null) throw new Error(`not an answer of Alipay: ${text}`);
  const [, nodeName = '', node = '', signature] = match;
  const digest = options.signType === 'RSA' ? 'sha1' : 'sha256';
  const key = createPublicKey(options.alipayKey ?? ALIPAY_KEY);
  const isSigned =
    signature !== undefined &&
    verify(digest, bytesOf(node, charset), key, Buffer.from(signature, 'base64'));
  const parsed: Json = JSON.parse(node);
  return {
    text,
    nodeName,
    node: parsed,
    isSigned,
    contentType: answer.headers['content-type'] ?? '',
  };
}

/** A book with one app registered, and a clock that only the test moves. */
export type Desk = {
  book: Book;
  nowMs: number;
  /** Sends a signed call in the official shape and reads the node of the answer. */
  call: (method: string, biz: Json | string, options?: ClientOptions) => Json;
  /** The same, with everything that came of it. */
  send: (method: string, biz: Json | string, options?: ClientOptions) => Handled;
  control: (verb: string, path: string, body?: unknown) => { status: number; json: Json };
  /** The control API's view of a trade; undefined if there is none. */
  trade: (outTradeNo: string) => Json | undefined;
};

export function openDesk(options: { limit?: number; seed?: number } = {}): Desk {
  const book = createBook({
    alipayKey: ALIPAY_KEY,
    alipayPublicKey: publicKeyOf(ALIPAY_KEY),
    seed: options.seed ?? 1,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  });
  const desk: Desk = {
    book,
    nowMs: NOON_MS,
    send: (method, biz, clientOptions = {}) =>
      handle(
        book,
        desk.nowMs,
        SHAPES.official(signedParams(method, biz, clientOptions), clientOptions.charset),
      ),
    call: (method, biz, clientOptions = {}) =>
      readAnswer(desk.send(method, biz, clientOptions).answer, clientOptions).node,
    control: (verb, path, body) => {
      const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
      const { answer } = handle(book, desk.nowMs, { method: verb, url: path, body: bytes });
      if (answer.kind !== 'reply') throw new Error('the control API always answers');
      const json: Json = JSON.parse(answer.body.toString());
      return { status: answer.status, json };
    },
    trade: (outTradeNo) => {
      const { json } = desk.control('GET', `/simulator/trades?outTradeNo=${outTradeNo}`);
      const trades: Json[] = Array.isArray(json['trades']) ? json['trades'] : [];
      return trades[0];
    },
  };
  desk.control('POST', '/simulator/apps', {
    appId: APP_ID,
    pid: PID,
    appPublicKey: publicKeyOf(APP_KEY),
  });
  return desk;
}
