/**
 * A trade as the control API shows it, and the list of all of them: the simulator's own book, for
 * witnesses. It reads and changes nothing; the fields Alipay's answers show are in
 * `./methods/trade-fields.ts`.
 */
import type { Book } from './book/book.ts';
import type { Trade, TradeStatus } from './book/entities.ts';
import { allTrades, refundedFen } from './trades.ts';
import { yuan } from './wire/money.ts';

/** Amounts are yuan text. */
export type TradeView = {
  appId: string;
  outTradeNo: string;
  tradeNo: string;
  tradeStatus: TradeStatus;
  totalAmount: string;
  paidAmount: string;
  refundedAmount: string;
  /** A cancel that returned money stands here under the `outTradeNo`. */
  refunds: { outRequestNo: string; amount: string }[];
  /** How often money left a buyer for this trade. */
  chargeCount: number;
};

export function viewTrade(trade: Trade): TradeView {
  const { order } = trade;
  return {
    appId: order.appId,
    outTradeNo: order.outTradeNo,
    tradeNo: trade.tradeNo,
    tradeStatus: trade.status,
    totalAmount: yuan(order.totalFen),
    paidAmount: yuan(trade.paidAtMs === undefined ? 0 : order.totalFen),
    refundedAmount: yuan(refundedFen(trade)),
    refunds: trade.refunds.map(({ outRequestNo, amountFen }) => ({
      outRequestNo,
      amount: yuan(amountFen),
    })),
    chargeCount: trade.chargeCount,
  };
}

/**
 * Every trade in the book, oldest first. Time is not let pass: call `tick` before to see what is
 * due by then.
 */
export function viewTrades(book: Book, nowMs: number): TradeView[] {
  return allTrades(book, nowMs).map(viewTrade);
}
