/** What a request may hold: every rule answers with the field and the rule in both languages, and nothing is stored. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, type V2Client, v2Client } from './client.ts';

let world: World;
let till: V2Client;
let right: Record<string, unknown>;
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  right = aPayment(await firstMerchant(world));
});
afterEach(() => world.close());

const LONG = 'x'.repeat(300);

describe('a payment whose', () => {
  test.each<[string, object, string, RegExp, RegExp]>([
    ['amount is missing', { amount: undefined }, 'amount', /is required/, /不能为空/],
    ['amount is text', { amount: '88' }, 'amount', /must be a whole number/, /须为整数/],
    ['amount has a fraction', { amount: 88.5 }, 'amount', /must be a whole number/, /须为整数/],
    ['amount is nothing', { amount: 0 }, 'amount', /at least 1/, /不能小于 1/],
    ['amount is negative', { amount: -1 }, 'amount', /at least 1/, /不能小于 1/],
    [
      'amount is a fortune',
      { amount: 10_000_000_001 },
      'amount',
      /at most 10000000000/,
      /不能大于/,
    ],
    ['currency is another', { currency: 'USD' }, 'currency', /one of CNY/, /须为以下之一：CNY/],
    ['method is none', { method: 'cash' }, 'method', /one of barcode, qr/, /须为以下之一/],
    [
      'reference is empty',
      { merchant_reference: '' },
      'merchant_reference',
      /1 to 64 char/,
      /1 至 64 个字符/,
    ],
    [
      'reference is long',
      { merchant_reference: LONG },
      'merchant_reference',
      /at most 64/,
      /不能超过 64/,
    ],
    ['subject has a control character', { subject: 'a\u0000b' }, 'subject', /control/, /控制字符/],
    ['subject is half a character', { subject: '\ud83d' }, 'subject', /256/, /256/],
    [
      'subject is too long by one',
      { subject: '茶'.repeat(257) },
      'subject',
      /at most 256/,
      /不能超过 256/,
    ],
    ['code is none', { auth_code: '12' }, 'auth_code', /payment code/, /付款码/],
    [
      'code is missing',
      { auth_code: undefined },
      'auth_code',
      /required for method barcode/,
      /不能为空/,
    ],
    ['code comes with a QR code', { method: 'qr' }, 'auth_code', /barcode only/, /仅用于/],
    ['field is unknown', { colour: 'red' }, 'colour', /not a field/, /不是该请求的字段/],
    ['merchant is none', { merchant: 'DL0001' }, 'merchant', /no such merchant/, /找不到该商户/],
    [
      'merchant is missing',
      { merchant: undefined },
      'merchant',
      /required of whoever is for all merchants/,
      /所有商户的密钥或用户须填写/,
    ],
    ['note is a number', { metadata: { room: 12 } }, 'metadata.room', /must be text/, /须为文本/],
    [
      'note is long',
      { metadata: { room: 'x'.repeat(501) } },
      'metadata.room',
      /at most 500/,
      /不能超过 500/,
    ],
    ...['', 'x'.repeat(41), 'a\u0000b'].map((name): [string, object, string, RegExp, RegExp] => [
      `note is called ${JSON.stringify(name)}`,
      { metadata: { room: 'x', [name]: 'x' } },
      'metadata',
      /name .* 1 to 40 characters/,
      /名称：须为 1 至 40 个字符/,
    ]),
    [
      'notes are many',
      { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`n${at}`, 'x'])) },
      'metadata',
      /at most 20/,
      /至多 20/,
    ],
  ])('%s', async (_what, change, field, en, zh) => {
    const { status, headers, body } = await till.post('/v2/payments', { ...right, ...change });
    expect(status).toBe(
      field === 'merchant' && String(body['code']) === 'merchant_not_found' ? 404 : 400,
    );
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({ status, field, request_id: expect.stringMatching(/./) });
    expect(body['detail']).toMatch(en);
    expect(body['detail_zh']).toMatch(zh);
    expect(await world.db.selectFrom('payment').select('payment_no').execute()).toEqual([]);
  });

  test('texts are as long as they may be', async () => {
    const emoji = '🍵'.repeat(256);
    const made = await till.post('/v2/payments', { ...right, subject: emoji });
    expect([made.status, made.body['subject']]).toEqual([201, emoji]);
  });
});

test.each<[string, object | string, Record<string, string>, number, string]>([
  ['not JSON', '{', {}, 400, 'malformed_json'],
  ['a list', '[]', {}, 400, 'invalid_request'],
  ['nothing', '', {}, 400, 'malformed_json'],
  [
    'a form',
    'amount=1',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'unsupported_media_type',
  ],
  [
    'larger than a megabyte',
    JSON.stringify({ subject: 'x'.repeat(1_100_000) }),
    {},
    413,
    'body_too_large',
  ],
])('a body that is %s', async (_what, body, headers, status, code) => {
  const answer = await till.ask({ path: '/v2/payments', body, headers });
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

test('an operation without a body looks at none, whatever a client always sends', async () => {
  const url = await world.app.listen({ port: 0, host: '127.0.0.1' });
  for (const [type, body] of [
    ['application/json', undefined],
    ['application/json', '{'],
    ['text/plain', 'x'.repeat(2_000_000)],
  ] as const) {
    const response = await fetch(`${url}/v2/merchants/${String(right['merchant'])}/resume`, {
      method: 'POST',
      headers: { authorization: `Bearer ${till.secret}`, 'content-type': type },
      ...(body === undefined ? {} : { body }),
    });
    expect([type, response.status]).toEqual([type, 200]);
    expect(await response.json()).toMatchObject({ state: 'active' });
  }
});

describe('a body of which every field may be left out', () => {
  const path = (): string => `/v2/merchants/${String(right['merchant'])}/next_key`;
  test.each([
    ['is not there', {}],
    ['is said to be JSON, and not there', { headers: { 'content-type': 'application/json' } }],
    ['has no fields', { body: {} }],
  ])('%s', async (_what, more) => {
    const answer = await till.ask({ method: 'POST', path: path(), ...more });
    expect([answer.status, answer.body['object']]).toEqual([200, 'merchant']);
    expect(answer.body['app']).toHaveProperty('next_key.public_key');
  });

  test('is checked all the same when it is there', async () => {
    const answer = await till.ask({ method: 'POST', path: path(), body: { sign_type: 'MD5' } });
    expect([answer.status, answer.body['field']]).toEqual([400, 'sign_type']);
  });

  test('is what no other operation has', async () => {
    const change = `/v2/merchants/${String(right['merchant'])}`;
    expect((await till.ask({ method: 'PATCH', path: change })).status).toBe(400);
    expect((await till.ask({ method: 'POST', path: '/v2/payments' })).status).toBe(400);
  });
});

test('whoever hangs up in a body that nobody looks at is no fault of ours', async () => {
  const { port } = new URL(await world.app.listen({ port: 0, host: '127.0.0.1' }));
  const socket = connect(Number(port), '127.0.0.1');
  socket.end('GET /v2/payments HTTP/1.1\r\nHost: f2f\r\nContent-Length: 9\r\n\r\n{');
  // It is answered that half of it came; an answer that nobody hears is told by its metric.
  await once(socket.resume(), 'close');
  const counted = (await world.app.inject('/metrics')).body;
  expect(counted).toMatch(/"GET \/v2\/payments",code="malformed_json"\} 1/);
  expect(counted).toMatch(/"GET \/v2\/payments",code="internal_error"\} 0/);
  expect(world.alarms).toEqual([]);
});

test('plain text is no shape of ours', async () => {
  const headers = { 'content-type': 'text/plain' };
  const answer = await till.ask({ path: '/v2/payments', body: JSON.stringify(right), headers });
  expect([answer.status, answer.body['code']]).toEqual([415, 'unsupported_media_type']);
});

test.each([
  ['wait=51', 'wait'],
  ['wait=soon', 'wait'],
  ['wait=-1', 'wait'],
  ['wait=', 'wait'],
  ['wait=1&wait=2', 'wait'],
  ['later=1', 'later'],
])('a payment is begun with %s: refused', async (query, field) => {
  const answer = await till.post(`/v2/payments?${query}`, right);
  expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([
    400,
    'invalid_request',
    field,
  ]);
});

test.each([
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['cursor=x', 'cursor'],
  ['state=lost', 'state'],
  ['created_from=yesterday', 'created_from'],
  ['created_before=2026-02-30T00:00:00Z', 'created_before'],
])('a list with %s: refused', async (query, field) => {
  const answer = await till.get(`/v2/payments?${query}`);
  expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([
    400,
    'invalid_request',
    field,
  ]);
});

test('a time as answers have it, in a URL as it is: what became of its + is told', async () => {
  const answer = await till.get('/v2/payments?created_from=2026-11-23T12:00:00+08:00');
  expect(answer.body['detail']).toBe(
    'created_from: must be an RFC 3339 time, such as 2026-11-23T14:56:27+08:00 (in a URL its + is %2B)',
  );
  const right = await till.get('/v2/payments?created_from=2026-11-23T12:00:00%2B08:00');
  expect(right.status).toBe(200);
});

test('every answer names its request, as the log does', async () => {
  for (const path of ['/v2/payments/pay_FF1', '/v2/payments?limit=0', '/v2/nothing']) {
    const refused = await till.get(path);
    expect([path, refused.headers['request-id']]).toEqual([path, refused.body['request_id']]);
  }
  const [first, second] = [await till.get('/v2/payments'), await till.get('/v2/payments')];
  expect(first.headers['request-id']).toMatch(/^[0-9a-f]{16}$/);
  expect(second.headers['request-id']).not.toBe(first.headers['request-id']);
});

test('what is no operation', async () => {
  for (const path of ['/v2', '/v2/nothing', '/v2/payments/x/y/z', '/v2/%E0%A4%A']) {
    const answer = await till.get(path);
    expect([path, answer.status, answer.body['code']]).toEqual([path, 404, 'route_not_found']);
  }
  const answer = await till.ask({ path: '/v2/nothing', body: '{' });
  expect([answer.status, answer.headers['content-type']]).toEqual([
    400,
    'application/problem+json; charset=utf-8',
  ]);
});

test('faults are counted from nought, so that the first one is seen to be one more', async () => {
  const { body } = await world.app.inject({ url: '/metrics' });
  expect(body).toContain(
    'f2f_v2_problems_total{operation="POST /v2/payments",code="internal_error"} 0',
  );
  expect(body).toContain('f2f_v1_answers_total{call="/f2f/hb_barcode",err="SYSTEM_ERROR"} 0');
  await till.get('/v2/refunds/x');
  const after = (await world.app.inject({ url: '/metrics' })).body;
  expect(after).toContain(
    'f2f_v2_problems_total{operation="GET /v2/refunds/:id",code="refund_not_found"} 1',
  );
});
