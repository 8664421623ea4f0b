/**
 * Brings an app to certificate mode, or renews its certificates: they are read, matched with a key pair of the app, proven by a
 * question that Alipay answers, and only then stored and used. A certificate for the next key pair makes that one take over.
 */
import { readCertificates, type ReadCertificates } from '../alipay/certificate.ts';
import type { UploadedCertificates } from '../alipay/certificate.ts';
import type { QueryOutcome } from '../alipay/outcome.ts';
import type { AppCertificates, AppKeyRecord } from '../core/merchant.ts';
import { insertCertificates } from '../store/app-credentials.ts';
import { findAppKey, saveApp } from '../store/apps.ts';
import { takeNumbers } from '../store/counters.ts';
import { inRace, RaceLost } from '../store/database.ts';
import type { Deps } from './deps.ts';
import { signingApp } from './load-app.ts';
import { readView, type MerchantView } from './merchant-view.ts';
import { askForNoTrade } from './prove-app.ts';
import { RACES_MAX } from './update-merchant.ts';

export type InstallResult =
  | { readonly kind: 'installed'; readonly view: MerchantView }
  | { readonly kind: 'unusable'; readonly fault: Extract<ReadCertificates, { ok: false }> }
  /** The app's certificate is for none of the key pairs that the app has. */
  | { readonly kind: 'not_our_key' }
  | { readonly kind: 'not_proven'; readonly proof: QueryOutcome };

type InstallDeps = Pick<Deps, 'db' | 'clock' | 'keyRing' | 'alipay'>;

export async function installCertificates(
  deps: InstallDeps,
  merchantId: number,
  uploaded: UploadedCertificates,
): Promise<InstallResult> {
  const read = readCertificates(uploaded, deps.clock.nowMs());
  if (!read.ok) return { kind: 'unusable', fault: read };
  for (let race = 0; race < RACES_MAX; race += 1) {
    const before = await readView(deps, merchantId);
    const key = await keyCertified(deps, before, read.appPublicKey);
    if (key === undefined) return { kind: 'not_our_key' };
    const proof = await prove(deps, before, key, read);
    if (proof.kind !== 'absent') return { kind: 'not_proven', proof };
    const certificates: AppCertificates = {
      ...uploaded,
      ...read.found,
      certificateId: await takeNumbers(deps.db, 'app_certificate', 1),
      owner: key.owner,
      appId: before.app.appId,
      keyId: key.keyId,
      createdAtMs: deps.clock.nowMs(),
    };
    if (await store(deps, before, key, certificates, read.alipayPublicKey)) {
      return { kind: 'installed', view: await readView(deps, merchantId) };
    }
  }
  throw new Error(`The app of merchant ${merchantId} was changed by others ${RACES_MAX} times`);
}

/** The app's key pair, or its next one, that the certificate is for. */
async function keyCertified(
  { db }: Pick<Deps, 'db'>,
  { app, key }: MerchantView,
  publicKey: string,
): Promise<AppKeyRecord | undefined> {
  const next = app.nextKeyId === null ? undefined : await findAppKey(db, app.nextKeyId);
  return [key, next].find((pair) => pair?.publicKey === publicKey);
}

async function prove(
  deps: InstallDeps,
  { app, merchant }: MerchantView,
  key: AppKeyRecord,
  { found, alipayPublicKey }: Extract<ReadCertificates, { ok: true }>,
): Promise<QueryOutcome> {
  const asOfToday = { ...app, alipayPublicKey };
  const signing = await signingApp(deps, asOfToday, key.keyId, merchant.authorizationId);
  return askForNoTrade(deps, { ...signing, signType: 'RSA2', certificates: found });
}

async function store(
  { db }: Pick<Deps, 'db'>,
  { app }: MerchantView,
  key: AppKeyRecord,
  certificates: AppCertificates,
  alipayPublicKey: string,
): Promise<boolean> {
  const stored = await inRace(db, async (tx) => {
    await insertCertificates(tx, certificates);
    const wrote = await saveApp(tx, {
      ...app,
      signType: 'RSA2',
      keyId: key.keyId,
      nextKeyId: app.nextKeyId === key.keyId ? null : app.nextKeyId,
      certificateId: certificates.certificateId,
      alipayPublicKey,
      alipayKeyGiven: true,
      version: app.version + 1,
    });
    if (!wrote) throw new RaceLost();
    return true;
  });
  return stored ?? false;
}
