/**
 * What happens to a merchant over the years, over v2: suspended and resumed, its key pair changed without a gap, taken over to
 * certificates, and a service provider's application that acts for it. The simulator is the real Alipay here: nothing is
 * announced to it, a person uploads keys.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findAnyMerchant, insertGrant } from '../../src/store/merchants.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, v2Client, type V2Client } from './client.ts';

const APP_ID = '2016022901171999';
const SELLER = '2088212612254111';
const DONGLE = 'B996377230C16FEF1BA98F127C1A4570';
const DAY_MS = 86_400_000;

let world: World;
let operator: V2Client;
let id: string;
let bills = 0;

beforeEach(async () => {
  world = await createWorld({ simulator: undefined });
  operator = await v2Client(world);
  const shop = { shop_no: 'TEA-1', seller_id: SELLER, app_id: APP_ID };
  const made = await operator.post('/v2/merchants', shop);
  id = String(made.body['id']);
  const alipayKey = upload(publicKeyIn(made.body));
  await change({ alipay_public_key: alipayKey });
});
afterEach(() => world.close());

type Shown = Record<string, unknown>;

/** Gives a public key to Alipay, as a person does in its console; returns Alipay's own. */
function upload(appPublicKey: string): string {
  const told = { appId: APP_ID, pid: SELLER, appPublicKey };
  return String(world.control('POST', '/simulator/apps', told)['alipayPublicKey']);
}

/** The same, and so many others that Alipay forgets all before them: it has one key for an application. */
function replaceKey(appPublicKey: string): void {
  for (let other = 0; other < 15; other += 1) upload(spki(newKey()));
  upload(appPublicKey);
}

const newKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
const spki = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'der' }).toString('base64');
const appIn = (body: Shown): Shown => body['app'] as Shown;
const publicKeyIn = (body: Shown): string => String(appIn(body)['public_key']);
const nextKeyIn = (body: Shown): string =>
  String((appIn(body)['next_key'] as Shown | null)?.['public_key']);

const merchant = async (): Promise<Shown> => (await operator.get(`/v2/merchants/${id}`)).body;
const change = (body: object) =>
  operator.ask({ method: 'PATCH', path: `/v2/merchants/${id}`, body });
const post = (path: string, body?: object) => operator.post(`/v2/merchants/${id}/${path}`, body);

/** A payment by payment code; the bill and the code are new. */
async function charge(more: object = {}): Promise<Shown> {
  bills += 1;
  const code = `28085193210${String(bills).padStart(3, '0')}9999`;
  const wanted = { merchant_reference: `L-${bills}`, auth_code: code, ...more };
  return (await operator.post('/v2/payments', aPayment(id, wanted))).body;
}

const chargesOf = (payment: Shown): number | undefined =>
  world.trade(String((payment['alipay'] as Shown)['out_trade_no']))?.chargeCount;
const callsOf = (method: string): number =>
  world.calls.filter((call) => call.method === `alipay.trade.${method}`).length;

describe('a suspended merchant', () => {
  test('begins no payment by either API, and goes on with what it began', async () => {
    const paid = await charge();
    const shown = await operator.post(
      '/v2/payments',
      aPayment(id, { method: 'qr', auth_code: undefined, merchant_reference: 'Q-1' }),
    );
    const suspended = await post('suspend');
    expect(suspended.body).toMatchObject({ id, state: 'suspended' });
    expect(await charge()).toMatchObject({ status: 409, code: 'merchant_suspended' });
    const refund = await operator.post(`/v2/payments/${String(paid['id'])}/refunds`, {
      amount: 8800,
    });
    expect(refund.body).toMatchObject({ state: 'succeeded' });
    const path = `/v2/payments/${String(shown.body['id'])}`;
    expect((await operator.post(`${path}/cancel`)).status).toBe(200);
    // Nobody scanned the code: it is not certain before the code has died.
    await world.clock.advance(20 * 60_000);
    expect((await operator.get(path)).body).toMatchObject({ state: 'closed' });
    expect(callsOf('pay')).toBe(1);
    const listed = await operator.get(`/v2/payments?merchant=${id}`);
    expect(listed.body['data']).toHaveLength(2);
  });

  test('answers a call that it had answered before as before', async () => {
    const wanted = aPayment(id, { merchant_reference: 'S-1' });
    const first = await operator.post('/v2/payments', wanted, 'the-same-key');
    await post('suspend');
    const again = await operator.post('/v2/payments', wanted, 'the-same-key');
    expect([again.status, again.body]).toEqual([201, first.body]);
    // A till that lost the key sends the same bill and code: it is the same payment.
    const anew = await operator.post('/v2/payments', wanted, 'another-key');
    expect(anew.body['id']).toBe(first.body['id']);
  });

  test('is not in the way of others of its application that are suspended with it', async () => {
    const ids = [id];
    for (let number = 0; number < 9; number += 1) {
      const shop = { shop_no: `M-${number}`, seller_id: SELLER, app_id: APP_ID };
      ids.push(String((await operator.post('/v2/merchants', shop)).body['id']));
    }
    const before = (await operator.get(`/v2/merchants/${id}`)).headers['etag'];
    const answers = await Promise.all(
      ids
        .slice(1)
        .map((one) => operator.ask({ method: 'POST', path: `/v2/merchants/${one}/suspend` })),
    );
    expect(answers.map(({ status, body }) => [status, body['state']])).toEqual(
      ids.slice(1).map(() => [200, 'suspended']),
    );
    // What was read of this one is still so.
    expect((await operator.get(`/v2/merchants/${id}`)).headers['etag']).toBe(before);
  });

  test('takes payments again when it is resumed', async () => {
    await post('suspend');
    await post('suspend');
    const resumed = await post('resume');
    expect(resumed.body).toMatchObject({ state: 'active' });
    expect(await charge()).toMatchObject({ state: 'paid' });
  });
});

test('a suspended shop of v1 hears of it in the words that terminals read', async () => {
  const shops = (await operator.get('/v2/merchants')).body['data'] as Shown[];
  const shop = shops.find((one) => one['shop_no'] === 'DL0001');
  await operator.post(`/v2/merchants/${String(shop?.['id'])}/suspend`);
  const bill = { cpiNo: 'DL0001', localNo: '1', totalAmount: '1.00', subject: 'Tea' };
  const refusal = {
    code: '40004',
    msg: 'Business Failed',
    sub_code: 'ACQ.MERCHANT_STATUS_NOT_NORMAL',
    sub_msg: '商户已停用,请联系工作人员',
  };
  const barcode = await world.send('/f2f/hb_barcode', { ...bill, authCode: '280851932108279999' });
  expect([barcode.err, barcode.statusNo, barcode.re]).toEqual(['nothing', 200, refusal]);
  const qr = await world.send('/f2f/qrcode', bill);
  expect([qr.err, qr.data]).toEqual(['QRCODE_FAILED', refusal]);
});

describe('the key pair', () => {
  test('that is to take over is shown, tested and proven first', async () => {
    const before = publicKeyIn(await merchant());
    world.makeOtherKeys();
    const next = nextKeyIn((await post('next_key', {})).body);
    expect(next).toMatch(/^MI/);
    expect(next).not.toBe(before);
    // The same one again, until it has taken over.
    expect(nextKeyIn((await post('next_key', {})).body)).toBe(next);
    const early = await post('next_key/test');
    expect(early.body).toMatchObject({
      object: 'key_test',
      ok: false,
      query: { result: 'refused', code: 'isv.invalid-signature' },
    });
    const refused = await post('next_key/activate');
    expect([refused.status, refused.body['code'], refused.body['alipay']]).toEqual([
      409,
      'credentials_not_proven',
      { code: '40002', sub_code: 'isv.invalid-signature' },
    ]);
    expect(publicKeyIn(await merchant())).toBe(before);

    upload(next);
    expect((await post('next_key/test')).body).toMatchObject({ ok: true, query: { result: 'ok' } });
    const taken = await post('next_key/activate');
    expect([publicKeyIn(taken.body), appIn(taken.body)['next_key']]).toEqual([next, null]);
    const gone = await post('next_key/activate');
    expect([gone.status, gone.body['code']]).toEqual([409, 'no_next_key']);
    expect((await post('next_key/test')).body['code']).toBe('no_next_key');
  });

  test('changes without a gap: Alipay may have either, and every payment is made once', async () => {
    const before = await charge();
    world.makeOtherKeys();
    const next = nextKeyIn((await post('next_key', {})).body);
    const uploading = await charge();
    // From here on Alipay knows the next key alone, and the gateway still signs with the one before it.
    replaceKey(next);
    const between = await charge();
    const refund = await operator.post(`/v2/payments/${String(before['id'])}/refunds`, {
      amount: 8800,
    });
    await post('next_key/activate');
    const after = await charge();
    for (const payment of [before, uploading, between, after]) {
      expect([payment['state'], chargesOf(payment)]).toEqual(['paid', 1]);
    }
    expect(refund.body).toMatchObject({ state: 'succeeded' });
    // One was sent twice: Alipay's gateway refused what the key of before had signed.
    expect(callsOf('pay')).toBe(5);
  });

  test('is not tried for a payment that was cancelled meanwhile', async () => {
    world.makeOtherKeys();
    replaceKey(nextKeyIn((await post('next_key', {})).body));
    // The first call is held up, and refused when nobody counts on it any more; a second would end later still.
    const holdsMs = [20_000, 9000];
    world.onRequest(async (method) => {
      if (method === 'alipay.trade.pay') await world.clock.sleep(holdsMs.shift() ?? 0);
    });
    const charging = operator.send({ path: '/v2/payments', body: aPayment(id) });
    await world.clock.advance(1000);
    const [begun] = (await operator.get('/v2/payments')).body['data'] as Shown[];
    const path = `/v2/payments/${String(begun?.['id'])}`;
    const cancelled = await operator.post(`${path}/cancel?wait=50`);
    await world.clock.advance(30 * 3_600_000);
    expect((await charging).body['state']).not.toBe('paid');
    expect(['closed', 'declined']).toContain(cancelled.body['state']);
    expect((await operator.get(path)).body['state']).toBe(cancelled.body['state']);
    expect(chargesOf(begun!)).toBeUndefined();
  });

  test('that is not needed any more is given up', async () => {
    world.makeOtherKeys();
    await post('next_key', {});
    const dropped = await operator.ask({ method: 'DELETE', path: `/v2/merchants/${id}/next_key` });
    expect(appIn(dropped.body)['next_key']).toBeNull();
    const again = await operator.ask({ method: 'DELETE', path: `/v2/merchants/${id}/next_key` });
    expect(again.status).toBe(200);
  });

  test('silence is no proof', async () => {
    await post('next_key', {});
    world.onRequest(() => {
      throw new NoResponse('connection', 'no route to host');
    });
    const answer = await post('next_key/activate');
    expect([answer.status, answer.body['code']]).toEqual([409, 'credentials_not_proven']);
    expect(answer.body['alipay']).toBeUndefined();
    expect(appIn(await merchant())['next_key']).not.toBeNull();
  });

  test('of another algorithm brings that with it', async () => {
    await change({ sign_type: 'RSA' });
    world.makeOtherKeys();
    const next = nextKeyIn((await post('next_key', { sign_type: 'RSA2' })).body);
    upload(next);
    expect(appIn((await post('next_key/activate')).body)['sign_type']).toBe('RSA2');
    expect(await charge()).toMatchObject({ state: 'paid' });
  });
});

describe('certificates', () => {
  const COMPANY = { organization: '某某酒店有限公司' };
  type Files = Record<'appCertificate' | 'alipayCertificate' | 'alipayRootCertificate', string>;

  /** As Alipay's console does with a certificate request. */
  function issue(csr: string): Files {
    return world.control('POST', `/simulator/apps/${APP_ID}/certificates`, { csr }) as Files;
  }
  async function request(): Promise<string> {
    return String((await post('certificate_request', COMPANY)).body['pem']);
  }
  const put = (files: Files, changes: object = {}) =>
    operator.ask({
      method: 'PUT',
      path: `/v2/merchants/${id}/certificates`,
      body: {
        app_certificate: files.appCertificate,
        alipay_certificate: files.alipayCertificate,
        alipay_root_certificate: files.alipayRootCertificate,
        ...changes,
      },
    });

  test('are proven, used for every call from then on, and their expiry is shown', async () => {
    const before = await charge();
    const installed = await put(issue(await request()));
    expect(appIn(installed.body)['certificates']).toMatchObject({
      app: {
        serial_no: expect.stringMatching(/^[0-9a-f]{32}$/),
        expires_at: expect.stringMatching(/^2031-11-22T12:/),
      },
      alipay: { expires_at: expect.stringMatching(/^2031-11-22T12:/) },
    });
    // After a week Alipay hears nothing that comes without certificates.
    await world.clock.advance(8 * DAY_MS);
    const after = await charge();
    expect([after['state'], chargesOf(after)]).toEqual(['paid', 1]);
    const refund = await operator.post(`/v2/payments/${String(before['id'])}/refunds`, {
      amount: 8800,
    });
    expect(refund.body).toMatchObject({ state: 'succeeded' });
    expect((await post('test')).body['ok']).toBe(true);
    const unsigned = world.calls.filter(({ method }) => method.endsWith('.pay'));
    expect(unsigned).toHaveLength(2);
  });

  test('for the next key pair make that one take over', async () => {
    await put(issue(await request()));
    world.makeOtherKeys();
    const next = nextKeyIn((await post('next_key', {})).body);
    const files = issue(await request());
    await world.clock.advance(8 * DAY_MS);
    const installed = await put(files);
    expect([publicKeyIn(installed.body), appIn(installed.body)['next_key']]).toEqual([next, null]);
    expect(await charge()).toMatchObject({ state: 'paid' });
  });

  test('are left for a bare key of Alipay, and only on purpose', async () => {
    const key = String(appIn(await merchant())['alipay_public_key']);
    await put(issue(await request()));
    // What a program read, and sends back with a change of its own, changes nothing.
    const echoed = await change({ alipay_public_key: key, name: 'Tea house' });
    expect(appIn(echoed.body)['certificates']).not.toBeNull();
    const other = await change({ alipay_public_key: spki(newKey()) });
    expect([other.status, other.body['field']]).toEqual([400, 'alipay_public_key']);
    const left = await change({ leave_certificates: true, alipay_public_key: key });
    expect(appIn(left.body)['certificates']).toBeNull();
    expect(await charge()).toMatchObject({ state: 'paid' });
  });

  test('are left only when Alipay hears what comes without them', async () => {
    const key = String(appIn(await merchant())['alipay_public_key']);
    await put(issue(await request()));
    const leave = (alipayKey: string) =>
      change({ leave_certificates: true, alipay_public_key: alipayKey });
    // Another key than Alipay's: no answer could be verified any more.
    const wrong = await leave(spki(newKey()));
    expect([wrong.status, wrong.body['code']]).toEqual([409, 'credentials_not_proven']);
    await world.clock.advance(8 * DAY_MS);
    const late = await leave(key);
    expect([late.status, late.body['alipay']]).toEqual([
      409,
      { code: '40001', sub_code: 'isv.missing-app-cert-sn' },
    ]);
    expect(appIn(await merchant())).toMatchObject({ alipay_public_key: key });
    expect(appIn(await merchant())['certificates']).not.toBeNull();
    expect(await charge()).toMatchObject({ state: 'paid' });
  });

  test('are not left by a terminal: v1 changes neither key of an application that has them', async () => {
    const shops = (await operator.get('/v2/merchants')).body['data'] as Shown[];
    const { id: shop } = shops.find((one) => one['shop_no'] === 'DL0001')!;
    const path = `/v2/merchants/${String(shop)}`;
    const appId = '2016022901171807';
    const app = appIn(shops.find((one) => one['id'] === shop)!);
    const told = { appId, pid: SELLER, appPublicKey: app['public_key'] };
    const { alipayPublicKey } = world.control('POST', '/simulator/apps', told);
    await operator.ask({ method: 'PATCH', path, body: { alipay_public_key: alipayPublicKey } });
    const csr = (await operator.post(`${path}/certificate_request`, COMPANY)).body['pem'];
    const files = world.control('POST', `/simulator/apps/${appId}/certificates`, { csr }) as Files;
    const body = {
      app_certificate: files.appCertificate,
      alipay_certificate: files.alipayCertificate,
      alipay_root_certificate: files.alipayRootCertificate,
    };
    const installed = await operator.ask({ method: 'PUT', path: `${path}/certificates`, body });
    expect(installed.status).toBe(200);
    for (const [field, more] of [
      ['cpiAlipubKey', { cpiAlipubKey: spki(newKey()) }],
      ['cpiPriKey', { cpiPriKey: 'true', cpiPubKey: 'true' }],
    ] as const) {
      const answer = await world.send('/f2f/company/update', { cpiNo: 'DL0001', ...more });
      expect([answer.err, answer.msg]).toEqual(['DATA_IS_INVALID', expect.stringContaining(field)]);
    }
    expect(appIn((await operator.get(path)).body)['certificates']).not.toBeNull();
  });

  test('bring the key of Alipay: a further shop cannot bring another', async () => {
    await put(issue(await request()));
    const key = String(appIn(await merchant())['alipay_public_key']);
    const shop = { shop_no: 'TEA-2', seller_id: SELLER, app_id: APP_ID };
    const other = { ...shop, alipay_public_key: spki(newKey()) };
    const answer = await operator.post('/v2/merchants', other);
    expect([answer.status, answer.body['field']]).toEqual([400, 'alipay_public_key']);
    expect(answer.body['detail']).toMatch(/has certificates, which bring it/);
    // The same one, or none, is no other.
    expect((await operator.post('/v2/merchants', { ...shop, alipay_public_key: key })).status).toBe(
      201,
    );
    expect((await operator.post('/v2/merchants', { ...shop, shop_no: 'TEA-3' })).status).toBe(201);
    expect(await charge()).toMatchObject({ state: 'paid' });
  });

  test('bring the key of Alipay to a terminal of v1, too', async () => {
    await put(issue(await request()));
    const { certificate_id: certificateId } = await world.db
      .selectFrom('app_certificate')
      .select('certificate_id')
      .executeTakeFirstOrThrow();
    await world.db
      .updateTable('alipay_app')
      .set({ certificate_id: certificateId })
      .where('owner', '=', DONGLE)
      .execute();
    const heard = await world.send('/f2f/company/add', {
      storeDogNo: 'DL0002',
      cpiPid: SELLER,
      cpiAppid: '2016022901171807',
      cpiAlipubKey: spki(newKey()),
    });
    expect([heard.err, heard.msg]).toEqual([
      'DATA_IS_INVALID',
      '参数错误: cpiAlipubKey 该应用已使用证书,请不填写',
    ]);
  });

  test('go with RSA2 alone', async () => {
    await put(issue(await request()));
    const answer = await change({ sign_type: 'RSA' });
    expect([answer.status, answer.body['field']]).toEqual([400, 'sign_type']);
    expect(answer.body['detail']).toMatch(/must be RSA2 while the application has certificates/);
    expect((await change({ name: 'Tea', sign_type: 'RSA2' })).status).toBe(200);
    expect(await charge()).toMatchObject({ state: 'paid' });
    // So does a terminal of v1 that was let at the shop.
    const { cpiNo, merchantId } = (await findAnyMerchant(world.db, 'TEA-1'))!;
    await insertGrant(world.db, { merchantId, dongleNo: DONGLE, createdAtMs: 1 });
    const heard = await world.send('/f2f/company/update', { cpiNo, signType: 'RSA' });
    expect([heard.err, heard.msg]).toEqual([
      'DATA_IS_INVALID',
      '参数错误: signType 证书模式下须为RSA2',
    ]);
  });

  test.each<[string, (files: Files) => object, string, RegExp]>([
    ['that are none', () => ({ app_certificate: 'x' }), 'app_certificate', /PEM/],
    [
      'in the wrong place',
      ({ alipayCertificate }) => ({ app_certificate: alipayCertificate }),
      'app_certificate',
      /not for a key pair/,
    ],
    [
      'whose roots are none',
      () => ({ alipay_root_certificate: '' }),
      'alipay_root_certificate',
      /PEM/,
    ],
  ])('%s are refused, and nothing changes', async (_what, changes, field, rule) => {
    const files = issue(await request());
    const answer = await put(files, changes(files));
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([
      400,
      'invalid_request',
      field,
    ]);
    expect(answer.body['detail']).toMatch(rule);
    expect(appIn(await merchant())['certificates']).toBeNull();
  });

  test('that Alipay does not know are refused, and nothing changes', async () => {
    const files = issue(await request());
    // Issued by the same authority for the same key, and not on this application's record.
    const other = { appId: '2016022901171998', pid: SELLER, appPublicKey: spki(newKey()) };
    world.control('POST', '/simulator/apps', other);
    const path = `/simulator/apps/${other.appId}/certificates`;
    const foreign = world.control('POST', path, { csr: await request() }) as Files;
    const answer = await put({ ...files, appCertificate: foreign.appCertificate });
    expect([answer.status, answer.body['code'], answer.body['alipay']]).toEqual([
      409,
      'credentials_not_proven',
      { code: '40002', sub_code: 'isv.app-cert-not-exist' },
    ]);
    expect(appIn(await merchant())['certificates']).toBeNull();
  });

  test('need a key pair of 2048 bits', async () => {
    const shop = { shop_no: 'OLD-1', seller_id: SELLER, app_id: '2016022901171997' };
    const made = await operator.post('/v2/merchants', { ...shop, sign_type: 'RSA' });
    const path = `/v2/merchants/${String(made.body['id'])}/certificate_request`;
    const answer = await operator.post(path, COMPANY);
    expect([answer.status, answer.body['code']]).toEqual([409, 'key_too_short']);
  });
});

describe("a service provider's application", () => {
  const CUSTOMER = '2088212612254999';
  const authorize = (): string =>
    String(
      world.control('POST', `/simulator/apps/${APP_ID}/authorizations`, { pid: CUSTOMER })[
        'appAuthToken'
      ],
    );
  const give = (token: string) =>
    change({
      seller_id: CUSTOMER,
      authorization: { app_auth_token: token, service_provider_id: SELLER },
    });

  test("acts for the merchant with its token, in the merchant's account", async () => {
    const token = authorize();
    const given = await give(token);
    expect(given.body['authorization']).toMatchObject({
      hint: token.slice(-6),
      service_provider_id: SELLER,
    });
    expect(given.raw).not.toContain(token);
    const stored = await world.db.selectFrom('app_authorization').selectAll().execute();
    expect(JSON.stringify(stored)).not.toContain(token);
    const payment = await charge();
    expect([payment['state'], chargesOf(payment)]).toEqual(['paid', 1]);
    const refund = await operator.post(`/v2/payments/${String(payment['id'])}/refunds`, {
      amount: 8800,
    });
    expect(refund.body).toMatchObject({ state: 'succeeded' });
    expect((await post('test')).body['ok']).toBe(true);
    // Without the token the provider's own account is asked, which knows no such trade.
    await change({ authorization: null });
    expect((await merchant())['authorization']).toBeNull();
    const own = await charge();
    expect(own).toMatchObject({ state: 'paid' });
  });

  test('a token that Alipay does not know charges nobody', async () => {
    await give('not-a-token-of-alipay');
    const payment = await charge();
    expect(payment).toMatchObject({
      state: 'declined',
      failure: { code: 'aop.invalid-app-auth-token' },
    });
    expect((await post('test')).body).toMatchObject({
      ok: false,
      query: { code: 'aop.invalid-app-auth-token' },
    });
  });

  test('a renewed token also settles what began under the old one', async () => {
    await give(authorize());
    const wanted = aPayment(id, { method: 'qr', auth_code: undefined, merchant_reference: 'R-1' });
    const shown = await operator.post('/v2/payments', wanted);
    const { qr_code: qrCode } = shown.body['next_action'] as { qr_code: string };
    world.loseNotifications(Infinity);
    const scanned = world.control('POST', '/simulator/scan', { qrCode });
    // The merchant authorises anew, and the token of before is none any more.
    await give(authorize());
    world.control('POST', `/simulator/trades/${String(scanned['outTradeNo'])}/pay`);
    const path = `/v2/payments/${String(shown.body['id'])}?wait=50`;
    expect((await operator.get(path)).body).toMatchObject({ state: 'paid' });
  });

  test('a renewed token takes over only when Alipay knows it; what works is never lost to a typing error', async () => {
    const token = authorize();
    await give(token);
    const wrong = await give('not-a-token-of-alipay');
    expect([wrong.status, wrong.body['code'], wrong.body['alipay']]).toEqual([
      409,
      'credentials_not_proven',
      expect.objectContaining({ sub_code: 'aop.invalid-app-auth-token' }),
    ]);
    expect((await merchant())['authorization']).toMatchObject({ hint: token.slice(-6) });
    expect(await charge()).toMatchObject({ state: 'paid' });
    // Silence proves nothing.
    world.onRequest(() => {
      throw new NoResponse('timeout', 'nothing came');
    });
    expect((await give(authorize())).body['code']).toBe('credentials_not_proven');
    expect((await merchant())['authorization']).toMatchObject({ hint: token.slice(-6) });
  });

  test('the token of another account tells nothing of what began under the one before', async () => {
    await give(authorize());
    const other = '2088212612254888';
    const wanted = aPayment(id, { method: 'qr', auth_code: undefined, merchant_reference: 'R-2' });
    const shown = await operator.post('/v2/payments', wanted);
    const { qr_code: qrCode } = shown.body['next_action'] as { qr_code: string };
    world.loseNotifications(Infinity);
    const scanned = world.control('POST', '/simulator/scan', { qrCode });
    // The token of before is none any more.
    authorize();
    const path = `/simulator/apps/${APP_ID}/authorizations`;
    const { appAuthToken: token } = world.control('POST', path, { pid: other });
    // The shop is sold: its account is another, and so is the token.
    await change({ seller_id: other, authorization: { app_auth_token: token } });
    world.control('POST', `/simulator/trades/${String(scanned['outTradeNo'])}/pay`);
    await world.clock.advance(30 * 60_000);
    // The buyer's money is in the account of before. Nobody can ask there, so it is in doubt; it is not closed.
    const found = await operator.get(`/v2/payments/${String(shown.body['id'])}`);
    expect(found.body).toMatchObject({ state: 'awaiting_buyer' });
  });

  test('is of the account: another one needs a token of its own, or none', async () => {
    await give(authorize());
    const moved = await change({ seller_id: SELLER });
    expect([moved.status, moved.body['field']]).toEqual([400, 'authorization']);
    const ended = await change({ seller_id: SELLER, authorization: null });
    expect(ended.body).toMatchObject({ seller_id: SELLER, authorization: null });
  });

  test('is of the application: another one needs a token of its own', async () => {
    await give(authorize());
    const moved = await change({ app_id: '2016022901171996' });
    expect(moved.body['authorization']).toBeNull();
  });
});

test('product codes are of the contract, and are sent as they are', async () => {
  const codes = { barcode: 'OFFLINE_PAYMENT', qr: 'QR_CODE_OFFLINE' };
  expect((await change({ product_codes: codes })).body['product_codes']).toEqual(codes);
  expect((await change({ product_codes: { qr: 'FACE_TO_FACE_PAYMENT' } })).body).toMatchObject({
    product_codes: { barcode: 'OFFLINE_PAYMENT', qr: 'FACE_TO_FACE_PAYMENT' },
  });
  expect(await charge()).toMatchObject({ state: 'paid' });
  // Alipay refuses a product that the contract does not have.
  await change({ product_codes: { barcode: 'QR_CODE_OFFLINE', qr: 'PRE_AUTH' } });
  const failure = { code: 'ACQ.ACCESS_FORBIDDEN' };
  expect(await charge()).toMatchObject({ state: 'declined', failure });
  const qr = { method: 'qr', auth_code: undefined };
  expect(await charge(qr)).toMatchObject({ state: 'declined', failure });
  const answer = await change({ product_codes: { qr: 'face to face' } });
  expect([answer.status, answer.body['field']]).toEqual([400, 'product_codes.qr']);
});
