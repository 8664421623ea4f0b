/**
 * Keys ready to use: opened under their own name only, parsed once, and no more of them kept than the bound says. What is
 * kept is seen by the identity of the key, so the tests need not know how.
 */
import { createPublicKey, sign, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEYS } from '../alipay/fixtures.ts';
import { AssertionError } from '../core/assert.ts';
import type { AppKeyRecord } from '../core/merchant.ts';
import { insertAppKey } from '../store/apps.ts';
import type { Db } from '../store/database.ts';
import { anAppKey, openStore } from '../store/store.fixtures.ts';
import { createVault } from '../system/vault.ts';
import { checkMasterKey, createKeyRing, vaultContext } from './key-ring.ts';

const PRIVATE = KEYS.app.export({ type: 'pkcs8', format: 'der' }).toString('base64');
const PUBLIC = createPublicKey(KEYS.app).export({ type: 'spki', format: 'der' }).toString('base64');
const vault = createVault(new Uint8Array(32).fill(1));

const sealedKey = (keyId: number, sealedFor = keyId): AppKeyRecord =>
  anAppKey({ keyId, sealedPrivateKey: vault.seal(PRIVATE, vaultContext(sealedFor)) });

test('what the private key signs, the public key verifies', () => {
  const ring = createKeyRing(vault);
  const text = Buffer.from('a text');
  const signature = sign('sha256', text, ring.privateKey(sealedKey(1)));
  expect(verify('sha256', text, ring.publicKey(PUBLIC), signature)).toBe(true);
});

test('a key is parsed once', () => {
  const ring = createKeyRing(vault);
  const record = sealedKey(1);
  expect(ring.privateKey(record)).toBe(ring.privateKey(record));
  expect(ring.publicKey(PUBLIC)).toBe(ring.publicKey(PUBLIC));
  expect(ring.privateKey(sealedKey(2))).not.toBe(ring.privateKey(record));
});

test('a private key opens under its own number only', () => {
  expect(() => createKeyRing(vault).privateKey(sealedKey(2, 1))).toThrow('authenticate');
});

test('what failed is not remembered', () => {
  const ring = createKeyRing(vault);
  expect(() => ring.privateKey(sealedKey(1, 2))).toThrow('authenticate');
  expect(ring.privateKey(sealedKey(1)).type).toBe('private');
});

test('a stored key that is none is a mistake of ours', () => {
  const ring = createKeyRing(vault);
  const broken = anAppKey({ sealedPrivateKey: vault.seal('no key', vaultContext(1)) });
  expect(() => ring.privateKey(broken)).toThrow(AssertionError);
  expect(() => ring.publicKey('no key')).toThrow(AssertionError);
});

test('beyond the bound, the longest unused goes first', () => {
  const ring = createKeyRing(vault, 3);
  const [first, second, third] = [1, 2, 3].map((keyId) => ring.privateKey(sealedKey(keyId)));
  // All fit. The first is used again, so the second is the longest unused when one more comes.
  expect(ring.privateKey(sealedKey(1))).toBe(first);
  ring.publicKey(PUBLIC);
  expect(ring.privateKey(sealedKey(1))).toBe(first);
  expect(ring.privateKey(sealedKey(3))).toBe(third);
  expect(ring.privateKey(sealedKey(2))).not.toBe(second);
});

describe('the master key at the start', () => {
  let db: Db;
  beforeEach(async () => {
    db = await openStore();
  });
  afterEach(() => db.destroy());

  test('is right where nothing is sealed yet', async () => {
    await expect(checkMasterKey({ db, vault })).resolves.toBeUndefined();
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
