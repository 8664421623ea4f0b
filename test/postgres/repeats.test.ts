/**
 * One call, under one idempotency key, at two gateways on one database: it has one effect, and everybody hears one answer.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/api/metrics.ts';
import { buildServer } from '../../src/api/server.ts';
import { scopesFor } from '../../src/core/api-key.ts';
import { countWaiting } from '../../src/flows/count-waiting.ts';
import { makeApiKey } from '../../src/flows/manage-api-keys.ts';
import { startWorker } from '../../src/worker/worker.ts';
import { aPayment, clientWith, type V2Call, type V2Client, type V2Reply } from '../v2/client.ts';
import { createStage, type Stage, type StageNode } from './stage.ts';

let stage: Stage;
let gateways: Awaited<ReturnType<typeof gatewayOf>>[];
let tills: readonly [V2Client, V2Client];
let charge: Record<string, unknown>;

async function gatewayOf({ deps }: StageNode, secret: string) {
  const metrics = createMetrics(() => countWaiting(deps));
  const app = await buildServer({ deps, metrics, rateLimit: 'off' });
  const worker = startWorker(deps);
  const stop = async (): Promise<void> => {
    deps.news.stop();
    await Promise.all([app.close(), worker.ended()]);
  };
  return { stop, till: clientWith({ app, clock: stage.clock }, secret) };
}

beforeEach(async () => {
  stage = await createStage();
  const { a, b, merchant } = stage;
  const { secret } = await makeApiKey(a.deps, {
    name: 'test',
    merchantId: null,
    scopes: scopesFor(null),
  });
  gateways = [await gatewayOf(a, secret), await gatewayOf(b, secret)];
  tills = [gateways[0]!.till, gateways[1]!.till];
  charge = aPayment(`mch_${merchant.cpiNo}`);
});
afterEach(async () => {
  await Promise.all(gateways.map(({ stop }) => stop()));
  await stage.close();
});

/** Sends the call twenty times at once, to one gateway and the other in turns. */
function twenty(call: V2Call): Promise<V2Reply[]> {
  const each = (_: unknown, at: number) => tills[at % 2 === 0 ? 0 : 1].send(call);
  return stage.inTime(Promise.all(Array.from({ length: 20 }, each)));
}

function theOne(answers: readonly V2Reply[]): V2Reply {
  expect(new Set(answers.map(({ raw }) => raw)).size).toBe(1);
  const replayed = answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true');
  expect(replayed).toHaveLength(19);
  return answers[0]!;
}

const qr = () => ({ ...charge, method: 'qr', auth_code: undefined });

describe('twenty at once, at two gateways', () => {
  test('charges', async () => {
    const { body } = theOne(
      await twenty({ path: '/v2/payments', body: charge, idempotencyKey: 'k' }),
    );
    expect(body['state']).toBe('paid');
    expect(stage.callsOf('alipay.trade.pay')).toBe(1);
  });

  test('QR codes', async () => {
    const call = { path: '/v2/payments', body: qr(), idempotencyKey: 'k' };
    const { body } = theOne(await twenty(call));
    expect(body['next_action']).toMatchObject({ type: 'show_qr_code' });
    expect(stage.callsOf('alipay.trade.precreate')).toBe(1);
  });

  test('what is made without money', async () => {
    const shop = { shop_no: 'DL0009', seller_id: '2088212612254111', app_id: '2016022901171807' };
    for (const [path, body] of [
      ['/v2/merchants', shop],
      ['/v2/api_keys', { name: 'till', scopes: ['charge'] }],
      ['/v2/webhook_endpoints', { url: 'https://pms.example/hook' }],
      ['/v2/users', { name: 'li.wei', role: 'clerk' }],
    ] as const) {
      const { status } = theOne(await twenty({ path, body, idempotencyKey: 'k' + path }));
      expect([path, status]).toEqual([path, 201]);
    }
  });

  test('cancels', async () => {
    const open = { ...charge, auth_code: '280851932108270002' };
    const { body } = await tills[0].post('/v2/payments', open);
    const path = `/v2/payments/${String(body['id'])}/cancel`;
    const answer = theOne(await twenty({ method: 'POST', path, idempotencyKey: 'k' }));
    expect(answer.body['state']).toBe('closed');
    expect(stage.callsOf('alipay.trade.cancel')).toBe(1);
  });

  test('refunds', async () => {
    const { body } = await tills[0].post('/v2/payments', charge);
    const path = `/v2/payments/${String(body['id'])}/refunds`;
    const answer = theOne(await twenty({ path, body: { amount: 100 }, idempotencyKey: 'k' }));
    expect(answer.body['state']).toBe('succeeded');
    expect(stage.callsOf('alipay.trade.refund')).toBe(1);
  });
});

describe('a call that looked before the other had stored anything', () => {
  /** The one at the second gateway has looked there, in vain, and goes on while the first is at Alipay. */
  async function beside(first: V2Call, second: V2Call, table = 'idempotency'): Promise<V2Reply[]> {
    const looked = stage.b.hold(new RegExp(`^select .* from "${table}"`), 'after');
    const late = tills[1].send(second);
    await looked.reached;
    const early = tills[0].send(first);
    await stage.clock.advance(500);
    looked.letGo();
    return stage.inTime(Promise.all([early, late]));
  }

  test('hears what the charge comes to', async () => {
    stage.shared.hook = (method) =>
      method === 'alipay.trade.pay' ? stage.clock.sleep(2000) : undefined;
    const call = { path: '/v2/payments', body: charge, idempotencyKey: 'k' };
    const answers = await beside(call, call);
    expect(answers.map(({ body }) => body['state'])).toEqual(['paid', 'paid']);
    expect(answers[1]?.raw).toBe(answers[0]?.raw);
  });

  test('does not end the wait of the other', async () => {
    const open = { ...charge, auth_code: '280851932108270001' };
    const call = { path: '/v2/payments?wait=50', body: open, idempotencyKey: 'k' };
    const answers = await beside(call, { ...call, path: '/v2/payments' });
    expect(answers[0]?.body['state']).toBe('paid');
  });

  test.each(['idempotency', 'refund'])('hears what the refund comes to: %s', async (table) => {
    const { body } = await tills[0].post('/v2/payments', charge);
    const path = `/v2/payments/${String(body['id'])}/refunds`;
    stage.shared.hook = (method) =>
      method === 'alipay.trade.refund' ? stage.clock.sleep(2000) : undefined;
    const call = { path, body: { amount: 100 }, idempotencyKey: 'r' };
    const answers = await beside(call, { ...call, path: `${path}?wait=0` }, table);
    expect(answers[0]?.body['state']).toBe('succeeded');
  });
});
