/**
 * Keys ready to sign and verify: private keys opened from the vault and parsed once, in a bounded cache.
 * Which key an app uses is read from the database each time; only the parsing is remembered.
 */
import type { KeyObject } from 'node:crypto';
import { parsePrivateKey, parsePublicKey } from '../alipay/sign.ts';
import { assert } from '../core/assert.ts';
import type { AppKeyRecord } from '../core/merchant.ts';
import { findNewestAppKey } from '../store/apps.ts';
import type { Vault } from '../system/vault.ts';
import type { Deps } from './deps.ts';

/** Parsed keys kept; the longest unused goes first. About 4 KB each. */
const KEYS_MAX = 10_000;

export type KeyRing = {
  privateKey(record: AppKeyRecord): KeyObject;
  publicKey(base64Der: string): KeyObject;
};

/** What a private key is sealed for: it opens under this name only. */
export function vaultContext(keyId: number): string {
  return `app-key:${keyId}`;
}

/** Throws a sentence for the operator when the vault's master key is not the one that sealed the stored private keys. */
export async function checkMasterKey(deps: Pick<Deps, 'db' | 'vault'>): Promise<void> {
  const key = await findNewestAppKey(deps.db);
  if (key === undefined) return;
  try {
    deps.vault.open(key.sealedPrivateKey, vaultContext(key.keyId));
  } catch (cause) {
    throw new Error(
      'The master key (F2F_MASTER_KEY_FILE) does not open the private keys in the database: it is not the one that sealed them. Put the right file back.',
      { cause },
    );
  }
}

export function createKeyRing(vault: Vault, keysMax: number = KEYS_MAX): KeyRing {
  const kept = new Map<string, KeyObject>();
  const remember = (name: string, make: () => KeyObject): KeyObject => {
    const known = kept.get(name);
    const key = known ?? make();
    // A map keeps the order of insertion: put back at the end, the first is the longest unused.
    kept.delete(name);
    kept.set(name, key);
    const [oldest] = kept.keys();
    if (kept.size > keysMax && oldest !== undefined) kept.delete(oldest);
    return key;
  };
  return {
    privateKey: (record) =>
      remember(`private:${record.keyId}`, () => {
        const parsed = parsePrivateKey(
          vault.open(record.sealedPrivateKey, vaultContext(record.keyId)),
        );
        assert(parsed.ok, 'a private key that we made and sealed can be read');
        return parsed.key;
      }),
    publicKey: (base64Der) =>
      remember(`public:${base64Der}`, () => {
        const parsed = parsePublicKey(base64Der);
        assert(parsed.ok, 'a public key is checked before it is stored');
        return parsed.key;
      }),
  };
}
