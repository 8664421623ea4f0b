/** A fault of the database while a till waits: the refund is stored and executed, the till hears SYSTEM_ERROR. */
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());

test('a refund under way is told as SYSTEM_ERROR', async () => {
  world = await createWorld();
  const paid = await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '1.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  });
  await world.clock.advance(20_000);
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.refund') return;
    world.onRequest(undefined);
    await sql.raw('alter table refund rename to away').execute(world.db);
    await world.clock.sleep(1500);
    await sql.raw('alter table away rename to refund').execute(world.db);
  });
  const answer = await world.ask('/f2f/refund', {
    cpiNo: 'DL0001',
    outTradeNo: paid.re['out_trade_no'],
    refundAmount: '1.00',
    outRequestNo: '01',
  });
  await world.clock.advance(20_000);
  expect(world.trade(String(paid.re['out_trade_no']))?.refundedAmount).toBe('1.00');
  expect(answer.err).toBe('nothing');
});
