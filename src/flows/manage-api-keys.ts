/**
 * Keys of the v2 API: makes one and shows it once, ends one, and tells whose a key is. Only hashes are stored and compared;
 * that a key was used is noted to the minute, which is one write a minute and not one a call.
 */
import { isScope, orderedScopes, SCOPES, type ApiKey, type Scope } from '../core/api-key.ts';
import { inTransaction } from '../store/database.ts';
import {
  findApiKey,
  findApiKeyByHash,
  insertApiKey,
  saveLastUse,
  saveRevoked,
} from '../store/api-keys.ts';
import { nothingBeside, type Beside } from './beside.ts';
import type { Deps } from './deps.ts';
import { hashCredential } from './hash-credential.ts';

export type NewApiKey = {
  readonly name: string;
  /** The one merchant that it is for; null for an operator's key. */
  readonly merchantId: number | null;
  readonly scopes: readonly Scope[];
};

export type MadeApiKey = {
  /** The key itself: nobody can read it again. */
  readonly secret: string;
  readonly apiKey: ApiKey;
};

/** What every key begins with, so that a scanner for leaked secrets knows one. */
export const KEY_PREFIX = 'f2f_';
const KEY_NO_BYTES = 8;
const SECRET_BYTES = 24;
/** Characters of a key that are shown later: the prefix and the key's public number. */
const HINT_LENGTH = 12;
const USE_NOTED_EVERY_MS = 60_000;

/** The scopes of a list as people write it, `read,charge`, or `all`; none when it names one that there is not. */
export function readScopes(list: string): readonly Scope[] {
  if (list === 'all') return SCOPES;
  const names = list.split(',').map((name) => name.trim());
  return names.every(isScope) ? orderedScopes(names.filter(isScope)) : [];
}

export async function makeApiKey(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
  wanted: NewApiKey,
  beside: Beside<MadeApiKey> = nothingBeside,
): Promise<MadeApiKey> {
  const secret = `${KEY_PREFIX}${deps.random.hex(SECRET_BYTES)}`;
  const apiKey: ApiKey = {
    ...wanted,
    scopes: orderedScopes(wanted.scopes),
    keyNo: deps.random.hex(KEY_NO_BYTES),
    keyHash: hashCredential(secret),
    hint: `${secret.slice(0, HINT_LENGTH)}…`,
    createdAtMs: deps.clock.nowMs(),
    lastUsedAtMs: null,
    revokedAtMs: null,
    version: 1,
  };
  const made = { secret, apiKey };
  await inTransaction(deps.db, async (tx) => {
    await insertApiKey(tx, apiKey);
    await beside(tx, made);
  });
  return made;
}

/** Ends a key at once. Undefined when there is none of this number; one that has ended stays as it is. */
export async function revokeApiKey(
  deps: Pick<Deps, 'db' | 'clock'>,
  keyNo: string,
): Promise<ApiKey | undefined> {
  for (;;) {
    const apiKey = await findApiKey(deps.db, keyNo);
    if (apiKey === undefined || apiKey.revokedAtMs !== null) return apiKey;
    const revoked = { ...apiKey, revokedAtMs: deps.clock.nowMs(), version: apiKey.version + 1 };
    if (await saveRevoked(deps.db, revoked)) return revoked;
  }
}

/** The key, unless it is unknown or has ended: the answer never tells which. */
export async function authenticateApiKey(
  deps: Pick<Deps, 'db' | 'clock'>,
  secret: string,
): Promise<ApiKey | undefined> {
  if (!secret.startsWith(KEY_PREFIX)) return undefined;
  const apiKey = await findApiKeyByHash(deps.db, hashCredential(secret));
  if (apiKey === undefined || apiKey.revokedAtMs !== null) return undefined;
  const nowMs = deps.clock.nowMs();
  if (nowMs - (apiKey.lastUsedAtMs ?? -Infinity) >= USE_NOTED_EVERY_MS) {
    await saveLastUse(deps.db, apiKey.keyNo, nowMs);
  }
  return apiKey;
}
