/** Found by an attack on the money paths (cancel without evidence), in virtual time; the name of each test says what went wrong. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());
const NO = 'FF2611230000001';
test('a guest who paid in time is reversed though no query ever said the trade was open', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  world.control('POST', '/simulator/faults', { method: 'alipay.trade.pay', kind: 'drop_response' });
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.query',
    kind: 'http_502',
    times: 10_000,
  });
  await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  });
  await world.clock.advance(200_000);
  expect(world.trade(NO)?.tradeStatus).toBe('TRADE_SUCCESS');
});
test('strict: a charge answered after its deadline is cancelled at once, although Alipay said 10000', async () => {
  world = await createWorld({ confirm: 'strict', paymentDeadlineS: 3 });
  world.loseNotifications(Infinity);
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.pay',
    kind: 'delay',
    ms: 4000,
  });
  await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  });
  expect(world.trade(NO)?.tradeStatus).toBe('TRADE_SUCCESS');
});
