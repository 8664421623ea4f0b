/** The OpenAPI document: valid and complete. That it is true of whatever is sent, `fuzz/` shows. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import document from '../../docs/openapi.json' with { type: 'json' };
import { checkOf, OPERATIONS } from './document.ts';

test('is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result).toMatchObject({ valid: true });
  expect(document.openapi).toBe('3.1.0');
});

test('a pattern means the same to every engine: without Unicode, and in Python and Go', () => {
  const patterns = new Set<string>();
  JSON.parse(JSON.stringify(document), (name, value: unknown) => {
    if (name === 'pattern') patterns.add(String(value));
    return value;
  });
  const texts = [
    '',
    'Tea',
    '茶',
    'a\u0000',
    'a\u0085',
    'p{Cc}',
    '2088212612254111',
    'payment.paid',
  ];
  const verdicts = (expression: RegExp): readonly boolean[] =>
    texts.map((text) => expression.test(text));
  expect(patterns.size).toBeGreaterThan(10);
  for (const pattern of patterns) {
    expect(pattern).not.toMatch(/\\[pPuUkc]|\(\?[<=!]/);
    expect([pattern, verdicts(new RegExp(pattern))]).toEqual([
      pattern,
      verdicts(new RegExp(pattern, 'u')),
    ]);
  }
});

test('every group of operations is described, in the order in which they come', () => {
  const used = OPERATIONS.map(({ tags: [tag] }) => tag);
  expect(document.tags.map(({ name }) => name)).toEqual([...new Set(used)]);
});

test('every operation has a name, a summary in both languages, and the problems that every one may answer with', () => {
  for (const { operationId, responses, ...told } of OPERATIONS) {
    expect(operationId).toMatch(/^[a-z]\w+$/);
    expect([operationId, told.summary]).toEqual([operationId, expect.stringMatching(/^[A-Z]/)]);
    expect([operationId, told['x-summary-zh']]).toEqual([
      operationId,
      expect.stringMatching(/^\p{Script=Han}/u),
    ]);
    // Whoever looks at the own session needs nothing more than to have one.
    const denied = operationId === 'getSession' ? [] : ['403'];
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(['401', ...denied, '429', '500', '503']),
    );
  }
});

test('a check of a shape notices what is not in it', () => {
  const shape = { type: 'object', required: ['a'], properties: { a: { type: 'string' } } };
  const check = checkOf('a shape', shape);
  expect(check({ a: 'x' })).toEqual([]);
  expect(check({ a: 'x', b: 1 })).not.toEqual([]);
  expect(check({})).not.toEqual([]);
});
