/**
 * The simulator's book as a witness reads it: trades by their number, in fen, with what time and whom it took.
 */
import type { Book } from '../../simulator/simulator.ts';

export type BookTrade = {
  readonly outTradeNo: string;
  readonly appId: string;
  readonly status: string;
  readonly totalFen: number;
  readonly createdAtMs: number;
  readonly paidAtMs: number | undefined;
  readonly closedBy: string | undefined;
  readonly chargeCount: number;
  readonly refundedFen: number;
  /** Without what a cancel gave back. */
  readonly refunds: readonly BookRefund[];
};

export type BookRefund = {
  readonly requestNo: string;
  readonly amountFen: number;
  readonly atMs: number;
};

type Trade = Book['trade'] extends Map<string, infer T> ? T : never;

const SELLERS = ['2088212612254111', '2088212612254222'] as const;
export const [SELLER, OTHER_SELLER] = SELLERS;

export function tradeNamed(book: Book, outTradeNo: string): BookTrade | undefined {
  for (const seller of SELLERS) {
    const trade = book.trade.get(`${seller}/${outTradeNo}`);
    if (trade !== undefined) return view(trade);
  }
  return undefined;
}

export function allTrades(book: Book): readonly BookTrade[] {
  return [...book.trade.values()].map(view);
}

function view(trade: Trade): BookTrade {
  const { order } = trade;
  return {
    outTradeNo: order.outTradeNo,
    appId: order.appId,
    status: trade.status,
    totalFen: order.totalFen,
    createdAtMs: trade.createdAtMs,
    paidAtMs: trade.paidAtMs,
    closedBy: trade.closedBy,
    chargeCount: trade.chargeCount,
    refundedFen: trade.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0),
    refunds: trade.refunds
      .filter(({ isNumberGiven }) => isNumberGiven)
      .map(({ outRequestNo, amountFen, refundedAtMs }) => ({
        requestNo: outRequestNo,
        amountFen,
        atMs: refundedAtMs,
      })),
  };
}

/** Money that a guest gave and that did not all go back. */
export function keepsMoney(trade: BookTrade | undefined): boolean {
  return trade?.paidAtMs !== undefined && trade.refundedFen < trade.totalFen;
}
