/**
 * Every problem that the document says an operation may answer with, provoked: those of all operations on each of them, the
 * others one by one. A code that nobody provokes fails the test, and so does one that the document does not know.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/api/metrics.ts';
import { buildServer } from '../../src/api/server.ts';
import type { Scope } from '../../src/core/api-key.ts';
import { SCOPES } from '../../src/core/api-key.ts';
import { ENDPOINTS_MAX } from '../../src/core/limits.ts';
import { DatabaseUnavailable, type Db } from '../../src/store/database.ts';
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

type Provoke = (call: V2Call, scope: Scope) => Promise<V2Reply>;

/** A client of the same gateway with another database, or another limit. */
async function otherGateway(db: Db, rateLimit: number | 'off'): Promise<V2Client> {
  const deps = { ...world.deps, db };
  const metrics = createMetrics(() => Promise.reject(new Error('nobody asks')));
  const app = await buildServer({ deps, metrics, rateLimit });
  servers.push(app);
  return clientWith({ ...world, app }, operator.secret);
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
    .replace('evt_1', 'evt_999');
  if (gone !== path || path.includes('_0000000000000000')) return { path: gone };
  return typeof body === 'object'
    ? { body: { ...body, merchant: nobody } }
    : { path: `${path}${path.includes('?') ? '&' : '?'}merchant=${nobody}` };
}

const gone: Provoke = (call) => operator.ask({ ...call, ...elsewhere(call) });

/** What any operation may answer with, and how it is brought to. */
const COMMON: Readonly<Record<string, Provoke>> = {
  invalid_request: (call) => operator.ask({ ...call, ...unknownField(call) }),
  malformed_json: (call) => operator.ask({ ...call, ...asText('{') }),
  body_too_large: (call) =>
    operator.ask({ ...call, ...asText(`{"a":"${'x'.repeat(1_100_000)}"}`) }),
  unsupported_media_type: (call) =>
    operator.ask({ ...call, ...asText('a=1', { 'content-type': 'text/plain' }) }),
  idempotency_key_required: (call) => operator.ask({ ...call, idempotencyKey: null }),
  idempotency_key_reused: (call) =>
    operator.ask({
      ...call,
      idempotencyKey: USED_KEY,
      ...(call.path === '/v2/payments' ? { body: aPayment(stage.merchant, { amount: 2 }) } : {}),
    }),
  authentication_required: (call) => operator.ask({ ...call, headers: { authorization: '' } }),
  api_key_invalid: (call) => clientWith(world, 'f2f_wrong').ask(call),
  permission_denied: async (call, scope) => {
    const others = SCOPES.filter((other) => other !== scope);
    return (await v2Client(world, { scopes: others })).ask(call);
  },
  rate_limited: async (call) => {
    const limited = await otherGateway(world.db, 1);
    await limited.get('/v2/api_keys');
    return limited.ask(call);
  },
  internal_error: async (call) =>
    (await otherGateway(failing(new Error('a bug of ours')), 'off')).ask(call),
  database_unavailable: async (call) =>
    (await otherGateway(failing(new DatabaseUnavailable('away')), 'off')).ask(call),
  merchant_not_found: gone,
  payment_not_found: gone,
  refund_not_found: gone,
  event_not_found: gone,
  webhook_endpoint_not_found: gone,
  webhook_delivery_not_found: gone,
  api_key_not_found: gone,
};

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
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429]);
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
  'createWebhookEndpoint too_many_webhook_endpoints': async () => {
    const one = () => operator.post('/v2/webhook_endpoints', { url: 'https://pms.example/' });
    for (let made = 0; made < ENDPOINTS_MAX; made += 1) await one();
    return one();
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

const documented = OPERATIONS.map((operation) => ({
  operationId: operation.operationId,
  codes: problemsOf(operation),
}));

test('every documented problem is provoked here, and nothing else', () => {
  const own = documented.flatMap(({ operationId, codes }) =>
    codes.filter((code) => COMMON[code] === undefined).map((code) => `${operationId} ${code}`),
  );
  expect(Object.keys(OWN).toSorted()).toEqual(own.toSorted());
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

test.each(Object.entries(OWN))('%s', async (name, provoke) => {
  const [, code] = name.split(' ');
  const answer = await provoke();
  expect(answer.body).toMatchObject({ code, status: answer.status });
  expect(answer.body['detail_zh']).toMatch(/[\u4e00-\u9fff]/);
});
