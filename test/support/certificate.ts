/**
 * Certificates for tests, signed by themselves or by another, written out in DER (RFC 5280): any dates, any subject, for a host or for an authority.
 * Node reads certificates and makes none.
 */
import { createPublicKey, sign, type KeyObject } from 'node:crypto';

export type CertificateInput = {
  /** The key pair's private half: it signs, and its public half is certified. */
  readonly key: KeyObject;
  readonly commonName: string;
  /** A DNS name that it is good for as a server's. */
  readonly host?: string;
  readonly beginsAtMs: number;
  readonly endsAtMs: number;
  readonly isAuthority?: boolean;
  /** Who signs it; itself without one. */
  readonly issuer?: Pick<CertificateInput, 'key' | 'commonName'>;
  /** The key that is certified, where it is not the one above. */
  readonly certified?: KeyObject;
};

/** In PEM. */
export function makeCertificate(input: CertificateInput): string {
  const algorithm = sequence(oid('2a864886f70d01010b'), der(0x05));
  const issuer = input.issuer ?? input;
  const constraints = sequence(...(input.isAuthority === true ? [der(0x01, Buffer.of(255))] : []));
  const extensions = [extension('551d13', constraints)];
  if (input.host !== undefined) {
    extensions.push(extension('551d11', sequence(der(0x82, Buffer.from(input.host)))));
  }
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    algorithm,
    nameOf(issuer.commonName),
    sequence(time(input.beginsAtMs), time(input.endsAtMs)),
    nameOf(input.commonName),
    createPublicKey(input.certified ?? input.key).export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('RSA-SHA256', content, issuer.key);
  const whole = sequence(content, algorithm, der(0x03, Buffer.of(0), signature));
  const lines = whole
    .toString('base64')
    .replaceAll(/(.{64})/g, '$1\n')
    .trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function nameOf(commonName: string): Buffer {
  const parts = [
    ['550406', 'CN'],
    ['55040a', 'Tea'],
    ['550403', commonName],
  ];
  return sequence(
    ...parts.map(([type = '', text = '']) =>
      der(0x31, sequence(oid(type), der(0x0c, Buffer.from(text)))),
    ),
  );
}

/** A tag, the length of what follows, and what follows. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(length < 128 ? [tag, length] : [tag, ...long]), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function extension(type: string, value: Uint8Array): Buffer {
  return sequence(oid(type), der(0x04, value));
}

/** GeneralizedTime, whole seconds. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/\..*$|\D/g, '');
  return der(0x18, Buffer.from(`${digits}Z`));
}
