/**
 * `alipay.trade.fastpay.refund.query` (protocol 2.7): one refund by its number. A number that is
 * not known answers 10000 with nothing else, which also is what a refund that never happened looks
 * like.
 */
import { findNamedTrade } from '../trades.ts';
import { yuan } from '../wire/money.ts';
import { timeText } from '../wire/time.ts';
import { echoOf, hasQueryOption, readContent, refused, success, TRADE_NAME_RULES } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';
import { numberFields } from './trade-fields.ts';

const RULES = { ...TRADE_NAME_RULES, out_request_no: { max: 64, required: true } } as const;

export function refundQuery(call: Call): MethodAnswer {
  const values = readContent(call, RULES);
  const { trade_no: tradeNo, out_trade_no: outTradeNo } = values ?? {};
  const echo = { out_trade_no: echoOf(call, 'out_trade_no') };
  if (tradeNo === undefined && outTradeNo === undefined) {
    return refused('ACQ.INVALID_PARAMETER', echo);
  }
  const names = { tradeNo, outTradeNo };
  const trade = findNamedTrade(call.book, call.nowMs, call.app.scope, names);
  if (trade === undefined) return refused('ACQ.TRADE_NOT_EXIST', echo);
  const found = trade.refunds.find((refund) => refund.outRequestNo === values?.out_request_no);
  if (found === undefined) return success({});
  const amount = yuan(found.amountFen);
  const isDetailed = hasQueryOption(call, 'refund_detail_item_list');
  const hasTime = hasQueryOption(call, 'gmt_refund_pay');
  const details = [{ amount, fund_channel: 'ALIPAYACCOUNT' }];
  return success({
    ...numberFields(trade),
    gmt_refund_pay: hasTime ? timeText(found.refundedAtMs) : undefined,
    out_request_no: found.outRequestNo,
    refund_amount: amount,
    refund_detail_item_list: isDetailed ? details : undefined,
    refund_reason: found.reason,
    refund_status: 'REFUND_SUCCESS',
    send_back_fee: isDetailed ? amount : undefined,
    total_amount: yuan(trade.order.totalFen),
  });
}
