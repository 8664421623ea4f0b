/**
 * A till that hung up left its call behind, and the stop did not wait for it: the outcome of a charge that was at Alipay just
 * then had no database to go to, and the next start had to ask for it. Now the stop waits for what it began.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listEvents } from '../../src/store/events.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { startGateway, until } from '../support/gateway-process.ts';
import { simulatorClient } from '../support/simulator-client.ts';
import { aCharge, addShop, call, enrol } from '../support/v1-client.ts';

test('a stop stores the outcome of a call whose till is gone', async () => {
  const gateway = await startGateway({
    F2F_ALIPAY_TIMEOUT_MS: '5000',
    // No notification arrives: nothing but the answer to the charge tells of it.
    F2F_PUBLIC_URL: 'http://127.0.0.1:1',
    // And another question follows it.
    F2F_CONFIRM: 'strict',
  });
  try {
    const { token } = await enrol(gateway.url());
    const { cpiNo } = await addShop(gateway.url(), token);
    const simulator = simulatorClient(gateway.simulatorUrl());
    await simulator.fault({ kind: 'delay', ms: 2500, method: 'alipay.trade.pay' });
    const asked = call(
      gateway.url(),
      '/f2f/hb_barcode',
      { data: aCharge(cpiNo), token },
      'get',
      500,
    );
    await expect(asked).rejects.toThrow(/abort/);
    const trade = await until(async () => (await simulator.trades())[0], {
      what: 'the charge at Alipay',
    });
    expect(await gateway.kill('SIGTERM')).toBe(0);
    expect(gateway.output()).not.toContain('destroyed');

    const db = openSqlite(join(gateway.dataDir, 'gateway.sqlite'));
    const payment = await findPaymentByNo(db, trade.outTradeNo);
    const events = payment && (await listEvents(db, payment));
    await db.destroy();
    expect(payment).toMatchObject({ state: 'paid' });
    expect(events?.at(-1)).toMatchObject({
      kind: 'fact',
      detail: { method: 'query', fact: 'paid' },
    });
  } finally {
    await gateway.stop();
  }
});
