/** Who may do what over v2: every operation against every kind of key, found from the document itself. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SCOPES, type Scope } from '../../src/core/api-key.ts';
import { revokeApiKey } from '../../src/flows/manage-api-keys.ts';
import { createWorld, type World } from '../support/world.ts';
import { operationCalls, scopedCalls, setStage, type Stage } from './calls.ts';
import { addOtherMerchant, aPayment, clientWith, v2Client, type V2Client } from './client.ts';

let world: World;
let operator: V2Client;
/** Of the first merchant. */
let stage: Stage;
let other: { readonly id: string; readonly merchantId: number };
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  other = await addOtherMerchant(world);
  stage = await setStage(world, operator);
});
afterEach(() => world.close());

const operations = () => scopedCalls(stage);

test('without a key, or with one that is none: 401 before anything else is looked at', async () => {
  for (const { call, scope } of operationCalls(stage)) {
    if (scope === 'nobody') continue;
    const bare = await operator.ask({ ...call, headers: { authorization: '' } });
    expect([call.path, bare.status, bare.body['code']]).toEqual([
      call.path,
      401,
      'authentication_required',
    ]);
    expect(bare.headers['www-authenticate']).toBe('Bearer');
    const wrong = await clientWith(world, 'f2f_wrong').ask(call);
    expect([wrong.status, wrong.body['code']]).toEqual([401, 'api_key_invalid']);
  }
});

test('with a revoked key: 401', async () => {
  const { keyNo } = await keyOf(operator);
  await revokeApiKey(world.deps, keyNo);
  for (const { call } of operations()) {
    expect((await operator.ask(call)).body['code']).toBe('api_key_invalid');
  }
});

test('with a key that has every scope but the one that is needed: 403, and it says which', async () => {
  for (const { call, scope } of operations()) {
    const client = await v2Client(world, { scopes: SCOPES.filter((other) => other !== scope) });
    const answer = await client.ask(call);
    expect([answer.status, answer.body['code']]).toEqual([403, 'permission_denied']);
    expect(answer.body['detail']).toContain(`"${scope}"`);
  }
});

test('with the needed scope alone: not refused', async () => {
  for (const { call, scope } of operations()) {
    // Whoever has events sent somewhere reads them, and nobody lets in who may do more.
    const gives: readonly Scope[] = /webhook|users/.test(call.path)
      ? ['read']
      : /dongles/.test(call.path)
        ? ['read', 'charge', 'refund']
        : [];
    const answer = await (await v2Client(world, { scopes: [scope, ...gives] })).ask(call);
    expect(['permission_denied', 'api_key_invalid']).not.toContain(answer.body['code']);
  }
});

describe("another merchant's key", () => {
  let stranger: V2Client;
  beforeEach(async () => {
    stranger = await v2Client(world, { merchantId: other.merchantId });
  });

  test('finds nothing of this one, as if it were not there', async () => {
    const codes: unknown[] = [];
    for (const { call } of operations()) {
      const { body, headers } = await stranger.ask(call);
      const type = String(headers['content-type']).split(';')[0];
      codes.push(body['code'] ?? body['data'] ?? body['object'] ?? type);
    }
    expect(codes).toEqual([
      'merchant_not_found',
      [],
      'payment_not_found',
      'payment_not_found',
      'payment_not_found',
      'payment_not_found',
      'payment_not_found',
      'payment_not_found',
      'payment_not_found',
      [],
      'refund_not_found',
      [],
      'incident_not_found',
      'incident_not_found',
      'permission_denied',
      'permission_denied',
      'permission_denied',
      'permission_denied',
      'merchant_not_found',
      'merchant_not_found',
      'payment_totals',
      'text/csv',
      'statistics',
      'permission_denied',
      [expect.objectContaining({ id: other.id })],
      ...Array.from({ length: 11 }, () => 'merchant_not_found'),
      'gateway',
      [],
      'text/event-stream',
      'event_not_found',
      'webhook_endpoint',
      [expect.objectContaining({ object: 'webhook_endpoint' })],
      'webhook_endpoint_not_found',
      'webhook_endpoint_not_found',
      'webhook_endpoint_not_found',
      'webhook_endpoint_not_found',
      'webhook_endpoint_not_found',
      'webhook_endpoint_not_found',
      'webhook_endpoint_not_found',
      'webhook_delivery_not_found',
      'webhook_delivery_not_found',
      'api_key',
      expect.anything(),
      'api_key_not_found',
      'api_key_not_found',
      'permission_denied',
      ...Array.from({ length: 8 }, () => 'permission_denied'),
    ]);
  });

  test('needs no merchant in its calls, and charges for its own', async () => {
    const made = await stranger.post(
      '/v2/payments',
      aPayment('', { merchant: undefined, auth_code: '280851932108278888' }),
    );
    expect(made.body).toMatchObject({ merchant: other.id, state: 'paid' });
    const listed = (await stranger.get('/v2/payments')).body['data'] as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual([made.body['id']]);
  });

  test('makes keys for itself only, and sees no others', async () => {
    const made = await stranger.post('/v2/api_keys', { name: 'till 2', scopes: ['charge'] });
    expect(made.body).toMatchObject({
      merchant: other.id,
      scopes: ['charge'],
    });
    const mine = (await stranger.get('/v2/api_keys')).body['data'] as { merchant: string }[];
    expect(new Set(mine.map(({ merchant }) => merchant))).toEqual(new Set([other.id]));
    const wider = { name: 'x', scopes: ['read'], merchant: stage.merchant };
    expect((await stranger.post('/v2/api_keys', wider)).body['code']).toBe('merchant_not_found');
    const { keyNo } = await keyOf(operator);
    expect((await stranger.post(`/v2/api_keys/key_${keyNo}/revoke`)).body['code']).toBe(
      'api_key_not_found',
    );
  });
});

describe('a key', () => {
  test('is shown once, stored as a hash, and works until it is revoked', async () => {
    const made = await operator.post('/v2/api_keys', { name: 'till', scopes: ['refund', 'read'] });
    expect(made.status).toBe(201);
    const secret = String(made.body['secret']);
    expect(secret).toMatch(/^f2f_[0-9a-f]{48}$/);
    expect(made.body).toMatchObject({
      scopes: ['read', 'refund'],
      merchant: null,
      last_used_at: null,
    });
    expect(
      JSON.stringify(await world.db.selectFrom('api_key').selectAll().execute()),
    ).not.toContain(secret);
    const till = clientWith(world, secret);
    expect((await till.get('/v2/payments')).status).toBe(200);
    const path = `/v2/api_keys/${String(made.body['id'])}`;
    const seen = (await operator.get(path)).body;
    expect(seen['secret']).toBeUndefined();
    expect(seen['last_used_at']).toMatch(/^2026-11-23T/);
    expect((await operator.post(`${path}/revoke`)).body['revoked_at']).toMatch(/^2026-11-23T/);
    expect((await till.get('/v2/payments')).status).toBe(401);
  });

  test('gives away no scope that it lacks', async () => {
    const manager = await v2Client(world, { scopes: ['manage'] });
    const answer = await manager.post('/v2/api_keys', { name: 'x', scopes: ['manage', 'refund'] });
    expect([answer.status, answer.body['code']]).toEqual([403, 'permission_denied']);
  });

  test('lets in no dongle that could do more than it: one reads, charges and refunds over v1', async () => {
    const number = 'D'.repeat(32);
    const path = `/v2/dongles/${number}`;
    const lacks = await v2Client(world, { scopes: ['manage', 'read', 'charge'] });
    for (const denied of [
      await lacks.post('/v2/dongles', { number }),
      await lacks.post(`${path}/reopen`),
      await lacks.post(`${path}/merchants/${stage.merchant}`),
    ]) {
      expect([denied.status, denied.body['code']]).toEqual([403, 'permission_denied']);
      expect(denied.body['detail']).toContain('"refund"');
    }
    // It ends what somebody else let in.
    await operator.post('/v2/dongles', { number });
    await operator.post(`${path}/merchants/${stage.merchant}`);
    const taken = await lacks.ask({
      method: 'DELETE',
      path: `${path}/merchants/${stage.merchant}`,
    });
    expect(taken.body['granted_merchants']).toEqual([]);
    expect((await lacks.post(`${path}/revoke`)).body['state']).toBe('revoked');
  });

  test('for one merchant cannot administer', async () => {
    const merchant = stage.merchant;
    const wanted = { name: 'x', scopes: ['read', 'administer'], merchant };
    const answer = await operator.post('/v2/api_keys', wanted);
    expect(answer.body).toMatchObject({ code: 'invalid_request', field: 'scopes' });
    expect((await operator.post('/v2/api_keys', { ...wanted, merchant: undefined })).status).toBe(
      201,
    );
  });
});

async function keyOf(client: V2Client): Promise<{ keyNo: string }> {
  const rows = await world.db.selectFrom('api_key').selectAll().execute();
  const row = rows.find(({ hint }) => client.secret.startsWith(hint.slice(0, -1)));
  return { keyNo: row?.key_no ?? '' };
}
