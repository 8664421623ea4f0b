/**
 * The official `alipay-sdk` as a witness: it runs every method against a started simulator over
 * HTTP and verifies every answer, with RSA2 and RSA and with PKCS#1 and PKCS#8 keys, and its
 * `checkNotifySignV2` accepts a delivered notification.
 */
import { AlipaySdk } from 'alipay-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startSimulator } from './server.ts';
import type { RunningSimulator } from './server.ts';
import { APP_KEY, publicKeyOf } from './testing/keys.ts';
import { openShop } from './testing/shop.ts';

let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(async () => {
  await simulator.close();
});

async function control(path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(`${simulator.url}/simulator/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  const json: Record<string, string> = JSON.parse(await response.text());
  return json;
}

const KEY_TYPES = { PKCS1: 'pkcs1', PKCS8: 'pkcs8' } as const;

async function sdkFor(
  appId: string,
  signType: 'RSA' | 'RSA2',
  keyType: keyof typeof KEY_TYPES,
): Promise<AlipaySdk> {
  const registered = await control('apps', { appId, appPublicKey: publicKeyOf(APP_KEY), signType });
  const der = APP_KEY.export({ format: 'der', type: KEY_TYPES[keyType] });
  return new AlipaySdk({
    appId,
    privateKey: der.toString('base64'),
    keyType,
    signType,
    alipayPublicKey: registered['alipayPublicKey'] ?? '',
    gateway: `${simulator.url}/gateway.do`,
  });
}

describe.each([
  { appId: '2021000000000001', signType: 'RSA2', keyType: 'PKCS8' },
  { appId: '2021000000000002', signType: 'RSA2', keyType: 'PKCS1' },
  { appId: '2021000000000003', signType: 'RSA', keyType: 'PKCS1' },
  { appId: '2021000000000004', signType: 'RSA', keyType: 'PKCS8' },
] as const)('the official SDK, $signType with a $keyType key', ({ appId, signType, keyType }) => {
  test('runs every method', async () => {
    const sdk = await sdkFor(appId, signType, keyType);
    const exec = (method: string, bizContent: Record<string, unknown>) =>
      sdk.exec(method, { bizContent }, { validateSign: true });
    const code = `28${appId.slice(-4)}000000001111`;
    const paid = await exec('alipay.trade.pay', {
      out_trade_no: 'PAID1',
      total_amount: '88.88',
      subject: '房费 & 早餐',
      scene: 'bar_code',
      auth_code: code,
    });
    expect(paid).toMatchObject({ code: '10000', totalAmount: '88.88', outTradeNo: 'PAID1' });
    const shown = await exec('alipay.trade.precreate', {
      out_trade_no: 'QR1',
      total_amount: 0.01,
      subject: 'x',
    });
    expect(shown).toMatchObject({ code: '10000' });
    const asked = await exec('alipay.trade.query', { out_trade_no: 'PAID1' });
    expect(asked).toMatchObject({ code: '10000', tradeStatus: 'TRADE_SUCCESS' });
    const refunded = await exec('alipay.trade.refund', {
      out_trade_no: 'PAID1',
      refund_amount: '8.88',
      out_request_no: 'R1',
    });
    expect(refunded).toMatchObject({ code: '10000', fundChange: 'Y', refundFee: '8.88' });
    const found = await exec('alipay.trade.fastpay.refund.query', {
      out_trade_no: 'PAID1',
      out_request_no: 'R1',
    });
    expect(found).toMatchObject({ code: '10000', refundStatus: 'REFUND_SUCCESS' });
    await control('scan', { qrCode: shown['qrCode'] });
    expect(await exec('alipay.trade.close', { out_trade_no: 'QR1' })).toMatchObject({
      code: '10000',
    });
    expect(await exec('alipay.trade.cancel', { out_trade_no: 'NONE' })).toMatchObject({
      code: '10000',
      retryFlag: 'N',
    });
    for (const method of ['monitor.heartbeat.syn', 'alipay.monitor.heartbeat.syn']) {
      expect(await exec(method, { product: 'FP' })).toMatchObject({
        code: '10000',
        msg: 'Success',
      });
    }
    const bill = await exec('alipay.data.dataservice.bill.downloadurl.query', {
      bill_type: 'trade',
      bill_date: '2020-01-01',
    });
    expect(bill).toMatchObject({ code: '40004', subCode: 'isp.bill_not_exist' });
  });

  test('accepts a delivered notification', async () => {
    const sdk = await sdkFor(appId, signType, keyType);
    const shop = await openShop((response) => response.end('success'));
    await sdk.exec(
      'alipay.trade.pay',
      {
        notify_url: `${shop.url}?x=1`,
        bizContent: {
          out_trade_no: 'NOTED1',
          total_amount: '1.00',
          subject: '房费 100% + 早餐',
          auth_code: `28${appId.slice(-4)}000000002222`,
        },
      },
      { validateSign: true },
    );
    await shop.arrivals(1);
    shop.close();
    const fields = Object.fromEntries(new URLSearchParams(shop.bodies[0]));
    expect(fields).toMatchObject({ trade_status: 'TRADE_SUCCESS', out_trade_no: 'NOTED1' });
    expect(sdk.checkNotifySignV2(fields)).toBe(true);
    expect(sdk.checkNotifySignV2({ ...fields, total_amount: '9.00' })).toBe(false);
  });
});
