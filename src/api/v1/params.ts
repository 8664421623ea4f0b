/**
 * Where a v1 call's parameters are: in the query string (raw or percent-encoded), in a form body, or in a JSON body.
 * All end up as one map; what is broken is remembered per parameter and named when it is read, after the token was
 * checked. Bytes must be UTF-8.
 */
import { isNumberText, isJsonObject, parseJson, type JsonObject } from './json.ts';
import { invalid } from './errors.ts';

/** Calls have a handful; a body of a megabyte could have half a million, before anybody knows who sends it. */
const PARAMS_MAX = 64;

/** A parameter: its text, JSON that came in a JSON body, or the rule it broke. */
type Param =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'broken'; readonly rule: string };

export type Params = {
  /** Text of a parameter; undefined when absent, broken or not text. For the token, which has one error only. */
  text(name: string): string | undefined;
  /** The `data` object. Throws `DATA_IS_INVALID`. */
  data(): JsonObject;
  /** All parameters as one object, for the calls that have no `data`. Throws `DATA_IS_INVALID` for broken ones. */
  all(): JsonObject;
};

/** `rawUrl` is the request target as it stood on the wire; `body` is absent for GET. */
export function readParams(
  rawUrl: string,
  body: Buffer | undefined,
  contentType: string | undefined,
): Params {
  const params = new Map<string, Param>();
  let brokenBody: string | undefined;
  const queryAt = rawUrl.indexOf('?');
  // Node hands the bytes of the request line over as Latin-1.
  if (queryAt >= 0) readForm(params, Buffer.from(rawUrl.slice(queryAt + 1), 'latin1'));
  if (body !== undefined && body.length > 0) brokenBody = readBody(params, body, contentType ?? '');
  return {
    text: (name) => {
      const param = params.get(name);
      if (param?.kind === 'text') return param.text;
      return param?.kind === 'json' && typeof param.value === 'string' ? param.value : undefined;
    },
    data: () => dataOf(params.get('data'), brokenBody),
    all: () => allOf(params, brokenBody),
  };
}

function dataOf(param: Param | undefined, brokenBody: string | undefined): JsonObject {
  if (param === undefined && brokenBody !== undefined) throw invalid('body', brokenBody);
  if (param === undefined) throw invalid('data', '不能为空');
  if (param.kind === 'broken') throw invalid('data', param.rule);
  const value = param.kind === 'json' && typeof param.value !== 'string' ? param.value : undefined;
  const parsed = value === undefined ? parseJson(textOf(param)) : ({ ok: true, value } as const);
  if (!parsed.ok) throw invalid('data', parsed.rule);
  if (!isJsonObject(parsed.value)) throw invalid('data', '须为JSON对象');
  return parsed.value;
}

function allOf(params: ReadonlyMap<string, Param>, brokenBody: string | undefined): JsonObject {
  if (params.size === 0 && brokenBody !== undefined) throw invalid('body', brokenBody);
  const all: Record<string, unknown> = Object.create(null);
  for (const [name, param] of params) {
    if (param.kind === 'broken') throw invalid(name, param.rule);
    all[name] = param.kind === 'text' ? param.text : param.value;
  }
  return all;
}

function textOf(param: Exclude<Param, { kind: 'broken' }>): string {
  if (param.kind === 'text') return param.text;
  return typeof param.value === 'string' ? param.value : '';
}

/** Returns what is wrong with the body as a whole. */
function readBody(
  params: Map<string, Param>,
  body: Buffer,
  contentType: string,
): string | undefined {
  if (/^application\/json\b/i.test(contentType)) return readJsonBody(params, body);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    readForm(params, body);
    return undefined;
  }
  return '请求体须为application/x-www-form-urlencoded或application/json';
}

function readJsonBody(params: Map<string, Param>, body: Buffer): string | undefined {
  const text = decodeUtf8(body);
  if (text === undefined) return '须为UTF-8编码';
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed.rule;
  if (!isJsonObject(parsed.value)) return '须为JSON对象';
  for (const [name, value] of Object.entries(parsed.value)) {
    const isText = isNumberText(value);
    add(params, name, isText ? { kind: 'text', text: value.numberText } : { kind: 'json', value });
  }
  return undefined;
}

function readForm(params: Map<string, Param>, bytes: Buffer): void {
  // Latin-1 keeps one character per byte, so that the split sees bytes and the decoding sees them again.
  for (const pair of bytes.toString('latin1').split('&', PARAMS_MAX)) {
    if (pair === '') continue;
    const equalsAt = pair.indexOf('=');
    const name = decodePart(equalsAt < 0 ? pair : pair.slice(0, equalsAt));
    const text = decodePart(equalsAt < 0 ? '' : pair.slice(equalsAt + 1));
    // A name that cannot be read is nobody's parameter.
    if (name === undefined) continue;
    add(
      params,
      name,
      text === undefined ? { kind: 'broken', rule: '须为UTF-8编码' } : { kind: 'text', text },
    );
  }
}

/** Two values for one name could be read as either: neither counts. */
function add(params: Map<string, Param>, name: string, param: Param): void {
  params.set(name, params.has(name) ? { kind: 'broken', rule: '不能重复' } : param);
}

/** Percent-decoding to bytes, then strict UTF-8. A `%` that begins no escape stands for itself, as in raw queries. */
function decodePart(part: string): string | undefined {
  const bytes = part
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return decodeUtf8(Buffer.from(bytes, 'latin1'));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
