/**
 * A notification of Alipay is a hint, never proof: verified, matched against the payment it names, then the payment is
 * due at once and Alipay is asked, unless it only confirms what Alipay's own answer said. `accepted` is returned only after that is stored. Each is told once in the history, also
 * when it is old news; repetitions of it, and those that do not verify or match, change nothing. Everything settles without any.
 */
import {
  matchNotification,
  parseNotification,
  verifyNotification,
} from '../alipay/notification.ts';
import type { TradeHint } from '../alipay/notification.ts';
import { TRADE_NO_PATTERN } from '../core/limits.ts';
import type { Notice } from '../core/schedule.ts';
import { findPaymentWithAppByNo } from '../store/payments.ts';
import { applyHint } from './apply-fact.ts';
import type { CheckDeps } from './check-payment.ts';
import { openApp } from './load-app.ts';

export type NotificationResult =
  | { readonly kind: 'accepted'; readonly paymentNo: string }
  /** `reason` is for the log; the sender hears only that it failed. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly paymentNo: string | undefined };

export async function receiveNotification(
  deps: CheckDeps,
  rawBody: Uint8Array,
  contentType: string | undefined,
): Promise<NotificationResult> {
  const parsed = parseNotification(rawBody, contentType);
  if (!parsed.ok) return { kind: 'rejected', reason: parsed.reason, paymentNo: undefined };
  const paymentNo = parsed.parsed.claimedPaymentNo;
  const rejected = (reason: string): NotificationResult => ({
    kind: 'rejected',
    reason,
    paymentNo,
  });
  // What was not verified yet may hold anything; a database is not asked for what no payment can have.
  const isNumber = paymentNo !== undefined && TRADE_NO_PATTERN.test(paymentNo);
  const found = isNumber ? await findPaymentWithAppByNo(deps.db, paymentNo) : undefined;
  if (found === undefined) return rejected('unknown_payment');
  const { payment } = found;
  const loaded = await openApp(deps, found.app, payment);
  if (loaded === undefined) return rejected('no_alipay_public_key');
  const { alipayPublicKey, signType } = loaded.app;
  const verified = verifyNotification(parsed.parsed, alipayPublicKey, signType);
  if (!verified.ok) return rejected(verified.reason);
  const match = matchNotification(verified.notification, payment);
  if (!match.ok) return rejected(match.reason);
  const { notifyId } = verified.notification;
  const { tradeStatus, refundedTotalFen, refundRequestNo } = match.hint;
  const detail = { from: 'notification', tradeStatus, refundedTotalFen, refundRequestNo };
  await applyHint(deps, payment, {
    notifyId: notifyId ?? idOf(match.hint),
    notice: noticeOf(match.hint),
    detail,
  });
  return { kind: 'accepted', paymentNo: payment.paymentNo };
}

/** Alipay names each; should it ever not, what it says names it. */
function idOf({ tradeStatus, refundedTotalFen, refundRequestNo }: TradeHint): string {
  return `unnamed ${tradeStatus} ${refundedTotalFen ?? ''} ${refundRequestNo ?? ''}`;
}

function noticeOf({ tradeStatus, refundedTotalFen }: TradeHint): Notice {
  if (refundedTotalFen !== undefined && tradeStatus !== 'TRADE_CLOSED') return 'refunded';
  return NOTICES[tradeStatus];
}

const NOTICES: Record<TradeHint['tradeStatus'], Notice> = {
  WAIT_BUYER_PAY: 'waiting',
  TRADE_SUCCESS: 'paid',
  TRADE_FINISHED: 'paid',
  TRADE_CLOSED: 'closed',
};
