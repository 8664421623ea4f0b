/** The check of requests against Ajv as a witness: what one lets through the other does, for every shape that a request has. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOf, compileShape } from './check.ts';
import { EventQuery } from './event-schemas.ts';
import {
  CertificateRequestCreate,
  CertificatesUpload,
  MerchantChange,
  MerchantCreate,
  NextKeyCreate,
} from './merchant-schemas.ts';
import { Problem } from './problems.ts';
import {
  ApiKeyCreate,
  IdempotencyHeaders,
  MayRepeatHeaders,
  IdParams,
  PaymentCreate,
  RefundCreate,
} from './schemas.ts';
import { PaymentQuery } from './payment-query.ts';
import type { Keywords } from './shape.ts';
import { DeliveryQuery, EndpointChange, EndpointCreate, Redelivery } from './webhook-schemas.ts';

const TIME = '2026-01-31T23:59:59+08:00';
const PID = '2088212612254111';
const APP = '2016022901171807';
const BAR = '280851932108273550';

const SHORT_LIST: Keywords = {
  type: 'object',
  properties: { list: { type: 'array', items: { type: 'string' }, maxItems: 1 } },
};

const CASES: readonly [string, Keywords, Record<string, unknown>][] = [
  [
    'PaymentCreate',
    PaymentCreate,
    { method: 'qr', amount: 1, merchant_reference: '1', subject: 's' },
  ],
  ['RefundCreate', RefundCreate, { amount: 1 }],
  ['ApiKeyCreate', ApiKeyCreate, { name: 'till', scopes: ['read'] }],
  ['MerchantCreate', MerchantCreate, { shop_no: 'DL0001', seller_id: PID, app_id: APP }],
  ['MerchantChange', MerchantChange, { name: 'Tea' }],
  ['no authorisation', MerchantChange, { authorization: null }],
  ['NextKeyCreate', NextKeyCreate, {}],
  ['CertificateRequestCreate', CertificateRequestCreate, { organization: 'Tea' }],
  [
    'CertificatesUpload',
    CertificatesUpload,
    { app_certificate: '', alipay_certificate: '', alipay_root_certificate: '' },
  ],
  ['EndpointCreate', EndpointCreate, { url: 'https://shop.example/' }],
  ['EndpointChange', EndpointChange, { enabled: true }],
  ['Redelivery', Redelivery, { from: TIME, until: TIME }],
  ['PaymentQuery', PaymentQuery, { limit: 1 }],
  ['EventQuery', EventQuery, { wait: 0 }],
  ['DeliveryQuery', DeliveryQuery, { endpoint: 'we_1' }],
  ['IdempotencyHeaders', IdempotencyHeaders, { 'idempotency-key': 'k' }],
  ['MayRepeatHeaders', MayRepeatHeaders, {}],
  ['IdParams', IdParams, { id: 'pay_1' }],
  ['a short list', SHORT_LIST, { list: ['x'] }],
];

const lengths = [28, 32, 40, 64, 80, 128, 200, 256, 500, 4096];
const longTexts = lengths.flatMap((length) =>
  ['茶', '🍵'].flatMap((one) => [one.repeat(length), one.repeat(length + 1)]),
);
const texts = ['', 'x', 'a\u0000', 'x\n', '\ud83d', TIME, 'yesterday', '2026-02-30T00:00:00Z'];
const words = [BAR, PID, APP, 'RSA2', 'qr', 'CNY', 'paid', 'payment.paid', 'pending', '5'];
const namesOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, 'x']));
const junk = fc.oneof(
  fc.constantFrom<unknown>(...texts, ...words, ...longTexts),
  fc.constantFrom<unknown>(-1, 0, 1, 50, 51, 100, 101, 88.5, 1e10, 1e10 + 1, true, false, null),
  fc.constantFrom<unknown>(
    [],
    ['read'],
    ['read', 'read'],
    [1],
    ['payment.paid', 'x'],
    ['payment.paid'],
  ),
  fc.constantFrom<unknown>(Array(20).fill('payment.paid'), Array(21).fill('payment.paid')),
  fc.constantFrom<unknown>(
    {},
    { room: '12' },
    { room: 12 },
    { '': 'x' },
    { p: 'x' },
    { ['🍵'.repeat(40)]: 'x' },
    { ['茶'.repeat(41)]: 'x' },
  ),
  fc.constantFrom<unknown>(namesOf(20), namesOf(21), { room: '🍵'.repeat(501) }),
);

/** A right value with up to two fields that are anything, and perhaps one less; now and then anything at all. */
function nearly(shape: Keywords, right: Record<string, unknown>): fc.Arbitrary<unknown> {
  const names = [...Object.keys(shape.properties ?? {}), 'colour', 'toString', '__proto__'];
  const changed = fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...names), junk), { maxLength: 2 }),
      fc.option(fc.constantFrom(...names)),
    )
    .map(([changes, gone]) =>
      Object.fromEntries([...Object.entries(right), ...changes].filter(([name]) => name !== gone)),
    );
  return fc.oneof({ weight: 20, arbitrary: changed }, { weight: 1, arbitrary: junk });
}

describe('what Ajv lets through', () => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addFormat('date-time', (text) => text === TIME);

  test.each(CASES)('of %s, and nothing else', (_name, shape, right) => {
    const [witness, check] = [ajv.compile(shape), checkOf(shape)];
    const verdicts = new Set<boolean>();
    fc.assert(
      fc.property(nearly(shape, right), (value) => {
        const isRight = witness(value);
        verdicts.add(isRight);
        expect(check(value) === undefined).toBe(isRight);
      }),
      { numRuns: 2000 },
    );
    expect(verdicts.size).toBe(2);
  });
});

describe('a number of a query', () => {
  const ask = compileShape({
    schema: { type: 'object', properties: { wait: { type: 'integer' } } },
    httpPart: 'querystring',
    method: 'GET',
    url: '/',
  });

  test.each([
    ['5', 5],
    ['-1', -1],
  ])('%s is read', (text, wait) => {
    expect(ask({ wait: text, other: '5' })).toEqual({ value: { wait, other: '5' } });
  });

  test.each([['5.5'], [''], ['1e1'], ['true'], [['5', '6']], [['5']]])('%j is none', (wait) => {
    expect(ask({ wait })).toEqual({ error: expect.any(Problem) });
  });
});

test('a body that is no object has no field that is wrong', () => {
  const ask = compileShape({ schema: IdParams, httpPart: 'body', method: 'POST', url: '/' });
  const { error } = ask([]) as { error: Problem };
  expect(error.details).toMatchObject({ field: 'body', detail: { en: 'body: must be an object' } });
});

test('the path of a field that is deep inside', () => {
  const shape: Keywords = {
    type: 'object',
    properties: { lists: { type: 'array', items: ApiKeyCreate } },
  };
  const broken = checkOf(shape)({
    lists: [
      { name: 'a', scopes: ['read'] },
      { name: 'b', scopes: ['read', 'x'] },
    ],
  });
  expect(broken?.path).toEqual(['lists', '1', 'scopes', '1']);
});

test.each<[string, object]>([
  ['minLength', { type: 'string', minLength: 2 }],
  ['minimum', { type: 'string', minimum: 2 }],
  ['anyOf', { anyOf: [{ type: 'string' }, { type: 'integer' }] }],
  ['$ref', { type: 'object', properties: { payment: { $ref: 'Payment#' } } }],
])('a shape that says what nothing checks is not begun with: %s', (word, shape) => {
  expect(() => checkOf(shape)).toThrow(word);
});
