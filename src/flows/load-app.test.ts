/**
 * What an app is asked with: its key, certificates and authorisation of today first; the next key, the one that a trade began
 * with and a renewed authorisation after it; and nothing at all without Alipay's key.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlipayApp } from '../alipay/client.ts';
import { KEYS } from '../alipay/fixtures.ts';
import { AssertionError } from '../core/assert.ts';
import type {
  AlipayAppRecord,
  AppCertificates,
  Authorization,
  SignType,
} from '../core/merchant.ts';
import { insertAuthorization, insertCertificates } from '../store/app-credentials.ts';
import { insertApp, insertAppKey } from '../store/apps.ts';
import type { Db } from '../store/database.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';
import { insertMerchant } from '../store/merchants.ts';
import { aMerchant, anApp, anAppKey, APP_ID, OWNER } from '../store/store.fixtures.ts';
import { createVault } from '../system/vault.ts';
import type { Deps } from './deps.ts';
import { authorizationContext, createKeyRing, vaultContext, type KeyRing } from './key-ring.ts';
import { loadApp, type Asker } from './load-app.ts';

const vault = createVault(new Uint8Array(32).fill(1));
const publicText = (key: KeyObject): string =>
  (key.type === 'private' ? createPublicKey(key) : key)
    .export({ type: 'spki', format: 'der' })
    .toString('base64');

/** Against the simulator every key counts; what counts against the real Alipay has a test of its own. */
const settings = {
  simulator: { url: 'http://simulator.test', token: undefined },
} as Deps['settings'];

let db: Db;
let keyRing: KeyRing;

beforeEach(async () => {
  db = await openTestDatabase();
  keyRing = createKeyRing(vault);
});
afterEach(() => db.destroy());

/** Stores a key pair under this number. */
async function storeKey(keyId: number, key: KeyObject, signType: SignType = 'RSA2'): Promise<void> {
  const text = key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const sealedPrivateKey = vault.seal(text, vaultContext(keyId));
  await insertAppKey(db, anAppKey({ keyId, signType, sealedPrivateKey }));
}

const withAlipay = (changes: Partial<AlipayAppRecord> = {}): AlipayAppRecord =>
  anApp({ alipayPublicKey: publicText(KEYS.alipay), ...changes });

const NOBODY: Asker = { authorizationId: null };

function load(asker: Asker = NOBODY, of: Deps['settings'] = settings) {
  return loadApp({ db, keyRing, settings: of }, OWNER, APP_ID, asker);
}

/** In the order in which they are tried. */
async function signersOf(asker: Asker = NOBODY): Promise<readonly AlipayApp[]> {
  const { app, others } = (await load(asker))!;
  return [app, ...(await others())];
}

async function candidatesOf(keyId?: number): Promise<(readonly [string, string])[]> {
  const signers = await signersOf({ ...NOBODY, ...(keyId === undefined ? {} : { keyId }) });
  return signers.map(({ privateKey, signType }) => [publicText(privateKey), signType]);
}

test("an app has its key of today, Alipay's key and its own record", async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, withAlipay());
  const app = await load();
  expect(app?.record).toStrictEqual(withAlipay());
  expect(await app?.others()).toStrictEqual([]);
  expect(app?.app).toMatchObject({ appId: APP_ID, signType: 'RSA2' });
  expect(app?.app.certificates).toBeUndefined();
  expect(app?.app.appAuthToken).toBeUndefined();
  expect(publicText(app!.app.alipayPublicKey)).toBe(publicText(KEYS.alipay));
});

test('a trade of today asks with one key, an older one with its own second', async () => {
  await storeKey(1, KEYS.stranger);
  await storeKey(2, KEYS.app);
  await insertApp(db, withAlipay({ keyId: 2 }));
  const today = [publicText(KEYS.app), 'RSA2'];
  expect(await candidatesOf()).toStrictEqual([today]);
  expect(await candidatesOf(2)).toStrictEqual([today]);
  expect(await candidatesOf(1)).toStrictEqual([today, [publicText(KEYS.stranger), 'RSA2']]);
});

test('while a key is being changed Alipay may know the next one already', async () => {
  await storeKey(1, KEYS.stranger);
  await storeKey(2, KEYS.app);
  await storeKey(3, KEYS.alipay);
  await insertApp(db, withAlipay({ keyId: 2, nextKeyId: 3 }));
  const [today, next, older] = [KEYS.app, KEYS.alipay, KEYS.stranger].map((key) => [
    publicText(key),
    'RSA2',
  ]);
  expect(await candidatesOf()).toStrictEqual([today, next]);
  expect(await candidatesOf(1)).toStrictEqual([today, next, older]);
});

test("each key goes with its own certificates, today's with the app's", async () => {
  await storeKey(1, KEYS.stranger);
  await storeKey(2, KEYS.app);
  await insertCertificates(db, someCertificates({ certificateId: 1, keyId: 1 }));
  await insertCertificates(db, someCertificates({ certificateId: 2, keyId: 1 }));
  await insertCertificates(db, someCertificates({ certificateId: 3, keyId: 2 }));
  await insertApp(db, withAlipay({ keyId: 2, certificateId: 3 }));
  const signers = await signersOf({ ...NOBODY, keyId: 1 });
  expect(signers.map(({ certificates }) => certificates)).toStrictEqual([
    { appCertSn: 'app 3', rootCertSn: 'root' },
    { appCertSn: 'app 2', rootCertSn: 'root' },
  ]);
});

test('an app that left its certificates signs without', async () => {
  await storeKey(1, KEYS.app);
  await insertCertificates(db, someCertificates({ certificateId: 1, keyId: 1 }));
  await insertApp(db, withAlipay());
  expect((await signersOf())[0]?.certificates).toBeUndefined();
});

describe('a merchant that authorised the app', () => {
  beforeEach(async () => {
    await storeKey(1, KEYS.app);
    await insertApp(db, withAlipay());
  });

  const tokensOf = async (asker: Asker): Promise<(string | undefined)[]> =>
    (await signersOf(asker)).map(({ appAuthToken }) => appAuthToken);

  async function authorized(id: number, changes: Partial<Authorization> = {}): Promise<void> {
    const sealedToken = vault.seal(`token ${id}`, authorizationContext(id));
    await insertAuthorization(db, {
      authorizationId: id,
      merchantId: 1,
      appId: APP_ID,
      sellerId: '2088212612254111',
      sealedToken,
      hint: 'token',
      serviceProviderId: '2088000000000009',
      createdAtMs: 1,
      ...changes,
    });
  }
  // The merchant had been given another account when it began, and not yet the token of that.
  const payment = { authorizationId: 1, merchantId: 1, sellerId: '2088000000000001', keyId: 1 };

  test('is acted for with its token, and the provider is named', async () => {
    await authorized(1);
    expect((await signersOf({ authorizationId: 1 }))[0]).toMatchObject({
      appAuthToken: 'token 1',
      serviceProviderId: '2088000000000009',
    });
  });

  test("a payment's own token comes first, today's after it", async () => {
    await authorized(1);
    await authorized(2);
    await insertMerchant(db, aMerchant({ authorizationId: 2 }));
    expect(await tokensOf(payment)).toStrictEqual(['token 1', 'token 2']);
  });

  test.each<[string, Partial<Authorization>]>([
    ['account', { sellerId: '2088000000000001' }],
    ['application', { appId: '2016000000000001' }],
  ])("another %s's token is not asked with: it knows no such trade", async (_what, changes) => {
    await authorized(1);
    await authorized(2, changes);
    await insertMerchant(db, aMerchant({ authorizationId: 2 }));
    expect(await tokensOf(payment)).toStrictEqual(['token 1']);
  });

  test('a payment that began without a token is not asked about with one', async () => {
    await authorized(1);
    await insertMerchant(db, aMerchant({ authorizationId: 1 }));
    expect(await tokensOf({ ...payment, authorizationId: null })).toStrictEqual([undefined]);
  });

  test('one that withdrew its word is still asked with the old one', async () => {
    await authorized(1);
    await insertMerchant(db, aMerchant());
    expect(await tokensOf(payment)).toStrictEqual(['token 1']);
  });
});

function someCertificates(changes: Pick<AppCertificates, 'certificateId' | 'keyId'>) {
  return {
    owner: OWNER,
    appId: APP_ID,
    appCertificate: '',
    alipayCertificate: '',
    rootCertificates: '',
    appCertSn: `app ${changes.certificateId}`,
    alipayCertSn: 'alipay',
    rootCertSn: 'root',
    appExpiresAtMs: 1,
    alipayExpiresAtMs: 1,
    createdAtMs: 1,
    ...changes,
  };
}

test("today's key follows the app's algorithm, an older one that of its time", async () => {
  await storeKey(1, KEYS.stranger, 'RSA');
  await storeKey(2, KEYS.app, 'RSA');
  await insertApp(db, withAlipay({ keyId: 2, signType: 'RSA2' }));
  expect((await candidatesOf(1)).map(([, signType]) => signType)).toStrictEqual(['RSA2', 'RSA']);
});

test("without Alipay's key nothing may be sent", async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, anApp({ alipayPublicKey: '' }));
  expect(await load()).toBeUndefined();
});

test("another owner's app of the same id is not taken", async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, withAlipay({ owner: 'somebody else' }));
  await expect(load()).rejects.toThrow(AssertionError);
});

test('a key that is gone is a mistake of ours', async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, withAlipay());
  await expect(signersOf({ ...NOBODY, keyId: 9 })).rejects.toThrow(AssertionError);
});

test('a key that nobody gave is no key against the real Alipay', async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, withAlipay());
  const real: Deps['settings'] = { ...settings, simulator: undefined };
  expect(await load(NOBODY, real)).toBeUndefined();
  expect(await load()).toBeDefined();
});
