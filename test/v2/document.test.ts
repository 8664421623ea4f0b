/** The OpenAPI document: valid, complete, and true of whatever is sent. */
import { Validator } from '@seriousme/openapi-schema-validator';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import document from '../../docs/openapi.json' with { type: 'json' };
import { createWorld } from '../support/world.ts';
import { firstMerchant, v2Client } from './client.ts';
import { checkOf, OPERATIONS, type Operation } from './document.ts';

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

/** A world takes a while to make: one for all that is sent. */
const RUNS = 400;

test('no request, however odd, gets a status or a shape that is not documented, or a fault of ours', async () => {
  const world = await createWorld();
  const till = await v2Client(world);
  const merchant = await firstMerchant(world);
  const payment = {
    merchant,
    method: 'barcode',
    auth_code: '280851932108279999',
    amount: 8800,
    merchant_reference: 'A-1',
    subject: 'Tea',
    description: 'x',
    operator_id: 'x',
    store_id: 'x',
    currency: 'CNY',
    metadata: { a: 'b' },
  };
  const paid = await till.post('/v2/payments', payment);
  const ids = [String(paid.body['id']), merchant, 're_x.1', 'key_0123456789abcdef', '%00', 'é'];
  const bodies: Record<string, object> = {
    createPayment: payment,
    createRefund: { amount: 1, reason: 'x' },
    createApiKey: { name: 'x', scopes: ['read'] },
    createMerchant: {
      shop_no: 'DL0009',
      seller_id: '2088212612254111',
      app_id: '2016022901171807',
      sign_type: 'RSA2',
      name: 'x',
      alipay_public_key: 'x',
    },
    changeMerchant: { name: 'x', seller_id: '2088212612254111', alipay_public_key: 'x' },
  };
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('', '0', -1, 1e308, null, '\ud800', '\u0000', [], {}),
  );
  const request = fc.record({
    operation: fc.constantFrom(...OPERATIONS),
    id: fc.constantFrom(...ids),
    /** The field that is spoilt, by its place among the fields. */
    field: fc.nat({ max: 12 }),
    value: odd,
    query: fc.oneof(
      fc.constant(''),
      fc.constantFrom('wait=0', 'wait=1', 'limit=1', 'cursor=AAAA', 'state=paid'),
      fc.string(),
    ),
    key: fc.oneof(fc.constant(undefined), fc.string({ unit: 'grapheme-ascii', maxLength: 20 })),
  });
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(request, async ({ operation, id, field, value, query, key }) => {
      sent += 1;
      const body = bodyOf(operation, bodies, field, value);
      // It goes on for an hour.
      const life = operation.operationId === 'streamEvents' ? 'life=1&' : '';
      const reply = await till.ask({
        method: operation.method,
        path: `${operation.path.replace('{id}', id)}?${life}${encodeURI(query.toWellFormed())}`,
        body,
        headers: key === undefined ? {} : { 'idempotency-key': key.trim() },
      });
      // That status and shape are documented is asked by the client, of every answer.
      expect(reply.status).toBeLessThan(500);
    }),
    { numRuns: RUNS, seed: 20_261_130 },
  );
  expect(sent).toBeGreaterThanOrEqual(RUNS);
  expect(world.alarms).toEqual([]);
  await world.close();
}, 60_000);

/** A right body with one field spoilt, or something else altogether. */
function bodyOf(
  { operationId, method }: Operation,
  bodies: Readonly<Record<string, object>>,
  field: number,
  value: unknown,
): unknown {
  const right = bodies[operationId];
  if (right === undefined) return method === 'GET' ? undefined : value;
  const name = Object.keys(right)[field];
  return name === undefined ? value : { ...right, [name]: value };
}

test('a check of a shape notices what is not in it', () => {
  const shape = { type: 'object', required: ['a'], properties: { a: { type: 'string' } } };
  const check = checkOf('a shape', shape);
  expect(check({ a: 'x' })).toEqual([]);
  expect(check({ a: 'x', b: 1 })).not.toEqual([]);
  expect(check({})).not.toEqual([]);
});
