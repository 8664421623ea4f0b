/**
 * Certificate mode (protocol 1.9): the simulated Alipay issues an app's certificate for a request (CSR), beside its own
 * certificate and its root, and finds them again by their numbers (SN). What a call must bring is checked in `./gateway.ts`.
 */
import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { nextSequence, putApp } from './book/book.ts';
import type { Book } from './book/book.ts';
import type { App } from './book/entities.ts';
import { readRequest, writeCertificate } from './shell/x509.ts';
import type { Name } from './shell/x509.ts';
import { publicKeyText } from './wire/signing.ts';
import { DAY_MS } from './wire/time.ts';

export type IssuedCertificates = {
  appCertificate: string;
  alipayCertificate: string;
  alipayRootCertificate: string;
};

/** As Alipay's own: about five years. */
const LIFE_MS = 5 * 365 * DAY_MS;
/** After an app went over to certificates, calls without them are taken for so long (protocol 1.9). */
export const OLD_MODE_MS = 7 * DAY_MS;
const KEYS_MAX = 16;

const nameOf = (commonName: string): Name => [
  { shortName: 'C', value: 'CN' },
  { shortName: 'O', value: 'Simulated Alipay' },
  { shortName: 'CN', value: commonName },
];
const ROOT = nameOf('Simulated Alipay Root R1');

/** Issues the app's certificate and takes it over to certificate mode; undefined for what is no request. */
export function issueCertificates(
  book: Book,
  nowMs: number,
  app: App,
  requestPem: string,
): IssuedCertificates | undefined {
  const request = readRequest(requestPem);
  if (request === undefined) return undefined;
  const alipayKey = createPublicKey(book.alipayKey).export({ type: 'spki', format: 'pem' });
  const issue = (subject: Name, publicKey: string): string =>
    writeCertificate({
      subject,
      publicKey,
      issuer: ROOT,
      issuerKey: book.alipayKey,
      isAuthority: subject === ROOT,
      serialNumber: `01${nextSequence(book).toString(16).padStart(14, '0')}`,
      beginsAtMs: nowMs - DAY_MS,
      endsAtMs: nowMs + LIFE_MS,
    });
  const issued = {
    appCertificate: issue(request.subject, request.publicKey),
    alipayCertificate: issue(nameOf('Simulated Alipay'), alipayKey),
    alipayRootCertificate: issue(ROOT, alipayKey),
  };
  remember(book, nowMs, app, issued);
  return issued;
}

function remember(book: Book, nowMs: number, app: App, issued: IssuedCertificates): void {
  const publicKey = publicKeyText(new X509Certificate(issued.appCertificate).publicKey);
  const others = app.keys.filter((key) => key.publicKey !== publicKey);
  const before = app.certificates;
  const added = {
    appCertSn: serialNumber(issued.appCertificate),
    alipayCertSn: serialNumber(issued.alipayCertificate),
    rootCertSn: serialNumber(issued.alipayRootCertificate),
    expiresAtMs: nowMs + LIFE_MS,
  };
  putApp(book, {
    ...app,
    keys: [...others, { publicKey, signType: 'RSA2' as const }].slice(-KEYS_MAX),
    certificates: {
      sinceMs: before?.sinceMs ?? nowMs,
      issued: [...(before?.issued ?? []), added].slice(-KEYS_MAX),
    },
  });
}

/** MD5 of the issuer's name, most particular part first, and the serial number in decimal (protocol 1.9). */
function serialNumber(pem: string): string {
  const { issuer, serialNumber: hex } = new X509Certificate(pem);
  const name = issuer.split('\n').toReversed().join(',');
  return createHash('md5')
    .update(name + BigInt(`0x${hex}`).toString())
    .digest('hex');
}
