/**
 * The three certificates of an app in certificate mode (Alipay docs, 公钥证书签名): the app's own, which Alipay issued for our
 * key; Alipay's, whose key verifies its answers; and the roots that Alipay's must lead up to. Reads and judges them; what is
 * stored, and whether Alipay knows them, is decided by the flows. Never throws, whatever was uploaded.
 */
import { createHash, X509Certificate } from 'node:crypto';
import type { AppCertificates } from '../core/merchant.ts';
import { publicKeyText } from './sign.ts';

export type UploadedCertificates = Pick<
  AppCertificates,
  'appCertificate' | 'alipayCertificate' | 'rootCertificates'
>;

/** What is wrong with a certificate. */
export type CertificateProblem =
  | 'not_pem'
  | 'unreadable'
  | 'not_rsa'
  | 'not_yet_valid'
  | 'expired'
  /** None of the roots is of the RSA family. */
  | 'no_rsa_root'
  /** It does not lead up to one of the roots. */
  | 'not_of_root';

export type ReadCertificates =
  | {
      readonly ok: true;
      /** The keys that the two certificates certify; base64 DER. */
      readonly appPublicKey: string;
      readonly alipayPublicKey: string;
      readonly found: Pick<
        AppCertificates,
        'appCertSn' | 'alipayCertSn' | 'rootCertSn' | 'appExpiresAtMs' | 'alipayExpiresAtMs'
      >;
    }
  | {
      readonly ok: false;
      readonly which: keyof UploadedCertificates;
      readonly problem: CertificateProblem;
    };

/** Certificates that a file may hold; Alipay's own have four roots. */
const CERTIFICATES_MAX = 20;
const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
/** The signature algorithms of RSA (PKCS #1). The bundle also holds roots of SM2 and of elliptic curves. */
const RSA_FAMILY = '1.2.840.113549.1.1';

export function readCertificates(uploaded: UploadedCertificates, nowMs: number): ReadCertificates {
  const roots = certificatesIn(uploaded.rootCertificates);
  const alipay = certificatesIn(uploaded.alipayCertificate);
  const app = certificatesIn(uploaded.appCertificate);
  const bad = (which: keyof UploadedCertificates, problem: CertificateProblem) =>
    ({ ok: false, which, problem }) as const;
  if (typeof roots === 'string') return bad('rootCertificates', roots);
  if (typeof alipay === 'string') return bad('alipayCertificate', alipay);
  if (typeof app === 'string') return bad('appCertificate', app);
  const rsaRoots = roots.filter(isOfRsaFamily);
  if (rsaRoots.length === 0) return bad('rootCertificates', 'no_rsa_root');
  const [[appLeaf], [alipayLeaf]] = [app, alipay];
  const appProblem = problemOfLeaf(appLeaf, nowMs);
  if (appProblem !== undefined) return bad('appCertificate', appProblem);
  const alipayProblem = problemOfLeaf(alipayLeaf, nowMs);
  if (alipayProblem !== undefined) return bad('alipayCertificate', alipayProblem);
  if (!leadsUp(alipayLeaf, alipay, roots)) return bad('alipayCertificate', 'not_of_root');
  return {
    ok: true,
    appPublicKey: publicKeyText(appLeaf.publicKey),
    alipayPublicKey: publicKeyText(alipayLeaf.publicKey),
    found: {
      appCertSn: serialNumber(appLeaf),
      alipayCertSn: serialNumber(alipayLeaf),
      rootCertSn: rsaRoots.map(serialNumber).join('_'),
      appExpiresAtMs: appLeaf.validToDate.getTime(),
      alipayExpiresAtMs: alipayLeaf.validToDate.getTime(),
    },
  };
}

type AtLeastOne = readonly [X509Certificate, ...X509Certificate[]];

function certificatesIn(text: string): AtLeastOne | CertificateProblem {
  const blocks = text.match(PEM_BLOCK) ?? [];
  if (blocks.length > CERTIFICATES_MAX) return 'unreadable';
  const certificates = blocks.map(readCertificate);
  const [first, ...others] = certificates;
  if (first === undefined && blocks.length === 0) return 'not_pem';
  if (first === undefined || others.includes(undefined)) return 'unreadable';
  return [first, ...others.filter((one) => one !== undefined)];
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // OpenSSL's reason is of no use to an operator.
    return undefined;
  }
}

function isOfRsaFamily({ signatureAlgorithmOid }: X509Certificate): boolean {
  return signatureAlgorithmOid?.startsWith(RSA_FAMILY) ?? false;
}

function problemOfLeaf(
  certificate: X509Certificate,
  nowMs: number,
): CertificateProblem | undefined {
  if (!isOfRsaFamily(certificate) || certificate.publicKey.asymmetricKeyType !== 'rsa') {
    return 'not_rsa';
  }
  if (nowMs < certificate.validFromDate.getTime()) return 'not_yet_valid';
  return nowMs >= certificate.validToDate.getTime() ? 'expired' : undefined;
}

/** Whether the certificate is issued by one of the roots, or by one of the others that is. */
function leadsUp(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): boolean {
  // Each is looked at once, whoever leads to it: of those that issue each other there are more ways than time.
  const rest = new Set(others);
  const below = [certificate];
  for (const reached of below) {
    if (roots.some((root) => isIssuedBy(reached, root))) return true;
    for (const other of rest) {
      if (!isIssuedBy(reached, other)) continue;
      rest.delete(other);
      below.push(other);
    }
  }
  return false;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  // `checkIssued` compares names and permissions, `verify` the signature.
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/**
 * Alipay's number of a certificate (SN): the MD5 of the issuer's name, most particular part first, and the serial number in
 * decimal (protocol notes 1.9, as the official SDKs compute it).
 */
function serialNumber({ issuer, serialNumber: hex }: X509Certificate): string {
  const name = issuer.split('\n').toReversed().join(',');
  return createHash('md5')
    .update(`${name}${BigInt(`0x${hex}`)}`)
    .digest('hex');
}
