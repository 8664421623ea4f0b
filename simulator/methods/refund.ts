/**
 * `alipay.trade.refund` (protocol 2.6): gives back all or part of a paid trade, once per
 * `out_request_no`. The same number and amount again changes nothing and says `fund_change` N. Two
 * refunds within 3 s are accepted, as the contract says.
 */
import type { Refund, Trade } from '../book/entities.ts';
import { findNamedTrade, giveBack, refundedFen } from '../trades.ts';
import type { BusinessRefusal } from '../wire/codes.ts';
import type { Fields } from '../wire/envelope.ts';
import { parseYuan, yuan } from '../wire/money.ts';
import { timeText } from '../wire/time.ts';
import { echoOf, hasQueryOption, readContent, refused, success, TRADE_NAME_RULES } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';
import { buyerFields, numberFields } from './trade-fields.ts';

const REFUND_RULES = {
  ...TRADE_NAME_RULES,
  refund_amount: { max: 16, required: true, amount: true },
  // Printable ASCII: users report refusals of other characters (protocol 2.6).
  out_request_no: { max: 64, pattern: /^[\x21-\x7e]+$/ },
  refund_reason: { max: 256 },
  operator_id: { max: 30 },
  store_id: { max: 32 },
  terminal_id: { max: 32 },
} as const;

/** The refund method's own words (protocol 3.4). */
const WORDS: Partial<Record<BusinessRefusal, string>> = {
  'ACQ.TRADE_STATUS_ERROR': '交易状态非法',
  'ACQ.TRADE_HAS_CLOSE': '交易已关闭',
  'ACQ.TRADE_HAS_FINISHED': '交易已完结',
};

function refuseRefund(refusal: BusinessRefusal, fields: Fields): MethodAnswer {
  return refused(refusal, fields, WORDS[refusal]);
}

const REFUSED_BY_STATUS = {
  WAIT_BUYER_PAY: 'ACQ.TRADE_STATUS_ERROR',
  TRADE_SUCCESS: undefined,
  TRADE_FINISHED: 'ACQ.TRADE_HAS_FINISHED',
  TRADE_CLOSED: 'ACQ.TRADE_HAS_CLOSE',
} as const satisfies Record<Trade['status'], BusinessRefusal | undefined>;

function answerRefund(call: Call, trade: Trade, refund: Refund, fundChange: 'Y' | 'N'): Fields {
  const amount = yuan(refund.amountFen);
  const isDetailed = hasQueryOption(call, 'refund_detail_item_list');
  const details = [{ amount, fund_channel: 'ALIPAYACCOUNT' }];
  return {
    ...numberFields(trade),
    ...buyerFields(trade),
    fund_change: fundChange,
    gmt_refund_pay: timeText(refund.refundedAtMs),
    refund_detail_item_list: isDetailed ? details : undefined,
    // Cumulative, not this refund's amount.
    refund_fee: yuan(refundedFen(trade)),
    send_back_fee: isDetailed ? amount : '0.00',
  };
}

/** Why a new refund cannot be made. */
function newRefundRefusal(
  trade: Trade,
  amountFen: number,
  isNumberGiven: boolean,
): BusinessRefusal | undefined {
  const byStatus = REFUSED_BY_STATUS[trade.status];
  if (byStatus !== undefined) return byStatus;
  const isPartial = amountFen !== trade.order.totalFen;
  const isTooMuch = amountFen > trade.order.totalFen - refundedFen(trade);
  return isTooMuch || (isPartial && !isNumberGiven) ? 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' : undefined;
}

export function refund(call: Call): MethodAnswer {
  const values = readContent(call, REFUND_RULES);
  const { trade_no: tradeNo, out_trade_no: outTradeNo } = values ?? {};
  const amountFen = parseYuan(values?.refund_amount);
  const echo = { out_trade_no: echoOf(call, 'out_trade_no') };
  if ((tradeNo ?? outTradeNo) === undefined || amountFen === undefined) {
    return refuseRefund('ACQ.INVALID_PARAMETER', echo);
  }
  const names = { tradeNo, outTradeNo };
  const trade = findNamedTrade(call.book, call.nowMs, call.app.scope, names);
  if (trade === undefined) return refuseRefund('ACQ.TRADE_NOT_EXIST', echo);
  const isNumberGiven = values?.out_request_no !== undefined;
  const outRequestNo = values?.out_request_no ?? trade.order.outTradeNo;
  const earlier = trade.refunds.find((made) => made.outRequestNo === outRequestNo);
  if (earlier !== undefined) {
    return earlier.amountFen === amountFen
      ? success(answerRefund(call, trade, earlier, 'N'))
      : refuseRefund('ACQ.DISCORDANT_REPEAT_REQUEST', numberFields(trade));
  }
  const refusal = newRefundRefusal(trade, amountFen, isNumberGiven);
  if (refusal !== undefined) return refuseRefund(refusal, numberFields(trade));
  const made: Refund = {
    outRequestNo,
    isNumberGiven,
    amountFen,
    refundedAtMs: call.nowMs,
    ...(values?.refund_reason === undefined ? {} : { reason: values.refund_reason }),
  };
  giveBack(call.book, trade, made, 'refund');
  return success(answerRefund(call, trade, made, 'Y'));
}
