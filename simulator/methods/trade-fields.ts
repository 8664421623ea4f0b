/**
 * The fields with which Alipay describes a trade in its answers (protocol 2.2, 2.3): amounts,
 * buyer, payment. A trade that was paid keeps its amounts and `send_pay_date` after it was given
 * back, which tells it from one that was never paid.
 */
import type { Trade } from '../book/entities.ts';
import { WALLETS } from '../buyers.ts';
import type { Fields } from '../wire/envelope.ts';
import { yuan } from '../wire/money.ts';
import { timeText } from '../wire/time.ts';

/**
 * Zero amounts stand in every answer about money that has not moved, refusals too (protocol 2.2).
 */
export const ZERO_AMOUNTS = {
  buyer_pay_amount: '0.00',
  invoice_amount: '0.00',
  point_amount: '0.00',
  receipt_amount: '0.00',
} as const satisfies Fields;

export function amountFields(trade: Trade): Fields {
  if (trade.paidAtMs === undefined) return ZERO_AMOUNTS;
  const amount = yuan(trade.order.totalFen);
  return {
    buyer_pay_amount: amount,
    fund_bill_list: [{ amount, fund_channel: 'ALIPAYACCOUNT' }],
    invoice_amount: amount,
    point_amount: '0.00',
    receipt_amount: amount,
  };
}

export function buyerFields(trade: Trade): Fields {
  const { logonId, userId } = WALLETS[trade.buyer];
  return { buyer_logon_id: logonId, buyer_user_id: userId };
}

export function numberFields(trade: Trade): Fields {
  return { out_trade_no: trade.order.outTradeNo, trade_no: trade.tradeNo };
}

/** Answer of `alipay.trade.pay`. */
export function payFields(trade: Trade): Fields {
  return {
    ...numberFields(trade),
    ...buyerFields(trade),
    ...amountFields(trade),
    gmt_payment: trade.paidAtMs === undefined ? undefined : timeText(trade.paidAtMs),
    total_amount: yuan(trade.order.totalFen),
  };
}

/** Answer of `alipay.trade.query`. */
export function queryFields(trade: Trade): Fields {
  return {
    ...numberFields(trade),
    ...buyerFields(trade),
    ...amountFields(trade),
    send_pay_date: trade.paidAtMs === undefined ? undefined : timeText(trade.paidAtMs),
    store_id: trade.order.storeId,
    terminal_id: trade.order.terminalId,
    total_amount: yuan(trade.order.totalFen),
    trade_status: trade.status,
  };
}
