/**
 * `alipay.trade.cancel` (protocol 2.4): closes an unpaid trade, gives all money of a paid one back,
 * and says 10000 without an `action` when it finds nothing. Within 24 hours only, and not after a
 * refund.
 */
import type { Trade } from '../book/entities.ts';
import { CANCEL_WINDOW_MS, chargeBuyer, closeTrade, findNamedTrade, giveBack } from '../trades.ts';
import type { BusinessRefusal } from '../wire/codes.ts';
import { echoOf, readContent, refused, success, TRADE_NAME_RULES } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';
import { numberFields } from './trade-fields.ts';

/** What cancelling means for a trade: an action to take, one already taken, or a refusal. */
type Verdict = { action: 'close' | 'refund'; isDone: boolean } | { refusal: BusinessRefusal };

function verdictOn(trade: Trade, nowMs: number): Verdict {
  const isPaid = trade.paidAtMs !== undefined;
  if (trade.status === 'TRADE_FINISHED') return { refusal: 'ACQ.TRADE_HAS_FINISHED' };
  if (trade.status === 'TRADE_CLOSED' && !isPaid) return { action: 'close', isDone: true };
  // Asked again, a cancel says what it did the first time.
  if (trade.closedBy === 'cancel') return { action: 'refund', isDone: true };
  if (trade.refunds.length > 0) return { refusal: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' };
  if (nowMs > trade.createdAtMs + CANCEL_WINDOW_MS) return { refusal: 'ACQ.TRADE_CANCEL_TIME_OUT' };
  return { action: isPaid ? 'refund' : 'close', isDone: false };
}

function carryOut(call: Call, trade: Trade, action: 'close' | 'refund'): void {
  if (action === 'close') {
    closeTrade(call.book, call.nowMs, trade, 'cancel');
    return;
  }
  const { outTradeNo, totalFen } = trade.order;
  const refund = {
    outRequestNo: outTradeNo,
    isNumberGiven: false,
    amountFen: totalFen,
    refundedAtMs: call.nowMs,
  };
  giveBack(call.book, trade, refund, 'cancel');
}

export function cancel(call: Call): MethodAnswer {
  const values = readContent(call, TRADE_NAME_RULES);
  const { trade_no: tradeNo, out_trade_no: outTradeNo } = values ?? {};
  const echo = { out_trade_no: echoOf(call, 'out_trade_no'), retry_flag: 'N' };
  if (tradeNo === undefined && outTradeNo === undefined) {
    return refused('ACQ.INVALID_PARAMETER', echo);
  }
  const names = { tradeNo, outTradeNo };
  const trade = findNamedTrade(call.book, call.nowMs, call.app.scope, names);
  if (trade === undefined) {
    return tradeNo === undefined ? success(echo) : refused('ACQ.TRADE_NOT_EXIST', echo);
  }
  const isPaidNow = trade.paysAtCancel === true && trade.status === 'WAIT_BUYER_PAY';
  if (isPaidNow) chargeBuyer(call.book, call.nowMs, trade);
  const verdict = verdictOn(trade, call.nowMs);
  if ('refusal' in verdict) {
    return refused(verdict.refusal, { ...numberFields(trade), retry_flag: 'N' });
  }
  if (!verdict.isDone) carryOut(call, trade, verdict.action);
  return success({ ...numberFields(trade), action: verdict.action, retry_flag: 'N' });
}
