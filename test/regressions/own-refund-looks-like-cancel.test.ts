/** A cancel that was lost on its way, money kept, and later given back in full by the shop: no cancel did that. */
import { afterEach, expect, test } from 'vitest';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());
const NO = 'FF2611230000001';
const charge = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108270002',
  subject: 'Tea',
};

/** A charge that is paid while our cancel of it is lost. */
async function payBehindCancel(): Promise<void> {
  world.loseNotifications(Infinity);
  world.onRequest((method) => {
    if (method !== 'alipay.trade.cancel') return;
    world.onRequest(undefined);
    world.control('POST', `/simulator/trades/${NO}/pay`, {});
    throw new NoResponse('timeout', 'lost');
  });
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(45_000);
  expect((await findPaymentByNo(world.db, NO))?.state).toBe('paid');
}

const refund = { cpiNo: 'DL0001', outTradeNo: NO, refundAmount: '88.00', outRequestNo: 'R1' };

test('the shop refunds all of a payment, and it is booked as reversed by a cancel, with an alarm', async () => {
  world = await createWorld();
  await payBehindCancel();
  expect((await world.ask('/f2f/refund', refund)).err).toBe('nothing');
  await world.clock.advance(20 * 60_000);
  const { kinds } = await world.history(NO);
  expect((await findPaymentByNo(world.db, NO))?.state).toBe('paid');
  expect(kinds).not.toContain('incident');
});

test('nor did a cancel, when the line carries a refund that was refused meanwhile', async () => {
  // Seed 4796 of the simulation.
  world = await createWorld();
  await payBehindCancel();
  const { alipay } = world.deps;
  const real = alipay.refund;
  let carried = async (): Promise<unknown> => undefined;
  const refusal = { raw: '{"code":"40005"}', code: '40005', msg: '', isSigned: false, fields: {} };
  (alipay as { refund: unknown }).refund = async (...call: Parameters<typeof real>) => {
    carried = () => real(...call);
    return { kind: 'refused', cause: 'gateway', answer: refusal };
  };
  await world.ask('/f2f/refund', refund);
  await world.clock.advance(5 * 60_000);
  expect((await world.ask('/f2f/refund', refund)).err).toBe('REFUND_FAILED');
  await carried();
  await world.ask('/f2f/query', { cpiNo: 'DL0001', outTradeNo: NO });
  const payment = await findPaymentByNo(world.db, NO);
  expect([payment?.state, payment?.refundedFen]).toStrictEqual(['paid', 8800]);
  expect(world.trade(NO)?.refundedAmount).toBe('88.00');
});
