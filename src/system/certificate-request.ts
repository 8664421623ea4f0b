/**
 * Makes certificate signing requests (CSR, PKCS #10), which Alipay issues an app's certificate for. The library reads the
 * private key to sign with it, keeps nothing, and is loaded when the first request is made: few apps ever need one.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';

export type CertificateSubject = {
  /** The company as Alipay knows it: it refuses another name. */
  readonly organization: string;
  readonly commonName: string;
};

/** The port. Takes the private key as PKCS#8 in base64 DER, gives PEM. */
export type MakeCertificateRequest = (
  privateKey: string,
  subject: CertificateSubject,
) => Promise<string>;

export const makeRealCertificateRequest: MakeCertificateRequest = async (privateKey, subject) => {
  const { default: forge } = await import('node-forge');
  const { asn1, md, pki } = forge;
  const key = createPrivateKey({
    key: Buffer.from(privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  const request = pki.createCertificationRequest();
  request.publicKey = pki.publicKeyFromPem(
    createPublicKey(key).export({ type: 'spki', format: 'pem' }),
  );
  // Declared as a class of tags by the library's types; it is a tag.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
  const utf8 = asn1.Type.UTF8 as unknown as typeof asn1.Class.UNIVERSAL;
  request.setSubject([
    { shortName: 'C', value: 'CN' },
    { shortName: 'O', value: subject.organization, valueTagClass: utf8 },
    { shortName: 'CN', value: subject.commonName, valueTagClass: utf8 },
  ]);
  request.sign(
    pki.privateKeyFromPem(key.export({ type: 'pkcs1', format: 'pem' })),
    md.sha256.create(),
  );
  return pki.certificationRequestToPem(request).replaceAll('\r\n', '\n');
};
