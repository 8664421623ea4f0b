/**
 * `alipay.trade.precreate` and the scan that follows: a QR code first, a trade only when a buyer
 * scans it (protocol 2.1, 4.3). Until then every other method says that the trade does not exist.
 */
import { addQrCode, nextSequence, touch } from '../book/book.ts';
import type { Book } from '../book/book.ts';
import type { Buyer, Order, QrCode, Trade } from '../book/entities.ts';
import { randomText } from '../book/random.ts';
import { createTrade, findTrade } from '../trades.ts';
import type { BusinessRefusal } from '../wire/codes.ts';
import { HOUR_MS, timeoutEnd } from '../wire/time.ts';
import { echoOf, readContent, refused, success } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';
import { isSameOrder, readOrder } from './order.ts';

/**
 * `QR_CODE_OFFLINE` is 订单码支付; which one a shop needs depends on its contract (protocol 2.1), so
 * both are sold here.
 */
const PRODUCTS = ['FACE_TO_FACE_PAYMENT', 'QR_CODE_OFFLINE', 'OFFLINE_PAYMENT'];

const QR_RULES = { qr_code_timeout_express: { max: 6 } } as const;

/** However long its timeouts, a QR code dies after 2 h (protocol 4.2). */
const QR_LIFE_MS = 2 * HOUR_MS;
/** About twenty repeats are reported to be allowed (protocol 2.1). */
const REPEATS_MAX = 20;
const QR_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Alipay words some refusals of this method for the page, not for the cashier (protocol 3.3). */
const WORDS: Partial<Record<BusinessRefusal, string>> = {
  'ACQ.CONTEXT_INCONSISTENT': '交易信息被篡改',
};

function refusePrecreate(call: Call, refusal: BusinessRefusal): MethodAnswer {
  return refused(refusal, { out_trade_no: echoOf(call, 'out_trade_no') }, WORDS[refusal]);
}

function liveQr(book: Book, key: string, nowMs: number): QrCode | undefined {
  const qr = book.qrCode.get(book.qrOfOrder.get(key) ?? '');
  return qr !== undefined && qr.expiresAtMs > nowMs ? qr : undefined;
}

/** The order behind a QR code that can still be scanned. */
export function liveQrOrder(book: Book, key: string, nowMs: number): Order | undefined {
  return liveQr(book, key, nowMs)?.order;
}

function newQrCode(call: Call, order: Order, timeout: string | undefined, count: number): QrCode {
  const { book, nowMs } = call;
  const sequence = nextSequence(book);
  const qr: QrCode = {
    code: `https://qr.alipay.com/bax${randomText(book.random, 17, QR_ALPHABET)}`,
    orderKey: order.key,
    order,
    sequence,
    expiresAtMs: Math.min(
      nowMs + QR_LIFE_MS,
      timeoutEnd(timeout ?? '', nowMs) ?? Infinity,
      order.timeExpireMs ?? Infinity,
    ),
    count,
  };
  addQrCode(book, qr, nowMs);
  return qr;
}

const REFUSED_BY_STATUS = {
  WAIT_BUYER_PAY: undefined,
  TRADE_SUCCESS: 'ACQ.TRADE_HAS_SUCCESS',
  TRADE_FINISHED: 'ACQ.TRADE_HAS_SUCCESS',
  TRADE_CLOSED: 'ACQ.TRADE_HAS_CLOSE',
} as const satisfies Record<Trade['status'], BusinessRefusal | undefined>;

export function precreate(call: Call): MethodAnswer {
  const read = readOrder(call, PRODUCTS);
  if ('refusal' in read) return refusePrecreate(call, read.refusal);
  const timeout = readContent(call, QR_RULES)?.qr_code_timeout_express;
  const isTimeoutWrong = timeout !== undefined && timeoutEnd(timeout, 0) === undefined;
  if (isTimeoutWrong || readContent(call, QR_RULES) === undefined) {
    return refusePrecreate(call, 'ACQ.INVALID_PARAMETER');
  }
  const { order } = read;
  const trade = findTrade(call.book, call.nowMs, order.key);
  if (trade !== undefined && !isSameOrder(trade.order, order)) {
    return refusePrecreate(call, 'ACQ.CONTEXT_INCONSISTENT');
  }
  const refusal = trade === undefined ? undefined : REFUSED_BY_STATUS[trade.status];
  if (refusal !== undefined) return refusePrecreate(call, refusal);
  const earlier = liveQr(call.book, order.key, call.nowMs);
  const count = (earlier?.count ?? 0) + 1;
  if (count > REPEATS_MAX) return refusePrecreate(call, 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR');
  if (earlier !== undefined && isSameOrder(earlier.order, order)) {
    earlier.count = count;
    touch(call.book, 'qrCode', earlier.code);
    return success({ out_trade_no: order.outTradeNo, qr_code: earlier.code });
  }
  const qr = newQrCode(call, order, timeout, count);
  return success({ out_trade_no: order.outTradeNo, qr_code: qr.code });
}

/** A buyer scans a code: the trade exists from now on. One code, one payer (protocol 2.1). */
export function scan(
  book: Book,
  nowMs: number,
  code: string,
  buyer: Buyer,
): { trade: Trade } | { problem: 'unknown' | 'not_open' } {
  const qr = book.qrCode.get(code);
  if (qr === undefined) return { problem: 'unknown' };
  const trade = findTrade(book, nowMs, qr.orderKey);
  if (trade !== undefined) {
    const isHis =
      trade.status === 'WAIT_BUYER_PAY' &&
      trade.buyer === buyer &&
      isSameOrder(trade.order, qr.order);
    return isHis ? { trade } : { problem: 'not_open' };
  }
  if (qr.expiresAtMs <= nowMs) return { problem: 'unknown' };
  return { trade: createTrade(book, nowMs, qr.order, buyer) };
}
