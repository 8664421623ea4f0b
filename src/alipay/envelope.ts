/**
 * Finds the signed part of an answer in its raw bytes (Alipay docs, 同步返回验签): the value of the one node named
 * after the method, from its `{` to the matching `}`, exactly as it came. It never re-serialises, and it reads the
 * outermost object completely, so that a second node, a second signature or trailing text cannot hide.
 * Whether the signature is good is decided in `verify.ts`; the content is parsed there, once, after that.
 */

/** The charset the bytes are in: UTF-8, or for some errors GBK even when UTF-8 was asked for (seen with 20000). */
export type Encoding = 'utf-8' | 'gb18030';

export type EnvelopeFault =
  | 'empty'
  | 'not_json'
  | 'no_node'
  | 'wrong_node'
  | 'two_nodes'
  | 'malformed';

export type Envelope = {
  /** The exact bytes of the node's value. */
  readonly content: Uint8Array;
  /** Base64 text beside the node; absent when missing or empty. */
  readonly signature: string | undefined;
  /** Whether the node is the legacy `error_response` instead of the method's. */
  readonly isErrorNode: boolean;
  readonly encoding: Encoding;
};

export type Located =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly reason: EnvelopeFault; readonly detail: string };

const ERROR_NODE = 'error_response';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A member of the outermost object: its name as text, and where its value begins and ends. */
type Member = { name: string; start: number; end: number };

/** `alipay.trade.pay` answers in `alipay_trade_pay_response`. */
export function nodeName(method: string): string {
  return `${method.replaceAll('.', '_')}_response`;
}

function fault(reason: EnvelopeFault, detail: string): Located {
  return { ok: false, reason, detail };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function encodingOf(body: Uint8Array): Encoding {
  try {
    UTF8.decode(body);
    return 'utf-8';
  } catch {
    return 'gb18030';
  }
}

function skipBlanks(body: Uint8Array, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x0a || body[at] === 0x0d || body[at] === 0x09) at += 1;
  return at;
}

function isGbkPair(body: Uint8Array, at: number): boolean {
  const [lead = 0, trail = 0] = [body[at], body[at + 1]];
  return lead >= 0x81 && lead <= 0xfe && trail >= 0x40;
}

/**
 * The position after the string that begins at `from` (a quote), or -1 if it does not end. In GBK the second byte of a
 * character can be that of a backslash, so two-byte characters are stepped over whole; in UTF-8 it cannot.
 */
function skipString(body: Uint8Array, from: number, encoding: Encoding): number {
  let at = from + 1;
  while (at < body.length) {
    const byte = body[at];
    if (byte === QUOTE) return at + 1;
    const isPair = byte === BACKSLASH || (encoding === 'gb18030' && isGbkPair(body, at));
    at += isPair ? 2 : 1;
  }
  return -1;
}

/** The position after the object or array that begins at `from`, or -1. Brackets inside strings do not count. */
function skipNested(body: Uint8Array, from: number, encoding: Encoding): number {
  let depth = 0;
  let at = from;
  while (at < body.length) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = skipString(body, at, encoding);
      if (at === -1) return -1;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return -1;
}

function textBetween(body: Uint8Array, start: number, end: number): string {
  return Buffer.from(body.buffer, body.byteOffset + start, end - start).toString('latin1');
}

/** The values that are neither string, object nor array; they stand beside the node if anywhere. */
const LITERAL = /^(?:true|false|null|-?\d+(?:\.\d+)?)/;

/** The position after the value at `from`, or -1. Nested content is only matched here; `verify.ts` parses it. */
function skipValue(body: Uint8Array, from: number, encoding: Encoding): number {
  const first = body[from];
  if (first === QUOTE) return skipString(body, from, encoding);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(body, from, encoding);
  const [literal] = LITERAL.exec(textBetween(body, from, Math.min(body.length, from + 32))) ?? [''];
  return literal === '' ? -1 : from + literal.length;
}

/** All members of the outermost object, or undefined if the body is not one JSON object and nothing else. */
function readMembers(body: Uint8Array, encoding: Encoding): Member[] | undefined {
  const members: Member[] = [];
  let at = skipBlanks(body, 0);
  if (body[at] !== OPEN_BRACE) return undefined;
  at = skipBlanks(body, at + 1);
  while (body[at] === QUOTE) {
    const nameEnd = skipString(body, at, encoding);
    const colon = nameEnd === -1 ? -1 : skipBlanks(body, nameEnd);
    if (body[colon] !== COLON) return undefined;
    const start = skipBlanks(body, colon + 1);
    const end = skipValue(body, start, encoding);
    if (end === -1) return undefined;
    members.push({ name: textBetween(body, at + 1, nameEnd - 1), start, end });
    at = skipBlanks(body, end);
    if (body[at] !== COMMA) break;
    at = skipBlanks(body, at + 1);
    if (body[at] !== QUOTE) return undefined;
  }
  if (body[at] !== CLOSE_BRACE) return undefined;
  return skipBlanks(body, at + 1) === body.length ? members : undefined;
}

/** The signature's text: undefined if absent or empty, false if it is there but no plain string. */
function signatureOf(body: Uint8Array, member: Member | undefined): string | undefined | false {
  if (member === undefined) return undefined;
  if (body[member.start] !== QUOTE) return false;
  // Alipay escapes `/` as `\/` in the node; a JSON library that does the same to the signature must not break it.
  const text = textBetween(body, member.start + 1, member.end - 1).replaceAll('\\/', '/');
  if (text.includes('\\')) return false;
  return text === '' ? undefined : text;
}

function isNode(body: Uint8Array, member: Member): boolean {
  return (
    body[member.start] === OPEN_BRACE ||
    body[member.start] === OPEN_BRACKET ||
    member.name.toLowerCase().endsWith('_response')
  );
}

/**
 * Locates the node of `method` (or `error_response`) and the signature beside it. Never throws. Members that are
 * neither nodes nor `sign` (such as `alipay_cert_sn`) are stepped over: they are not signed and nobody reads them.
 */
export function locateEnvelope(body: Uint8Array, method: string): Located {
  if (skipBlanks(body, 0) === body.length) return fault('empty', 'the answer has no body');
  const encoding = encodingOf(body);
  const members = readMembers(body, encoding);
  if (members === undefined) return fault('not_json', 'the body is not one JSON object');
  // An escaped name could spell a node in a way that two readers see differently.
  if (members.some(({ name }) => name.includes('\\')))
    return fault('malformed', 'a name in the outermost object is escaped');

  const nodes = members.filter((member) => isNode(body, member));
  const [node] = nodes;
  if (node === undefined) return fault('no_node', 'the body has no answer node');
  if (nodes.length > 1) return fault('two_nodes', 'the body has more than one answer node');
  const isErrorNode = node.name === ERROR_NODE;
  if (!isErrorNode && node.name !== nodeName(method))
    return fault('wrong_node', `the answer is not one to ${method}`);
  if (body[node.start] !== OPEN_BRACE)
    return fault('malformed', 'the answer node is not an object (encrypted answers are not used)');

  const signatures = members.filter(({ name }) => name === 'sign');
  if (signatures.length > 1) return fault('two_nodes', 'the body has more than one signature');
  const signature = signatureOf(body, signatures[0]);
  if (signature === false) return fault('malformed', 'the signature is not text');
  const content = body.subarray(node.start, node.end);
  return { ok: true, envelope: { content, signature, isErrorNode, encoding } };
}
