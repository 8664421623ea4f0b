/**
 * Golden vectors of the canonical string and of signatures; the signatures were made with `openssl
 * dgst -sign`.
 */
import * as fc from 'fast-check';
import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';

import { SMALL_APP_KEY, publicKeyOf } from '../testing/keys.ts';
import { encodeText } from './charset.ts';
import {
  canonicalText,
  isSignatureOf,
  publicKeyText,
  readPublicKey,
  signBytes,
} from './signing.ts';

// The example of Alipay's document (protocol 1.5).
const DOCUMENT =
  'app_id=2014072300007148&biz_content={"out_trade_no":"20150320010101001"}&charset=utf-8&format=JSON&method=alipay.trade.query&sign_type=RSA2&timestamp=2014-07-24 03:07:50&version=1.0';

const PUBLIC_PEM = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCptOUgN0b3fP8lFuOLY8w42Yc4
FS6kT7MNKvwwNFzKJASPl12F8DO7jnNlVWB5CL/8XvWZ+dyjITnp+WWAMpTi4pxq
BUBKfH1AL812w4oP7g3Hn7QRKeiDXQMuaRTUSg4joienkZeoJO80hhGC/Js0MG3i
DsEERVV4JhwD6MDYFQIDAQAB
-----END PUBLIC KEY-----`;
const PKCS1_PEM = `-----BEGIN RSA PUBLIC KEY-----
MIGJAoGBAKm05SA3Rvd8/yUW44tjzDjZhzgVLqRPsw0q/DA0XMokBI+XXYXwM7uO
c2VVYHkIv/xe9Zn53KMhOen5ZYAylOLinGoFQEp8fUAvzXbDig/uDceftBEp6INd
Ay5pFNRKDiOiJ6eRl6gk7zSGEYL8mzQwbeIOwQRFVXgmHAPowNgVAgMBAAE=
-----END RSA PUBLIC KEY-----`;

describe('the canonical string', () => {
  test.each([
    {
      name: 'of the document, given in any order',
      params: [
        ['version', '1.0'],
        ['sign', 'never in it'],
        ['timestamp', '2014-07-24 03:07:50'],
        ['biz_content', '{"out_trade_no":"20150320010101001"}'],
        ['method', 'alipay.trade.query'],
        ['format', 'JSON'],
        ['charset', 'utf-8'],
        ['sign_type', 'RSA2'],
        ['app_id', '2014072300007148'],
      ],
      without: ['sign'],
      text: DOCUMENT,
    },
    {
      name: 'of a notification, without sign_type too',
      params: [
        ['b', '1'],
        ['sign_type', 'RSA2'],
        ['sign', 'x'],
        ['a', '2'],
      ],
      without: ['sign', 'sign_type'],
      text: 'a=2&b=1',
    },
    {
      name: 'without the empty values that old PHP sends',
      params: [
        ['auth_token', ''],
        ['b', '1'],
        ['app_auth_token', ''],
      ],
      without: ['sign'],
      text: 'b=1',
    },
    {
      name: 'in ASCII order, capitals first, values raw',
      params: [
        ['a_b', '房费 & 早餐=1%'],
        ['aB', '+'],
        ['Z', '/'],
      ],
      without: [],
      text: 'Z=/&aB=+&a_b=房费 & 早餐=1%',
    },
  ] as { name: string; params: [string, string][]; without: string[]; text: string }[])(
    '$name',
    ({ params, without, text }) => {
      expect(canonicalText(params, without)).toBe(text);
    },
  );
});

const GOLDEN = [
  {
    text: DOCUMENT,
    charset: 'utf-8',
    signType: 'RSA2',
    signature:
      'dJ4smVBMum3CrPqSK6/3PE3eTFfVyFCUVts452TUMSJsQxG7IluSPamy3WarMtUtjBovosFIgmLcMC6363lWF6l5OKU6G8K5y3m/W5sIRSAij2VKXdKbEY472mR7mBhzigqIAv8pjS7DN5E3gUaBHvC4ujHuHvviBghnP20uj2c=',
  },
  {
    text: DOCUMENT,
    charset: 'utf-8',
    signType: 'RSA',
    signature:
      'D8HqFD5wcygNSIyvYJYDeF3SeydGTLJjTMBQDhcAkbWsAwm4Kg7lVoLUAdOoQglV4Vpkm/SirQFP8swJ8+f45CuhGTQGWUmz07dW93IIcoKy6eAoYMtMSeJw1m5CgsykiRUcm7ydoPeXhIqLLS0D8RO7RXic9Mq7fhzOLDUpyGE=',
  },
  {
    text: '房费',
    charset: 'utf-8',
    signType: 'RSA2',
    signature:
      'fwTDGjzZJfRwwr6gd+iWyLVT0n7AR51YngI/4Qt7TQYfamrKCjCSmHL9mAWj4LbTIV9XWeQ92Umhf7+eZwjkRenejAGtxRJaJXVvtt2rE/dsDrsniqtNGuinrbdzoEtIhF2sY4dksNcBPqLmZyDPCxjtRMkm4LYjG0eHaQRk/Nw=',
  },
  {
    text: '房费',
    charset: 'GBK',
    signType: 'RSA2',
    signature:
      'eTyHoBx0QsqDojHDtxayE1TU0o3XN/8kkDljFdt0tl5SsDOQr1LrrqvjhFD0VcxM8F7gl+zuz8vX+rV5qA1Z7PKxQrSoHfCAtHW+yv4C9la3+LMu/e5L2zpFaHX+knq8VfuAes+DoG4rDUfUeezb/z1Ea8u+4EOIB+XwdNslsEQ=',
  },
  {
    text: '房费',
    charset: 'GBK',
    signType: 'RSA',
    signature:
      'oyGVqts+dYZJqb2lutI9EyMaIG+pwlDC1NF9D/uCh/swG4A418hctqkSZQdAxcibF8c2nbm3dGHIc+wxQ7guJDdGRjy9BT7iqO7NHXaJrzMxBaF6KCG8S8BQch5ufJJGflCCpZCWvSsNNV7amaXTg2ie0x+wZatyA9YExP28QrM=',
  },
] as const;

describe('signatures', () => {
  test.each(GOLDEN)('$signType over $charset bytes', ({ text, charset, signType, signature }) => {
    const bytes = encodeText(text, charset);
    const publicKey = createPublicKey(PUBLIC_PEM);
    expect(signBytes(bytes, signType, SMALL_APP_KEY)).toBe(signature);
    expect(isSignatureOf(signature, bytes, signType, publicKey)).toBe(true);
    expect(isSignatureOf(signature, bytes, signType === 'RSA' ? 'RSA2' : 'RSA', publicKey)).toBe(
      false,
    );
  });

  test('whatever stands for a signature, the check says yes or no', () => {
    const publicKey = createPublicKey(PUBLIC_PEM);
    fc.assert(
      fc.property(fc.string(), fc.base64String(), (text, base64) => {
        const bytes = encodeText(text, 'utf-8');
        expect(isSignatureOf(text, bytes, 'RSA2', publicKey)).toBe(false);
        expect(isSignatureOf(base64, bytes, 'RSA', publicKey)).toBe(false);
      }),
    );
  });
});

describe('public keys', () => {
  const base64 = publicKeyOf(SMALL_APP_KEY);
  test.each([
    { form: 'PEM', text: PUBLIC_PEM },
    { form: 'PEM of PKCS#1', text: PKCS1_PEM },
    { form: 'base64 DER', text: base64 },
    { form: 'base64 DER in lines', text: base64.replaceAll(/(.{64})/g, '$1\r\n') },
    { form: 'base64 DER of PKCS#1', text: PKCS1_PEM.replaceAll(/-----[^-]+-----|\n/g, '') },
  ])('as $form', ({ text }) => {
    const key = readPublicKey(text);
    expect(key && publicKeyText(key)).toBe(base64);
  });

  test.each([
    { what: 'nothing', text: '' },
    { what: 'words', text: 'not a key' },
    { what: 'other bytes', text: Buffer.from('not a key').toString('base64') },
    {
      what: 'a private key',
      text: SMALL_APP_KEY.export({ format: 'pem', type: 'pkcs8' }),
    },
  ])('not from $what', ({ text }) => {
    expect(readPublicKey(text)).toBeUndefined();
  });
});
