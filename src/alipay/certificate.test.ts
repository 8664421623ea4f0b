/**
 * Certificates of an app: numbers as the official SDK computes them, Alipay's own roots among them, and what is refused with
 * which reason.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AlipaySdk } from 'alipay-sdk';
import { describe, expect, test } from 'vitest';
import { makeCertificate, type CertificateInput } from '../../test/support/certificate.ts';
import { readCertificates, type UploadedCertificates } from './certificate.ts';
import { publicKeyText } from './sign.ts';

const NOW_MS = Date.UTC(2026, 10, 30);
const YEAR_MS = 365 * 86_400_000;
/** Public, and the same for everybody: alipayRootCert.crt. */
const ALIPAY_ROOTS = readFileSync('test/support/alipay-roots.crt', 'utf8');

const keyOf = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const [ROOT_KEY, BETWEEN_KEY, ALIPAY_KEY, APP_KEY] = [keyOf(), keyOf(), keyOf(), keyOf()];

function certificate(input: Partial<CertificateInput>): string {
  return makeCertificate({
    key: APP_KEY,
    commonName: 'app',
    beginsAtMs: NOW_MS - YEAR_MS,
    endsAtMs: NOW_MS + YEAR_MS,
    ...input,
  });
}

const AUTHORITY = { key: ROOT_KEY, commonName: 'Root', isAuthority: true };
const root = certificate(AUTHORITY);
const between = { key: BETWEEN_KEY, commonName: 'Class 2', isAuthority: true };
const good: UploadedCertificates = {
  appCertificate: certificate({ issuer: between }),
  alipayCertificate:
    certificate({ key: ALIPAY_KEY, commonName: 'alipay', issuer: between }) +
    certificate({ ...between, issuer: AUTHORITY }),
  rootCertificates: root,
};

/** The numbers that the official SDK sends and expects. */
function sdkNumbers({ appCertificate, alipayCertificate, rootCertificates } = good) {
  const { config } = new AlipaySdk({
    appId: '2016022901171807',
    privateKey: APP_KEY.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    keyType: 'PKCS8',
    appCertContent: appCertificate,
    alipayPublicCertContent: alipayCertificate,
    alipayRootCertContent: rootCertificates,
  });
  const { appCertSn, alipayCertSn, alipayRootCertSn: rootCertSn } = config;
  return { appCertSn, alipayCertSn, rootCertSn };
}

const read = (changes: Partial<UploadedCertificates> = {}) =>
  readCertificates({ ...good, ...changes }, NOW_MS);

test('keys, expiry and numbers are read as the official SDK reads them', () => {
  expect(read()).toStrictEqual({
    ok: true,
    appPublicKey: publicKeyText(APP_KEY),
    alipayPublicKey: publicKeyText(ALIPAY_KEY),
    found: {
      ...sdkNumbers(),
      appExpiresAtMs: NOW_MS + YEAR_MS,
      alipayExpiresAtMs: NOW_MS + YEAR_MS,
    },
  });
});

test("Alipay's own roots have the number that every application sends", () => {
  const rootCertificates = ALIPAY_ROOTS + root;
  const answer = read({ rootCertificates });
  const known = '687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6';
  const own = sdkNumbers().rootCertSn;
  expect(answer).toMatchObject({ ok: true, found: { rootCertSn: `${known}_${own}` } });
  expect(sdkNumbers({ ...good, rootCertificates }).rootCertSn).toBe(`${known}_${own}`);
});

test('text around the certificates, and other ends of lines, do no harm', () => {
  const windows = `subject=/CN=app\r\n${good.appCertificate.replaceAll('\n', '\r\n')}\r\n`;
  expect(read({ appCertificate: windows })).toStrictEqual(read());
});

describe('is refused', () => {
  const old = { beginsAtMs: NOW_MS - 2 * YEAR_MS, endsAtMs: NOW_MS };
  const early = { beginsAtMs: NOW_MS + 1000 };
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ecRoots = ALIPAY_ROOTS.split(/(?=-----BEGIN)/).filter((_, index) => index % 2 === 0);
  const forged = certificate({
    key: ALIPAY_KEY,
    commonName: 'alipay',
    issuer: { ...between, key: APP_KEY },
  });

  test.each<[string, Partial<UploadedCertificates>, string, string]>([
    ['no certificate', { appCertificate: 'MIIB' }, 'appCertificate', 'not_pem'],
    ['an empty file', { rootCertificates: '' }, 'rootCertificates', 'not_pem'],
    [
      'a damaged one',
      { alipayCertificate: good.alipayCertificate.replace(/MII.{40}/, 'MII') },
      'alipayCertificate',
      'unreadable',
    ],
    [
      'a damaged one behind a good one',
      { rootCertificates: `${root}${root.replace(/MII.{40}/, 'MII')}` },
      'rootCertificates',
      'unreadable',
    ],
    ['twenty-one', { rootCertificates: root.repeat(21) }, 'rootCertificates', 'unreadable'],
    ['an old one', { appCertificate: certificate(old) }, 'appCertificate', 'expired'],
    ['one of later', { appCertificate: certificate(early) }, 'appCertificate', 'not_yet_valid'],
    [
      'an old one of Alipay',
      { alipayCertificate: certificate({ ...old, issuer: AUTHORITY }) },
      'alipayCertificate',
      'expired',
    ],
    [
      'one of another family of keys',
      { appCertificate: certificate({ certified: ec }) },
      'appCertificate',
      'not_rsa',
    ],
    [
      'roots of which none is of RSA',
      { rootCertificates: ecRoots.join('') },
      'rootCertificates',
      'no_rsa_root',
    ],
    [
      "somebody else's certificate for Alipay's",
      { rootCertificates: ALIPAY_ROOTS },
      'alipayCertificate',
      'not_of_root',
    ],
    [
      "Alipay's without what stands between it and the root",
      { alipayCertificate: good.alipayCertificate.split(/(?<=END CERTIFICATE-----)/)[0]! },
      'alipayCertificate',
      'not_of_root',
    ],
    [
      'a forged signature',
      { alipayCertificate: forged + certificate({ ...between, issuer: AUTHORITY }) },
      'alipayCertificate',
      'not_of_root',
    ],
  ])('%s', (_what, changes, which, problem) => {
    expect(read(changes)).toStrictEqual({ ok: false, which, problem });
  });
});

test('ten that all issue each other are read in a moment', () => {
  const circle = certificate({ ...between, key: APP_KEY }).repeat(10);
  const before = process.threadCpuUsage();
  expect(read({ alipayCertificate: circle })).toMatchObject({ problem: 'not_of_root' });
  // Way by way it takes a thousand times as long, and ten times as long again for each further one.
  expect(process.threadCpuUsage(before).user).toBeLessThan(3_000_000);
});
