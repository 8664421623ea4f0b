/**
 * Sends Alipay a heartbeat with the shop's keys: proof that app id, keys and network work. Moves nothing.
 */
import type { HeartbeatOutcome } from '../alipay/outcome.ts';
import type { Merchant } from '../core/merchant.ts';
import { askAlipay } from './ask-alipay.ts';
import type { Deps } from './deps.ts';
import { loadApp } from './load-app.ts';

export async function testMerchant(
  deps: Pick<Deps, 'db' | 'keyRing' | 'alipay' | 'settings'>,
  merchant: Merchant,
): Promise<HeartbeatOutcome | { readonly kind: 'not_configured' }> {
  const loaded = await loadApp(deps, merchant.owner, merchant.appId);
  if (loaded === undefined) return { kind: 'not_configured' };
  return askAlipay(loaded, (app) => deps.alipay.heartbeat(app, { equipmentId: merchant.cpiNo }));
}
