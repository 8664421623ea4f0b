/** A shop guesses the number of a charge that another shop of its app is about to make: it hears nothing of that trade. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const NO = 'FF2611230000001';

test('a query that began before the charge is answered as of an unknown number', async () => {
  world = await createWorld();
  await world.send('/f2f/company/add', {
    storeDogNo: 'DL0002',
    cpiPid: '2088212612254111',
    cpiAppid: '2016022901171807',
  });
  let isHeld = true;
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.query' || !isHeld) return;
    isHeld = false;
    await world.clock.sleep(1_000);
  });
  const guessed = world.send('/f2f/query', { cpiNo: 'DL0002', outTradeNo: NO });
  await world.clock.settle();
  const charged = await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  });
  expect(charged.re['out_trade_no']).toBe(NO);
  await world.clock.advance(2_000);
  const answer = await guessed;
  expect(answer.err).toBe('QUERY_FAILED');
  expect(answer.data).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' });
});
