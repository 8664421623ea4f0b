/**
 * A process that stands still between storing an intent and calling Alipay (a slow disk, a paused machine) must not send
 * what others have given up meanwhile.
 */
import { afterEach, expect, test } from 'vitest';
import { checkPayment } from '../../src/flows/check-payment.ts';
import { createQrPayment } from '../../src/flows/create-qr-payment.ts';
import type { Deps } from '../../src/flows/deps.ts';
import { fen } from '../../src/core/money.ts';
import { findVisibleMerchant } from '../../src/store/merchants.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const NO = 'FF2611230000001';
const HELD_UP_MS = 40_000;
const NEVER_PAYS = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108270002',
  subject: 'Tea',
};

/** The node as a process that stands still for so long after it asked for the time `times` times. */
function standsStillAfter(times: number): Deps {
  const { deps } = world;
  let asked = 0;
  const nowMs = (): number => {
    asked += 1;
    return deps.clock.nowMs() + (asked > times ? HELD_UP_MS : 0);
  };
  return { ...deps, clock: { ...deps.clock, nowMs } };
}

const callsOf = (method: string): number =>
  world.calls.filter((call) => call.method === `alipay.trade.${method}`).length;

test('a cancel that was held up is not sent: its lease has ended, and somebody may have been told "paid"', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  await world.ask('/f2f/hb_barcode', NEVER_PAYS);
  // Just before the worker would cancel it by itself.
  await world.clock.advance(29_000);
  world.deps.news.stop();
  await world.clock.advance(5_000);
  const payment = await findPaymentByNo(world.db, NO);
  expect(payment?.state).toBe('awaiting_buyer');
  // Asked once by the look, twice on the way through the door, then before the call.
  for (let times = 1; callsOf('cancel') === 0 && times <= 3; times += 1) {
    await checkPayment(standsStillAfter(times), payment!);
  }
  expect(callsOf('cancel')).toBe(0);
  expect((await findPaymentByNo(world.db, NO))?.cancelSentAtMs).not.toBeNull();
  await world.crash();
  await world.clock.advance(600_000);
  expect((await world.history(NO)).states.at(-1)).toBe('closed');
  expect(world.trade(NO)?.tradeStatus).toBe('TRADE_CLOSED');
});

test('a QR code that was held up is not made: it would outlive its payment', async () => {
  world = await createWorld({ qrExpiresS: 60 });
  const merchant = await findVisibleMerchant(
    world.db,
    'DL0001',
    'B996377230C16FEF1BA98F127C1A4570',
  );
  const charge = {
    localNo: '1',
    amountFen: fen(800),
    subject: 'Tea',
    body: null,
    operatorId: null,
    storeId: null,
    metadata: null,
  };
  const result = await createQrPayment(standsStillAfter(1), merchant!, charge);
  expect(result.kind).toBe('no_answer');
  expect(callsOf('precreate')).toBe(0);
});
