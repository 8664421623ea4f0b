/** v1.md: "the same outRequestNo again is the same refund (same amount: the first answer again, word by word)". */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());

test('a refund told REFUND_FAILED is executed when the same call comes again', async () => {
  world = await createWorld({ barcodeWaitS: 1 });
  const open = await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '1.00',
    authCode: '280851932108270001',
    subject: 'Tea',
  });
  const call = {
    cpiNo: 'DL0001',
    outTradeNo: open.re['out_trade_no'],
    refundAmount: '1.00',
    outRequestNo: '01',
  };
  const first = await world.ask('/f2f/refund', call);
  expect(first.err).toBe('REFUND_FAILED');
  await world.clock.advance(20_000);
  expect(await world.ask('/f2f/refund', call)).toStrictEqual(first);
});
