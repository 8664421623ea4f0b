/** Found by an attack on the money paths (stale absent charges twice), in virtual time; the name of each test says what went wrong. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());

test('"no such trade" asked right after the cancel and heard 9 s later closes a payment that is paid', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  let pay: (() => void) | undefined;
  const seen = { isCancelled: false };
  world.onRequest((method) => {
    if (method === 'alipay.trade.pay') return new Promise<void>((resolve) => (pay = resolve));
    if (method === 'alipay.trade.cancel') seen.isCancelled = true;
    return undefined;
  });
  const asked = world.send('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  });
  await world.clock.settle();
  world.deps.news.tell('due');
  while (!seen.isCancelled) await world.clock.advance(100);
  // The till asks at once; Alipay answers "absent" now, and the answer takes 9 s.
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.query',
    kind: 'delay',
    ms: 7_000,
  });
  const query = world.send('/f2f/query', { cpiNo: 'DL0001', outTradeNo: 'FF2611230000001' });
  await world.clock.advance(3_000);
  world.control('POST', '/simulator/faults', { method: 'alipay.trade.pay', kind: 'drop_response' });
  pay!(); // lands 3 s after the cancel, well within the 6 s
  await world.clock.advance(200);
  await world.clock.advance(10_000);
  void query;
  void asked;
  world.onRequest(undefined);
  const again = await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108278888',
    subject: 'Tea',
  });
  // The guest of this one order has paid twice.
  expect([world.trade('FF2611230000001')?.tradeStatus, again.re['code']]).not.toStrictEqual([
    'TRADE_SUCCESS',
    '10000',
  ]);
});
