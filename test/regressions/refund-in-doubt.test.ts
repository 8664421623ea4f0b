/** What a refund is told while nothing is known of it: never "refused" of what may be paid yet, and never "wait" for ever. */
import { afterEach, expect, test } from 'vitest';
import { listIncidents } from '../../src/store/incidents.ts';
import { findRefund } from '../../src/store/refunds.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const NO = 'FF2611230000001';
const DAY_MS = 24 * 3_600_000;
const CHARGE = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108279999',
  subject: 'Tea',
};
const REFUND = { cpiNo: 'DL0001', outTradeNo: NO, refundAmount: '8.00', outRequestNo: '01' };

test('a question about the trade that Alipay refuses says nothing of the refund', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  // The charge is carried out, and nobody here knows of it.
  world.control('POST', '/simulator/faults', { method: 'alipay.trade.pay', kind: 'drop_response' });
  void world.send('/f2f/hb_barcode', CHARGE);
  await world.clock.settle();
  const { alipay } = world.deps;
  const real = alipay.query;
  const answer = { raw: '{}', code: '40006', msg: 'x', isSigned: true, fields: {} };
  (alipay as { query: unknown }).query = async () => ({ kind: 'refused', answer });
  const first = await world.ask('/f2f/refund', REFUND);
  expect([first.err, first.data['code']]).toStrictEqual(['nothing', '10003']);
  (alipay as { query: unknown }).query = real;
  await world.clock.advance(60_000);
  const second = await world.ask('/f2f/refund', REFUND);
  expect(second.data['code']).toBe('10000');
  expect(world.trade(NO)?.refundedAmount).toBe('8.00');
});

test('a refund that nobody asks about any more is asked about when a till wants to know', async () => {
  world = await createWorld();
  await world.ask('/f2f/hb_barcode', CHARGE);
  await world.clock.advance(60_000);
  let isSilent = true;
  world.onRequest((method) => {
    if (isSilent && method.includes('refund')) throw new NoResponse('timeout', 'no answer in time');
  });
  const refunded = await world.ask('/f2f/refund', REFUND);
  expect(refunded.data['code']).toBe('10003');
  for (let day = 0; day < 10; day += 1) await world.clock.advance(DAY_MS);
  const key = { merchantId: 1, paymentNo: NO, requestNo: '01' };
  expect(await findRefund(world.db, key)).toMatchObject({ state: 'created', dueAtMs: null });
  expect(await world.ask('/f2f/refund', REFUND)).toStrictEqual(refunded);
  expect(await findRefund(world.db, key)).toMatchObject({ state: 'created', dueAtMs: null });
  isSilent = false;
  // The first call finds that Alipay has nothing of it, the second one has it sent.
  await world.ask('/f2f/refund', REFUND);
  expect((await world.ask('/f2f/refund', REFUND)).data['code']).toBe('10000');
  expect(world.trade(NO)?.refundedAmount).toBe('8.00');
  const incidents = await listIncidents(world.db, {});
  expect(incidents.map(({ reason }) => reason)).toStrictEqual([]);
}, 60_000);
