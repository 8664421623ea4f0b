/** Found by an attack on the money paths (refund never told), in virtual time; the name of each test says what went wrong. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findVisibleMerchant } from '../../src/store/merchants.ts';
import { listRefunds } from '../../src/store/refunds.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { loadApp } from '../../src/flows/load-app.ts';
import { fen } from '../../src/core/money.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
const NO = 'FF2611230000001';
beforeEach(async () => {
  world = await createWorld();
  await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '1.00',
    authCode: '280851932108273550',
    subject: 'Tea',
  });
  await world.clock.advance(60_000);
  world.loseNotifications(Infinity);
});
afterEach(() => world.close());

const refund = (): ReturnType<World['ask']> =>
  world.ask('/f2f/refund', {
    cpiNo: 'DL0001',
    outTradeNo: NO,
    refundAmount: '1.00',
    outRequestNo: '01',
  });

test('a refund that Alipay refuses (trade closed in its console) is "in process" for ever', async () => {
  const merchant = (await findVisibleMerchant(
    world.db,
    'DL0001',
    'B996377230C16FEF1BA98F127C1A4570',
  ))!;
  const app = (await loadApp(world.deps, merchant.owner, merchant.appId, merchant))!;
  await world.deps.alipay.refund(app.app, {
    paymentNo: NO,
    requestNo: 'console',
    amountFen: fen(100),
  });
  await refund();
  await world.clock.advance(9 * 86_400_000);
  const later = await refund();
  expect(later.err).toBe('REFUND_FAILED');
});

test('a refund whose schedule is exhausted raises no incident', async () => {
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.refund',
    kind: 'http_502',
    times: 1000,
    executed: true,
  });
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.fastpay.refund.query',
    kind: 'http_502',
    times: 1000,
  });
  await refund();
  await world.clock.advance(9 * 86_400_000);
  const payment = (await findPaymentByNo(world.db, NO))!;
  const [stored] = await listRefunds(world.db, payment);
  expect(stored?.dueAtMs).toBeNull();
  expect((await world.history(NO)).kinds).toContain('incident');
});
