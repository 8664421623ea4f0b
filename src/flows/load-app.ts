/**
 * What Alipay is asked with about a merchant's or a payment's trades: the app with its key, certificates and the merchant's
 * authorisation of today. A trade begun under older ones, or under the app id that the merchant had then, still resolves;
 * and while a key is being changed, Alipay may know the next one already.
 */
import type { AlipayApp } from '../alipay/client.ts';
import { assert } from '../core/assert.ts';
import type { AlipayAppRecord, Merchant } from '../core/merchant.ts';
import type { Payment } from '../core/payment.ts';
import {
  findAuthorization,
  findCertificates,
  findCertificatesOfKey,
} from '../store/app-credentials.ts';
import { findApp, findAppKey } from '../store/apps.ts';
import { findMerchantById } from '../store/merchants.ts';
import type { Deps, FlowSettings } from './deps.ts';

export type LoadedApp = {
  readonly record: AlipayAppRecord;
  /** The app as it signs today. */
  readonly app: AlipayApp;
  /** What else Alipay may know the app by, for when it does not know that. */
  readonly others: () => Promise<readonly AlipayApp[]>;
};

type AppDeps = Pick<Deps, 'db' | 'keyRing'> & {
  readonly settings: Pick<FlowSettings, 'simulator'>;
};

/** Whose question it is: a merchant's, or that of a payment, which began under a key and an authorisation of its own. */
export type Asker = Pick<Merchant, 'authorizationId'> &
  Partial<Pick<Payment, 'merchantId' | 'keyId'>>;

/** Reads the app as it is now, and opens it. */
export async function loadApp(
  deps: AppDeps,
  owner: string,
  appId: string,
  asker: Asker,
): Promise<LoadedApp | undefined> {
  const record = await findApp(deps.db, owner, appId);
  assert(record !== undefined, 'a merchant and a payment always have an app');
  return openApp(deps, record, asker);
}

/**
 * Makes an app that was read just now ready to sign; undefined when nobody gave Alipay's public key for it: then no answer
 * could be verified, and nothing may be sent.
 */
export async function openApp(
  deps: AppDeps,
  record: AlipayAppRecord,
  asker: Asker,
): Promise<LoadedApp | undefined> {
  // A key that the simulator gave is nothing to the real Alipay: a trial's data folder may go on to production.
  const isUsable = record.alipayKeyGiven || deps.settings.simulator !== undefined;
  if (record.alipayPublicKey === '' || !isUsable) return undefined;
  const app = await signingApp(deps, record, record.keyId, asker.authorizationId);
  return { record, app, others: () => otherApps(deps, record, asker) };
}

async function otherApps(
  deps: AppDeps,
  record: AlipayAppRecord,
  asker: Asker,
): Promise<readonly AlipayApp[]> {
  const keyIds = new Set([record.nextKeyId, asker.keyId ?? null]);
  const others: AlipayApp[] = [];
  for (const keyId of keyIds) {
    if (keyId === null || keyId === record.keyId) continue;
    others.push(await signingApp(deps, record, keyId, asker.authorizationId));
  }
  const renewed = await renewedAuthorization(deps, record, asker);
  if (renewed !== undefined) others.push(await signingApp(deps, record, record.keyId, renewed));
  return others;
}

/**
 * The merchant's authorisation of today, for a trade that began under one which Alipay may not honour any more. Only one of the
 * same app and account: another account does not know the trade, and "no such trade" of it would be no evidence. Whose account
 * the trade is in is told by the authorisation that it began under: the merchant may have been given another account since.
 */
async function renewedAuthorization(
  { db }: AppDeps,
  record: AlipayAppRecord,
  { authorizationId, merchantId }: Asker,
): Promise<number | undefined> {
  if (authorizationId === null || merchantId === undefined) return undefined;
  const today = (await findMerchantById(db, merchantId))?.authorizationId ?? authorizationId;
  if (today === authorizationId) return undefined;
  const begun = await findAuthorization(db, authorizationId);
  const found = await findAuthorization(db, today);
  const isRenewed = found?.appId === record.appId && found.sellerId === begun?.sellerId;
  return isRenewed ? today : undefined;
}

/** The app as it signs with one of its keys, in the name of whoever authorised it. */
export async function signingApp(
  { db, keyRing }: Pick<Deps, 'db' | 'keyRing'>,
  record: AlipayAppRecord,
  keyId: number,
  authorizationId: number | null,
): Promise<AlipayApp> {
  const isOfToday = keyId === record.keyId;
  const signer = await keyRing.signer(keyId, (id) => findAppKey(db, id));
  const certificateId = isOfToday
    ? record.certificateId
    : ((await findCertificatesOfKey(db, keyId))?.certificateId ?? null);
  const certificates =
    certificateId === null
      ? undefined
      : await keyRing.certificates(certificateId, (id) => findCertificates(db, id));
  const authorization =
    authorizationId === null
      ? undefined
      : await keyRing.authorization(authorizationId, (id) => findAuthorization(db, id));
  return {
    appId: record.appId,
    // The app's own key follows the app's algorithm of today, any other that of its own time.
    signType: isOfToday ? record.signType : signer.signType,
    privateKey: signer.privateKey,
    alipayPublicKey: keyRing.publicKey(record.alipayPublicKey),
    certificates,
    appAuthToken: authorization?.token,
    serviceProviderId: authorization?.serviceProviderId ?? undefined,
  };
}
