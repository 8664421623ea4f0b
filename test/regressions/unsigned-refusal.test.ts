/** Refusals that Alipay's gateway cannot sign count (v1.md), and anyone on the line can say them of what was carried out. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAlipayClient } from '../../src/alipay/client.ts';
import { listIncidents } from '../../src/store/incidents.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';

const NO = 'FF2611230000001';
const UNSIGNED = JSON.stringify({
  error_response: { code: '40005', msg: 'Call Limited', sub_code: 'isv.app-call-limited' },
});
const CHARGE = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108279999',
  subject: 'Tea',
};
const REFUND = { cpiNo: 'DL0001', outTradeNo: NO, refundAmount: '8.00', outRequestNo: '01' };
const DAY_MS = 24 * 3_600_000;

let world: World;
/** The method whose calls are carried out and answered by somebody else. */
let forged: string | undefined;

beforeEach(async () => {
  forged = undefined;
  world = await createWorld();
  world.loseNotifications(Infinity);
  const { clock, send } = world.deps;
  const alipay = createAlipayClient({
    clock,
    gatewayUrl: 'http://simulator.test/gateway.do',
    timeoutMs: 10_000,
    send: async (request) => {
      const isForged = new URL(request.url).searchParams.get('method') === forged;
      const response = send(request);
      if (!isForged) return response;
      await response.catch(() => undefined);
      return { status: 200, headers: {}, body: Buffer.from(UNSIGNED) };
    },
  });
  (world.deps as { alipay: unknown }).alipay = alipay;
});
afterEach(() => world.close());

/** Refunds do not reach Alipay, and somebody on the line refuses them. */
function refuseRefunds(): void {
  const { alipay } = world.deps;
  (alipay as { refund: unknown }).refund = async () => ({
    kind: 'refused',
    cause: 'gateway',
    answer: { raw: UNSIGNED, code: '40005', msg: 'Call Limited', isSigned: false, fields: {} },
  });
}

async function forget(paymentNo: string): Promise<void> {
  await world.db.deleteFrom('payment_event').where('payment_no', '=', paymentNo).execute();
  await world.db.deleteFrom('event').where('payment_no', '=', paymentNo).execute();
  await world.db.deleteFrom('payment').where('payment_no', '=', paymentNo).execute();
}

test('a refund that was executed is found out, and told', async () => {
  await world.ask('/f2f/hb_barcode', CHARGE);
  await world.clock.advance(60_000);
  forged = 'alipay.trade.refund';
  const refunded = await world.ask('/f2f/refund', REFUND);
  expect([refunded.err, refunded.data['code']]).toStrictEqual(['nothing', '10003']);
  await world.clock.advance(DAY_MS);
  expect((await world.ask('/f2f/refund', REFUND)).data['code']).toBe('10000');
  expect((await findPaymentByNo(world.db, NO))?.refundedFen).toBe(800);
  expect(world.trade(NO)?.refundedAmount).toBe('8.00');
});

test('a refund that was not executed stays refused, once Alipay knows nothing of it', async () => {
  await world.ask('/f2f/hb_barcode', CHARGE);
  await world.clock.advance(60_000);
  refuseRefunds();
  await world.ask('/f2f/refund', REFUND);
  await world.clock.advance(2 * DAY_MS);
  expect((await world.ask('/f2f/refund', REFUND)).err).toBe('REFUND_FAILED');
  expect(world.trade(NO)?.refundedAmount).toBe('0.00');
});

test('a refused refund that is watched in vain for a week is a matter for a person', async () => {
  await world.ask('/f2f/hb_barcode', CHARGE);
  await world.clock.advance(60_000);
  refuseRefunds();
  await world.ask('/f2f/refund', REFUND);
  await world.clock.advance(5 * 60_000);
  expect((await world.ask('/f2f/refund', REFUND)).err).toBe('REFUND_FAILED');
  (world.deps.alipay as { refundQuery: unknown }).refundQuery = async () => ({
    kind: 'unknown',
    reason: 'timeout',
    detail: 'no answer in time',
  });
  for (let day = 0; day < 12; day += 1) await world.clock.advance(DAY_MS);
  const incidents = await listIncidents(world.db, {});
  expect(incidents.map(({ reason, requestNo }) => [reason, requestNo])).toStrictEqual([
    ['refund_stays_silent', '01'],
  ]);
});

test('a question about a trade of an older system says nothing of the refund', async () => {
  // The trade is known to Alipay alone.
  await world.ask('/f2f/hb_barcode', CHARGE);
  await world.clock.advance(60_000);
  await forget(NO);
  forged = 'alipay.trade.query';
  const refunded = await world.ask('/f2f/refund', REFUND);
  expect([refunded.err, refunded.data['code']]).toStrictEqual(['nothing', '10003']);
  forged = undefined;
  expect((await world.ask('/f2f/refund', REFUND)).data['code']).toBe('10000');
});

test('a charge that was carried out is told as refused, and its money is late money', async () => {
  forged = 'alipay.trade.pay';
  const charged = await world.ask('/f2f/hb_barcode', CHARGE);
  expect(charged.re['code']).toBe('40005');
  await world.clock.advance(60_000);
  expect((await world.history(NO)).states).toStrictEqual(['created', 'declined', 'paid']);
  const incidents = await listIncidents(world.db, {});
  expect(incidents.map(({ reason }) => reason)).toStrictEqual(['late_payment']);
});

test('nor is that money lost when Alipay does not know its own trade yet', async () => {
  // Seeds 3347 and 4647 of the simulation: a notification makes us ask at once, and Alipay finds no trade for five seconds.
  world.loseNotifications(0);
  forged = 'alipay.trade.pay';
  await world.ask('/f2f/hb_barcode', { ...CHARGE, authCode: '280851932108270009' });
  await world.clock.advance(4000);
  expect((await findPaymentByNo(world.db, NO))?.tradeSeen).toBe('absent');
  await world.clock.advance(60_000);
  expect((await world.history(NO)).states).toStrictEqual(['created', 'declined', 'paid']);
});
