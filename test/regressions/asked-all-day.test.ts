/** A till that asks about a settled payment all day: it hears Alipay's words, and the history does not grow. */
import { afterEach, expect, test } from 'vitest';
import { listEvents } from '../../src/store/events.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const NO = 'FF2611230000001';
const KEY = { merchantId: 1, paymentNo: NO };
const QUERY = { cpiNo: 'DL0001', outTradeNo: NO };
const CHARGE = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108279999',
  subject: 'Tea',
};
const NEVER_PAYS = { ...CHARGE, authCode: '280851932108270002' };
const REFUSED = { ...CHARGE, authCode: '280851932108270003' };

test.each([
  ['paid', CHARGE, 'TRADE_SUCCESS'],
  ['closed', NEVER_PAYS, 'TRADE_CLOSED'],
  ['declined', REFUSED, undefined],
])('%s', async (state, charge, status) => {
  world = await createWorld();
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(3_600_000);
  const payment = await findPaymentByNo(world.db, NO);
  expect(payment).toMatchObject({ state, dueAtMs: null });
  const before = await listEvents(world.db, KEY);
  for (let time = 0; time < 20; time += 1) {
    expect((await world.ask('/f2f/query', QUERY)).data['trade_status']).toBe(status);
  }
  expect(await listEvents(world.db, KEY)).toStrictEqual(before);
  expect(await findPaymentByNo(world.db, NO)).toStrictEqual(payment);
});

test('but what is new is stored: money given back in the console of Alipay', async () => {
  world = await createWorld();
  await world.ask('/f2f/hb_barcode', CHARGE);
  await world.clock.advance(3_600_000);
  const { alipay } = world.deps;
  const real = alipay.query;
  const answer = { raw: '{"code":"10000"}', code: '10000', msg: 'Success', fields: {} };
  (alipay as { query: unknown }).query = async () => ({ kind: 'closed', wasPaid: true, answer });
  const before = await listEvents(world.db, KEY);
  await world.ask('/f2f/query', QUERY);
  const after = await listEvents(world.db, KEY);
  expect(after.slice(before.length).map(({ kind }) => kind)).toStrictEqual(['fact', 'incident']);
  (alipay as { query: unknown }).query = real;
});
