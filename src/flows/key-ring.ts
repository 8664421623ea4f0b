/**
 * Keys ready to sign and verify: read, opened from the vault and parsed once, in a bounded cache. Which key an app uses is
 * read from the database each time; the key of a number never changes.
 */
import type { KeyObject } from 'node:crypto';
import { parsePrivateKey, parsePublicKey } from '../alipay/sign.ts';
import { assert } from '../core/assert.ts';
import type { AppCertificates, AppKeyRecord, Authorization, SignType } from '../core/merchant.ts';
import { findNewestAppKey } from '../store/apps.ts';
import type { Db } from '../store/database.ts';
import { findVaultCheck, insertVaultCheck } from '../store/vault-check.ts';
import type { Vault } from '../system/vault.ts';
import type { Deps } from './deps.ts';

/** Parsed keys kept of each kind; the longest unused goes first. About 4 KB each. */
const KEYS_MAX = 10_000;

export type KeyRing = {
  /** The key pair's half that signs; `find` reads its row when it is not kept. */
  signer(
    keyId: number,
    find: (keyId: number) => Promise<AppKeyRecord | undefined>,
  ): Promise<Signer>;
  publicKey(base64Der: string): KeyObject;
  /** The serial numbers that are sent with an app's calls. */
  certificates(
    certificateId: number,
    find: (certificateId: number) => Promise<AppCertificates | undefined>,
  ): Promise<SerialNumbers>;
  /** A merchant's authorisation, opened. */
  authorization(
    authorizationId: number,
    find: (authorizationId: number) => Promise<Authorization | undefined>,
  ): Promise<OpenAuthorization>;
};

export type SerialNumbers = Pick<AppCertificates, 'appCertSn' | 'rootCertSn'>;

/** `token` is the app_auth_token: a secret. */
export type OpenAuthorization = Pick<Authorization, 'serviceProviderId'> & {
  readonly token: string;
};

export type Signer = { readonly privateKey: KeyObject; readonly signType: SignType };

/** What a private key is sealed for: it opens under this name only. */
export function vaultContext(keyId: number): string {
  return `app-key:${keyId}`;
}

/** What a merchant's authorisation is sealed for. */
export function authorizationContext(authorizationId: number): string {
  return `app-authorization:${authorizationId}`;
}

/** What the text is sealed for that tells whether a master key is this database's. */
export const CHECK_CONTEXT = 'vault-check';

/**
 * Throws a sentence for the operator when the vault's master key is not the one that seals in this database: a file of
 * another installation, or that of a node which made one of its own. The first gateway on a database settles which it is.
 */
export async function checkMasterKey(deps: Pick<Deps, 'db' | 'vault'>): Promise<void> {
  const { db, vault } = deps;
  const sealed = await listSealed(db);
  sealed.forEach((one) => requireOpen(vault, one));
  if (sealed.some(({ context }) => context === CHECK_CONTEXT)) return;
  await insertVaultCheck(db, vault.seal(CHECK_CONTEXT, CHECK_CONTEXT));
  // Of several that start at once, one was first.
  (await listSealed(db)).forEach((one) => requireOpen(vault, one));
}

/** As `checkMasterKey`, for whoever may write nothing: whether the vault's master key opens what is sealed already. */
export async function isMasterKeyRight(deps: Pick<Deps, 'db' | 'vault'>): Promise<boolean> {
  const sealed = await listSealed(deps.db);
  try {
    sealed.forEach((one) => requireOpen(deps.vault, one));
    return true;
  } catch {
    // It throws for this reason alone.
    return false;
  }
}

type Sealed = { readonly text: string; readonly context: string };

/** What tells whether a master key is this database's: the newest private key, if there is one, and the check. */
async function listSealed(db: Db): Promise<readonly Sealed[]> {
  const key = await findNewestAppKey(db);
  const check = await findVaultCheck(db);
  return [
    // Of a database that is older than the check.
    ...(key === undefined
      ? []
      : [{ text: key.sealedPrivateKey, context: vaultContext(key.keyId) }]),
    ...(check === undefined ? [] : [{ text: check, context: CHECK_CONTEXT }]),
  ];
}

function requireOpen(vault: Vault, { text, context }: Sealed): void {
  try {
    vault.open(text, context);
  } catch (cause) {
    throw new Error(
      'The master key (F2F_MASTER_KEY_FILE) does not open what is sealed in the database: it is not the one that sealed it. Put the right file back; all gateways on one database need the same one.',
      { cause },
    );
  }
}

export function createKeyRing(vault: Vault, keysMax: number = KEYS_MAX): KeyRing {
  const signers = createCache<number, Signer>(keysMax);
  const publicKeys = createCache<string, KeyObject>(keysMax);
  const certificates = createCache<number, SerialNumbers>(keysMax);
  const authorizations = createCache<number, OpenAuthorization>(keysMax);
  return {
    signer: async (keyId, find) => {
      const known = signers.get(keyId);
      if (known !== undefined) return known;
      const record = await find(keyId);
      assert(record !== undefined, 'an app key is never deleted');
      const parsed = parsePrivateKey(vault.open(record.sealedPrivateKey, vaultContext(keyId)));
      assert(parsed.ok, 'a private key that we made and sealed can be read');
      return signers.put(keyId, { privateKey: parsed.key, signType: record.signType });
    },
    publicKey: (base64Der) => {
      const known = publicKeys.get(base64Der);
      if (known !== undefined) return known;
      const parsed = parsePublicKey(base64Der);
      assert(parsed.ok, 'a public key is checked before it is stored');
      return publicKeys.put(base64Der, parsed.key);
    },
    certificates: async (certificateId, find) => {
      const known = certificates.get(certificateId);
      if (known !== undefined) return known;
      const record = await find(certificateId);
      assert(record !== undefined, 'certificates are never deleted');
      const { appCertSn, rootCertSn } = record;
      return certificates.put(certificateId, { appCertSn, rootCertSn });
    },
    authorization: async (authorizationId, find) => {
      const known = authorizations.get(authorizationId);
      if (known !== undefined) return known;
      const record = await find(authorizationId);
      assert(record !== undefined, 'an authorisation is never deleted');
      const { serviceProviderId, sealedToken } = record;
      const token = vault.open(sealedToken, authorizationContext(authorizationId));
      return authorizations.put(authorizationId, { serviceProviderId, token });
    },
  };
}

type Cache<Name, Kept> = {
  get(name: Name): Kept | undefined;
  put(name: Name, kept: Kept): Kept;
};

/** Keeps at most so many; the longest unused goes first. */
function createCache<Name, Kept>(max: number): Cache<Name, Kept> {
  const kept = new Map<Name, Kept>();
  const put = (name: Name, value: Kept): Kept => {
    // A map keeps the order of insertion: put back at the end, the first is the longest unused.
    kept.delete(name);
    kept.set(name, value);
    const [oldest] = kept.keys();
    if (kept.size > max && oldest !== undefined) kept.delete(oldest);
    return value;
  };
  return {
    put,
    get: (name) => {
      const known = kept.get(name);
      return known && put(name, known);
    },
  };
}
