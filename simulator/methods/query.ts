/**
 * `alipay.trade.query` (protocol 2.3): the trade as it stands, closed ones too. It shows no
 * refunds; those are for `./refund-query.ts`.
 */
import { findNamedTrade } from '../trades.ts';
import { echoOf, readContent, refused, success, TRADE_NAME_RULES } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';
import { queryFields, ZERO_AMOUNTS } from './trade-fields.ts';

export function query(call: Call): MethodAnswer {
  const values = readContent(call, TRADE_NAME_RULES);
  const { trade_no: tradeNo, out_trade_no: outTradeNo } = values ?? {};
  const echo = {
    ...ZERO_AMOUNTS,
    out_trade_no: echoOf(call, 'out_trade_no'),
    trade_no: echoOf(call, 'trade_no'),
  };
  if (tradeNo === undefined && outTradeNo === undefined) {
    return refused('ACQ.INVALID_PARAMETER', echo);
  }
  const names = { tradeNo, outTradeNo };
  const trade = findNamedTrade(call.book, call.nowMs, call.app.scope, names);
  if (trade === undefined || (trade.hiddenUntilMs ?? 0) > call.nowMs) {
    return refused('ACQ.TRADE_NOT_EXIST', echo);
  }
  return success(queryFields(trade));
}
