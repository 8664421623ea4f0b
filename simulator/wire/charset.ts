/**
 * The two character sets of Alipay's gateway, UTF-8 and GBK, as bytes (protocol 1.4). Decoding
 * never fails: bytes that mean nothing become replacement characters, and the signature check then
 * refuses them.
 */
import iconv from 'iconv-lite';

export type Charset = 'utf-8' | 'GBK';

// GB2312 is a subset of GBK; Alipay's pages list all three (protocol 1.2).
const CHARSETS: Record<string, Charset> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  gbk: 'GBK',
  gb2312: 'GBK',
};

/** The character set a `charset` parameter names, or undefined for one Alipay does not know. */
export function charsetNamed(name: string): Charset | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(CHARSETS, key) ? CHARSETS[key] : undefined;
}

export function encodeText(text: string, charset: Charset): Buffer {
  return charset === 'utf-8' ? Buffer.from(text, 'utf8') : iconv.encode(text, 'gbk');
}

export function decodeText(bytes: Buffer, charset: Charset): string {
  return charset === 'utf-8' ? bytes.toString('utf8') : iconv.decode(bytes, 'gbk');
}
