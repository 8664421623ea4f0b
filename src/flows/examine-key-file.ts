/**
 * What a file with a key or a certificate holds, whatever it was called: PKCS#1, PKCS#8 or SPKI, in PEM, as the one line of
 * base64 that Alipay's key tool writes, or binary. Nothing of a key is in what this returns but its public half.
 */
import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { publicKeyText } from '../alipay/sign.ts';

export type KeyFormat = 'PKCS#1' | 'PKCS#8' | 'SPKI';

/** Whose certificate, by the names that Alipay's authority writes into its subject. */
export type CertificateOf = 'app' | 'alipay' | 'authority' | 'somebody';

export type ExaminedKeyFile =
  | { readonly kind: 'empty' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'not_rsa' }
  | {
      readonly kind: 'private' | 'public';
      readonly format: KeyFormat;
      readonly bits: number;
      /** SPKI, base64 DER. */
      readonly publicKey: string;
    }
  | {
      readonly kind: 'certificate';
      readonly of: CertificateOf;
      /** Its common name. */
      readonly subject: string;
      readonly beginsAtMs: number;
      readonly endsAtMs: number;
      readonly publicKey: string;
    };

/** What is read of a key's DER, in this order: a private key also reads as the public key in it. */
const READERS: readonly {
  readonly kind: 'private' | 'public';
  readonly format: KeyFormat;
  readonly read: (key: Buffer) => KeyObject;
}[] = [
  {
    kind: 'private',
    format: 'PKCS#8',
    read: (key) => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  },
  {
    kind: 'private',
    format: 'PKCS#1',
    read: (key) => createPrivateKey({ key, format: 'der', type: 'pkcs1' }),
  },
  {
    kind: 'public',
    format: 'SPKI',
    read: (key) => createPublicKey({ key, format: 'der', type: 'spki' }),
  },
  {
    kind: 'public',
    format: 'PKCS#1',
    read: (key) => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
  },
];

/** The first ASN.1 byte of every key and certificate: a sequence. */
const SEQUENCE = 0x30;
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/;

/** Never throws, whatever the bytes are. */
export function examineKeyFile(bytes: Uint8Array): ExaminedKeyFile {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trim();
  if (text === '') return { kind: 'empty' };
  if (bytes[0] === SEQUENCE && bytes[1] !== undefined && bytes[1] >= 0x80) {
    return examineDer(Buffer.from(bytes));
  }
  // Environment files and shells write line ends as two characters.
  const pem = PEM_BLOCK.exec(text.replaceAll(/\\[nr]/g, '\n'));
  const [, label = '', body = text] = pem ?? [];
  if (label.includes('ENCRYPTED') || body.includes('ENCRYPTED')) return { kind: 'encrypted' };
  const base64 = body.replaceAll(/\\[nr]|\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { kind: 'nothing' };
  return examineDer(Buffer.from(base64, 'base64'));
}

function examineDer(der: Buffer): ExaminedKeyFile {
  for (const { kind, format, read } of READERS) {
    const key = orUndefined(() => read(der));
    if (key === undefined) continue;
    if (key.asymmetricKeyType !== 'rsa') return { kind: 'not_rsa' };
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return { kind, format, bits, publicKey: publicKeyText(key) };
  }
  const certificate = orUndefined(() => new X509Certificate(der));
  if (certificate !== undefined) return examineCertificate(certificate);
  if (orUndefined(() => createPrivateKey({ key: der, format: 'der', type: 'sec1' }))) {
    return { kind: 'not_rsa' };
  }
  return { kind: isSealedPkcs8(der) ? 'encrypted' : 'nothing' };
}

function examineCertificate(certificate: X509Certificate): ExaminedKeyFile {
  const subject = /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? certificate.subject;
  return {
    kind: 'certificate',
    of: holderOf(certificate, subject),
    subject,
    beginsAtMs: Date.parse(certificate.validFrom),
    endsAtMs: Date.parse(certificate.validTo),
    publicKey: publicKeyText(certificate.publicKey),
  };
}

/**
 * Alipay names an app's certificate "PID-APPID" and its own "支付宝(中国)网络技术有限公司-PID"; the file alipayRootCert.crt holds
 * authorities. The names are seen in certificates, not promised by any page: what is named otherwise stays "somebody".
 */
function holderOf(certificate: X509Certificate, subject: string): CertificateOf {
  if (certificate.ca) return 'authority';
  if (/^2088\d{12}-\d{16}$/.test(subject)) return 'app';
  return subject.startsWith('支付宝') ? 'alipay' : 'somebody';
}

/** PKCS#8's encrypted form in DER begins with the object identifiers of PKCS#5 or PKCS#12 (1.2.840.113549.1.5 and .12). */
function isSealedPkcs8(der: Buffer): boolean {
  const beginning = der.subarray(0, 40).toString('hex');
  return beginning.includes('2a864886f70d0105') || beginning.includes('2a864886f70d010c');
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    // Not this format; the next one, or none, tells. OpenSSL's reason is of no use to an operator.
    return undefined;
  }
}
