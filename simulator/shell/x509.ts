/**
 * Certificates and requests for them as bytes, by a library that is loaded when the first is asked for: few ever ask. What is
 * issued, for whom and when is decided in `../certificates.ts`.
 */
import type { KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import type Forge from 'node-forge';

export type Name = { shortName: string; value: string; valueTagClass?: Forge.asn1.Class }[];

export type CertificateRequest = {
  subject: Name;
  /** SubjectPublicKeyInfo in PEM. */
  publicKey: string;
};

export type CertificateContent = {
  subject: Name;
  /** PEM. */
  publicKey: string;
  issuer: Name;
  issuerKey: KeyObject;
  isAuthority: boolean;
  /** Hex digits, an even number of them. */
  serialNumber: string;
  beginsAtMs: number;
  endsAtMs: number;
};

function forge(): typeof Forge {
  const library: typeof Forge = createRequire(import.meta.url)('node-forge');
  return library;
}

/** What a request (PKCS #10, PEM) asks for; undefined for what is none, or was not signed by its key. */
export function readRequest(pem: string): CertificateRequest | undefined {
  const { pki, util } = forge();
  try {
    const request = pki.certificationRequestFromPem(pem);
    if (!request.verify() || request.publicKey === null) return undefined;
    const subject = request.subject.attributes.map((attribute) => ({
      shortName: attribute.shortName ?? 'CN',
      // The library gives the bytes, and takes text.
      value: util.decodeUtf8(String(attribute.value)),
      ...(attribute.valueTagClass === undefined ? {} : { valueTagClass: attribute.valueTagClass }),
    }));
    return { subject, publicKey: pki.publicKeyToPem(request.publicKey) };
  } catch {
    // Whatever it was, it was no request.
    return undefined;
  }
}

/** In PEM. */
export function writeCertificate(content: CertificateContent): string {
  const { md, pki } = forge();
  const made = pki.createCertificate();
  made.publicKey = pki.publicKeyFromPem(content.publicKey);
  made.serialNumber = content.serialNumber;
  made.validity.notBefore = new Date(content.beginsAtMs);
  made.validity.notAfter = new Date(content.endsAtMs);
  made.setSubject(content.subject);
  made.setIssuer(content.issuer);
  made.setExtensions([{ name: 'basicConstraints', cA: content.isAuthority }]);
  const key = content.issuerKey.export({ type: 'pkcs1', format: 'pem' });
  made.sign(pki.privateKeyFromPem(key), md.sha256.create());
  return pki.certificateToPem(made).replaceAll('\r\n', '\n');
}
