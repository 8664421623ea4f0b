/**
 * Alipay's present view of a trade, for the till: always asked, never answered from our own row. What it teaches about a
 * payment of ours is stored on the way. A number that belongs to another merchant here is not asked for, whoever's app it is.
 */
import type { QueryOutcome } from '../alipay/outcome.ts';
import type { MerchantWithApp } from '../core/merchant.ts';
import type { Payment } from '../core/payment.ts';
import { findPaymentByNo } from '../store/payments.ts';
import { askAlipay } from './ask-alipay.ts';
import type { CheckDeps } from './check-payment.ts';
import { isExplained } from './explain-closing.ts';
import { learn } from './learn.ts';
import { loadApp, openApp, type LoadedApp } from './load-app.ts';

export type TradeView =
  | {
      readonly kind: 'asked';
      readonly outcome: QueryOutcome;
      readonly askedAtMs: number;
      readonly app: LoadedApp;
      /** Ours, as it is after the answer; undefined for a trade of an older system. */
      readonly payment: Payment | undefined;
    }
  /** The number is another merchant's. */
  | { readonly kind: 'not_yours' }
  | { readonly kind: 'not_configured' };

export async function queryTrade(
  deps: CheckDeps,
  merchant: MerchantWithApp,
  paymentNo: string,
): Promise<TradeView> {
  const payment = await findPaymentByNo(deps.db, paymentNo);
  if (payment !== undefined && payment.merchantId !== merchant.merchantId)
    return { kind: 'not_yours' };
  const isOfToday = payment?.appOwner === merchant.owner && payment.appId === merchant.appId;
  const app =
    payment === undefined || isOfToday
      ? await openApp(deps, merchant.app, payment ?? merchant)
      : await loadApp(deps, payment.appOwner, payment.appId, payment);
  if (app === undefined) return { kind: 'not_configured' };
  const question = { paymentNo, amountFen: payment?.amountFen };
  const askedAtMs = deps.clock.nowMs();
  const outcome = await askAlipay(app, (candidate) => deps.alipay.query(candidate, question));
  // Another shop of the same app may have begun a charge under this number meanwhile: the answer is about its trade.
  const begun = payment === undefined ? await findPaymentByNo(deps.db, paymentNo) : payment;
  if (begun !== undefined && begun.merchantId !== merchant.merchantId) return { kind: 'not_yours' };
  const isNews = payment !== undefined && outcome.kind !== 'unknown' && outcome.kind !== 'refused';
  // A till's question without an answer teaches nothing, and must not push the worker's own questions back.
  const mayLearn = isNews && (await isExplained(deps, payment, outcome));
  const after = mayLearn ? await learn(deps, payment, 'query', askedAtMs, outcome) : payment;
  return { kind: 'asked', outcome, askedAtMs, app, payment: after };
}
