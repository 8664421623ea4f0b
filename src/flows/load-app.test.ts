/** Which keys an app is asked with: today's first, the one that a trade began with second, and none at all without Alipay's. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KEYS } from '../alipay/fixtures.ts';
import { AssertionError } from '../core/assert.ts';
import type { AlipayAppRecord, SignType } from '../core/merchant.ts';
import { insertApp, insertAppKey } from '../store/apps.ts';
import type { Db } from '../store/database.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';
import { anApp, anAppKey, APP_ID, OWNER } from '../store/store.fixtures.ts';
import { createVault } from '../system/vault.ts';
import type { Deps } from './deps.ts';
import { createKeyRing, vaultContext, type KeyRing } from './key-ring.ts';
import { loadApp } from './load-app.ts';

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

async function candidatesOf(keyId?: number): Promise<(readonly [string, string])[]> {
  const app = await loadApp({ db, keyRing, settings }, OWNER, APP_ID, keyId);
  return app!.candidates.map(({ privateKey, signType }) => [publicText(privateKey), signType]);
}

test("an app has its key of today, Alipay's key and its own record", async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, withAlipay());
  const app = await loadApp({ db, keyRing, settings }, OWNER, APP_ID);
  expect(app?.record).toStrictEqual(withAlipay());
  expect(app?.candidates).toHaveLength(1);
  expect(app?.candidates[0]).toMatchObject({ appId: APP_ID, signType: 'RSA2' });
  expect(publicText(app!.candidates[0]!.alipayPublicKey)).toBe(publicText(KEYS.alipay));
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

test("today's key follows the app's algorithm, an older one that of its time", async () => {
  await storeKey(1, KEYS.stranger, 'RSA');
  await storeKey(2, KEYS.app, 'RSA');
  await insertApp(db, withAlipay({ keyId: 2, signType: 'RSA2' }));
  expect((await candidatesOf(1)).map(([, signType]) => signType)).toStrictEqual(['RSA2', 'RSA']);
});

test("without Alipay's key nothing may be sent", async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, anApp({ alipayPublicKey: '' }));
  expect(await loadApp({ db, keyRing, settings }, OWNER, APP_ID)).toBeUndefined();
});

test("another owner's app of the same id is not taken", async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, withAlipay({ owner: 'somebody else' }));
  await expect(loadApp({ db, keyRing, settings }, OWNER, APP_ID)).rejects.toThrow(AssertionError);
});

test('a key that is gone is a mistake of ours', async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, withAlipay());
  await expect(loadApp({ db, keyRing, settings }, OWNER, APP_ID, 9)).rejects.toThrow(
    AssertionError,
  );
});

test('a key that nobody gave is no key against the real Alipay', async () => {
  await storeKey(1, KEYS.app);
  await insertApp(db, withAlipay());
  const real: Deps['settings'] = { ...settings, simulator: undefined };
  expect(await loadApp({ db, keyRing, settings: real }, OWNER, APP_ID)).toBeUndefined();
  expect(await loadApp({ db, keyRing, settings }, OWNER, APP_ID)).toBeDefined();
});
