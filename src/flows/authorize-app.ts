/**
 * Keeps a merchant's word that a service provider's app may act for it. The token is a secret: sealed before it is stored
 * anywhere. The caller stores the record in its own transaction.
 */
import type { Authorization, Merchant } from '../core/merchant.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Queryable } from '../store/database.ts';
import type { Deps } from './deps.ts';
import { authorizationContext } from './key-ring.ts';

export type AuthorizationInput = {
  /** Alipay's app_auth_token. */
  readonly token: string;
  readonly serviceProviderId: string | null;
};

/** So much of a token is shown again, to tell it from another. */
const HINT_LENGTH = 6;

export async function sealAuthorization(
  { vault, clock }: Pick<Deps, 'vault' | 'clock'>,
  db: Queryable,
  merchant: Pick<Merchant, 'merchantId' | 'appId' | 'sellerId'>,
  { token, serviceProviderId }: AuthorizationInput,
): Promise<Authorization> {
  const authorizationId = await takeNumbers(db, 'app_authorization', 1);
  return {
    authorizationId,
    merchantId: merchant.merchantId,
    appId: merchant.appId,
    sellerId: merchant.sellerId,
    sealedToken: vault.seal(token, authorizationContext(authorizationId)),
    hint: token.slice(-HINT_LENGTH),
    serviceProviderId,
    createdAtMs: clock.nowMs(),
  };
}
