/** Refunds over v2: in parts, in doubt, refused, and next to those of v1. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { firstMerchant, type V2Client, v2Client } from './client.ts';

let world: World;
let till: V2Client;
let id: string;
let paymentNo: string;
beforeEach(async () => {
  world = await createWorld();
  till = await v2Client(world);
  const charge = {
    localNo: 'A-1',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  };
  const { re } = await world.ask('/f2f/hb_barcode', { cpiNo: 'DL0001', ...charge });
  paymentNo = String(re['out_trade_no']);
  id = `pay_${paymentNo}`;
});
afterEach(() => world.close());

test('in parts, until nothing is left', async () => {
  const part = await till.post(`/v2/payments/${id}/refunds`, {
    amount: 3000,
    reason: 'one night less',
  });
  expect(part.status).toBe(201);
  expect(part.body).toMatchObject({
    state: 'succeeded',
    payment: id,
    reason: 'one night less',
    failure: null,
  });
  const seen = await till.get(`/v2/refunds/${String(part.body['id'])}`);
  expect(seen.body).toEqual(part.body);
  expect((await till.get(`/v2/payments/${id}`)).body).toMatchObject({
    state: 'paid',
    refunded_amount: 3000,
    allowed_actions: ['refund'],
  });
  await world.clock.advance(5000);
  const tooMuch = await till.post(`/v2/payments/${id}/refunds`, { amount: 5801 });
  expect([tooMuch.status, tooMuch.body['code']]).toEqual([409, 'refund_exceeds_payment']);
  await world.clock.advance(5000);
  expect((await till.post(`/v2/payments/${id}/refunds`, { amount: 5800 })).body['state']).toBe(
    'succeeded',
  );
  expect((await till.get(`/v2/payments/${id}`)).body).toMatchObject({
    refunded_amount: 8800,
    allowed_actions: [],
  });
  expect(world.trade(paymentNo)?.refundedAmount).toBe('88.00');
  const listed = (await till.get(`/v2/payments/${id}/refunds`)).body['data'] as {
    amount: number;
    state: string;
  }[];
  expect(listed.map(({ amount, state }) => [amount, state])).toEqual([
    [3000, 'succeeded'],
    [5801, 'failed'],
    [5800, 'succeeded'],
  ]);
});

test('in doubt is pending, and certain later', async () => {
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.refund',
    kind: 'drop_response',
  });
  const made = await till.post(`/v2/payments/${id}/refunds?wait=0`, { amount: 100 }, 'r');
  expect(made.body).toMatchObject({ state: 'pending', failure: null });
  const seen = await till.get(`/v2/refunds/${String(made.body['id'])}?wait=40`);
  expect(seen.body['state']).toBe('succeeded');
  expect(world.trade(paymentNo)?.refundedAmount).toBe('1.00');
});

test('of a payment that is not paid is refused, and never becomes one', async () => {
  const merchant = await firstMerchant(world);
  const open = await till.post('/v2/payments', {
    merchant,
    method: 'barcode',
    auth_code: '280851932108270001',
    amount: 100,
    merchant_reference: 'A-2',
    subject: 'Tea',
  });
  const path = `/v2/payments/${String(open.body['id'])}`;
  const refused = await till.post(`${path}/refunds`, { amount: 100 }, 'r');
  expect([refused.status, refused.body['code']]).toEqual([409, 'payment_not_refundable']);
  expect((await till.get(`${path}?wait=20`)).body['state']).toBe('paid');
  const again = await till.post(`${path}/refunds`, { amount: 100 }, 'r');
  expect(again.body['code']).toBe('payment_not_refundable');
});

test('a refund of v1 is found by its id, whatever number the till gave it', async () => {
  for (const outRequestNo of ['01', '退/1 %', '~.~']) {
    await world.ask('/f2f/refund', {
      cpiNo: 'DL0001',
      outTradeNo: paymentNo,
      outRequestNo,
      refundAmount: '1.00',
    });
  }
  const listed = (await till.get(`/v2/payments/${id}/refunds`)).body['data'] as { id: string }[];
  expect(listed).toHaveLength(3);
  for (const refund of listed) {
    expect(refund.id).toMatch(/^re_[\w.~-]+$/);
    expect((await till.get(`/v2/refunds/${refund.id}`)).body).toEqual(refund);
  }
});

test.each(['re_x', 're_.1', 're_FF1.~FF', 'pay_1', 're_FF9.01'])(
  '%s is no refund',
  async (unknown) => {
    const answer = await till.get(`/v2/refunds/${unknown}`);
    expect([answer.status, answer.body['code']]).toEqual([404, 'refund_not_found']);
  },
);
