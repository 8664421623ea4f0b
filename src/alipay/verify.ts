/**
 * From raw bytes to an answer that counts. This file is the only producer of `VerifiedAnswer`, and the decoders take
 * nothing else; no option turns it off. What fails here is not a refusal but an unknown outcome: a broken signature
 * does not mean that the operation did not happen (Alipay docs, 同步返回验签).
 */
import type { KeyObject } from 'node:crypto';
import { locateEnvelope, type Encoding, type Envelope, type EnvelopeFault } from './envelope.ts';
import { isSignatureValid, type SignType } from './sign.ts';

/** What Alipay answered, as it came. */
export type Answer = {
  /** The exact text of the answer's node, the very characters that were signed. */
  readonly raw: string;
  readonly code: string;
  readonly msg: string;
  readonly subCode?: string | undefined;
  readonly subMsg?: string | undefined;
  /** The node, parsed once, keys in Alipay's order. Read it with `textOf` or by known names; keys are Alipay's. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** False for the few refusals that Alipay's gateway cannot always sign: anyone on the line could have said them. */
  readonly isSigned: boolean;
  /** Alipay's trace id of the call (response header `trace_id`), for its support. */
  readonly traceId?: string | undefined;
};

/** Not exported, so that no other file can make a `VerifiedAnswer`. */
const verifiedBrand: unique symbol = Symbol('verified answer');

/** An answer whose signature is Alipay's, or one of the gateway's few unsigned refusals. */
export type VerifiedAnswer = {
  readonly [verifiedBrand]: true;
  readonly answer: Answer;
  /** Whether the node is the legacy `error_response`, which can carry refusals only. */
  readonly isErrorNode: boolean;
};

export type VerifyFault = EnvelopeFault | 'unsigned' | 'bad_signature' | 'malformed';

/** Why a body does not count. `code` and `subCode` are what it claims, for the log only. */
export type Unverified = {
  readonly ok: false;
  readonly reason: VerifyFault;
  readonly detail: string;
  readonly code?: string | undefined;
  readonly subCode?: string | undefined;
};

export type Verification = { readonly ok: true; readonly verified: VerifiedAnswer } | Unverified;

/**
 * Refusals by the gateway before any business ran, which it cannot always sign because it may not know the
 * application (Alipay docs, 公共错误码). All else without a signature is nobody's word.
 */
const UNSIGNED_REFUSALS: ReadonlySet<string> = new Set([
  '40001',
  '40002',
  '40003',
  '40005',
  '40006',
]);

/** A field as text: strings, and numbers as Alipay's documents print them. Absent, null and empty are `undefined`. */
export function textOf(
  fields: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const value = fields[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const DECODERS: Readonly<Record<Encoding, TextDecoder>> = {
  'utf-8': new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }),
  gb18030: new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }),
};

function decodeText(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return DECODERS[encoding].decode(bytes);
  } catch {
    return undefined;
  }
}

/** JSON.parse makes `__proto__` a plain own key, so a parsed object is safe to read by known names. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The bytes that Alipay signed: the node as it came, or with `\/` unescaped, since some gateways and proxies sign the
 * one and send the other (the official Java SDK tries both). What is returned is what is read afterwards.
 */
function signedBytes(
  envelope: Envelope,
  signature: string,
  publicKey: KeyObject,
  signType: SignType,
): Uint8Array | undefined {
  const { content } = envelope;
  if (isSignatureValid(content, signature, publicKey, signType)) return content;
  const text = Buffer.from(content).toString('latin1');
  if (!text.includes('\\/')) return undefined;
  const unescaped = Buffer.from(text.replaceAll('\\/', '/'), 'latin1');
  return isSignatureValid(unescaped, signature, publicKey, signType) ? unescaped : undefined;
}

function readAnswer(
  content: Uint8Array,
  encoding: Encoding,
  about: Pick<Answer, 'isSigned' | 'traceId'>,
): Answer | undefined {
  const raw = decodeText(content, encoding);
  const fields = raw === undefined ? undefined : parseObject(raw);
  const code = fields === undefined ? undefined : textOf(fields, 'code');
  if (raw === undefined || fields === undefined || code === undefined) return undefined;
  const subCode = textOf(fields, 'sub_code');
  // A sub_code that is no text says something that we cannot read.
  if (subCode === undefined && (fields['sub_code'] ?? '') !== '') return undefined;
  return {
    raw,
    code,
    msg: textOf(fields, 'msg') ?? '',
    subCode,
    subMsg: textOf(fields, 'sub_msg'),
    fields,
    ...about,
  };
}

function verified(answer: Answer, isErrorNode: boolean): Verification {
  return { ok: true, verified: { [verifiedBrand]: true, answer, isErrorNode } };
}

/**
 * Decides whether `body` is Alipay's answer to `method`: exactly one node, that of the method, signed over its raw
 * bytes with *our* algorithm. Never throws, whatever the bytes are.
 */
export function verifyAnswer(
  body: Uint8Array,
  expected: {
    method: string;
    publicKey: KeyObject;
    signType: SignType;
    traceId?: string | undefined;
  },
): Verification {
  const located = locateEnvelope(body, expected.method);
  if (!located.ok) return located;
  const { envelope } = located;
  const { traceId } = expected;
  if (envelope.signature === undefined) {
    const answer = readAnswer(envelope.content, envelope.encoding, { isSigned: false, traceId });
    if (answer !== undefined && UNSIGNED_REFUSALS.has(answer.code))
      return verified(answer, envelope.isErrorNode);
    return {
      ok: false,
      reason: 'unsigned',
      detail: 'the answer carries no signature',
      code: answer?.code,
      subCode: answer?.subCode,
    };
  }
  const content = signedBytes(envelope, envelope.signature, expected.publicKey, expected.signType);
  if (content === undefined) {
    const claimed = readAnswer(envelope.content, envelope.encoding, { isSigned: false, traceId });
    return {
      ok: false,
      reason: 'bad_signature',
      detail:
        'the signature does not fit the answer, our setting of Alipay’s public key, or its algorithm',
      code: claimed?.code,
      subCode: claimed?.subCode,
    };
  }
  const answer = readAnswer(content, envelope.encoding, { isSigned: true, traceId });
  if (answer === undefined)
    return {
      ok: false,
      reason: 'malformed',
      detail: 'the signed node is not a JSON object with a code',
    };
  return verified(answer, envelope.isErrorNode);
}
