/**
 * JSON from the network: every number keeps the digits it was written with, names that mean something to JavaScript mean
 * nothing here, and no text, however deep or long, costs more than one pass. The long texts have no time limit of their
 * own: a reader that backtracks would not end within the test's.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, isNumberText, parseJson, type JsonObject } from './json.ts';

function valueOf(text: string): unknown {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`${text} is refused: ${parsed.rule}`);
  return parsed.value;
}

function ruleOf(text: string): string | undefined {
  const parsed = parseJson(text);
  return parsed.ok ? undefined : parsed.rule;
}

/** With its numbers as plain JavaScript ones again. */
function plain(value: unknown): unknown {
  if (isNumberText(value)) return Number(value.numberText);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

describe('numbers keep their digits', () => {
  test.each([
    '280851932108273550',
    '123456789012345678901234567890',
    '0.01',
    '88.00',
    '1.10',
    '100000000.00',
    '-0',
    '1e5',
    '1E-400',
    '0',
  ])('%s', (digits) => {
    const value = valueOf(digits);
    expect(isNumberText(value) && value.numberText).toBe(digits);
    const inner = valueOf(`{"a":[${digits}]}`) as { a: unknown[] };
    expect(isNumberText(inner.a[0]) && inner.a[0].numberText).toBe(digits);
  });

  test('only numbers that were read count: an object that looks like one is an object', () => {
    expect(isNumberText(valueOf('{"numberText":"1"}'))).toBe(false);
    expect(isJsonObject(valueOf('{"numberText":"1"}'))).toBe(true);
    expect(isNumberText({ numberText: '1' })).toBe(false);
    expect(isNumberText(1)).toBe(false);
    expect(isNumberText(null)).toBe(false);
  });
});

test.each([
  ['{}', true],
  ['{"a":1}', true],
  ['[]', false],
  ['1', false],
  ['"a"', false],
  ['null', false],
  ['true', false],
])('%s is an object: %s', (text, expected) => {
  expect(isJsonObject(valueOf(text))).toBe(expected);
});

test('names that mean something to JavaScript are names', () => {
  const value = valueOf(
    '{"__proto__":{"admin":true},"constructor":"c","toString":1}',
  ) as JsonObject;
  expect(Object.keys(value)).toStrictEqual(['__proto__', 'constructor', 'toString']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect((value as { admin?: unknown }).admin).toBeUndefined();
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});

test.each([
  '',
  ' ',
  '{',
  '}',
  '{"a":}',
  "{'a':1}",
  '{a:1}',
  '01',
  '.5',
  'NaN',
  '"\n"',
  '{}{}',
  '\u0000',
])('%j is no JSON', (text) => {
  expect(ruleOf(text)).toBe('不是有效的JSON');
});

describe('depth', () => {
  const nested = (depth: number): string =>
    '[{"a":'.repeat(depth / 2) + '0' + '}]'.repeat(depth / 2);

  test('sixteen levels are read, eighteen are not', () => {
    expect(ruleOf(nested(16))).toBeUndefined();
    expect(ruleOf(nested(18))).toBe('嵌套不能超过16层');
    expect(ruleOf('['.repeat(17) + ']'.repeat(17))).toBe('嵌套不能超过16层');
  });

  test('brackets in strings are text', () => {
    expect(
      ruleOf(JSON.stringify({ a: '['.repeat(100), '{{{{{{{{{{{{{{{{{{': '"[' })),
    ).toBeUndefined();
    expect(ruleOf(`["\\\\", "\\"${'['.repeat(50)}"]`)).toBeUndefined();
  });

  test('many brackets side by side are not deep', () => {
    expect(ruleOf(`[${Array.from({ length: 1000 }, () => '[{}]').join(',')}]`)).toBeUndefined();
  });
});

describe('a megabyte of the worst', () => {
  const MB = 1_048_576;
  test.each<[string, string]>([
    ['quotes', '"'.repeat(MB)],
    ['backslashes', `"${'\\'.repeat(MB)}`],
    ['escaped quotes', `"${'\\"'.repeat(MB / 2)}`],
    ['open brackets', '['.repeat(MB)],
    ['open objects', '{"a":'.repeat(MB / 5)],
    ['closing brackets', ']'.repeat(MB)],
    ['blanks', ' '.repeat(MB)],
    ['digits and then no JSON', `${'1'.repeat(MB)}x`],
    ['surrogates without their other half', `"${'\ud800'.repeat(MB)}`],
  ])('%s: refused', (_case, text) => {
    expect(parseJson(text).ok).toBe(false);
  });

  test('one long string is read', () => {
    expect(valueOf(`{"a":"${'x'.repeat(MB)}"}`)).toStrictEqual({ a: 'x'.repeat(MB) });
  });
});

describe('properties', () => {
  test('whatever is written is read as it was', () => {
    const value = fc.jsonValue({ maxDepth: 10 });
    fc.assert(
      fc.property(value, (written) => {
        // Through JSON once, because it knows no -0.
        const expected: unknown = JSON.parse(JSON.stringify(written));
        expect(plain(valueOf(JSON.stringify(written)))).toStrictEqual(expected);
      }),
    );
  });

  test('no text makes it throw', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ',',
      ':',
      '1',
      'e',
      '-',
      'a',
      ' ',
      '\ud83d',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (written) => {
        expect(typeof parseJson(written).ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });
});
