/**
 * Where a call's parameters are and how they are written: raw and percent-encoded queries, forms, JSON. A broken
 * parameter breaks only whoever reads it, with the rule it broke; no bytes make a reader throw anything but a `V1Error`.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { V1Error } from './errors.ts';
import { isNumberText, type JsonObject } from './json.ts';
import { readParams, type Params } from './params.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

const ofQuery = (query: string): Params => readParams(`/f2f/query?${query}`, undefined, undefined);
const ofForm = (body: string | Buffer, contentType = FORM): Params =>
  readParams('/f2f/query', Buffer.from(body), contentType);
const ofJson = (body: unknown, contentType = JSON_TYPE): Params =>
  readParams('/f2f/query', Buffer.from(JSON.stringify(body)), contentType);

/** The sentence of the error that `read` ends in. */
function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof V1Error) return error.msg;
    throw error;
  }
  return 'no error';
}

/** Objects with their numbers as texts, and without the bare prototype of `all`. */
function digits(fields: JsonObject): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    isNumberText(value) ? `number ${value.numberText}` : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

describe('a query', () => {
  test.each<[string, string, Record<string, string>]>([
    ['plain', 'a=1&b=2', { a: '1', b: '2' }],
    ['raw JSON, as the published examples', 'a={"b":"c"}', { a: '{"b":"c"}' }],
    ['percent-encoded', 'a=%7B%22b%22%3A%22%E8%8C%B6%22%7D', { a: '{"b":"茶"}' }],
    ['both in one', 'a={%22b":"%E8%8C%B6"}', { a: '{"b":"茶"}' }],
    ['lower-case hex', 'a=%e8%8c%b6', { a: '茶' }],
    [
      'raw UTF-8 bytes, as Node hands them over',
      `a=${Buffer.from('茶').toString('latin1')}`,
      { a: '茶' },
    ],
    ['a plus is a blank', 'a=x+y', { a: 'x y' }],
    ['an encoded plus is a plus', 'a=x%2By', { a: 'x+y' }],
    ['an encoded ampersand and equals sign are text', 'a=x%26b%3D1', { a: 'x&b=1' }],
    ['a second equals sign is text', 'a=x=y==', { a: 'x=y==' }],
    ['a lone percent sign stands for itself', 'a=100%', { a: '100%' }],
    ['and one before other letters', 'a=5%zz%4', { a: '5%zz%4' }],
    ['a percent sign that was encoded', 'a=%2541', { a: '%41' }],
    ['no value', 'a=&b', { a: '', b: '' }],
    ['no name', '=1', { '': '1' }],
    ['empty pairs', '&&a=1&&', { a: '1' }],
    ['a question mark is text', 'a=x?y', { a: 'x?y' }],
    ['an encoded name', '%61=1', { a: '1' }],
    ['a zero byte', 'a=%00', { a: '\u0000' }],
    [
      'names that mean something to JavaScript',
      '__proto__=1&constructor=2',
      { ['__proto__']: '1', constructor: '2' },
    ],
  ])('%s: %s', (_case, query, expected) => {
    const params = ofQuery(query);
    expect(Object.entries(params.all())).toStrictEqual(Object.entries(expected));
    for (const [name, text] of Object.entries(expected)) expect(params.text(name)).toBe(text);
  });

  test.each([
    ['Latin-1', 'a=%E8'],
    ['cut short', 'a=%E8%8C'],
    ['overlong', 'a=%C0%80'],
    ['a surrogate', 'a=%ED%A0%80'],
    ['beyond Unicode', 'a=%F5%80%80%80'],
    ['GBK', 'a=%B2%E8'],
    ['raw bytes', 'a=\xff'],
  ])('bytes that are not UTF-8 (%s) break that parameter', (_case, query) => {
    const params = ofQuery(`${query}&b=2`);
    expect(params.text('a')).toBeUndefined();
    expect(params.text('b')).toBe('2');
    expect(messageOf(() => params.all())).toBe('参数错误: a 须为UTF-8编码');
  });

  test('a name that is not UTF-8 is nobody', () => {
    expect(digits(ofQuery('%FF=1&a=2').all())).toStrictEqual({ a: '2' });
  });

  test('a name that comes twice counts neither time', () => {
    for (const query of ['a=1&a=2', 'a=1&a=1', 'a=1&%61=2', 'a=1&a=2&a=3', 'a=%FF&a=1']) {
      const params = ofQuery(query);
      expect(params.text('a')).toBeUndefined();
      expect(messageOf(() => params.all())).toBe('参数错误: a 不能重复');
    }
  });

  test('absent is absent', () => {
    expect(readParams('/f2f/query', undefined, undefined).text('token')).toBeUndefined();
    expect(messageOf(() => readParams('/f2f/query?', undefined, undefined).data())).toBe(
      '参数错误: data 不能为空',
    );
  });
});

describe('data', () => {
  test.each<[string, Params, Record<string, unknown>]>([
    ['raw in the query', ofQuery('data={"cpiNo":"DL0001"}'), { cpiNo: 'DL0001' }],
    ['encoded in the query', ofQuery('data=%7B%22cpiNo%22%3A%22DL0001%22%7D'), { cpiNo: 'DL0001' }],
    ['in a form', ofForm('data=%7B%22a%22%3A%22x+y%22%7D&token=t'), { a: 'x y' }],
    ['an object in JSON', ofJson({ data: { a: 'b' } }), { a: 'b' }],
    ['a string in JSON', ofJson({ data: '{"a":"b"}' }), { a: 'b' }],
    ['empty', ofQuery('data={}'), {}],
    [
      'a number keeps its 18 digits, in a query',
      ofQuery('data={"authCode":280851932108273550}'),
      { authCode: 'number 280851932108273550' },
    ],
    [
      'and in an object in JSON',
      readParams('/', Buffer.from('{"data":{"authCode":280851932108273550}}'), JSON_TYPE),
      { authCode: 'number 280851932108273550' },
    ],
  ])('%s', (_case, params, expected) => {
    expect(digits(params.data())).toStrictEqual(expected);
  });

  test.each<[string, Params, string]>([
    ['absent', ofQuery('token=t'), '参数错误: data 不能为空'],
    ['absent in JSON', ofJson({ token: 't' }), '参数错误: data 不能为空'],
    ['empty', ofQuery('data='), '参数错误: data 不是有效的JSON'],
    ['not JSON', ofQuery('data={'), '参数错误: data 不是有效的JSON'],
    ['an array', ofQuery('data=[]'), '参数错误: data 须为JSON对象'],
    ['a number', ofQuery('data=1'), '参数错误: data 须为JSON对象'],
    ['null', ofQuery('data=null'), '参数错误: data 须为JSON对象'],
    ['a string', ofQuery('data="x"'), '参数错误: data 须为JSON对象'],
    ['an array in JSON', ofJson({ data: [] }), '参数错误: data 须为JSON对象'],
    ['a number in JSON', ofJson({ data: 1 }), '参数错误: data 须为JSON对象'],
    ['null in JSON', ofJson({ data: null }), '参数错误: data 须为JSON对象'],
    ['true in JSON', ofJson({ data: true }), '参数错误: data 须为JSON对象'],
    ['an empty string in JSON', ofJson({ data: '' }), '参数错误: data 不是有效的JSON'],
    ['a string in a string', ofJson({ data: '"{}"' }), '参数错误: data 须为JSON对象'],
    ['twice', ofQuery('data={}&data={}'), '参数错误: data 不能重复'],
    ['not UTF-8', ofQuery('data={"a":"%FF"}'), '参数错误: data 须为UTF-8编码'],
    [
      'too deep',
      ofQuery(`data=${'[{"a":'.repeat(9)}0${'}]'.repeat(9)}`),
      '参数错误: data 嵌套不能超过16层',
    ],
    ['JSON that is not', ofForm('{', JSON_TYPE), '参数错误: body 不是有效的JSON'],
    ['JSON that is an array', ofJson([]), '参数错误: body 须为JSON对象'],
    [
      'JSON that is not UTF-8',
      ofForm(Buffer.from([0x22, 0xff, 0x22]), JSON_TYPE),
      '参数错误: body 须为UTF-8编码',
    ],
    [
      'JSON that is too deep',
      ofJson({ data: JSON.parse('['.repeat(16) + ']'.repeat(16)) }),
      '参数错误: body 嵌套不能超过16层',
    ],
    [
      'another content type',
      ofForm('data={}', 'text/plain'),
      '参数错误: body 请求体须为application/x-www-form-urlencoded或application/json',
    ],
    [
      'no content type',
      readParams('/', Buffer.from('data={}'), undefined),
      '参数错误: body 请求体须为application/x-www-form-urlencoded或application/json',
    ],
  ])('%s is refused', (_case, params, expected) => {
    expect(messageOf(() => params.data())).toBe(expected);
  });
});

describe('a body', () => {
  test.each([
    `${FORM}; charset=utf-8`,
    'Application/X-WWW-Form-Urlencoded',
    `${FORM};charset=UTF-8`,
  ])('is a form: %s', (contentType) => {
    expect(ofForm('token=t', contentType).text('token')).toBe('t');
  });

  test.each([`${JSON_TYPE};charset=utf-8`, 'APPLICATION/JSON'])('is JSON: %s', (contentType) => {
    expect(ofJson({ token: 't' }, contentType).text('token')).toBe('t');
  });

  test.each([`${JSON_TYPE}x`, 'text/json', 'multipart/form-data; boundary=x', ''])(
    'is neither: %s',
    (contentType) => {
      const params = ofForm('token=t', contentType);
      expect(params.text('token')).toBeUndefined();
      expect(messageOf(() => params.all())).toContain('body');
    },
  );

  test('goes with the query', () => {
    const params = readParams('/f2f/query?token=t', Buffer.from('data={}'), FORM);
    expect(params.text('token')).toBe('t');
    expect(params.data()).toStrictEqual({});
  });

  test('that is broken does not take the token in the query with it', () => {
    const params = readParams('/f2f/query?token=t', Buffer.from('{'), JSON_TYPE);
    expect(params.text('token')).toBe('t');
    expect(messageOf(() => params.data())).toBe('参数错误: body 不是有效的JSON');
  });

  test('that repeats what the query says breaks it', () => {
    const params = readParams('/f2f/query?token=t', Buffer.from('{"token":"t"}'), JSON_TYPE);
    expect(params.text('token')).toBeUndefined();
  });

  test('that is empty is none', () => {
    const params = readParams('/f2f/query?data={}', Buffer.alloc(0), 'text/plain');
    expect(params.data()).toStrictEqual({});
  });

  test('in JSON: texts and numbers are texts, anything else is itself', () => {
    const params = ofForm('{"a":"x","b":280851932108273550,"c":null,"d":{"e":1}}', JSON_TYPE);
    expect(['a', 'b', 'c', 'd'].map((name) => params.text(name))).toStrictEqual([
      'x',
      '280851932108273550',
      undefined,
      undefined,
    ]);
    expect(digits(params.all())).toMatchObject({ a: 'x', b: '280851932108273550', c: null });
  });

  test('in JSON: a name that means something to JavaScript is a name', () => {
    const all = ofForm('{"__proto__":{"token":"x"},"a":"1"}', JSON_TYPE).all();
    expect(Object.keys(all)).toStrictEqual(['__proto__', 'a']);
    expect(all['token']).toBeUndefined();
    expect(ofForm('{"__proto__":{"token":"x"}}', JSON_TYPE).text('token')).toBeUndefined();
  });

  test.each(['"', '\\"', '%', '%ff', '+', '=', '{"a":'])(
    'of a megabyte of %s is read in one pass',
    (piece) => {
      const text = piece.repeat(1_048_576 / piece.length);
      const quoted = `{"data":"${text.replaceAll('"', '\\"')}"}`;
      for (const params of [ofForm(`data=${text}`), ofForm(quoted, JSON_TYPE)]) {
        expect(messageOf(() => params.data())).toMatch(/^参数错误: (data|body) /);
      }
    },
  );

  test('of more parameters than any call has is read as far as the 64th', () => {
    const others = (count: number): string =>
      Array.from({ length: count }, (_, n) => `p${n}=&`).join('');
    expect(ofForm(`${others(63)}token=t`).text('token')).toBe('t');
    expect(ofForm(`${others(64)}token=t`).text('token')).toBeUndefined();
    const flood = ofForm(`token=t${'&a='.repeat(300_000)}`);
    expect(flood.text('token')).toBe('t');
    expect(messageOf(() => flood.all())).toBe('参数错误: a 不能重复');
  });
});

describe('properties', () => {
  test('a form says what was put into it', () => {
    const fields = fc.dictionary(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fields, (written) => {
        // The platform's own writer, which is not ours.
        const query = new URLSearchParams(Object.entries(written)).toString();
        const expected = [...new URLSearchParams(query)];
        expect(Object.entries(ofQuery(query).all())).toStrictEqual(
          Object.entries(Object.fromEntries(expected)),
        );
        expect(Object.entries(ofForm(query).all())).toStrictEqual(
          Object.entries(Object.fromEntries(expected)),
        );
      }),
    );
  });

  test('no bytes make a reader throw anything but a V1Error', () => {
    const pieces = fc.constantFrom(
      'data',
      '=',
      '&',
      '{',
      '}',
      '"',
      '%',
      '%7B',
      '%FF',
      '+',
      'a',
      '1',
      '[',
      ':',
      '茶',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.array(pieces, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''))),
    );
    const contentType = fc.constantFrom(FORM, JSON_TYPE, 'text/plain', undefined);
    fc.assert(
      fc.property(bytes, bytes, contentType, (query, body, type) => {
        const params = readParams(`/?${query.toString('latin1')}`, body, type);
        expect(['string', 'undefined']).toContain(typeof params.text('data'));
        expect(typeof messageOf(() => params.data())).toBe('string');
        expect(typeof messageOf(() => params.all())).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });
});
