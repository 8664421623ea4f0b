/**
 * One HTTP request to the parameters of Alipay's gateway, for every shape that SDKs send: query,
 * urlencoded and multipart bodies in any mixture, the query winning (protocol 1.3), and
 * absolute-form request targets. It judges nothing; unreadable bytes give odd values, and the
 * signature check refuses them. The HTTP itself is in `../server.ts`.
 */
import { charsetNamed, decodeText } from './charset.ts';
import type { Charset } from './charset.ts';

/** A request as it came over the wire, whole. */
export type WireRequest = {
  method: string;
  /** The request target: path and query, or an absolute URL. */
  url: string;
  /** The Content-Type header, if any. */
  contentType?: string;
  /** The Host header, if any; the bill link is built from it. */
  host?: string;
  body: Buffer;
};

export type Target = { path: string; query: string; host?: string };

/** The parameters of a gateway call and how their bytes were read. */
export type WireParams = {
  params: Map<string, string>;
  /**
   * `charset` as it stands in the URL query, the only place where Alipay looks for it (protocol
   * 1.4).
   */
  charsetInQuery: string | undefined;
  /** Whether the body held bytes beyond ASCII. */
  bodyBeyondAscii: boolean;
};

/** Splits a request target; official Python sends `POST http://host/gateway.do?…`. */
export function targetOf(url: string): Target {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const rest = absolute === null ? url : (absolute[2] ?? '');
  const mark = rest.indexOf('?');
  const path = mark < 0 ? rest : rest.slice(0, mark);
  return {
    path: path === '' ? '/' : path,
    query: mark < 0 ? '' : rest.slice(mark + 1),
    ...(absolute?.[1] === undefined ? {} : { host: absolute[1] }),
  };
}

const HEX = /^[0-9a-fA-F]{2}$/;

/** Percent-decoding to bytes. What is no escape stays as it is. */
function percentBytes(text: string): Buffer {
  const raw = Buffer.from(text, 'latin1');
  const bytes = Buffer.alloc(raw.length);
  let length = 0;
  for (let i = 0; i < raw.length; i += 1) {
    const byte = raw[i] ?? 0;
    const hex = byte === 0x25 ? raw.toString('latin1', i + 1, i + 3) : '';
    if (HEX.test(hex)) {
      bytes[length] = Number.parseInt(hex, 16);
      i += 2;
    } else {
      bytes[length] = byte === 0x2b ? 0x20 : byte;
    }
    length += 1;
  }
  return bytes.subarray(0, length);
}

type RawParam = { name: Buffer; value: Buffer };

function urlencodedParams(text: string): RawParam[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const mark = pair.indexOf('=');
      const [name, value] = mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)];
      return { name: percentBytes(name), value: percentBytes(value) };
    });
}

/** The text fields of a multipart body; files are no part of the signed string and are left out. */
function multipartParams(body: Buffer, boundary: string): RawParam[] {
  return body
    .toString('latin1')
    .split(`--${boundary}`)
    .slice(1)
    .flatMap((part) => {
      const end = part.indexOf('\r\n\r\n');
      const head = end < 0 ? '' : part.slice(0, end);
      const name = /;\s*name="([^"]*)"/i.exec(head)?.[1];
      if (name === undefined || /;\s*filename\*?=/i.test(head)) return [];
      const value = part.slice(end + 4).replace(/\r\n$/, '');
      return [{ name: Buffer.from(name, 'latin1'), value: Buffer.from(value, 'latin1') }];
    });
}

function bodyParams(request: WireRequest): RawParam[] {
  const type = request.contentType ?? '';
  if (/^application\/json/i.test(type)) return [];
  if (!/^multipart\//i.test(type)) return urlencodedParams(request.body.toString('latin1'));
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
  const text = boundary?.[1] ?? boundary?.[2];
  return text === undefined ? [] : multipartParams(request.body, text);
}

/**
 * Reads the parameters; without a known `charset` in the URL query everything is read as GBK, as
 * Alipay does.
 */
export function readParams(request: WireRequest): WireParams {
  const inQuery = urlencodedParams(targetOf(request.url).query);
  const inBody = bodyParams(request);
  const charsetInQuery = inQuery
    .find(({ name, value }) => name.toString('latin1') === 'charset' && value.length > 0)
    ?.value.toString('latin1');
  const charset: Charset = charsetNamed(charsetInQuery ?? '') ?? 'GBK';
  const params = new Map<string, string>();
  for (const { name, value } of [...inQuery, ...inBody]) {
    const text = decodeText(name, charset);
    if ((params.get(text) ?? '') === '') params.set(text, decodeText(value, charset));
  }
  const bodyBeyondAscii = inBody.some(({ value }) => value.some((byte) => byte > 0x7f));
  return { params, charsetInQuery, bodyBeyondAscii };
}

/** How Java's URLEncoder writes each byte. */
const ESCAPES: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  if (/[A-Za-z0-9.*_-]/.test(char)) return char;
  return char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/** `application/x-www-form-urlencoded` of the pairs, in the bytes of a character set. */
export function formText(
  pairs: Iterable<readonly [string, string]>,
  encode: (text: string) => Buffer,
): string {
  const escape = (text: string): string => {
    let escaped = '';
    for (const byte of encode(text)) escaped += ESCAPES[byte];
    return escaped;
  };
  return [...pairs].map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&');
}
