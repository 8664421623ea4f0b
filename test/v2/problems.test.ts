/**
 * Every problem that the document says an operation may answer with, provoked: those of all operations on each of them, the
 * others one by one. A code that nobody provokes fails the test, and so does one that the document does not know.
 */
import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/api/metrics.ts';
import { buildServer } from '../../src/api/server.ts';
import type { Need } from '../../src/api/v2/operation.ts';
import { SCOPES } from '../../src/core/api-key.ts';
import { ENDPOINTS_MAX } from '../../src/core/limits.ts';
import { DatabaseUnavailable, type Db } from '../../src/store/database.ts';
import { seeConcern } from '../../src/store/incidents.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';
import { operationCalls, setStage, USED_KEY, type OperationCall, type Stage } from './calls.ts';
import {
  aPayment,
  clientWith,
  v2Client,
  type V2Call,
  type V2Client,
  type V2Reply,
} from './client.ts';
import { OPERATIONS, problemsOf } from './document.ts';
import { PASSWORD, sameBrowser, signedIn, visitor, type Person } from './people.ts';

let world: World;
let operator: V2Client;
let stage: Stage;
/** Servers that a problem needed, beside the world's own. */
let servers: { close(): Promise<void> }[];
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  stage = await setStage(world, operator);
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await world.close();
});

type Provoke = (call: V2Call, scope: Need) => Promise<V2Reply>;

/** Whoever may make the call, and only mistakes are in the way: a key, or somebody who signed in. */
const callerFor = async (scope: Need): Promise<V2Client> =>
  scope === 'session' ? signedIn(world) : operator;

/** A client of the same gateway with another database, or another limit. */
async function otherGateway(db: Db, rateLimit: number | 'off', person?: Person): Promise<V2Client> {
  const deps = { ...world.deps, db };
  const metrics = createMetrics(() => Promise.reject(new Error('nobody asks')));
  const app = await buildServer({ deps, metrics, rateLimit });
  servers.push(app);
  const place = { ...world, app };
  return person === undefined ? clientWith(place, operator.secret) : sameBrowser(place, person);
}

/** A database whose every statement fails. */
function failing(cause: Error): Db {
  const db = world.db.withoutPlugins();
  db.getExecutor().executeQuery = async () => {
    throw cause;
  };
  return db;
}

const asText = (text: string, more: Record<string, string> = {}): Partial<V2Call> => ({
  body: text,
  headers: more,
});
const unknownField = ({ path, body }: V2Call): Partial<V2Call> =>
  typeof body === 'object'
    ? { body: { ...body, no_such_field: 1 } }
    : { path: `${path}${path.includes('?') ? '&' : '?'}no_such_field=1` };

/** The same call about things that are not there. */
function elsewhere({ path, body }: V2Call): Partial<V2Call> {
  const nobody = 'mch_DL20000101000000';
  const gone = path
    .replace(/mch_\w+/, nobody)
    .replace(/pay_\w+/, 'pay_FF0001010000000')
    .replace(/re_[\w.~-]+/, 're_FF0001010000000.1')
    .replace('evt_1', 'evt_999')
    .replace('inc_1', 'inc_999');
  if (gone !== path || path.includes('0000000000000000')) return { path: gone };
  return typeof body === 'object'
    ? { body: { ...body, merchant: nobody } }
    : { path: `${path}${path.includes('?') ? '&' : '?'}merchant=${nobody}` };
}

const gone: Provoke = (call) => operator.ask({ ...call, ...elsewhere(call) });

/** What any operation may answer with, and how it is brought to. */
const COMMON: Readonly<Record<string, Provoke>> = {
  invalid_request: async (call, scope) =>
    (await callerFor(scope)).ask({ ...call, ...unknownField(call) }),
  malformed_json: async (call, scope) => (await callerFor(scope)).ask({ ...call, ...asText('{') }),
  body_too_large: async (call, scope) =>
    (await callerFor(scope)).ask({ ...call, ...asText(`{"a":"${'x'.repeat(1_100_000)}"}`) }),
  unsupported_media_type: async (call, scope) =>
    (await callerFor(scope)).ask({ ...call, ...asText('a=1', { 'content-type': 'text/plain' }) }),
  idempotency_key_required: (call) =>
    operator.ask({ ...call, headers: { 'idempotency-key': 'two words' } }),
  idempotency_key_reused: async (call) => {
    // What moves no money is remembered by caller, and not by merchant.
    await operator.post('/v2/api_keys', { name: 'first', scopes: ['read'] }, USED_KEY);
    return operator.ask({
      ...call,
      idempotencyKey: USED_KEY,
      ...(call.path === '/v2/payments' ? { body: aPayment(stage.merchant, { amount: 2 }) } : {}),
    });
  },
  authentication_required: (call) => operator.ask({ ...call, headers: { authorization: '' } }),
  api_key_invalid: (call) => clientWith(world, 'f2f_wrong').ask(call),
  permission_denied: async (call, scope) => {
    const others = SCOPES.filter((other) => other !== scope);
    return (await v2Client(world, { scopes: others })).ask(call);
  },
  csrf_token_invalid: (call, scope) => fromElsewhere(call, scope),
  rate_limited: async (call, scope) => {
    const person = scope === 'session' ? await signedIn(world) : undefined;
    const limited = await otherGateway(world.db, 1, person);
    if (person !== undefined) {
      // Another session is counted for itself.
      await (await otherGateway(world.db, 1, await signedIn(world))).get('/v2/session');
      await limited.get('/v2/session');
      return limited.ask(call);
    }
    // Where somebody may guess, what was asked elsewhere does not count.
    await Promise.all([limited.get('/v2/api_keys'), limited.ask(call)]);
    return limited.ask(call);
  },
  internal_error: async (call) =>
    (await otherGateway(failing(new Error('a bug of ours')), 'off')).ask(call),
  database_unavailable: async (call) =>
    (await otherGateway(failing(new DatabaseUnavailable('away')), 'off')).ask(call),
  merchant_not_found: async (call) =>
    call.path.startsWith('/v2/users/')
      ? operator.ask({
          ...call,
          path: `/v2/users/${(await signedIn(world)).id}`,
          body: { merchant: 'mch_DL20000101000000' },
        })
      : gone(call, 'read'),
  payment_not_found: (call, scope) =>
    call.path.includes('pay_')
      ? gone(call, scope)
      : operator.ask({ ...call, path: `${call.path}?payment=pay_FF0001010000000` }),
  refund_not_found: gone,
  incident_not_found: gone,
  // The one that is asked for was never registered.
  dongle_not_found: (call) => operator.ask(call),
  event_not_found: gone,
  webhook_endpoint_not_found: gone,
  webhook_delivery_not_found: gone,
  api_key_not_found: gone,
  user_not_found: gone,
  link_invalid: (call) => operator.ask(call),
};

/** From a page of another host, whose browser sends the cookie all the same. */
async function fromElsewhere(call: V2Call, scope: Need): Promise<V2Reply> {
  const headers = { origin: 'https://evil.example' };
  const client = scope === 'nobody' ? visitor(world) : await signedIn(world);
  return client.ask({ ...call, headers });
}

const silence = (): never => {
  throw new NoResponse('connection', 'no route to host');
};
/** Nobody gave Alipay's public key for the application. */
const withoutAlipayKey = () =>
  world.db.updateTable('alipay_app').set({ alipay_public_key: '' }).execute();
const merchantPath = (path: string): string => `/v2/merchants/${stage.merchant}/${path}`;
const bill = (more: object = {}) =>
  aPayment(stage.merchant, { merchant_reference: 'B-1', auth_code: '280851932108271111', ...more });
const refundOf = (payment: string, amount = 1): Promise<V2Reply> =>
  operator.post(`/v2/payments/${payment}/refunds`, { amount });

/** The others: what one operation alone knows. */
const OWN: Readonly<Record<string, () => Promise<V2Reply>>> = {
  'createPayment merchant_reference_taken': () =>
    operator.post('/v2/payments', aPayment(stage.merchant, { amount: 2 })),
  'createPayment merchant_not_configured': async () => {
    await withoutAlipayKey();
    return operator.post('/v2/payments', bill());
  },
  'createPayment merchant_suspended': async () => {
    await operator.post(merchantPath('suspend'));
    return operator.post('/v2/payments', bill());
  },
  'createPayment alipay_silent': () => {
    world.onRequest(silence);
    return operator.post('/v2/payments', bill({ method: 'qr', auth_code: undefined }));
  },
  'checkPayment merchant_not_configured': async () => {
    await withoutAlipayKey();
    return operator.post(`/v2/payments/${stage.paymentId}/check`);
  },
  'checkPayment alipay_silent': () => {
    world.onRequest(silence);
    return operator.post(`/v2/payments/${stage.paymentId}/check`);
  },
  'resolveIncident incident_resolved': async () => {
    const payment = (await findPaymentByNo(world.db, stage.paymentId.slice(4)))!;
    const late = { reason: 'late_payment', requestNo: null } as const;
    const no = await seeConcern(world.db, payment, late, world.clock.nowMs());
    const resolve = () => operator.post(`/v2/incidents/inc_${no}/resolve`, { note: 'done' });
    await resolve();
    return resolve();
  },
  'createDongle dongle_registered': async () => {
    const register = () => operator.post('/v2/dongles', { number: 'D'.repeat(32) });
    await register();
    return register();
  },
  'cancelPayment payment_not_cancelable': () =>
    operator.post(`/v2/payments/${stage.paymentId}/cancel`),
  'createRefund payment_not_refundable': async () => {
    const open = await operator.post('/v2/payments', bill({ auth_code: '280851932108270002' }));
    return refundOf(String(open.body['id']));
  },
  'createRefund refund_exceeds_payment': () => refundOf(stage.paymentId, 8800),
  'createRefund payment_in_doubt': async () => {
    const open = await operator.post('/v2/payments', bill({ auth_code: '280851932108270002' }));
    world.onRequest(silence);
    return refundOf(String(open.body['id']));
  },
  'exportPayments too_many_exports': async () => {
    const path = '/v2/payments/export?format=csv';
    const answers = await Promise.all([1, 2, 3].map(() => operator.send({ path })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 429]);
    return answers.find(({ status }) => status === 429)!;
  },
  'createMerchant shop_no_taken': () =>
    operator.post('/v2/merchants', {
      shop_no: 'DL0001',
      seller_id: '2088212612254111',
      app_id: '2016022901171807',
    }),
  'changeMerchant precondition_failed': () =>
    operator.ask({
      method: 'PATCH',
      path: `/v2/merchants/${stage.merchant}`,
      body: { name: 'Tea' },
      headers: { 'if-match': '"0.0"' },
    }),
  'changeMerchant credentials_not_proven': async () => {
    const give = (token: string) =>
      operator.ask({
        method: 'PATCH',
        path: `/v2/merchants/${stage.merchant}`,
        body: { authorization: { app_auth_token: token } },
      });
    await give('first-token-of-all');
    return give('no-token-of-alipay');
  },
  'createWebhookEndpoint too_many_webhook_endpoints': async () => {
    const one = () => operator.post('/v2/webhook_endpoints', { url: 'https://pms.example/' });
    for (let made = 0; made < ENDPOINTS_MAX; made += 1) await one();
    return one();
  },
  'changeWebhookEndpoint precondition_failed': async () => {
    const made = await operator.post('/v2/webhook_endpoints', { url: 'https://pms.example/' });
    return operator.ask({
      method: 'PATCH',
      path: `/v2/webhook_endpoints/${String(made.body['id'])}`,
      body: { description: 'Desk' },
      headers: { 'if-match': '"0"' },
    });
  },
  'testNextKey no_next_key': () => operator.post(merchantPath('next_key/test')),
  'activateNextKey no_next_key': () => operator.post(merchantPath('next_key/activate')),
  'activateNextKey merchant_not_configured': async () => {
    await operator.post(merchantPath('next_key'), {});
    await withoutAlipayKey();
    return operator.post(merchantPath('next_key/activate'));
  },
  'activateNextKey credentials_not_proven': async () => {
    await operator.post(merchantPath('next_key'), {});
    world.onRequest(silence);
    return operator.post(merchantPath('next_key/activate'));
  },
  'createCertificateRequest key_too_short': async () => {
    await operator.post(merchantPath('next_key'), { sign_type: 'RSA' });
    return operator.post(merchantPath('certificate_request'), { organization: 'Tea' });
  },
  'putCertificates credentials_not_proven': async () => {
    const made = await operator.post(merchantPath('certificate_request'), { organization: 'Tea' });
    const issued = world.control('POST', '/simulator/apps/2016022901171807/certificates', {
      csr: made.body['pem'],
    });
    world.onRequest(silence);
    return operator.ask({
      method: 'PUT',
      path: merchantPath('certificates'),
      body: {
        app_certificate: issued['appCertificate'],
        alipay_certificate: issued['alipayCertificate'],
        alipay_root_certificate: issued['alipayRootCertificate'],
      },
    });
  },
};

/** Somebody with a second factor, and the secret of it. */
async function withTotp(): Promise<Person> {
  const person = await signedIn(world);
  const { secret } = (await person.post('/v2/session/totp')).body;
  const code = new TOTP({ secret: String(secret) }).generate({ timestamp: world.clock.nowMs() });
  await person.post('/v2/session/totp/confirm', { code });
  return person;
}
const enter = (name: string, more: object = {}): Promise<V2Reply> =>
  visitor(world).post('/v2/session', { name, password: PASSWORD, ...more });
/** The same again, until it is locked. */
async function until429(again: () => Promise<V2Reply>): Promise<V2Reply> {
  for (let tries = 0; tries < 100; tries += 1) {
    const reply = await again();
    if (reply.status === 429) return reply;
  }
  throw new Error('it was never locked');
}
async function linkOf({ id }: Person): Promise<string> {
  const { url_path: path } = (await operator.post(`/v2/users/${id}/link`)).body;
  return String(path).split('#')[1] ?? '';
}
const redeem = async (person: Person, more: object = {}): Promise<V2Reply> => {
  const token = await linkOf(person);
  return visitor(world).post('/v2/session/link', { token, password: PASSWORD, ...more });
};

const PEOPLE: typeof OWN = {
  'createUser user_name_taken': async () => {
    const body = { name: 'li.wei', role: 'clerk' };
    await operator.post('/v2/users', body);
    return operator.post('/v2/users', body);
  },
  'changeUser precondition_failed': async () =>
    operator.ask({
      method: 'PATCH',
      path: `/v2/users/${(await signedIn(world)).id}`,
      body: { role: 'clerk' },
      headers: { 'if-match': '"0"' },
    }),
  'changeUser last_administrator': async () =>
    operator.ask({
      method: 'PATCH',
      path: `/v2/users/${(await signedIn(world)).id}`,
      body: { role: 'clerk' },
    }),
  'suspendUser last_administrator': async () =>
    operator.post(`/v2/users/${(await signedIn(world)).id}/suspend`),
  'createSession sign_in_failed': () => enter('nobody'),
  'createSession totp_required': async () => enter((await withTotp()).name),
  'createSession sign_in_locked': () => until429(() => enter('nobody')),
  'redeemSessionLink totp_required': async () => redeem(await withTotp()),
  'redeemSessionLink sign_in_failed': async () => redeem(await withTotp(), { totp: '000000' }),
  'redeemSessionLink sign_in_locked': () =>
    until429(() => visitor(world).post('/v2/session/link', { token: 'x', password: PASSWORD })),
  'changeSessionPassword sign_in_locked': async () => {
    const person = await signedIn(world);
    const body = { password: 'wrong', new_password: 'a boat on the lake' };
    return until429(() => person.post('/v2/session/password', body));
  },
  'createSessionTotp totp_already_on': async () => (await withTotp()).post('/v2/session/totp'),
  'deleteSessionTotp sign_in_locked': async () => {
    const person = await signedIn(world);
    const body = { password: 'wrong' };
    return until429(() => person.ask({ method: 'DELETE', path: '/v2/session/totp', body }));
  },
};
const ALL_OWN = { ...OWN, ...PEOPLE };

const documented = OPERATIONS.map((operation) => ({
  operationId: operation.operationId,
  codes: problemsOf(operation),
}));

test('every documented problem is provoked here, and nothing else', () => {
  const own = documented.flatMap(({ operationId, codes }) =>
    codes.filter((code) => COMMON[code] === undefined).map((code) => `${operationId} ${code}`),
  );
  expect(Object.keys(ALL_OWN).toSorted()).toEqual(own.toSorted());
  const all = new Set(documented.flatMap(({ codes }) => codes));
  expect(Object.keys(COMMON).filter((code) => !all.has(code))).toEqual([]);
});

describe('what any operation may answer with', () => {
  test.each(documented)('$operationId', async ({ operationId, codes }) => {
    const found = operationCalls(stage).find((one) => one.operationId === operationId);
    const { call, scope } = found as OperationCall;
    for (const code of codes) {
      const provoke = COMMON[code];
      if (provoke === undefined) continue;
      const answer = await provoke(call, scope);
      expect([code, answer.body['code']]).toEqual([code, code]);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(answer.body['detail_zh']).toMatch(/[\u4e00-\u9fff]/);
    }
  });
});

test.each(Object.entries(ALL_OWN))('%s', async (name, provoke) => {
  const [, code] = name.split(' ');
  const answer = await provoke();
  expect(answer.body).toMatchObject({ code, status: answer.status });
  expect(answer.body['detail_zh']).toMatch(/[\u4e00-\u9fff]/);
});
