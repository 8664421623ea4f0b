/**
 * Every kind of file that an operator may hold, in every spelling: what it holds is told apart, whatever it was called. The
 * keys are made here, and written by Node alone.
 */
import * as fc from 'fast-check';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.ts';
import { examineKeyFile, type ExaminedKeyFile } from './examine-key-file.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const SPKI = publicKey.export({ type: 'spki', format: 'der' });
const PUBLIC_TEXT = SPKI.toString('base64');
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'der' });
const publicPkcs1 = publicKey.export({ type: 'pkcs1', format: 'der' });
const OTHER_KIND = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const held = (kind: 'private' | 'public', format: string): object => ({
  kind,
  format,
  bits: 1024,
  publicKey: PUBLIC_TEXT,
});
const examine = (file: string | Uint8Array): ExaminedKeyFile =>
  examineKeyFile(typeof file === 'string' ? Buffer.from(file) : file);
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki'): string =>
  // The overloads of `export` know one kind of key each.
  (key.export as (options: object) => string)({ type, format: 'pem' });

describe('keys', () => {
  test.each<[what: string, file: string | Uint8Array, expected: object]>([
    ['PKCS#8 in PEM', pem(privateKey, 'pkcs8'), held('private', 'PKCS#8')],
    ['PKCS#1 in PEM', pem(privateKey, 'pkcs1'), held('private', 'PKCS#1')],
    ['PKCS#8 as one line', pkcs8.toString('base64'), held('private', 'PKCS#8')],
    ['PKCS#1 as one line', pkcs1.toString('base64'), held('private', 'PKCS#1')],
    ['PKCS#8 in binary', pkcs8, held('private', 'PKCS#8')],
    ['SPKI in PEM', pem(publicKey, 'spki'), held('public', 'SPKI')],
    ['SPKI as one line', `${PUBLIC_TEXT}\n`, held('public', 'SPKI')],
    ['SPKI in binary', SPKI, held('public', 'SPKI')],
    ['public PKCS#1 in PEM', pem(publicKey, 'pkcs1'), held('public', 'PKCS#1')],
    ['public PKCS#1 as one line', publicPkcs1.toString('base64'), held('public', 'PKCS#1')],
    ['with a byte order mark', `\ufeff${PUBLIC_TEXT}`, held('public', 'SPKI')],
    [
      'with line ends as two characters',
      pem(privateKey, 'pkcs8').replaceAll('\n', String.raw`\n`),
      held('private', 'PKCS#8'),
    ],
    [
      'with Windows line ends',
      pem(publicKey, 'spki').replaceAll('\n', '\r\n'),
      held('public', 'SPKI'),
    ],
  ])('%s', (_what, file, expected) => {
    expect(examine(file)).toStrictEqual(expected);
  });

  test('under a password: PEM of both kinds, and binary', () => {
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const sealed = { type: 'pkcs8', ...cipher } as const;
    expect(examine(privateKey.export({ ...sealed, format: 'pem' })).kind).toBe('encrypted');
    expect(examine(privateKey.export({ ...sealed, format: 'der' })).kind).toBe('encrypted');
    const traditional = privateKey.export({ type: 'pkcs1', format: 'pem', ...cipher });
    expect(traditional).toContain('DEK-Info');
    expect(examine(traditional).kind).toBe('encrypted');
  });

  test('of another kind than RSA', () => {
    expect(examine(pem(OTHER_KIND.privateKey, 'pkcs8')).kind).toBe('not_rsa');
    expect(examine(pem(OTHER_KIND.publicKey, 'spki')).kind).toBe('not_rsa');
    const sec1 = OTHER_KIND.privateKey.export({ type: 'sec1', format: 'pem' });
    expect(examine(sec1).kind).toBe('not_rsa');
  });

  test.each([
    ['', 'empty'],
    [' \n\t', 'empty'],
    ['hello, world', 'nothing'],
    ['aGVsbG8=', 'nothing'],
    ['-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----', 'nothing'],
    [PUBLIC_TEXT.slice(0, -40), 'nothing'],
  ])('%j holds nothing', (file, kind) => {
    expect(examine(file).kind).toBe(kind);
  });
});

describe('certificates', () => {
  const beginsAtMs = Date.UTC(2026, 0, 1);
  const endsAtMs = Date.UTC(2031, 0, 1);
  const made = (commonName: string, isAuthority = false): string =>
    makeCertificate({ key: privateKey, commonName, isAuthority, beginsAtMs, endsAtMs });

  test.each([
    ['2088212612254111-2016022901171807', false, 'app'],
    ['支付宝(中国)网络技术有限公司-2088212612254111', false, 'alipay'],
    ['Ant Financial Certification Authority R1', true, 'authority'],
    ['localhost', false, 'somebody'],
  ])('%s', (subject, isAuthority, of) => {
    expect(examine(made(subject, isAuthority))).toStrictEqual({
      kind: 'certificate',
      of,
      subject,
      beginsAtMs,
      endsAtMs,
      publicKey: PUBLIC_TEXT,
    });
  });

  test('in binary, and with others behind it', () => {
    const [first, second] = [made('a'), made('b')];
    const body = first.replaceAll(/-----.*-----|\s/g, '');
    expect(examine(Buffer.from(body, 'base64'))).toMatchObject({ subject: 'a' });
    expect(examine(`${first}${second}`)).toMatchObject({ subject: 'a' });
  });
});

test('no bytes make it throw, and no private key is in what it returns', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => examine(bytes).kind !== null),
  );
  const secret = privateKey.export({ format: 'jwk' });
  const text = JSON.stringify(examine(pkcs8));
  expect(text).toContain(
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64'),
  );
  expect(text).not.toContain(secret.d);
});
