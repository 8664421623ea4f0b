/**
 * API keys over v2: an operator makes keys for everybody, a merchant for itself, and nobody gives away a scope that his own
 * key lacks.
 */
import { scopesFor, type ApiKey } from '../../core/api-key.ts';
import type { Caller } from '../../core/caller.ts';
import type { Deps } from '../../flows/deps.ts';
import { makeApiKey, revokeApiKey } from '../../flows/manage-api-keys.ts';
import { findApiKey, listApiKeys } from '../../store/api-keys.ts';
import { cpiNoOfMerchant, merchantOf, requireScope } from './caller.ts';
import { keyNoOf } from './ids.ts';
import type { Keep } from './made-once.ts';
import { invalidField, Problem } from './problems.ts';
import type { ApiKeyCreate } from './schemas.ts';
import { apiKeyView } from './views.ts';

export async function createKey(
  deps: Deps,
  caller: Caller,
  wanted: ApiKeyCreate,
  keep: Keep,
): Promise<void> {
  for (const scope of wanted.scopes) requireScope(caller, scope);
  const isForOne = caller.merchantId !== null || wanted.merchant !== undefined;
  const merchant = isForOne ? await merchantOf(deps, caller, wanted.merchant) : undefined;
  const { name, scopes } = wanted;
  const merchantId = merchant?.merchantId ?? null;
  if (scopes.some((scope) => !scopesFor(merchantId).includes(scope))) {
    throw invalidField(
      'scopes',
      'administer is for keys of all merchants only',
      'administer 仅可用于所有商户的密钥',
    );
  }
  await makeApiKey(deps, { name, scopes, merchantId }, (tx, { apiKey, secret }) =>
    keep(tx, { status: 201, body: apiKeyView(apiKey, merchant?.cpiNo ?? null, secret) }),
  );
}

export async function listKeys(deps: Deps, caller: Caller) {
  const keys = await listApiKeys(deps.db, caller.merchantId ?? undefined);
  const data = await Promise.all(keys.map((key) => viewOf(deps, key)));
  return { object: 'list' as const, data, next_cursor: null };
}

export async function getKey(deps: Deps, caller: Caller, id: string) {
  return viewOf(deps, await visibleKey(deps, caller, id));
}

/** Ends the key at once, also the one that asks for it. */
export async function revokeKey(deps: Deps, caller: Caller, id: string) {
  const { keyNo } = await visibleKey(deps, caller, id);
  const revoked = await revokeApiKey(deps, keyNo);
  if (revoked === undefined) throw new Problem('api_key_not_found');
  return viewOf(deps, revoked);
}

async function visibleKey({ db }: Deps, caller: Caller, id: string): Promise<ApiKey> {
  const keyNo = keyNoOf(id);
  const apiKey = keyNo === undefined ? undefined : await findApiKey(db, keyNo);
  const isTheirs = caller.merchantId === null || apiKey?.merchantId === caller.merchantId;
  if (apiKey === undefined || !isTheirs) throw new Problem('api_key_not_found');
  return apiKey;
}

async function viewOf(deps: Deps, apiKey: ApiKey) {
  const { merchantId } = apiKey;
  return apiKeyView(apiKey, merchantId === null ? null : await cpiNoOfMerchant(deps, merchantId));
}
