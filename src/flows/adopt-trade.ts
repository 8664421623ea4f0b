/**
 * Takes over a trade that Alipay knows and the gateway does not: made by an older system under the same app. Only a
 * paid trade is adopted, because only that can be given back; a number that is another merchant's here is never asked for.
 * Refunds made by the older system stay unknown here: Alipay itself refuses what exceeds the rest.
 */
import type { QueryOutcome } from '../alipay/outcome.ts';
import type { Merchant } from '../core/merchant.ts';
import { UNTOUCHED_PAYMENT, type Payment } from '../core/payment.ts';
import { insertPaymentWithEvent } from '../store/payment-changes.ts';
import { findPayment } from '../store/payments.ts';
import type { Deps } from './deps.ts';
import { detailOf } from './learn.ts';
import type { LoadedApp } from './load-app.ts';
import { beginning } from './record-change.ts';

type PaidTrade = Extract<QueryOutcome, { kind: 'paid' }>;

export async function adoptTrade(
  deps: Pick<Deps, 'db' | 'clock'>,
  merchant: Merchant,
  app: LoadedApp,
  paymentNo: string,
  trade: PaidTrade,
  askedAtMs: number,
): Promise<Payment | undefined> {
  const nowMs = deps.clock.nowMs();
  const payment: Payment = {
    ...UNTOUCHED_PAYMENT,
    merchantId: merchant.merchantId,
    paymentNo,
    localNo: null,
    attempt: 1,
    method: 'barcode',
    amountFen: trade.amountFen,
    state: 'paid',
    subject: '',
    body: null,
    operatorId: null,
    storeId: null,
    authCodeHash: null,
    appOwner: app.record.owner,
    appId: app.record.appId,
    keyId: app.record.keyId,
    authorizationId: merchant.authorizationId,
    sellerId: merchant.sellerId,
    alipayTradeNo: trade.alipayTradeNo,
    answer: trade.answer.raw,
    answerMethod: 'query',
    createdAtMs: nowMs,
    deadlineAtMs: nowMs,
    diesAtMs: nowMs,
    paidAtMs: trade.paidAtMs ?? nowMs,
    dueAtMs: null,
    heardAtMs: nowMs,
    tradeSeen: 'ended',
    firstCallEnded: true,
  };
  const detail = { ...detailOf('query', trade), askedAtMs, amountFen: payment.amountFen };
  const event = beginning(payment, 'adopted', detail);
  if (await insertPaymentWithEvent(deps.db, payment, nowMs, event)) return payment;
  // Somebody adopted it in between: this merchant, or another, whose it is then.
  return findPayment(deps.db, merchant.merchantId, paymentNo);
}
