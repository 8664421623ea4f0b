/**
 * The keys under which Alipay is asked about a merchant's or a payment's trades. A trade begun under an older key, or
 * under the app id the merchant had then, still resolves: its own key comes second, for the case that Alipay was not
 * told of the newer one yet.
 */
import type { AlipayApp } from '../alipay/client.ts';
import { assert } from '../core/assert.ts';
import type { AlipayAppRecord } from '../core/merchant.ts';
import { findApp, findAppKey } from '../store/apps.ts';
import type { Deps, FlowSettings } from './deps.ts';

export type LoadedApp = {
  readonly record: AlipayAppRecord;
  /** The app's key of today, then the older one that was asked for, if it differs. */
  readonly candidates: readonly AlipayApp[];
};

type AppDeps = Pick<Deps, 'db' | 'keyRing'> & {
  readonly settings: Pick<FlowSettings, 'simulator'>;
};

/** Reads the app as it is now, and opens it. */
export async function loadApp(
  deps: AppDeps,
  owner: string,
  appId: string,
  keyId?: number,
): Promise<LoadedApp | undefined> {
  const record = await findApp(deps.db, owner, appId);
  assert(record !== undefined, 'a merchant and a payment always have an app');
  return openApp(deps, record, keyId);
}

/**
 * Makes an app that was read just now ready to sign; undefined when nobody gave Alipay's public key for it: then no answer
 * could be verified, and nothing may be sent. `keyId` is the key that the trade in question began with.
 */
export async function openApp(
  deps: AppDeps,
  record: AlipayAppRecord,
  keyId?: number,
): Promise<LoadedApp | undefined> {
  // A key that the simulator gave is nothing to the real Alipay: a trial's data folder may go on to production.
  const isUsable = record.alipayKeyGiven || deps.settings.simulator !== undefined;
  if (record.alipayPublicKey === '' || !isUsable) return undefined;
  const keyIds = new Set([record.keyId, keyId ?? record.keyId]);
  const candidates: AlipayApp[] = [];
  for (const id of keyIds) {
    const signer = await deps.keyRing.signer(id, (keyId) => findAppKey(deps.db, keyId));
    candidates.push({
      appId: record.appId,
      // The app's own key follows the app's algorithm of today, an older one that of its time.
      signType: id === record.keyId ? record.signType : signer.signType,
      privateKey: signer.privateKey,
      alipayPublicKey: deps.keyRing.publicKey(record.alipayPublicKey),
    });
  }
  return { record, candidates };
}
