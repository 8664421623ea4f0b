/**
 * `alipay.trade.close` (protocol 2.5): ends a trade that waits for its buyer, and nothing else. It
 * never gives money back; that is `./cancel.ts` and `./refund.ts`.
 */
import { closeTrade, findNamedTrade } from '../trades.ts';
import { echoOf, readContent, refused, success, TRADE_NAME_RULES } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';
import { numberFields } from './trade-fields.ts';

const CLOSE_RULES = { ...TRADE_NAME_RULES, operator_id: { max: 28 } } as const;

export function close(call: Call): MethodAnswer {
  const values = readContent(call, CLOSE_RULES);
  const { trade_no: tradeNo, out_trade_no: outTradeNo } = values ?? {};
  const echo = { out_trade_no: echoOf(call, 'out_trade_no') };
  if (tradeNo === undefined && outTradeNo === undefined) {
    return refused('ACQ.INVALID_PARAMETER', echo);
  }
  const names = { tradeNo, outTradeNo };
  const trade = findNamedTrade(call.book, call.nowMs, call.app.scope, names);
  if (trade === undefined) return refused('ACQ.TRADE_NOT_EXIST', echo);
  if (trade.status !== 'WAIT_BUYER_PAY') {
    return refused('ACQ.TRADE_STATUS_ERROR', numberFields(trade));
  }
  closeTrade(call.book, call.nowMs, trade, 'close');
  return success(numberFields(trade));
}
