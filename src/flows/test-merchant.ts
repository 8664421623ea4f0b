/**
 * Sends Alipay a heartbeat with the shop's keys: proof that app id, keys and network work. Moves nothing.
 */
import type { HeartbeatOutcome } from '../alipay/outcome.ts';
import type { MerchantWithApp } from '../core/merchant.ts';
import { askAlipay } from './ask-alipay.ts';
import type { Deps } from './deps.ts';
import { openApp } from './load-app.ts';

export async function testMerchant(
  deps: Pick<Deps, 'db' | 'keyRing' | 'alipay' | 'settings'>,
  merchant: MerchantWithApp,
): Promise<HeartbeatOutcome | { readonly kind: 'not_configured' }> {
  const loaded = await openApp(deps, merchant.app, merchant);
  if (loaded === undefined) return { kind: 'not_configured' };
  return askAlipay(loaded, (app) => deps.alipay.heartbeat(app, { equipmentId: merchant.cpiNo }));
}
