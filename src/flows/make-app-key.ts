/**
 * Makes the key pair of an app: generated off the event loop, the private half sealed before it is stored anywhere.
 * The caller stores the record in its own transaction.
 */
import type { AppKeyRecord, SignType } from '../core/merchant.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Deps } from './deps.ts';
import { vaultContext } from './key-ring.ts';

/** Alipay demands 2048 bits for RSA2; 1024 is what old RSA apps have. */
export const MODULUS_BITS = { RSA2: 2048, RSA: 1024 } as const satisfies Record<SignType, number>;

export async function makeAppKey(
  deps: Pick<Deps, 'db' | 'clock' | 'vault' | 'makeKeyPair'>,
  app: { owner: string; appId: string; signType: SignType },
): Promise<AppKeyRecord> {
  const modulusBits = MODULUS_BITS[app.signType];
  const pair = await deps.makeKeyPair(modulusBits);
  const keyId = await takeNumbers(deps.db, 'app_key', 1);
  return {
    ...app,
    keyId,
    modulusBits,
    publicKey: pair.publicKey,
    sealedPrivateKey: deps.vault.seal(pair.privateKey, vaultContext(keyId)),
    createdAtMs: deps.clock.nowMs(),
  };
}
