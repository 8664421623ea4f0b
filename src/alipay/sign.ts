/**
 * RSA signatures as Alipay defines them (Alipay docs, 签名 and 验签), and the reading of keys in every spelling that
 * operators paste. Signing is arithmetic: no clock, no configuration. Which algorithm counts is always the caller's
 * setting; what a message says about itself is never asked. Secrets appear in no message of this file.
 */
import {
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  verify as verifyBytes,
  type KeyObject,
} from 'node:crypto';
import type { SignType } from '../core/merchant.ts';

export type { SignType };

const DIGEST = { RSA2: 'RSA-SHA256', RSA: 'RSA-SHA1' } as const satisfies Record<SignType, string>;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Alipay still accepts 1024 bits for old `RSA` applications; anything below is a mistake. */
const MODULUS_BITS_MIN = 1024;

/** What is wrong with the text of a key. */
export type KeyProblem =
  | 'empty'
  | 'not_base64'
  | 'not_a_key'
  | 'is_public'
  | 'is_private'
  | 'is_certificate'
  | 'is_encrypted'
  | 'not_rsa'
  | 'too_short';

/** Sentences for operators, without any part of the key. */
export const KEY_PROBLEM_TEXT = {
  empty: 'the key is empty',
  not_base64: 'the key is neither PEM nor base64',
  not_a_key: 'the text is base64 but holds no RSA key',
  is_public: 'this is a public key; the private key is needed',
  is_private: 'this is a private key; the public key is needed',
  is_certificate: 'this is a certificate; the bare public key is needed',
  is_encrypted: 'the private key is protected by a password; decrypt it first',
  not_rsa: 'this is not an RSA key',
  too_short: `the key has fewer than ${MODULUS_BITS_MIN} bits`,
} as const satisfies Record<KeyProblem, string>;

export type ParsedKey =
  | { readonly ok: true; readonly key: KeyObject }
  | { readonly ok: false; readonly problem: KeyProblem; readonly detail: string };

/** The base64 signature over the UTF-8 bytes of `text`. */
export function sign(text: string, privateKey: KeyObject, signType: SignType): string {
  return signBytes(DIGEST[signType], Buffer.from(text, 'utf8'), privateKey).toString('base64');
}

/** Whether `signature` (base64) is Alipay's over exactly these bytes. False for any malformed signature. */
export function isSignatureValid(
  bytes: Uint8Array,
  signature: string,
  publicKey: KeyObject,
  signType: SignType,
): boolean {
  if (!BASE64.test(signature)) return false;
  return verifyBytes(DIGEST[signType], bytes, publicKey, Buffer.from(signature, 'base64'));
}

function problem(kind: KeyProblem): ParsedKey {
  return { ok: false, problem: kind, detail: KEY_PROBLEM_TEXT[kind] };
}

type KeyKind = 'private' | 'public';

/** The readers of each kind, most usual first: Java's keys are PKCS#8, the older tools' PKCS#1, Alipay's SPKI. */
const READERS: Readonly<Record<KeyKind, readonly ((der: Buffer) => KeyObject)[]>> = {
  private: [
    (key) => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
    (key) => createPrivateKey({ key, format: 'der', type: 'pkcs1' }),
    (key) => createPrivateKey({ key, format: 'der', type: 'sec1' }),
  ],
  public: [
    (key) => createPublicKey({ key, format: 'der', type: 'spki' }),
    (key) => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
  ],
};

function keyOf(der: Buffer, kind: KeyKind): KeyObject | undefined {
  for (const read of READERS[kind]) {
    try {
      return read(der);
    } catch {
      // Not this format; the next one, or none, tells. OpenSSL's reason is of no use to an operator.
    }
  }
  return undefined;
}

/** The base64 text inside PEM armour, or the text itself; blanks, line ends and literal `\n` (environment files) vanish. */
function bareBase64(text: string): string {
  return text
    .replaceAll(/\\[nr]/g, '')
    .replaceAll(/-----[A-Z0-9 ]*-----/g, '')
    .replaceAll(/\s+/g, '');
}

function parseKey(text: string, kind: KeyKind): ParsedKey {
  const base64 = bareBase64(text);
  if (base64 === '') return problem('empty');
  if (/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE/.test(text)) return problem('is_certificate');
  if (/ENCRYPTED/.test(text)) return problem('is_encrypted');
  if (!BASE64.test(base64)) return problem('not_base64');
  const der = Buffer.from(base64, 'base64');
  // Asked first: a private key also reads as the public key in it, and must not be stored as one.
  const privateKey = keyOf(der, 'private');
  if (kind === 'public' && privateKey !== undefined) return problem('is_private');
  const key = kind === 'private' ? privateKey : keyOf(der, 'public');
  if (key === undefined)
    return problem(kind === 'private' && keyOf(der, 'public') ? 'is_public' : 'not_a_key');
  if (key.asymmetricKeyType !== 'rsa') return problem('not_rsa');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MODULUS_BITS_MIN)
    return problem('too_short');
  return { ok: true, key };
}

/** Reads our private key: PEM or single-line base64 DER, PKCS#8 or PKCS#1, with any white space. Never throws. */
export function parsePrivateKey(text: string): ParsedKey {
  return parseKey(text, 'private');
}

/** Reads Alipay's public key: PEM or single-line base64 DER, SPKI or PKCS#1, with any white space. Never throws. */
export function parsePublicKey(text: string): ParsedKey {
  return parseKey(text, 'public');
}

/** The public key as Alipay's console and v1 want it: SPKI DER in base64, one line, no armour. Takes either half. */
export function publicKeyText(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}
