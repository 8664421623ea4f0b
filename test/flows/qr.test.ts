/**
 * QR payments from the code's first sight to its end, in virtual time: unscanned, scanned, paid, paid late, never answered.
 */
import { afterEach, expect, test } from 'vitest';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const QR = { cpiNo: 'DL0001', localNo: '1', totalAmount: '8.00', subject: 'Tea' };
const MINUTE_MS = 60_000;

async function issue(): Promise<{ paymentNo: string; qrCode: string }> {
  const answer = await world.ask('/f2f/qrcode', QR);
  expect(answer.err).toBe('nothing');
  return {
    paymentNo: String(answer.data['out_trade_no']),
    qrCode: String(answer.data['qr_code']),
  };
}

const dueOf = async (paymentNo: string): Promise<number | null | undefined> =>
  (await findPaymentByNo(world.db, paymentNo))?.dueAtMs;

test('a scanned and paid code is found paid without any notification', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  const { paymentNo, qrCode } = await issue();
  world.control('POST', '/simulator/scan', { qrCode });
  world.control('POST', `/simulator/trades/${paymentNo}/pay`);
  await world.clock.advance(20_000);
  expect((await world.history(paymentNo)).states).toStrictEqual([
    'created',
    'awaiting_buyer',
    'paid',
  ]);
  expect(await dueOf(paymentNo)).toBeNull();
});

test('a notification makes it prompt, and Alipay is asked before it counts', async () => {
  world = await createWorld();
  const { paymentNo, qrCode } = await issue();
  world.control('POST', '/simulator/scan', { qrCode });
  world.control('POST', `/simulator/trades/${paymentNo}/pay`);
  await world.clock.advance(0);
  const { kinds, states } = await world.history(paymentNo);
  expect(states).toStrictEqual(['created', 'awaiting_buyer', 'paid']);
  expect(kinds).toStrictEqual(['created', 'fact', 'hint', 'fact']);
});

test('a code that nobody scans stays open until Alipay no longer honours it, then closes', async () => {
  world = await createWorld();
  const { paymentNo, qrCode } = await issue();
  await world.clock.advance(15 * MINUTE_MS);
  expect((await world.history(paymentNo)).states).toStrictEqual(['created', 'awaiting_buyer']);
  await world.clock.advance(MINUTE_MS);
  expect((await world.history(paymentNo)).states.at(-1)).toBe('closed');
  expect(() => world.control('POST', '/simulator/scan', { qrCode })).not.toThrow();
  expect(world.trade(paymentNo)).toBeUndefined();
  await world.clock.advance(3 * 24 * 60 * MINUTE_MS);
  expect(await dueOf(paymentNo)).toBeNull();
});

test('a scanned code that nobody pays is closed at Alipay at its expiry', async () => {
  world = await createWorld({ qrExpiresS: 90 });
  world.loseNotifications(Infinity);
  const { paymentNo, qrCode } = await issue();
  await world.clock.advance(80_000);
  world.control('POST', '/simulator/scan', { qrCode });
  await world.clock.advance(30_000);
  expect(world.trade(paymentNo)?.tradeStatus).toBe('TRADE_CLOSED');
  expect((await world.history(paymentNo)).states.at(-1)).toBe('closed');
});

test('a buyer who pays while the code is being closed has paid', async () => {
  world = await createWorld({ qrExpiresS: 90 });
  world.loseNotifications(Infinity);
  const { paymentNo, qrCode } = await issue();
  world.control('POST', '/simulator/scan', { qrCode });
  world.onRequest((method) => {
    if (method === 'alipay.trade.close')
      world.control('POST', `/simulator/trades/${paymentNo}/pay`);
  });
  await world.clock.advance(120_000);
  expect(world.trade(paymentNo)?.tradeStatus).toBe('TRADE_SUCCESS');
  expect((await world.history(paymentNo)).states.at(-1)).toBe('paid');
  expect((await world.history(paymentNo)).kinds).not.toContain('late_payment');
});

test('the same call again gives the same code, another amount is refused', async () => {
  world = await createWorld();
  const { paymentNo, qrCode } = await issue();
  const again = await world.ask('/f2f/qrcode', QR);
  expect([again.data['out_trade_no'], again.data['qr_code']]).toStrictEqual([paymentNo, qrCode]);
  const other = await world.ask('/f2f/qrcode', { ...QR, totalAmount: '9.00' });
  expect(other.err).toBe('LOCALNO_ALREADY_EXISTS');
  expect(other.data).toStrictEqual({ out_trade_no: paymentNo, trade_status: 'WAIT_BUYER_PAY' });
});

test('a precreate without an answer showed nothing: the same call gets a new number', async () => {
  world = await createWorld();
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.precreate',
    kind: 'http_502',
  });
  const lost = await world.ask('/f2f/qrcode', QR);
  expect([lost.err, lost.statusNo, lost.data]).toStrictEqual(['ALIPAY_UNREACHABLE', 502, {}]);
  const { paymentNo } = await issue();
  // The number between them was taken before it was known that the call came again.
  expect(paymentNo).toBe('FF2611230000003');
  // The first one's row ends by itself, too.
  await world.clock.advance(4 * 24 * 60 * MINUTE_MS);
  expect((await world.history('FF2611230000001')).states.at(-1)).toBe('closed');
});

test('the same call while the first is under way waits for its answer', async () => {
  world = await createWorld();
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.precreate',
    kind: 'delay',
    ms: 3000,
  });
  const first = world.send('/f2f/qrcode', QR);
  await world.clock.settle();
  const second = world.send('/f2f/qrcode', QR);
  await world.clock.advance(4000);
  expect(await second).toStrictEqual(await first);
  expect(world.calls.filter(({ method }) => method === 'alipay.trade.precreate')).toHaveLength(1);
});

test('a code that ended unpaid may be tried again under its localNo, with a new number', async () => {
  world = await createWorld({ qrExpiresS: 60 });
  const { paymentNo } = await issue();
  await world.clock.advance(10 * MINUTE_MS);
  const next = await issue();
  expect(next.paymentNo).not.toBe(paymentNo);
});
