/** The same call again, also at the same time, after a death, and with another body. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';
import {
  addOtherMerchant,
  aPayment,
  clientWith,
  firstMerchant,
  type V2Client,
  v2Client,
  type V2Reply,
} from './client.ts';

let world: World;
let till: V2Client;
let payment: Record<string, unknown>;
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  payment = aPayment(await firstMerchant(world));
});
afterEach(() => world.close());

/** Sends the same call many times at once, and moves the clock until all are answered. */
async function together(
  path: string,
  body: object | undefined,
  idempotencyKey: string,
): Promise<V2Reply[]> {
  const one = () => till.send({ method: 'POST', path, body, idempotencyKey });
  const all = Promise.all(Array.from({ length: 20 }, one));
  for (let seconds = 0; seconds < 40; seconds += 1) await world.clock.advance(1000);
  return all;
}

async function paid(): Promise<{ id: string; paymentNo: string }> {
  const { body } = await till.post('/v2/payments', payment);
  const { out_trade_no: paymentNo } = body['alipay'] as { out_trade_no: string };
  return { id: String(body['id']), paymentNo };
}

/** What all of them heard; all but one as a repetition. */
function theOne(answers: readonly V2Reply[]): V2Reply {
  expect(new Set(answers.map(({ raw }) => raw)).size).toBe(1);
  const replayed = answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true');
  expect(replayed).toHaveLength(19);
  return answers[0]!;
}

describe('twenty at once', () => {
  test('charges: one payment, and all hear the same', async () => {
    const answers = await together('/v2/payments', payment, 'k');
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const { out_trade_no: paymentNo } = theOne(answers).body['alipay'] as { out_trade_no: string };
    expect(world.trade(paymentNo)?.chargeCount).toBe(1);
    expect(await world.db.selectFrom('payment').select('payment_no').execute()).toHaveLength(1);
  });

  test('QR codes: one code', async () => {
    const qr = { ...payment, method: 'qr', auth_code: undefined };
    const answers = await together('/v2/payments', qr, 'k');
    expect(theOne(answers).body['next_action']).toMatchObject({ type: 'show_qr_code' });
    const asked = world.calls.filter(({ method }) => method === 'alipay.trade.precreate');
    expect(asked).toHaveLength(1);
    expect(await world.db.selectFrom('payment').select('payment_no').execute()).toHaveLength(1);
  });

  test('cancels: one ending', async () => {
    const open = { ...payment, auth_code: '280851932108270002' };
    const { body } = await till.post('/v2/payments', open);
    const answers = await together(`/v2/payments/${String(body['id'])}/cancel`, undefined, 'c');
    expect(theOne(answers).body['state']).toBe('closed');
    const { out_trade_no: paymentNo } = body['alipay'] as { out_trade_no: string };
    const { kinds } = await world.history(paymentNo);
    expect(kinds.filter((kind) => kind.startsWith('cancel_'))).toEqual([
      'cancel_asked',
      'cancel_sent',
    ]);
  });

  test('refunds: one refund', async () => {
    const { id, paymentNo } = await paid();
    const answers = await together(`/v2/payments/${id}/refunds`, { amount: 100 }, 'r');
    expect(theOne(answers).body).toMatchObject({ state: 'succeeded', amount: 100 });
    expect(world.trade(paymentNo)).toMatchObject({
      refundedAmount: '1.00',
      refunds: [{ amount: '1.00' }],
    });
  });
});

test('the first answer stays the answer, whatever became of the payment since', async () => {
  const open = { ...payment, auth_code: '280851932108270001' };
  const first = await till.post('/v2/payments', open, 'k');
  expect(first.body['state']).toBe('awaiting_buyer');
  expect((await till.get(`/v2/payments/${String(first.body['id'])}?wait=20`)).body['state']).toBe(
    'paid',
  );
  const again = await till.post('/v2/payments', open, 'k');
  expect(again.raw).toBe(first.raw);
  expect(again.headers['idempotent-replayed']).toBe('true');
});

test('fields in another order are the same call', async () => {
  const first = await till.post('/v2/payments', payment, 'k');
  const turned = Object.fromEntries(Object.entries(payment).toReversed());
  expect((await till.post('/v2/payments', turned, 'k')).raw).toBe(first.raw);
});

describe('refused', () => {
  test('the same key for another body', async () => {
    await till.post('/v2/payments', payment, 'k');
    const other = await till.post('/v2/payments', { ...payment, amount: 1 }, 'k');
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
    // It is no answer of the call before.
    expect(other.headers['idempotent-replayed']).toBeUndefined();
  });

  test('the same key for another operation', async () => {
    const { id } = await paid();
    await till.post(`/v2/payments/${id}/refunds`, { amount: 100 }, 'k');
    const other = await till.post('/v2/payments', payment, 'k');
    expect(other.body['code']).toBe('idempotency_key_reused');
  });

  test.each([null, '', 'with space', 'ü', 'x'.repeat(256)])(
    'a call with the key %j',
    async (key) => {
      const answer = await till.ask({
        path: '/v2/payments',
        body: payment,
        idempotencyKey: null,
        headers: key === null ? {} : { 'idempotency-key': key },
      });
      expect([answer.status, answer.body['code']]).toEqual([400, 'idempotency_key_required']);
      expect(await world.db.selectFrom('payment').select('payment_no').execute()).toHaveLength(0);
    },
  );
});

test('two merchants may use the same key', async () => {
  const { id: second } = await addOtherMerchant(world);
  const one = await till.post('/v2/payments', payment, 'k');
  const auth_code = '280851932108278888';
  const other = await till.post('/v2/payments', { ...payment, merchant: second, auth_code }, 'k');
  expect([one.status, other.status]).toEqual([201, 201]);
  expect(other.body['id']).not.toBe(one.body['id']);
});

test('the merchant’s own key and an operator’s say the same under one key: one refund', async () => {
  const { id, paymentNo } = await paid();
  const { merchant_id: merchantId } = await world.db
    .selectFrom('merchant')
    .select('merchant_id')
    .executeTakeFirstOrThrow();
  const own = await v2Client(world, { merchantId });
  const path = `/v2/payments/${id}/refunds`;
  const first = await till.post(path, { amount: 100 }, 'r');
  const again = await own.post(path, { amount: 100 }, 'r');
  expect([again.raw, again.headers['idempotent-replayed']]).toEqual([first.raw, 'true']);
  expect(world.trade(paymentNo)?.refundedAmount).toBe('1.00');
});

test('a week later the answer is forgotten, and a refund is the same one all the same', async () => {
  const { id, paymentNo } = await paid();
  const first = await till.post(`/v2/payments/${id}/refunds`, { amount: 100 }, 'r');
  await world.clock.advance(8 * 24 * 3_600_000);
  expect(await world.db.selectFrom('idempotency').select('idempotency_key').execute()).toEqual([]);
  const again = await till.post(`/v2/payments/${id}/refunds`, { amount: 100 }, 'r');
  expect(again.headers['idempotent-replayed']).toBeUndefined();
  expect(again.body).toEqual(first.body);
  const other = await till.post(`/v2/payments/${id}/refunds`, { amount: 200 }, 'r2');
  expect(other.body['state']).toBe('succeeded');
  expect(world.trade(paymentNo)?.refundedAmount).toBe('3.00');
  await world.clock.advance(8 * 24 * 3_600_000);
  const reused = await till.post(`/v2/payments/${id}/refunds`, { amount: 300 }, 'r2');
  expect(reused.body['code']).toBe('idempotency_key_reused');
});

describe('a process that dies', () => {
  test('after the intent and before the answer: the same call hears what became of the payment', async () => {
    world.onRequest((method) => (method === 'alipay.trade.pay' ? world.crash() : undefined));
    void till.send({ path: '/v2/payments', body: payment, idempotencyKey: 'k' });
    await world.clock.advance(100);
    world.onRequest(undefined);
    const again = await clientWith(world, till.secret).post('/v2/payments', payment, 'k');
    expect(again.status).toBe(201);
    expect(again.headers['idempotent-replayed']).toBe('true');
    const stored = await world.db.selectFrom('payment').select('payment_no').execute();
    expect(stored).toHaveLength(1);
    const last = await clientWith(world, till.secret).post('/v2/payments', payment, 'k');
    expect(last.raw).toBe(again.raw);
  });

  /** Sends a charge whose process dies while Alipay has it. */
  async function dieCharging(charge: object): Promise<void> {
    world.onRequest((method) => (method === 'alipay.trade.pay' ? world.crash() : undefined));
    void till.send({ path: '/v2/payments?wait=50', body: charge, idempotencyKey: 'k' });
    await world.clock.advance(100);
    world.onRequest(undefined);
  }

  test('and whose payment is settled meanwhile: the same call is answered then, and not when its time is up', async () => {
    await dieCharging({ ...payment, auth_code: '280851932108270001' });
    const beganMs = world.clock.nowMs();
    // Alipay is not to be reached for a while, and then says what became of it.
    world.onRequest(() => {
      if (world.clock.nowMs() < beganMs + 5000) throw new NoResponse('timeout', 'no answer');
    });
    const next = clientWith(world, till.secret);
    const charge = { ...payment, auth_code: '280851932108270001' };
    const again = await next.post('/v2/payments?wait=50', charge, 'k');
    expect(again.body['state']).not.toMatch(/created|awaiting/);
    const settled = await world.db
      .selectFrom('payment_event')
      .select((eb) => eb.fn.max('at_ms').as('at_ms'))
      .executeTakeFirstOrThrow();
    expect(world.clock.nowMs() - settled.at_ms).toBeLessThan(2000);
    expect(world.clock.nowMs() - beganMs).toBeGreaterThanOrEqual(5000);
  });

  test('and whose guest takes a while: the same call waits as long as it says', async () => {
    // The money does not move, and the gateway asks until it is sure: longer than a first call can take.
    await dieCharging({ ...payment, auth_code: '280851932108270002' });
    const beganMs = world.clock.nowMs();
    const open = { ...payment, auth_code: '280851932108270002' };
    const next = clientWith(world, till.secret);
    const again = await next.post('/v2/payments?wait=50', open, 'k');
    const waitedMs = world.clock.nowMs() - beganMs;
    const isOpen = ['created', 'awaiting_buyer'].includes(String(again.body['state']));
    expect(isOpen ? waitedMs : 50_000).toBeGreaterThanOrEqual(50_000);
  });

  test('before the answer, with a code that nobody pays: the same call hears that it ended, and not that there was none', async () => {
    const qr = { ...payment, method: 'qr', auth_code: undefined };
    await till.post('/v2/payments', qr, 'k');
    await world.db.updateTable('idempotency').set({ answer: null, answer_status: null }).execute();
    await world.clock.advance(20 * 60_000);
    const again = await till.post('/v2/payments', qr, 'k');
    expect([again.status, again.body['state']]).toEqual([201, 'closed']);
  });

  test('before the intent leaves nothing: the same call is the first', async () => {
    expect(await world.db.selectFrom('idempotency').select('idempotency_key').execute()).toEqual(
      [],
    );
    const first = await till.post('/v2/payments', payment, 'k');
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    const rows = await world.db.selectFrom('idempotency').selectAll().execute();
    expect(rows).toMatchObject([{ idempotency_key: 'k', answer_status: 201, answer: first.raw }]);
  });
});

test('a call that begins nothing new, and finds its key taken meanwhile, gets nobody else’s answer', async () => {
  const open = { ...payment, auth_code: '280851932108270002' };
  await till.post('/v2/payments', open, 'first');
  const waiting = till.send({ path: '/v2/payments?wait=3', body: open, idempotencyKey: 'k' });
  await world.clock.advance(1000);
  world.onRequest(async (method) => {
    if (method === 'alipay.trade.pay') await world.clock.sleep(9000);
  });
  const other = { ...payment, merchant_reference: 'A-2', auth_code: '280851932108278888' };
  const taking = till.send({ path: '/v2/payments', body: other, idempotencyKey: 'k' });
  // The first one ends while the second is at Alipay.
  await world.clock.advance(5000);
  expect((await waiting).body['code']).toBe('idempotency_key_reused');
  await world.clock.advance(10_000);
  const taken = await taking;
  expect(taken.body).toMatchObject({ state: 'paid', merchant_reference: 'A-2' });
  expect((await till.post('/v2/payments', other, 'k')).raw).toBe(taken.raw);
});

test('a repetition while the first waits does not make an open payment its answer', async () => {
  const open = { ...payment, auth_code: '280851932108270002' };
  const first = till.send({ path: '/v2/payments?wait=50', body: open, idempotencyKey: 'k' });
  await world.clock.advance(30_000);
  const early = await till.post('/v2/payments', open, 'k');
  expect(early.body['state']).toBe('awaiting_buyer');
  const { out_trade_no: paymentNo } = early.body['alipay'] as { out_trade_no: string };
  world.control('POST', `/simulator/trades/${paymentNo}/pay`, {});
  await world.clock.advance(20_000);
  expect((await first).body['state']).toBe('paid');
  expect((await till.post('/v2/payments', open, 'k')).raw).toBe((await first).raw);
});

test('a cancel that is repeated with less patience ends as the first one hears it', async () => {
  const { body } = await till.post('/v2/payments', { ...payment, auth_code: '280851932108270002' });
  const path = `/v2/payments/${String(body['id'])}/cancel`;
  world.onRequest(async (method) => {
    if (method === 'alipay.trade.cancel') await world.clock.sleep(3000);
  });
  const first = till.send({ method: 'POST', path, idempotencyKey: 'c' });
  await world.clock.advance(1000);
  const hasty = await till.post(`${path}?wait=0`, undefined, 'c');
  await world.clock.advance(20_000);
  expect((await first).body['state']).toBe('closed');
  expect(hasty.raw).toBe((await first).raw);
});

test('a cancel that is repeated while the first one waits hears what that one heard, and nothing later', async () => {
  const made = await till.post('/v2/payments', { ...payment, method: 'qr', auth_code: undefined });
  const { qr_code: qrCode } = made.body['next_action'] as { qr_code: string };
  const { out_trade_no: paymentNo } = made.body['alipay'] as { out_trade_no: string };
  const path = `/v2/payments/${String(made.body['id'])}/cancel?wait=50`;
  const first = till.send({ method: 'POST', path, idempotencyKey: 'c' });
  await world.clock.advance(1000);
  const again = till.send({ method: 'POST', path, idempotencyKey: 'c' });
  await world.clock.advance(52_000);
  world.control('POST', '/simulator/scan', { qrCode });
  world.control('POST', `/simulator/trades/${paymentNo}/pay`, {});
  await world.clock.advance(60_000);
  expect((await first).body['state']).toBe('awaiting_buyer');
  expect((await again).raw).toBe((await first).raw);
  expect((await till.get(`/v2/payments/pay_${paymentNo}`)).body['state']).toBe('paid');
});

test('a repetition of what is over does not wait', async () => {
  const { id } = await paid();
  const path = `/v2/payments/${id}/refunds`;
  await till.post(path, { amount: 8801 }, 'r');
  const again = await till.send({ path, body: { amount: 8801 }, idempotencyKey: 'r' });
  expect(again.body['code']).toBe('refund_exceeds_payment');
});
