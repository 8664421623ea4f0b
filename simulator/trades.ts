/**
 * The state machine of Alipay's trades (protocol 4.1): create, charge, close, give back, and what
 * time does by itself. The only file that changes a trade. It answers nobody; the methods decide
 * when to call it and what to say.
 */
import { addTrade, nextSequence, schedule, touch } from './book/book.ts';
import type { Book } from './book/book.ts';
import type { Buyer, Order, Refund, Trade } from './book/entities.ts';
import { randomBelow } from './book/random.ts';
import { notifyPaid, notifyRefunded } from './notifications.ts';
import { addMonths, DAY_MS, dayDigits, HOUR_MS, timeoutEnd } from './wire/time.ts';

/** Without a timeout of its own a face-to-face trade closes after 3 h (protocol 4.2). */
const TIMEOUT_DEFAULT_MS = 3 * HOUR_MS;
export const CANCEL_WINDOW_MS = DAY_MS;
const REFUND_WINDOW_MONTHS = 12;

/** Scope and number: the same `out_trade_no` of two sellers is two orders (protocol 4.7). */
export function orderKey(scope: string, outTradeNo: string): string {
  return `${scope}/${outTradeNo}`;
}

/** 28 digits, `yyyyMMdd22001…`; the sequence in the middle makes it unique. */
function newTradeNo(book: Book, nowMs: number, sequence: number): string {
  const tail = String(randomBelow(book.random, 100_000)).padStart(5, '0');
  return `${dayDigits(nowMs)}22001${String(sequence).padStart(10, '0')}${tail}`;
}

export function createTrade(book: Book, nowMs: number, order: Order, buyer: Buyer): Trade {
  const sequence = nextSequence(book);
  const expiresAtMs =
    order.timeExpireMs ??
    timeoutEnd(order.timeoutExpress ?? '', nowMs) ??
    nowMs + TIMEOUT_DEFAULT_MS;
  const trade: Trade = {
    key: order.key,
    order,
    sequence,
    tradeNo: newTradeNo(book, nowMs, sequence),
    status: 'WAIT_BUYER_PAY',
    buyer,
    createdAtMs: nowMs,
    expiresAtMs,
    refunds: [],
    chargeCount: 0,
    dueMs: expiresAtMs,
  };
  addTrade(book, trade);
  return trade;
}

/**
 * Sets when time next does something to the trade: the buyer's plan or the timeout, whichever is
 * first.
 */
function reschedule(book: Book, trade: Trade): void {
  delete trade.dueMs;
  if (trade.status === 'WAIT_BUYER_PAY') {
    trade.dueMs = Math.min(trade.expiresAtMs, trade.plan?.atMs ?? Infinity);
    schedule(book, 'trade', trade.key);
  }
  touch(book, 'trade', trade.key);
}

/** What the buyer will do by himself; nothing, if undefined. */
export function planBuyer(book: Book, trade: Trade, plan: Trade['plan']): void {
  delete trade.plan;
  if (plan !== undefined) trade.plan = plan;
  reschedule(book, trade);
}

/**
 * Money leaves the buyer. The caller has made sure that the trade is open; the count would tell if
 * it had not.
 */
export function chargeBuyer(book: Book, nowMs: number, trade: Trade): void {
  trade.status = 'TRADE_SUCCESS';
  trade.paidAtMs = nowMs;
  trade.chargeCount += 1;
  delete trade.plan;
  reschedule(book, trade);
  notifyPaid(book, nowMs, trade);
}

/** An open trade ends unpaid. */
export function closeTrade(
  book: Book,
  nowMs: number,
  trade: Trade,
  closedBy: NonNullable<Trade['closedBy']>,
): void {
  trade.status = 'TRADE_CLOSED';
  trade.closedAtMs = nowMs;
  trade.closedBy = closedBy;
  delete trade.plan;
  reschedule(book, trade);
}

export function refundedFen(trade: Trade): number {
  return trade.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0);
}

/** Money goes back; a trade that is wholly given back closes (protocol 4.1). */
export function giveBack(
  book: Book,
  trade: Trade,
  refund: Refund,
  closedBy: 'refund' | 'cancel',
): void {
  trade.refunds.push(refund);
  if (refundedFen(trade) >= trade.order.totalFen) {
    closeTrade(book, refund.refundedAtMs, trade, closedBy);
  }
  touch(book, 'trade', trade.key);
  notifyRefunded(book, refund.refundedAtMs, trade, refund);
}

/** What time does to a trade when it is due: the buyer acts, or it times out. */
export function tradeIsDue(book: Book, trade: Trade, dueMs: number): void {
  if (trade.status !== 'WAIT_BUYER_PAY') return;
  if (trade.plan === undefined || trade.plan.atMs > dueMs) {
    closeTrade(book, dueMs, trade, 'timeout');
  } else if (trade.plan.act === 'pay') {
    chargeBuyer(book, dueMs, trade);
  } else {
    closeTrade(book, dueMs, trade, 'buyer');
  }
}

/**
 * The trade as it is now. Finishing after 12 months (protocol 4.2) is worked out on reading,
 * because nothing else happens then and a year of agenda entries would outlive the trades.
 */
function upToDate(book: Book, trade: Trade | undefined, nowMs: number): Trade | undefined {
  const paidAtMs = trade?.status === 'TRADE_SUCCESS' ? trade.paidAtMs : undefined;
  if (trade === undefined || paidAtMs === undefined) return trade;
  if (nowMs >= addMonths(paidAtMs, REFUND_WINDOW_MONTHS)) {
    trade.status = 'TRADE_FINISHED';
    touch(book, 'trade', trade.key);
  }
  return trade;
}

export function findTrade(book: Book, nowMs: number, key: string): Trade | undefined {
  return upToDate(book, book.trade.get(key), nowMs);
}

/** The trade a request names; `trade_no` wins over `out_trade_no` (protocol 2.3). */
export function findNamedTrade(
  book: Book,
  nowMs: number,
  scope: string,
  names: { tradeNo: string | undefined; outTradeNo: string | undefined },
): Trade | undefined {
  if (names.tradeNo === undefined) {
    return findTrade(book, nowMs, orderKey(scope, names.outTradeNo ?? ''));
  }
  const trade = findTrade(book, nowMs, book.tradeNos.get(names.tradeNo) ?? '');
  return trade?.order.scope === scope ? trade : undefined;
}

/** Every trade, oldest first. */
export function allTrades(book: Book, nowMs: number): Trade[] {
  return [...book.trade.values()].flatMap((trade) => upToDate(book, trade, nowMs) ?? []);
}
