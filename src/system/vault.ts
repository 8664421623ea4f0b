/**
 * Keeps private keys unreadable at rest: AES-256-GCM with a data key of its own for each secret, and that data key
 * sealed under the master key (envelope encryption), so that a new master key means re-sealing small keys only.
 * The master key is 32 random bytes in a file that is never in the database or a backup of it.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type Vault = {
  /** `context` names what the secret is for; `open` fails under any other. */
  seal(secret: string, context: string): string;
  /** Throws when the text was altered, belongs to another context, or was sealed under another master key. */
  open(sealed: string, context: string): string;
  /** What a link to `what` carries: always the same, and nobody without the master key can make it. */
  token(what: string): string;
};

export const MASTER_KEY_BYTES = 32;
const FORMAT = 'v1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function createVault(masterKey: Uint8Array): Vault {
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new Error(`A master key has ${MASTER_KEY_BYTES} bytes, this one has ${masterKey.length}`);
  }
  // A key of its own: what the master key encrypts and what links show have nothing in common.
  const tokenKey = Buffer.from(hkdfSync('sha256', masterKey, '', 'token', MASTER_KEY_BYTES));
  return {
    token: (what) => createHmac('sha256', tokenKey).update(what).digest('base64url'),
    seal: (secret, context) => {
      const dataKey = randomBytes(MASTER_KEY_BYTES);
      const parts = [
        encrypt(masterKey, dataKey, `data-key:${context}`),
        encrypt(dataKey, Buffer.from(secret, 'utf8'), context),
      ];
      return [FORMAT, ...parts.map((part) => part.toString('base64'))].join('.');
    },
    open: (sealed, context) => {
      const [format, sealedKey, sealedSecret] = sealed.split('.');
      if (format !== FORMAT || sealedKey === undefined || sealedSecret === undefined) {
        throw new Error('A sealed secret is not in the known format');
      }
      const dataKey = decrypt(masterKey, Buffer.from(sealedKey, 'base64'), `data-key:${context}`);
      return decrypt(dataKey, Buffer.from(sealedSecret, 'base64'), context).toString('utf8');
    },
  };
}

/** Reads the master key file, or makes it (mode 0600) where `create` allows. Throws a sentence for the operator. */
export function readMasterKey(path: string, create: boolean): Uint8Array {
  let key: Uint8Array;
  try {
    key = readFileSync(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing || !create) {
      throw new Error(
        `The master key file (F2F_MASTER_KEY_FILE) ${isMissing ? 'does not exist' : 'cannot be read'}: it must hold ${MASTER_KEY_BYTES} random bytes`,
        { cause: error },
      );
    }
    key = makeMasterKey(path);
  }
  if (key.length !== MASTER_KEY_BYTES) {
    throw new Error(
      `The master key file (F2F_MASTER_KEY_FILE) must hold exactly ${MASTER_KEY_BYTES} bytes; it has ${key.length}`,
    );
  }
  return key;
}

/** Exclusive, and on disk before it is used: a key lost after it sealed something would lose that too. */
function makeMasterKey(path: string): Uint8Array {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const key = randomBytes(MASTER_KEY_BYTES);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, key);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return key;
}

function encrypt(key: Uint8Array, plain: Uint8Array, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(context, 'utf8'));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, sealed: Buffer, context: string): Buffer {
  const iv = sealed.subarray(0, IV_BYTES);
  const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, iv).setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
