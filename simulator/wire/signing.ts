/**
 * RSA signatures and the strings they cover (protocol 1.5, 5.3), in key mode; keys of 1024 bits and
 * up. Everything here is arithmetic on its arguments: who may sign what is decided in
 * `../gateway.ts`.
 */
import { createPublicKey, sign as rsaSign, verify as rsaVerify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export const SIGN_TYPES = ['RSA2', 'RSA'] as const;
export type SignType = (typeof SIGN_TYPES)[number];

const DIGEST: Record<SignType, string> = { RSA2: 'RSA-SHA256', RSA: 'RSA-SHA1' };
const KEY_BITS_MIN = 1024;

export function isSignType(text: string): text is SignType {
  return text === 'RSA2' || text === 'RSA';
}

/**
 * The string a signature covers: `k=v` joined by `&`, sorted by key, raw values; names in `without`
 * and empty values left out. Requests leave out `sign`; notifications `sign` and `sign_type` (V1).
 */
export function canonicalText(
  params: Iterable<readonly [string, string]>,
  without: readonly string[],
): string {
  return [...params]
    .filter(([name, value]) => value !== '' && !without.includes(name))
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Base64 of the PKCS#1 v1.5 signature. */
export function signBytes(bytes: Buffer, signType: SignType, privateKey: KeyObject): string {
  return rsaSign(DIGEST[signType], bytes, privateKey).toString('base64');
}

/** Whether `signature` (base64) is `publicKey`'s signature of the bytes. */
export function isSignatureOf(
  signature: string,
  bytes: Buffer,
  signType: SignType,
  publicKey: KeyObject,
): boolean {
  // Some clients wrap their base64; Java's decoder skips the line ends.
  const base64 = signature.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return false;
  return rsaVerify(DIGEST[signType], bytes, publicKey, Buffer.from(base64, 'base64'));
}

type DerType = 'spki' | 'pkcs1';

function readDer(der: Buffer, type: DerType): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type });
  } catch {
    // Not this encoding: OpenSSL tells so only by throwing. The caller tries the next one.
    return undefined;
  }
}

/**
 * An RSA public key given as PEM or as base64 of its DER, as SubjectPublicKeyInfo or PKCS#1;
 * undefined for anything else.
 */
export function readPublicKey(text: string): KeyObject | undefined {
  if (text.includes('PRIVATE KEY')) return undefined;
  const base64 = text.replaceAll(/-----[A-Z ]+-----/g, '').replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const der = Buffer.from(base64, 'base64');
  const key = readDer(der, 'spki') ?? readDer(der, 'pkcs1');
  const bits = key?.asymmetricKeyType === 'rsa' ? key.asymmetricKeyDetails?.modulusLength : 0;
  return bits !== undefined && bits >= KEY_BITS_MIN ? key : undefined;
}

/** Base64 of the key as SubjectPublicKeyInfo: the form in which Alipay's console shows keys. */
export function publicKeyText(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}
