/**
 * A client that keeps its connection, as every HTTP client does, held the stop up until the forced exit after ten seconds:
 * the database was never closed. Now the last answer closes its connection, and the stop says that it came to its end.
 */
import { expect, test } from 'vitest';
import { startGateway, until } from '../support/gateway-process.ts';
import { simulatorClient } from '../support/simulator-client.ts';
import { aCharge, addShop, call, enrol } from '../support/v1-client.ts';

test('the stop ends when the last call is answered', async () => {
  const gateway = await startGateway({ F2F_ALIPAY_TIMEOUT_MS: '5000' });
  try {
    const { token } = await enrol(gateway.url());
    const { cpiNo } = await addShop(gateway.url(), token);
    const simulator = simulatorClient(gateway.simulatorUrl());
    await simulator.fault({ kind: 'delay', ms: 2500, method: 'alipay.trade.pay' });
    const asked = call(gateway.url(), '/f2f/hb_barcode', { data: aCharge(cpiNo), token });
    await until(async () => (await simulator.trades())[0], { what: 'the charge at Alipay' });
    expect(await gateway.kill('SIGTERM')).toBe(0);
    expect((await asked).re).toMatchObject({ code: '10000' });
    expect(gateway.output()).toContain('"msg":"stopped"');
  } finally {
    await gateway.stop();
  }
});
