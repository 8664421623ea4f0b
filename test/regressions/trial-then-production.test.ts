/** Found by an attack on the money paths (trial then production), in virtual time; the name of each test says what went wrong. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
let world: World;
afterEach(() => world.close());
test("with the real Alipay, the simulator's public key of the trial still counts, and money moves unverified", async () => {
  world = await createWorld();
  // The operator sets F2F_ALIPAY=production on the same data folder and restarts.
  const settings = world.deps.settings as { simulator: unknown; enrolment: string };
  settings.simulator = undefined;
  settings.enrolment = 'allow-list';
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.pay',
    kind: 'bad_signature',
    times: 1,
  });
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.query',
    kind: 'bad_signature',
    times: 100,
  });
  const answer = await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  });
  // "Nobody gave Alipay's public key for the app: no answer could be verified, so nothing is sent."
  expect(answer.re['code']).toBe('40003');
});
test('a dongle that enrolled itself during the trial gets tokens under the allow-list', async () => {
  world = await createWorld();
  const secret = await world.app.inject({
    url: '/auth/secret?dogNo=EVIL0000000000000000000000000000',
  });
  const { secretKey } = secret.json().data;
  (world.deps.settings as { enrolment: string }).enrolment = 'allow-list';
  const token = await world.app.inject({
    url: `/auth/token?dogNo=EVIL0000000000000000000000000000&secretKey=${secretKey}`,
  });
  expect(token.json().err).not.toBe('nothing');
});
