/** F2F_LATE_PAYMENT=refund: the money went back by itself, and the same call is told "10000, paid". */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());
const NO = 'FF2611230000001';
const charge = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108279999',
  subject: 'Tea',
};

test('late money that the gateway gave back by itself is told to the till as paid', async () => {
  world = await createWorld({ latePayment: 'refund' });
  world.loseNotifications(Infinity);
  let arrive: (() => void) | undefined;
  world.onRequest((method) =>
    method === 'alipay.trade.pay' ? new Promise((resolve) => (arrive = resolve)) : undefined,
  );
  void world.send('/f2f/hb_barcode', charge);
  await world.clock.settle();
  world.deps.news.tell('due');
  await world.clock.advance(90_000);
  const closed = await world.ask('/f2f/hb_barcode', charge);
  expect(closed.re['sub_code']).toBe('ACQ.TRADE_HAS_CLOSE');
  arrive!();
  world.onRequest(undefined);
  // Its refund takes a while; whoever asks meanwhile must not sell by what Alipay says now.
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.refund',
    kind: 'drop_request',
    times: 2,
  });
  await world.clock.advance(100);
  const meanwhile = await world.ask('/f2f/query', { cpiNo: 'DL0001', outTradeNo: NO });
  expect(world.trade(NO)?.tradeStatus).toBe('TRADE_SUCCESS');
  expect(meanwhile.err).toBe('ALIPAY_UNREACHABLE');
  const other = await world.ask('/f2f/hb_barcode', { ...charge, authCode: '280851932108279997' });
  expect(other.data).toStrictEqual({ out_trade_no: NO, trade_status: 'WAIT_BUYER_PAY' });
  await world.clock.advance(120_000);
  expect(world.trade(NO)).toMatchObject({ tradeStatus: 'TRADE_CLOSED', refundedAmount: '88.00' });
  const again = await world.ask('/f2f/hb_barcode', charge);
  const rescanned = await world.ask('/f2f/hb_barcode', {
    ...charge,
    authCode: '280851932108279998',
  });
  expect(again.re['code']).not.toBe('10000');
  // Nothing stands in the way of paying the bill after all.
  expect(rescanned.re['code']).toBe('10000');
});
