/**
 * The keys of every app as they are in the database, opened and read but never shown: whether the private key can be used,
 * belongs to the public key beside it, and what stands where Alipay's key belongs. What is wrong is decided by whoever asks.
 */
import { parsePrivateKey, parsePublicKey, publicKeyText, type KeyProblem } from '../alipay/sign.ts';
import type { AlipayAppRecord, AppKeyRecord, SignType } from '../core/merchant.ts';
import { findCertificates } from '../store/app-credentials.ts';
import { listAppKeys, listApps } from '../store/apps.ts';
import type { Vault } from '../system/vault.ts';
import type { Deps } from './deps.ts';
import { vaultContext } from './key-ring.ts';

export type ExaminedKey =
  | { readonly kind: 'key'; readonly bits: number; readonly publicKey: string }
  | { readonly kind: 'unreadable'; readonly problem: KeyProblem }
  /** A private key that the master key does not open. */
  | { readonly kind: 'sealed' }
  /** A private key that there was no master key to open with. */
  | { readonly kind: 'unopened' }
  /** There is none. */
  | { readonly kind: 'absent' };

export type ExaminedApp = {
  readonly owner: string;
  readonly appId: string;
  readonly signType: SignType;
  readonly privateKey: ExaminedKey;
  /** As it is told to whoever uploads it to Alipay; base64 DER. */
  readonly publicKey: string;
  /** Alipay's. */
  readonly alipayKey: ExaminedKey;
  /** Whether a person gave Alipay's key; otherwise the simulator did. */
  readonly isAlipayKeyGiven: boolean;
  /** When its certificates end; null for an app with bare keys. */
  readonly certificatesEnd: { readonly appMs: number; readonly alipayMs: number } | null;
};

export type ExaminedApps = {
  readonly apps: readonly ExaminedApp[];
  /** The app of each public key that the gateway ever made. */
  readonly appOfPublicKey: ReadonlyMap<string, string>;
};

/** Without a vault, private keys stay unopened. */
export async function examineApps(
  { db }: Pick<Deps, 'db'>,
  vault: Vault | undefined,
): Promise<ExaminedApps> {
  const keys = await listAppKeys(db);
  const keyById = new Map(keys.map((key) => [key.keyId, key]));
  const apps: ExaminedApp[] = [];
  for (const app of await listApps(db)) {
    apps.push({
      ...examine(app, keyById.get(app.keyId), vault),
      certificatesEnd: await certificatesEnd(db, app),
    });
  }
  return { apps, appOfPublicKey: new Map(keys.map(({ publicKey, appId }) => [publicKey, appId])) };
}

function examine(
  app: AlipayAppRecord,
  key: AppKeyRecord | undefined,
  vault: Vault | undefined,
): Omit<ExaminedApp, 'certificatesEnd'> {
  return {
    owner: app.owner,
    appId: app.appId,
    signType: app.signType,
    privateKey: key === undefined ? { kind: 'absent' } : examinePrivate(key, vault),
    publicKey: key?.publicKey ?? '',
    alipayKey: examinePublic(app.alipayPublicKey),
    isAlipayKeyGiven: app.alipayKeyGiven,
  };
}

async function certificatesEnd(
  db: Deps['db'],
  { certificateId }: AlipayAppRecord,
): Promise<ExaminedApp['certificatesEnd']> {
  const found = certificateId === null ? undefined : await findCertificates(db, certificateId);
  return found === undefined
    ? null
    : { appMs: found.appExpiresAtMs, alipayMs: found.alipayExpiresAtMs };
}

function examinePrivate(key: AppKeyRecord, vault: Vault | undefined): ExaminedKey {
  if (vault === undefined) return { kind: 'unopened' };
  let text: string;
  try {
    text = vault.open(key.sealedPrivateKey, vaultContext(key.keyId));
  } catch {
    // Why a vault does not open is in no message of it, on purpose.
    return { kind: 'sealed' };
  }
  return examined(parsePrivateKey(text));
}

function examinePublic(text: string): ExaminedKey {
  return text === '' ? { kind: 'absent' } : examined(parsePublicKey(text));
}

function examined(parsed: ReturnType<typeof parsePublicKey>): ExaminedKey {
  if (!parsed.ok) return { kind: 'unreadable', problem: parsed.problem };
  const bits = parsed.key.asymmetricKeyDetails?.modulusLength ?? 0;
  return { kind: 'key', bits, publicKey: publicKeyText(parsed.key) };
}
