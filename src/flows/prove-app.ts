/**
 * Proves an app at Alipay: a signed query of a trade that cannot exist. "No such trade", under Alipay's signature, says that
 * the app id, both keys, the contract and the network are right. Moves nothing, and stores nothing.
 */
import type { AlipayApp } from '../alipay/client.ts';
import type { QueryOutcome } from '../alipay/outcome.ts';
import type { Merchant } from '../core/merchant.ts';
import { askAlipay } from './ask-alipay.ts';
import type { Deps, FlowSettings } from './deps.ts';
import { loadApp } from './load-app.ts';

/** Not of the form that payments get (`take-number.ts`): nobody's trade is asked about. */
export const NO_TRADE = 'DOCTOR0000000000';

export type Proof = QueryOutcome | { readonly kind: 'not_configured' };

export async function proveApp(
  deps: Pick<Deps, 'db' | 'keyRing' | 'alipay'> & {
    readonly settings: Pick<FlowSettings, 'simulator'>;
  },
  app: Pick<Merchant, 'owner' | 'appId' | 'authorizationId'>,
): Promise<Proof> {
  const loaded = await loadApp(deps, app.owner, app.appId, app);
  if (loaded === undefined) return { kind: 'not_configured' };
  return askAlipay(loaded, (candidate) => askForNoTrade(deps, candidate));
}

/** The same, signed in one way only. Proven is what answers `absent`. */
export function askForNoTrade(
  { alipay }: Pick<Deps, 'alipay'>,
  app: AlipayApp,
): Promise<QueryOutcome> {
  return alipay.query(app, { paymentNo: NO_TRADE, amountFen: undefined });
}
