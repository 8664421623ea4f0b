/** Between a look's reading and its cancel another look learnt that the buyer had paid: the cancel must not be sent. */
import { afterEach, expect, test } from 'vitest';
import { applyFact } from '../../src/flows/apply-fact.ts';
import type { KeyRing } from '../../src/flows/key-ring.ts';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());
const NO = 'FF2611230000001';
const charge = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108270002',
  subject: 'Tea',
};
test('a payment that is found paid between the look and the cancel', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  const ring = world.deps.keyRing as { signer: KeyRing['signer'] };
  const real = ring.signer;
  let done = false;
  ring.signer = async (keyId, find) => {
    if (
      !done &&
      world.calls.at(-1)?.method === 'alipay.trade.query' &&
      world.clock.nowMs() - world.calls[0]!.atMs >= 60_000 &&
      world.calls.at(-1)!.atMs === world.clock.nowMs()
    ) {
      done = true;
      world.control('POST', `/simulator/trades/${NO}/pay`, {});
      // The answer of a till's own query, stored before this look goes on.
      await applyFact(
        world.deps,
        { merchantId: 1, paymentNo: NO },
        {
          fact: 'paid',
          method: 'query',
          raw: '{"code":"10000"}',
          askedAtMs: world.clock.nowMs(),
          askedIn: 'awaiting_buyer',
        },
        {},
      );
    }
    return real(keyId, find);
  };
  await world.ask('/f2f/hb_barcode', charge);
  await world.clock.advance(300_000);
  const h = await world.history(NO);
  expect(h.states.at(-1)).toBe('paid');
});
