/**
 * Each reader's rule as a table of what it takes and what it answers to the rest. The fields come through the parser of
 * `json.ts`, as they do in a call, so that a JSON number is what a till would have sent.
 */
import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { V1Error } from './errors.ts';
import {
  flag,
  optionalMatch,
  optionalPublicKey,
  optionalSignType,
  optionalText,
  requiredAmount,
  requiredMatch,
  requiredText,
  RULES,
} from './fields.ts';
import { isJsonObject, parseJson, type JsonObject } from './json.ts';

/** The data `{"f": …}` as it stands in a request. */
function dataWith(source: string): JsonObject {
  const parsed = parseJson(`{"f":${source}}`);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error(`${source} is no JSON`);
  return parsed.value;
}

/** What the reader makes of the field: its value, or the sentence of its error. */
function readingOf(read: (data: JsonObject, field: string) => unknown, source: string): unknown {
  try {
    return read(dataWith(source), 'f');
  } catch (error) {
    if (error instanceof V1Error && error.code === 'DATA_IS_INVALID') return error.msg;
    throw error;
  }
}

const error = (rule: string): string => `参数错误: f ${rule}`;
const TOO_LONG = error('长度不能超过4个字符');
const CONTROL = error('不能含有控制字符');

describe('text of at most 4 characters', () => {
  test.each<[string, unknown]>([
    ['"abcd"', 'abcd'],
    ['"abcde"', TOO_LONG],
    ['"茶茶茶茶"', '茶茶茶茶'],
    ['"𠮷𠮷𠮷𠮷"', '𠮷𠮷𠮷𠮷'],
    ['"𠮷𠮷𠮷𠮷𠮷"', TOO_LONG],
    ['" a "', ' a '],
    ['""', undefined],
    ['null', undefined],
    // A JSON number is taken as its digits.
    ['1', '1'],
    ['0.10', '0.10'],
    ['-1', '-1'],
    ['12345', TOO_LONG],
    ['1e2', error('须为文本')],
    ['true', error('须为文本')],
    ['false', error('须为文本')],
    ['[]', error('须为文本')],
    ['{}', error('须为文本')],
    ['{"numberText":"1"}', error('须为文本')],
    [String.raw`"a\n"`, CONTROL],
    [String.raw`"\u0000"`, CONTROL],
    [String.raw`"\u007f"`, CONTROL],
    [String.raw`"\u0085"`, CONTROL],
    [String.raw`"\ud800"`, error('含有无效的Unicode字符')],
    [String.raw`"\ude00\ud83d"`, error('含有无效的Unicode字符')],
    [String.raw`"\ud83d\ude00"`, '😀'],
  ])('%s is %j', (source, expected) => {
    expect(readingOf((data, field) => optionalText(data, field, 4), source)).toBe(expected);
    expect(readingOf((data, field) => requiredText(data, field, 4), source)).toBe(
      expected ?? error('不能为空'),
    );
  });

  test('what is not there is not given', () => {
    const data = dataWith('1');
    for (const field of ['absent', 'toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      expect(optionalText(data, field, 4)).toBeUndefined();
    }
  });

  test('a text is never longer than its limit, and is what was sent', () => {
    const unit = fc.oneof(
      fc.constantFrom('a', '茶', '😀', '\n', '\u0085'),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    );
    const text = fc.array(unit, { maxLength: 8 }).map((units) => units.join(''));
    fc.assert(
      fc.property(text, (sent) => {
        const read = readingOf((data, field) => optionalText(data, field, 4), JSON.stringify(sent));
        const { length } = Array.from(sent);
        const short = length === 0 ? [undefined] : [sent, CONTROL, error('含有无效的Unicode字符')];
        expect(length > 4 ? [TOO_LONG] : short).toContain(read);
      }),
    );
  });
});

describe('patterns', () => {
  const PID_RULE = error('须为2088开头的16位数字');
  const APP_RULE = error('须为16至32位数字');
  const SHOP_RULE = error('须为1至64位字母、数字、-或_');
  const CODE_RULE = error('须为25至30开头的16至24位数字');

  test.each<[keyof typeof RULES, string, unknown]>([
    ['sellerId', '"2088212612254111"', '2088212612254111'],
    ['sellerId', '2088212612254111', '2088212612254111'],
    ['sellerId', '"2089212612254111"', PID_RULE],
    ['sellerId', '2088212612254111.0', PID_RULE],
    ['appId', '"2016022901171807"', '2016022901171807'],
    ['appId', '2016022901171807', '2016022901171807'],
    ['appId', '"app"', APP_RULE],
    ['shopNo', '"DL0001"', 'DL0001'],
    ['shopNo', '1', '1'],
    ['shopNo', '"DL 1"', SHOP_RULE],
    ['shopNo', `"${'a'.repeat(65)}"`, SHOP_RULE],
    ['shopNo', `"${'a'.repeat(201)}"`, error('长度不能超过200个字符')],
    ['authCode', '"280851932108273550"', '280851932108273550'],
    ['authCode', '280851932108273550', '280851932108273550'],
    ['authCode', '"180851932108273550"', CODE_RULE],
    ['authCode', '2.8e17', error('须为文本')],
    ['tradeNo', '"FF1603210000058"', 'FF1603210000058'],
    ['tradeNo', '"FF;"', SHOP_RULE],
    ['tradeNo', '""', undefined],
    ['tradeNo', 'null', undefined],
  ])('%s: %s is %j', (name, source, expected) => {
    const rule = RULES[name];
    expect(readingOf((data, field) => optionalMatch(data, field, rule), source)).toBe(expected);
    expect(readingOf((data, field) => requiredMatch(data, field, rule), source)).toBe(
      expected ?? error('不能为空'),
    );
  });
});

describe('amounts', () => {
  const RULE = error('须为0.01至100000000.00的金额(元),最多两位小数');

  test.each<[string, unknown]>([
    ['"0.01"', 1],
    ['"88"', 8800],
    ['"88.8"', 8880],
    ['88.88', 8888],
    ['19.99', 1999],
    ['1.10', 110],
    ['"00.10"', 10],
    ['"100000000.00"', 10_000_000_000],
    ['100000000', 10_000_000_000],
    ['"100000000.01"', RULE],
    ['"0"', RULE],
    ['0.00', RULE],
    ['"0.001"', RULE],
    ['0.30000000000000004', RULE],
    ['"-1"', RULE],
    ['-1', RULE],
    ['"+1"', RULE],
    ['" 1"', RULE],
    ['"1,000.00"', RULE],
    ['"１"', RULE],
    ['1e2', RULE],
    ['true', error('须为文本')],
    ['""', error('不能为空')],
    ['null', error('不能为空')],
  ])('%s is %j', (source, expected) => {
    expect(readingOf(requiredAmount, source)).toBe(expected);
  });
});

test.each<[string, unknown]>([
  ['"RSA2"', 'RSA2'],
  ['"RSA"', 'RSA'],
  ['""', undefined],
  ['null', undefined],
  ['"rsa2"', error('须为RSA2或RSA')],
  ['"RSA "', error('须为RSA2或RSA')],
  ['2', error('须为RSA2或RSA')],
])('sign type %s is %j', (source, expected) => {
  expect(readingOf(optionalSignType, source)).toBe(expected);
});

test.each<[string, unknown]>([
  ['"true"', true],
  ['true', true],
  ['"false"', false],
  ['false', false],
  ['""', false],
  ['null', false],
  ['"TRUE"', error('须为"true"或不填')],
  ['1', error('须为"true"或不填')],
  ['"1"', error('须为"true"或不填')],
  ['{}', error('须为"true"或不填')],
])('flag %s is %j', (source, expected) => {
  expect(readingOf(flag, source)).toBe(expected);
});

test('a flag that is not there is no', () => {
  expect(flag({}, 'f')).toBe(false);
  expect(flag({}, 'toString')).toBe(false);
});

describe('a public key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const base64 = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const read = (text: unknown): unknown => readingOf(optionalPublicKey, JSON.stringify(text));

  test.each<[string, unknown]>([
    ['base64', base64],
    ['PEM', publicKey.export({ type: 'spki', format: 'pem' })],
    ['PKCS#1', publicKey.export({ type: 'pkcs1', format: 'pem' })],
    ['base64 in lines', base64.replaceAll(/.{64}/g, '$&\r\n')],
  ])('as %s is brought into one form', (_case, text) => {
    expect(read(text)).toBe(base64);
  });

  test.each([null, ''])('%j is not given', (value) => {
    expect(read(value)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['a number', 1],
    ['an object', {}],
    ['text', '支付宝公钥'],
    ['base64 of something else', 'AAAA'],
    ['too long a text', 'A'.repeat(4097)],
    ['a private key', privateKey.export({ type: 'pkcs8', format: 'pem' })],
  ])('%s is refused', (_case, value) => {
    const reading = read(value);
    expect(reading).toMatch(/^参数错误: f 须为RSA公钥/);
    // What is refused may be a secret: it is not repeated.
    expect(String(reading).length).toBeLessThan(120);
  });
});
