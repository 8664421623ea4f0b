/**
 * Every operation of the document with a request that is right but for who asks, found to be complete by whoever uses it: what
 * holds for all of them is tried on all of them.
 */
import type { Need } from '../../src/api/v2/operation.ts';
import type { Scope } from '../../src/core/api-key.ts';
import type { World } from '../support/world.ts';
import { aPayment, type V2Call, type V2Client } from './client.ts';
import { OPERATIONS, operationAt } from './document.ts';

/** What the requests are about: a merchant, a payment of its that is paid, and a refund of that. */
export type Stage = {
  readonly merchant: string;
  readonly paymentId: string;
  readonly refundId: string;
};

/** The key under which the payment was begun. */
export const USED_KEY = 'used-before';

/** Prepares what they are about, in a world's first merchant. */
export async function setStage(world: World, operator: V2Client): Promise<Stage> {
  const { cpi_no: cpiNo } = await world.db
    .selectFrom('merchant')
    .select('cpi_no')
    .orderBy('merchant_id')
    .executeTakeFirstOrThrow();
  const merchant = `mch_${cpiNo}`;
  const made = await operator.post('/v2/payments', aPayment(merchant), USED_KEY);
  const paymentId = String(made.body['id']);
  const refund = await operator.post(`/v2/payments/${paymentId}/refunds`, { amount: 1 });
  return { merchant, paymentId, refundId: String(refund.body['id']) };
}

export type OperationCall = {
  readonly operationId: string;
  readonly scope: Need;
  readonly call: V2Call;
};

/** In the order of the list below. Throws when an operation is missing, or twice. */
export function operationCalls(stage: Stage): readonly OperationCall[] {
  const calls = listCalls(stage).map(({ call, scope }) => ({
    call,
    scope,
    operationId: idOf(call),
  }));
  const ids = calls.map(({ operationId }) => operationId);
  const missing = OPERATIONS.filter(({ operationId }) => !ids.includes(operationId));
  if (missing.length > 0 || ids.length !== OPERATIONS.length) {
    throw new Error(`calls.ts lacks ${missing.map(({ operationId }) => operationId).join()}`);
  }
  return calls;
}

/** Those that need a scope: what a key may do, or a role. */
export function scopedCalls(stage: Stage): readonly (OperationCall & { readonly scope: Scope })[] {
  return operationCalls(stage).flatMap(({ scope, ...rest }) =>
    scope === 'session' || scope === 'nobody' ? [] : [{ ...rest, scope }],
  );
}

function idOf({ method, path, body }: V2Call): string {
  const operation = operationAt(method ?? (body === undefined ? 'GET' : 'POST'), path);
  if (operation === undefined) throw new Error(`${path} is no operation`);
  return operation.operationId;
}

const NO_ENDPOINT = 'whe_0000000000000000';
const NO_DONGLE = '0'.repeat(32);
const RANGE = { from: '2026-11-23T00:00:00Z', until: '2026-11-24T00:00:00Z' };

function aMerchant() {
  return { shop_no: 'DL0003', seller_id: '2088212612254111', app_id: '2016022901171807' };
}

function someCertificates() {
  return { app_certificate: '', alipay_certificate: '', alipay_root_certificate: '' };
}

function listCalls({
  merchant: id,
  paymentId,
  refundId,
}: Stage): { readonly call: V2Call; readonly scope: Need }[] {
  const endpoint = `/v2/webhook_endpoints/${NO_ENDPOINT}`;
  const payment = `/v2/payments/${paymentId}`;
  const merchant = `/v2/merchants/${id}`;
  return [
    { scope: 'charge', call: { path: '/v2/payments', body: aPayment(id) } },
    { scope: 'read', call: { path: '/v2/payments' } },
    { scope: 'read', call: { path: payment } },
    { scope: 'read', call: { path: `${payment}/stream` } },
    { scope: 'read', call: { path: `${payment}/timeline` } },
    { scope: 'read', call: { method: 'POST', path: `${payment}/check` } },
    { scope: 'charge', call: { method: 'POST', path: `${payment}/cancel` } },
    { scope: 'refund', call: { path: `${payment}/refunds`, body: { amount: 1 } } },
    { scope: 'read', call: { path: `${payment}/refunds` } },
    { scope: 'read', call: { path: '/v2/refunds' } },
    { scope: 'read', call: { path: `/v2/refunds/${refundId}` } },
    { scope: 'read', call: { path: '/v2/incidents' } },
    { scope: 'read', call: { path: '/v2/incidents/inc_1' } },
    { scope: 'manage', call: { path: '/v2/incidents/inc_1/resolve', body: { note: 'done' } } },
    { scope: 'manage', call: { path: '/v2/dongles' } },
    { scope: 'manage', call: { path: '/v2/dongles', body: { number: NO_DONGLE } } },
    { scope: 'manage', call: { method: 'POST', path: `/v2/dongles/${NO_DONGLE}/reopen` } },
    { scope: 'manage', call: { method: 'POST', path: `/v2/dongles/${NO_DONGLE}/revoke` } },
    { scope: 'manage', call: { method: 'POST', path: `/v2/dongles/${NO_DONGLE}/merchants/${id}` } },
    {
      scope: 'manage',
      call: { method: 'DELETE', path: `/v2/dongles/${NO_DONGLE}/merchants/${id}` },
    },
    { scope: 'read', call: { path: '/v2/payments/totals' } },
    { scope: 'read', call: { path: '/v2/payments/export?format=csv' } },
    { scope: 'read', call: { path: '/v2/statistics' } },
    { scope: 'manage', call: { path: '/v2/merchants', body: aMerchant() } },
    { scope: 'read', call: { path: '/v2/merchants' } },
    { scope: 'read', call: { path: merchant } },
    { scope: 'manage', call: { method: 'PATCH', path: merchant, body: { name: 'Tea house' } } },
    { scope: 'manage', call: { method: 'POST', path: `${merchant}/test` } },
    { scope: 'manage', call: { method: 'POST', path: `${merchant}/suspend` } },
    { scope: 'manage', call: { method: 'POST', path: `${merchant}/resume` } },
    { scope: 'manage', call: { path: `${merchant}/next_key`, body: {} } },
    { scope: 'manage', call: { method: 'DELETE', path: `${merchant}/next_key` } },
    { scope: 'manage', call: { method: 'POST', path: `${merchant}/next_key/test` } },
    { scope: 'manage', call: { method: 'POST', path: `${merchant}/next_key/activate` } },
    {
      scope: 'manage',
      call: { path: `${merchant}/certificate_request`, body: { organization: 'Tea' } },
    },
    {
      scope: 'manage',
      call: { method: 'PUT', path: `${merchant}/certificates`, body: someCertificates() },
    },
    { scope: 'read', call: { path: '/v2/gateway' } },
    { scope: 'read', call: { path: '/v2/events' } },
    { scope: 'read', call: { path: '/v2/events/stream?life=1' } },
    { scope: 'read', call: { path: '/v2/events/evt_1' } },
    {
      scope: 'manage',
      call: { path: '/v2/webhook_endpoints', body: { url: 'https://pms.example/' } },
    },
    { scope: 'manage', call: { path: '/v2/webhook_endpoints' } },
    { scope: 'manage', call: { path: endpoint } },
    { scope: 'manage', call: { method: 'PATCH', path: endpoint, body: { enabled: false } } },
    { scope: 'manage', call: { method: 'DELETE', path: endpoint } },
    { scope: 'manage', call: { method: 'POST', path: `${endpoint}/rotate_secret` } },
    { scope: 'manage', call: { method: 'POST', path: `${endpoint}/test` } },
    { scope: 'manage', call: { path: `${endpoint}/redeliver`, body: RANGE } },
    { scope: 'manage', call: { path: `/v2/webhook_deliveries?endpoint=${NO_ENDPOINT}` } },
    { scope: 'manage', call: { path: `/v2/webhook_deliveries/whd_0000000000000000_1` } },
    {
      scope: 'manage',
      call: { method: 'POST', path: `/v2/webhook_deliveries/whd_0000000000000000_1/redeliver` },
    },
    { scope: 'manage', call: { path: '/v2/api_keys', body: { name: 'x', scopes: ['manage'] } } },
    { scope: 'manage', call: { path: '/v2/api_keys' } },
    { scope: 'manage', call: { path: '/v2/api_keys/key_0000000000000000' } },
    { scope: 'manage', call: { method: 'POST', path: '/v2/api_keys/key_0000000000000000/revoke' } },
    { scope: 'administer', call: { path: '/v2/audit_log' } },
    ...peopleCalls(),
  ];
}

const NOBODY = '/v2/users/user_0000000000000000';
const PASSWORD = 'a boat on the quiet lake';

/** What is about people, and about the session of whoever calls. */
function peopleCalls(): { readonly call: V2Call; readonly scope: Need }[] {
  const administer = (call: V2Call) => ({ scope: 'administer' as const, call });
  const own = (call: V2Call) => ({ scope: 'session' as const, call });
  const entry = (call: V2Call) => ({ scope: 'nobody' as const, call });
  const user = { name: 'wang.fang', role: 'read_only' };
  return [
    administer({ path: '/v2/users', body: user }),
    administer({ path: '/v2/users' }),
    administer({ path: NOBODY }),
    administer({ method: 'PATCH', path: NOBODY, body: { role: 'clerk' } }),
    administer({ method: 'POST', path: `${NOBODY}/link` }),
    administer({ method: 'POST', path: `${NOBODY}/suspend` }),
    administer({ method: 'POST', path: `${NOBODY}/resume` }),
    administer({ method: 'POST', path: `${NOBODY}/reset_totp` }),
    entry({ path: '/v2/session', body: { name: 'wang.fang', password: PASSWORD } }),
    entry({ path: '/v2/session/link', body: { token: 'x', password: PASSWORD } }),
    own({ path: '/v2/session' }),
    own({ path: '/v2/session/password', body: { password: 'x', new_password: PASSWORD } }),
    own({ method: 'POST', path: '/v2/session/totp' }),
    own({ path: '/v2/session/totp/confirm', body: { code: '000000' } }),
    own({ method: 'DELETE', path: '/v2/session/totp', body: { password: 'x' } }),
    own({ method: 'DELETE', path: '/v2/session' }),
  ];
}
