/** Merchants over v2: registered, found, changed against what was read, and proven at Alipay. */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';
import { v2Client, type V2Client } from './client.ts';

let world: World;
let operator: V2Client;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
});
afterEach(() => world.close());

const SHOP = {
  shop_no: 'TEA-1',
  name: 'Tea house',
  seller_id: '2088212612254111',
  app_id: '2016022901171999',
};

const OTHER_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).publicKey;
test('is registered with a key pair of its own, charges, and is there for v1 by its number', async () => {
  const made = await operator.post('/v2/merchants', SHOP);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    object: 'merchant',
    shop_no: 'TEA-1',
    name: 'Tea house',
    store_no: expect.stringMatching(/^\d{3}$/),
    app: {
      app_id: SHOP.app_id,
      sign_type: 'RSA2',
      public_key: expect.stringMatching(/^MI/),
      // In a trial the simulator tells its own.
      alipay_public_key: expect.stringMatching(/^MI/),
    },
  });
  const { id } = made.body as { id: string };
  expect((await operator.get(`/v2/merchants/${id}`)).body).toEqual(made.body);
  const payment = await operator.post('/v2/payments', {
    merchant: id,
    method: 'barcode',
    auth_code: '280851932108279999',
    amount: 100,
    merchant_reference: '1',
    subject: 'Tea',
  });
  expect(payment.body).toMatchObject({ merchant: id, state: 'paid' });
  // The number is taken for v1, too, and the shop is no dongle's.
  const again = { storeDogNo: 'TEA-1', cpiPid: SHOP.seller_id, cpiAppid: SHOP.app_id };
  expect((await world.send('/f2f/company/add', again)).err).toBe('DOGNO_ALREADY_EXISTS');
  expect((await world.send('/f2f/company/query', { storeDogNo: 'TEA-1' })).err).toBe(
    'RESULT_NOT_EXISTS',
  );
});

test.each<[string, object, number, string, string]>([
  ['a number that is taken', { shop_no: 'DL0001' }, 409, 'shop_no_taken', 'shop_no'],
  ['a number that is none', { shop_no: 'a b' }, 400, 'invalid_request', 'shop_no'],
  ['an account that is none', { seller_id: '1' }, 400, 'invalid_request', 'seller_id'],
  ['an application that is none', { app_id: 'x' }, 400, 'invalid_request', 'app_id'],
  [
    'a key that is none',
    { alipay_public_key: 'MIIB' },
    400,
    'invalid_request',
    'alipay_public_key',
  ],
])('with %s it is refused, and nothing is stored', async (_what, change, status, code, field) => {
  const answer = await operator.post('/v2/merchants', { ...SHOP, ...change });
  expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([status, code, field]);
  expect(await world.db.selectFrom('merchant').select('shop_no').execute()).toHaveLength(1);
});

test('pages, oldest first', async () => {
  for (let shop = 1; shop <= 4; shop += 1) {
    await operator.post('/v2/merchants', { ...SHOP, shop_no: `T${shop}` });
  }
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await operator.get(
      `/v2/merchants?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    seen.push(...(page.body['data'] as { shop_no: string }[]).map(({ shop_no }) => shop_no));
    cursor = page.body['next_cursor'] as string | null;
  }
  expect(seen).toEqual(['DL0001', 'T1', 'T2', 'T3', 'T4']);
});

test('found by its shop number, by whoever may see it', async () => {
  const { body: made } = await operator.post('/v2/merchants', { ...SHOP, shop_no: 'T1' });
  const ask = async (client: V2Client, shopNo: string) => {
    const { body } = await client.get(`/v2/merchants?shop_no=${shopNo}`);
    return (body['data'] as { id: string }[]).map(({ id }) => id);
  };
  expect(await ask(operator, 'T1')).toEqual([made['id']]);
  expect(await ask(operator, 'T2')).toEqual([]);
  const first = await v2Client(world, { merchantId: 1 });
  expect(await ask(first, 'T1')).toEqual([]);
  expect(await ask(first, 'DL0001')).toHaveLength(1);
});

test('of an application that others have brings it no other key of Alipay: they would stand still', async () => {
  const first = await operator.post('/v2/merchants', { ...SHOP, alipay_public_key: OTHER_KEY });
  const { app } = first.body as { app: { public_key: string; alipay_public_key: string } };
  const second = { ...SHOP, shop_no: 'TEA-2' };
  const wrong = { ...second, alipay_public_key: app.public_key };
  const answer = await operator.post('/v2/merchants', wrong);
  expect([answer.status, answer.body['field']]).toEqual([400, 'alipay_public_key']);
  expect(answer.body['detail']).toMatch(/has another already/);
  const path = `/v2/merchants/${String(first.body['id'])}`;
  expect((await operator.get(path)).body['app']).toMatchObject(app);
  // The same one is no other.
  const made = await operator.post('/v2/merchants', { ...second, alipay_public_key: OTHER_KEY });
  expect([made.status, made.body['app']]).toMatchObject([201, app]);
});

describe('a change', () => {
  let id: string;
  let etag: string;
  beforeEach(async () => {
    const made = await operator.post('/v2/merchants', SHOP);
    id = String(made.body['id']);
    etag = String(made.headers['etag']);
  });
  const change = (body: object, headers: Record<string, string> = {}) =>
    operator.ask({ method: 'PATCH', path: `/v2/merchants/${id}`, body, headers });

  test('leaves what is not given', async () => {
    const changed = await change({ name: 'Tea garden' });
    expect(changed.body).toMatchObject({ name: 'Tea garden', seller_id: SHOP.seller_id });
    const keyed = await change({ alipay_public_key: OTHER_KEY });
    expect(keyed.body).toMatchObject({ name: 'Tea garden', app: { app_id: SHOP.app_id } });
  });

  test('of what somebody else changed since is refused', async () => {
    const first = await change({ name: 'Tea garden' }, { 'if-match': etag });
    expect(first.status).toBe(200);
    const late = await change({ name: 'Coffee house' }, { 'if-match': etag });
    expect([late.status, late.body['code']]).toEqual([412, 'precondition_failed']);
    expect((await operator.get(`/v2/merchants/${id}`)).body['name']).toBe('Tea garden');
    const next = await change(
      { name: 'Coffee house' },
      { 'if-match': String(first.headers['etag']) },
    );
    expect(next.body['name']).toBe('Coffee house');
  });

  test('of the application is an operator’s: merchants share applications', async () => {
    const row = await world.db
      .selectFrom('merchant')
      .selectAll()
      .where('shop_no', '=', SHOP.shop_no)
      .executeTakeFirstOrThrow();
    const own = await v2Client(world, { merchantId: row.merchant_id });
    const path = `/v2/merchants/${id}`;
    for (const body of [
      { alipay_public_key: OTHER_KEY },
      { app_id: '2016022901171807' },
      { seller_id: '2088212612254222' },
      { name: 'x', sign_type: 'RSA' },
    ]) {
      const answer = await own.ask({ method: 'PATCH', path, body });
      expect([answer.status, answer.body['code']]).toEqual([403, 'permission_denied']);
    }
    expect((await own.ask({ method: 'PATCH', path, body: { name: 'Ours' } })).body['name']).toBe(
      'Ours',
    );
  });

  test('is made however many others are made at the same time', async () => {
    const acts = ['suspend', 'resume'].flatMap((act) => Array.from({ length: 10 }, () => act));
    const answers = await Promise.all([
      ...acts.map((act) => operator.post(`/v2/merchants/${id}/${act}`)),
      ...acts.map((name) => change({ name })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  test('of Alipay’s key to the application’s own, the classic mistake, is refused', async () => {
    world.makeOtherKeys();
    const made = await operator.post(`/v2/merchants/${id}/next_key`);
    const app = made.body['app'] as { public_key: string; next_key: { public_key: string } };
    for (const own of [app.public_key, app.next_key.public_key]) {
      const answer = await change({ alipay_public_key: own });
      expect([answer.status, answer.body['field']]).toEqual([400, 'alipay_public_key']);
      expect(answer.body['detail']).toMatch(/is the application’s own/);
    }
  });

  test('of nothing is refused', async () => {
    const answer = await change({});
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request']);
  });
});

describe('a test', () => {
  let id: string;
  beforeEach(async () => {
    id = String((await operator.post('/v2/merchants', SHOP)).body['id']);
  });
  const tryOut = async () => (await operator.post(`/v2/merchants/${id}/test`)).body;

  test('proves keys, contract and network, and moves nothing', async () => {
    const ok = { result: 'ok', code: null, message: null };
    expect(await tryOut()).toEqual({ object: 'merchant_test', ok: true, heartbeat: ok, query: ok });
    expect(world.control('GET', '/simulator/trades')['trades']).toEqual([]);
  });

  test('with a wrong key of Alipay: no answer can be verified', async () => {
    const body = { alipay_public_key: OTHER_KEY };
    await operator.ask({ method: 'PATCH', path: `/v2/merchants/${id}`, body });
    expect(await tryOut()).toMatchObject({ ok: false, query: { result: 'no_answer' } });
  });

  test('with nobody there: no answer', async () => {
    world.onRequest(() => {
      throw new NoResponse('connection', 'no route to host');
    });
    expect(await tryOut()).toMatchObject({
      ok: false,
      heartbeat: { result: 'no_answer' },
      query: { result: 'no_answer', message: expect.stringMatching(/./) },
    });
  });
});
