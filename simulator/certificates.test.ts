/**
 * Certificate mode and authorisations of a service provider's app: the official SDK works with the certificates that the
 * simulator issues, and what a call must bring is asked for with Alipay's codes.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { AlipaySdk } from 'alipay-sdk';
import forge from 'node-forge';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type RunningSimulator } from './server.ts';
import { signedParams, urlencoded } from './testing/client.ts';

const APP_ID = '2021000000000009';
const PID = '2088212612254111';
const DAY_MS = 86_400_000;
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

async function control(path: string, body: unknown): Promise<[number, Record<string, string>]> {
  const response = await fetch(`${simulator.url}/simulator/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return [response.status, JSON.parse(await response.text())];
}

function request(signer = privateKey): string {
  const made = forge.pki.createCertificationRequest();
  made.publicKey = forge.pki.publicKeyFromPem(publicKey);
  made.setSubject([
    { shortName: 'C', value: 'CN' },
    { shortName: 'O', value: 'Tea' },
  ]);
  made.sign(forge.pki.privateKeyFromPem(signer), forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(made);
}

let apps = 0;
let appId: string;
beforeEach(async () => {
  apps += 1;
  appId = `${APP_ID.slice(0, -3)}${String(apps).padStart(3, '0')}`;
  await control('apps', { appId, pid: PID, appPublicKey: publicKey });
});

async function issue(): Promise<Record<string, string>> {
  const [status, issued] = await control(`apps/${appId}/certificates`, { csr: request() });
  expect(status).toBe(200);
  return issued;
}

function sdkWith(issued: Record<string, string>, more: object = {}): AlipaySdk {
  return new AlipaySdk({
    appId,
    privateKey,
    keyType: 'PKCS1',
    appCertContent: issued['appCertificate']!,
    alipayPublicCertContent: issued['alipayCertificate']!,
    alipayRootCertContent: issued['alipayRootCertificate']!,
    gateway: `${simulator.url}/gateway.do`,
    ...more,
  });
}

const query = (sdk: AlipaySdk) =>
  sdk.exec('alipay.trade.query', { bizContent: { out_trade_no: 'NONE' } }, { validateSign: true });

describe('certificate mode', () => {
  test('the official SDK is understood, and accepts the answer and its certificate number', async () => {
    const sdk = sdkWith(await issue());
    expect(await query(sdk)).toMatchObject({ code: '40004', subCode: 'ACQ.TRADE_NOT_EXIST' });
    const paid = await sdk.exec(
      'alipay.trade.pay',
      {
        bizContent: {
          out_trade_no: `PAID${appId}`,
          total_amount: '1.00',
          subject: '房费',
          scene: 'bar_code',
          auth_code: `28${appId}1111`,
        },
      },
      { validateSign: true },
    );
    expect(paid).toMatchObject({ code: '10000', totalAmount: '1.00' });
  });

  test('certificates that were issued before go on', async () => {
    const [older, newer] = [await issue(), await issue()];
    for (const issued of [older, newer]) {
      expect(await query(sdkWith(issued))).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' });
    }
  });

  test.each([
    ['isv.app-cert-not-exist', { appCertSn: '0'.repeat(32) }],
    ['isv.invalid-alipay-root-cert-sn', { alipayRootCertSn: '0'.repeat(32) }],
  ])('%s', async (subCode, changes) => {
    const sdk = sdkWith(await issue());
    Object.assign(sdk.config, changes);
    expect(
      await sdk.exec('alipay.trade.query', { bizContent: { out_trade_no: '1' } }),
    ).toMatchObject({ subCode });
  });

  test('a certificate without the root is half of it', async () => {
    const { config } = sdkWith(await issue());
    const params = signedParams(
      'alipay.trade.query',
      { out_trade_no: '1' },
      {
        appId,
        key: createPrivateKey(privateKey),
        params: { app_cert_sn: config.appCertSn },
      },
    );
    const response = await fetch(`${simulator.url}/gateway.do?${urlencoded(params)}`);
    expect(await response.text()).toContain('"sub_code":"isv.missing-alipay-root-cert-sn"');
  });

  test('calls without certificates are heard for a week more', async () => {
    const [, { alipayPublicKey = '' }] = await control('apps', {
      appId,
      pid: PID,
      appPublicKey: publicKey,
    });
    await issue();
    const bare = new AlipaySdk({
      appId,
      privateKey,
      keyType: 'PKCS1',
      alipayPublicKey,
      gateway: `${simulator.url}/gateway.do`,
    });
    expect(await query(bare)).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' });
    await control('clock', { advanceMs: 7 * DAY_MS });
    expect(
      await bare.exec('alipay.trade.query', { bizContent: { out_trade_no: '1' } }),
    ).toMatchObject({ code: '40001', subCode: 'isv.missing-app-cert-sn' });
  });

  test('a certificate ends after five years', async () => {
    const sdk = sdkWith(await issue());
    await control('clock', { advanceMs: 5 * 365 * DAY_MS });
    expect(await query(sdk)).toMatchObject({ subCode: 'isv.app-cert-expired' });
  });

  test.each<[string, () => unknown, number]>([
    ['no request', () => ({ csr: 'MIIB' }), 400],
    [
      'a request that its key did not sign',
      () => ({
        csr: request(
          generateKeyPairSync('rsa', {
            modulusLength: 1024,
            privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
            publicKeyEncoding: { type: 'spki', format: 'pem' },
          }).privateKey,
        ),
      }),
      400,
    ],
    ['nothing', () => ({}), 400],
  ])('%s is refused', async (_what, body, status) => {
    expect((await control(`apps/${appId}/certificates`, body()))[0]).toBe(status);
  });

  test('an app that nobody registered has none', async () => {
    expect((await control('apps/nobody/certificates', { csr: request() }))[0]).toBe(404);
  });
});

describe('an authorisation', () => {
  const CUSTOMER = '2088000000000777';
  const authorize = async (): Promise<string> =>
    (await control(`apps/${appId}/authorizations`, { pid: CUSTOMER }))[1]['appAuthToken']!;

  async function heartbeat(token?: string): Promise<Record<string, unknown>> {
    const [, { alipayPublicKey = '' }] = await control('apps', {
      appId,
      pid: PID,
      appPublicKey: publicKey,
    });
    const sdk = new AlipaySdk({
      appId,
      privateKey,
      keyType: 'PKCS1',
      alipayPublicKey,
      gateway: `${simulator.url}/gateway.do`,
    });
    const params = token === undefined ? {} : { appAuthToken: token };
    return sdk.exec(
      'monitor.heartbeat.syn',
      { ...params, bizContent: { product: 'FP' } },
      { validateSign: true },
    );
  }

  test("opens the merchant's account to the app", async () => {
    expect(await heartbeat()).toMatchObject({ code: '10000', pid: PID });
    expect(await heartbeat(await authorize())).toMatchObject({ code: '10000', pid: CUSTOMER });
  });

  test('that is none, or of before the newest, is refused', async () => {
    const older = await authorize();
    await authorize();
    for (const token of [older, 'nobody']) {
      expect(await heartbeat(token)).toMatchObject({
        code: '20001',
        subCode: 'aop.invalid-app-auth-token',
      });
    }
  });

  test('needs an app and an account', async () => {
    expect((await control('apps/nobody/authorizations', { pid: CUSTOMER }))[0]).toBe(404);
    expect((await control(`apps/${appId}/authorizations`, { pid: '1' }))[0]).toBe(400);
  });
});
