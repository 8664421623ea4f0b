/**
 * Keys ready to use: opened under their own name only, parsed once, and no more of them kept than the bound says. What is
 * kept is seen by the identity of the key, so the tests need not know how.
 */
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEYS } from '../alipay/fixtures.ts';
import { AssertionError } from '../core/assert.ts';
import type { AppKeyRecord } from '../core/merchant.ts';
import { insertAppKey } from '../store/apps.ts';
import type { Db } from '../store/database.ts';
import { openTestDatabase } from '../../test/support/test-database.ts';
import { anAppKey } from '../store/store.fixtures.ts';
import { createVault } from '../system/vault.ts';
import { checkMasterKey, createKeyRing, vaultContext, type KeyRing } from './key-ring.ts';

const PRIVATE = KEYS.app.export({ type: 'pkcs8', format: 'der' }).toString('base64');
const PUBLIC = createPublicKey(KEYS.app).export({ type: 'spki', format: 'der' }).toString('base64');
const vault = createVault(new Uint8Array(32).fill(1));

const sealedKey = (keyId: number, sealedFor = keyId): AppKeyRecord =>
  anAppKey({ keyId, sealedPrivateKey: vault.seal(PRIVATE, vaultContext(sealedFor)) });

/** The private key of this record, from a ring that may know it. */
const privateKeyOf = async (ring: KeyRing, record: AppKeyRecord): Promise<KeyObject> =>
  (await ring.signer(record.keyId, async () => record)).privateKey;

test('what the private key signs, the public key verifies', async () => {
  const ring = createKeyRing(vault);
  const text = Buffer.from('a text');
  const signature = sign('sha256', text, await privateKeyOf(ring, sealedKey(1)));
  expect(verify('sha256', text, ring.publicKey(PUBLIC), signature)).toBe(true);
});

test('a key is read and parsed once', async () => {
  const ring = createKeyRing(vault);
  const found: number[] = [];
  const find = async (keyId: number): Promise<AppKeyRecord> => {
    found.push(keyId);
    return { ...sealedKey(keyId), signType: 'RSA' };
  };
  const first = await ring.signer(1, find);
  expect(first.signType).toBe('RSA');
  expect(await ring.signer(1, find)).toBe(first);
  expect((await ring.signer(2, find)).privateKey).not.toBe(first.privateKey);
  expect(found).toStrictEqual([1, 2]);
  expect(ring.publicKey(PUBLIC)).toBe(ring.publicKey(PUBLIC));
});

test('a private key opens under its own number only', async () => {
  await expect(privateKeyOf(createKeyRing(vault), sealedKey(2, 1))).rejects.toThrow('authenticate');
});

test('what failed is not remembered', async () => {
  const ring = createKeyRing(vault);
  await expect(privateKeyOf(ring, sealedKey(1, 2))).rejects.toThrow('authenticate');
  expect((await privateKeyOf(ring, sealedKey(1))).type).toBe('private');
});

test('a stored key that is none, or one that is gone, is a mistake of ours', async () => {
  const ring = createKeyRing(vault);
  const broken = anAppKey({ sealedPrivateKey: vault.seal('no key', vaultContext(1)) });
  await expect(privateKeyOf(ring, broken)).rejects.toThrow(AssertionError);
  await expect(ring.signer(1, async () => undefined)).rejects.toThrow(AssertionError);
  expect(() => ring.publicKey('no key')).toThrow(AssertionError);
});

test('beyond the bound, the longest unused goes first', async () => {
  const ring = createKeyRing(vault, 3);
  const get = (keyId: number): Promise<KeyObject> => privateKeyOf(ring, sealedKey(keyId));
  const [first, second, third] = [await get(1), await get(2), await get(3)];
  // All fit. The first is used again, so the second is the longest unused when one more comes.
  expect(await get(1)).toBe(first);
  await get(4);
  expect(await get(1)).toBe(first);
  expect(await get(3)).toBe(third);
  expect(await get(2)).not.toBe(second);
});

describe('the master key at the start', () => {
  let db: Db;
  beforeEach(async () => {
    db = await openTestDatabase();
  });
  afterEach(() => db.destroy());

  test('is right where nothing is sealed yet, and from then on the only one', async () => {
    await expect(checkMasterKey({ db, vault })).resolves.toBeUndefined();
    await expect(checkMasterKey({ db, vault })).resolves.toBeUndefined();
    const other = createVault(new Uint8Array(32).fill(2));
    await expect(checkMasterKey({ db, vault: other })).rejects.toThrow('F2F_MASTER_KEY_FILE');
  });

  test('is one, of several nodes that start at once with keys of their own', async () => {
    const vaults = [3, 4, 5].map((byte) => createVault(new Uint8Array(32).fill(byte)));
    const starts = await Promise.allSettled(
      vaults.map((own) => checkMasterKey({ db, vault: own })),
    );
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is right when it opens what is stored', async () => {
    await insertAppKey(db, sealedKey(1));
    await expect(checkMasterKey({ db, vault })).resolves.toBeUndefined();
  });

  test('that did not seal what is stored is refused, in a sentence for the operator', async () => {
    await insertAppKey(db, sealedKey(1));
    const other = createVault(new Uint8Array(32).fill(2));
    await expect(checkMasterKey({ db, vault: other })).rejects.toThrow('F2F_MASTER_KEY_FILE');
  });
});
