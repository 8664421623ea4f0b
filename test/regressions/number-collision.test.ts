/**
 * Alipay knows our next number already: alipay-f2f 1.2.1 (same shape, counts from 1) sold today before the change-over,
 * or a second gateway / a restored backup counts the same numbers under the same Alipay account.
 */
import { afterEach, expect, test } from 'vitest';
import { loadApp } from '../../src/flows/load-app.ts';
import { fen } from '../../src/core/money.ts';
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

async function somebodyElsePays(amountFen: number): Promise<void> {
  const app = await loadApp(world.deps, 'B996377230C16FEF1BA98F127C1A4570', '2016022901171807', {
    authorizationId: null,
  });
  await world.deps.alipay.pay(app!.app, {
    paymentNo: NO,
    authCode: '280000000000001111',
    amountFen: fen(amountFen),
    subject: 'older system',
  });
  await world.clock.advance(3_600_000);
}

test("another guest's paid trade is cancelled at our deadline: his money goes back", async () => {
  world = await createWorld();
  await somebodyElsePays(5000);
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(300_000);
  expect(world.trade(NO)?.tradeStatus).toBe('TRADE_SUCCESS');
  // One alarm, however often Alipay is asked.
  const { kinds } = await world.history(NO);
  expect(kinds.filter((kind) => kind === 'incident')).toHaveLength(1);
});

test("another guest's payment of an hour ago is told as this guest's: goods leave unpaid", async () => {
  world = await createWorld();
  await somebodyElsePays(8800);
  const answer = await world.ask('/f2f/hb_barcode', charge);
  expect(answer.re['code']).not.toBe('10000');
});
