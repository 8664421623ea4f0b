/**
 * Signatures and keys. Each spelling of a key that operators paste is made from one fixed key, and must come out as that
 * key; the golden signature pins algorithm, padding and text encoding at once, since PKCS#1 v1.5 has no randomness.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEYS, signatureOf } from './fixtures.ts';
import {
  isSignatureValid,
  KEY_PROBLEM_TEXT,
  parsePrivateKey,
  parsePublicKey,
  publicKeyText,
  sign,
  type ParsedKey,
} from './sign.ts';

const PUBLIC = createPublicKey(KEYS.app);
const EXAMPLE =
  'app_id=2014072300007148&biz_content={"out_trade_no":"20150320010101001"}&charset=utf-8&format=JSON&method=alipay.trade.query&sign_type=RSA2&timestamp=2014-07-24 03:07:50&version=1.0';

/** Made with `openssl dgst -sha256 -sign` (and -sha1) from the same key and text. */
const GOLDEN_RSA2 =
  'b3Fi7p8ZYTqt8LxEPOhoZ7EFnjtDBL/U+M8x84+io2bK82UmLm57b0D5ibn5fkrzxMWqyY+2GHxkzfQwrsmW9ZJ99vYJ5BesOasfBw4eBgUjBQcnKj/eF/cEJVKgL8fi7d9FtRlvFdmJjyc4yP22zUWmv1lFbrm6d6RBlnrkgBY=';
const GOLDEN_RSA =
  'ihNV3WRMNAHOSNWYlnyHoxw7A9gplpKgi5ixq2whQ/GCNNPezDddwZ8oIs9lcf1Rrf2IJGSBBuaoCKBfkTtazKnnQkcM3oXKA/S29KE4CJcyBwXT6AWY7kMbfnXYr+7VxCCIStoAjvbNa0+Sf6kcovFYXfh0pBA5WZP8OQb2j0M=';

describe('sign and verify', () => {
  test('the example of the pages, with our fixed key', () => {
    expect(sign(EXAMPLE, KEYS.app, 'RSA2')).toBe(GOLDEN_RSA2);
    expect(sign(EXAMPLE, KEYS.app, 'RSA')).toBe(GOLDEN_RSA);
  });

  test('a 2048-bit signature has 344 characters, as the pages say', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(sign('a', privateKey, 'RSA2')).toHaveLength(344);
    expect(sign('a', KEYS.app, 'RSA2')).toHaveLength(172);
  });

  test('text is signed as UTF-8', () => {
    expect(sign('版—%+', KEYS.app, 'RSA2')).toBe(signatureOf(Buffer.from('版—%+'), KEYS.app));
  });

  test('what is signed verifies, and not with one bit changed, another key or the other algorithm', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, seed) => {
        const bytes = Buffer.from(`${text}.`);
        const signature = sign(`${text}.`, KEYS.app, 'RSA2');
        expect(isSignatureValid(bytes, signature, PUBLIC, 'RSA2')).toBe(true);
        expect(isSignatureValid(bytes, signature, PUBLIC, 'RSA')).toBe(false);
        expect(isSignatureValid(bytes, signature, createPublicKey(KEYS.alipay), 'RSA2')).toBe(
          false,
        );
        const at = seed % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        expect(isSignatureValid(bytes, signature, PUBLIC, 'RSA2')).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test.each(['', ' ', '!', 'AAAA', '=', `${sign('a', KEYS.app, 'RSA2')} `, 'null', '签名'])(
    'signature %j is none',
    (signature) => {
      expect(isSignatureValid(Buffer.from('a'), signature, PUBLIC, 'RSA2')).toBe(false);
    },
  );
});

const derOf = {
  pkcs8: KEYS.app.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  pkcs1: KEYS.app.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
  spki: PUBLIC.export({ type: 'spki', format: 'der' }).toString('base64'),
  pkcs1Public: PUBLIC.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
};

function pem(label: string, base64: string): string {
  const lines = (base64.match(/.{1,64}/g) ?? []).join('\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

function keyOf(parsed: ParsedKey): KeyObject {
  if (parsed.ok) return parsed.key;
  throw new Error(parsed.detail);
}

const privateSpellings: [string, string][] = [
  ['PKCS#8 on one line', derOf.pkcs8],
  ['PKCS#1 on one line', derOf.pkcs1],
  ['PKCS#8 as PEM', pem('PRIVATE KEY', derOf.pkcs8)],
  ['PKCS#1 as PEM', pem('RSA PRIVATE KEY', derOf.pkcs1)],
  ['with Windows line ends', pem('PRIVATE KEY', derOf.pkcs8).replaceAll('\n', '\r\n')],
  ['from an environment file', pem('PRIVATE KEY', derOf.pkcs8).replaceAll('\n', String.raw`\n`)],
  ['PEM on one line', pem('RSA PRIVATE KEY', derOf.pkcs1).replaceAll('\n', ' ')],
  ['indented, with blanks around', `\n\t ${derOf.pkcs8.replaceAll(/(.{50})/g, '$1\n    ')}  \n`],
  ['PKCS#1 under the label of PKCS#8', pem('PRIVATE KEY', derOf.pkcs1)],
];

const publicSpellings: [string, string][] = [
  ['SPKI on one line', derOf.spki],
  ['PKCS#1 on one line', derOf.pkcs1Public],
  ['SPKI as PEM', pem('PUBLIC KEY', derOf.spki)],
  ['PKCS#1 as PEM', pem('RSA PUBLIC KEY', derOf.pkcs1Public)],
  ['with blanks', ` ${derOf.spki.slice(0, 70)}\r\n${derOf.spki.slice(70)} `],
];

describe('keys', () => {
  test.each(privateSpellings)('private key, %s', (_spelling, text) => {
    expect(keyOf(parsePrivateKey(text)).equals(KEYS.app)).toBe(true);
  });

  test.each(publicSpellings)('public key, %s', (_spelling, text) => {
    expect(keyOf(parsePublicKey(text)).equals(PUBLIC)).toBe(true);
  });

  test('the public text is the same from either half, and reads back', () => {
    expect(publicKeyText(KEYS.app)).toBe(derOf.spki);
    expect(publicKeyText(PUBLIC)).toBe(derOf.spki);
    expect(keyOf(parsePublicKey(publicKeyText(PUBLIC))).equals(PUBLIC)).toBe(true);
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const weak = generateKeyPairSync('rsa', { modulusLength: 512 });
  const der = (key: KeyObject): string =>
    key
      .export(
        key.type === 'private' ? { type: 'pkcs8', format: 'der' } : { type: 'spki', format: 'der' },
      )
      .toString('base64');
  const secret = KEYS.app.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-128-cbc',
    passphrase: 'x',
  });

  test.each([
    ['empty', '', ''],
    ['empty', ' \n', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----'],
    ['not_base64', 'no key at all!', '{"key":1}'],
    ['not_a_key', 'AAAA', derOf.pkcs8.slice(0, 400)],
    ['not_rsa', der(ec.publicKey), der(ec.privateKey)],
    ['too_short', der(weak.publicKey), der(weak.privateKey)],
    ['is_certificate', pem('CERTIFICATE', derOf.spki), pem('CERTIFICATE', derOf.spki)],
    ['is_encrypted', secret, secret],
  ])('%s', (problem, publicText, privateText) => {
    expect(parsePublicKey(publicText)).toMatchObject({ ok: false, problem });
    expect(parsePrivateKey(privateText)).toMatchObject({ ok: false, problem });
  });

  test('the other half is named as such, since that is the usual mistake', () => {
    expect(parsePublicKey(derOf.pkcs8)).toMatchObject({ ok: false, problem: 'is_private' });
    expect(parsePublicKey(derOf.pkcs1)).toMatchObject({ ok: false, problem: 'is_private' });
    expect(parsePrivateKey(derOf.spki)).toMatchObject({ ok: false, problem: 'is_public' });
    expect(parsePrivateKey(derOf.pkcs1Public)).toMatchObject({ ok: false, problem: 'is_public' });
  });

  test('any text is a key or has a problem, and no problem shows the key', () => {
    const base64 = fc.base64String({ maxLength: 400 });
    const broken = fc
      .tuple(fc.nat(derOf.pkcs8.length - 1), fc.constantFrom('A', '/', '=', ' ', '中'))
      .map(([at, char]) => derOf.pkcs8.slice(0, at) + char + derOf.pkcs8.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(fc.string(), base64, broken), (text) => {
        for (const parsed of [parsePublicKey(text), parsePrivateKey(text)]) {
          const detail = parsed.ok ? KEY_PROBLEM_TEXT.empty : parsed.detail;
          expect(Object.values(KEY_PROBLEM_TEXT)).toContain(detail);
        }
      }),
    );
  });
});
