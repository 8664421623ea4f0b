/**
 * Alipay's asynchronous notifications (protocol 5): which events make one, what it says, how it is
 * signed, and the schedule of attempts on the simulator's clock. Paid and refunded trades notify,
 * closed ones do not (protocol 5.4). Nothing is sent here: `takeDueNotifications` hands out
 * finished bodies, `../shell/notification-sender.ts` posts them.
 */
import { addNotification, nextSequence, remove, schedule, touch } from './book/book.ts';
import type { Book } from './book/book.ts';
import type { Notification, Refund, Trade } from './book/entities.ts';
import { randomBelow } from './book/random.ts';
import { WALLETS } from './buyers.ts';
import { charsetNamed, encodeText } from './wire/charset.ts';
import { yuan } from './wire/money.ts';
import { formText } from './wire/request.ts';
import { canonicalText, signBytes } from './wire/signing.ts';
import {
  dayDigits,
  HOUR_MS,
  MINUTE_MS,
  timeDigits,
  timeText,
  timeTextWithMs,
} from './wire/time.ts';

/**
 * Three attempts at once, then after 4m, 10m, 10m, 1h, 2h, 6h, 15h (protocol 5.5), counted from the
 * first.
 */
export const ATTEMPT_OFFSETS_MS: readonly number[] = [
  0,
  0,
  0,
  4 * MINUTE_MS,
  14 * MINUTE_MS,
  24 * MINUTE_MS,
  HOUR_MS + 24 * MINUTE_MS,
  3 * HOUR_MS + 24 * MINUTE_MS,
  9 * HOUR_MS + 24 * MINUTE_MS,
  24 * HOUR_MS + 24 * MINUTE_MS,
];

/** Payment codes 28…0012: every notification three times, from 3 s on. */
const UNRULY_COPIES_MS = [3000, 4000, 5000];

/** A notification to post now. Tell `notificationAnswered` what came of it. */
export type DueNotification = {
  id: string;
  notifyId: string;
  outTradeNo: string;
  tradeStatus: string;
  url: string;
  contentType: string;
  body: Buffer;
  /** 1 for the first. */
  attempt: number;
};

function commonFields(trade: Trade): Record<string, string> {
  const { order } = trade;
  const { userId, logonId } = WALLETS[trade.buyer];
  return {
    app_id: order.appId,
    auth_app_id: order.appId,
    ...(order.body === undefined ? {} : { body: order.body }),
    buyer_id: userId,
    buyer_logon_id: logonId,
    charset: order.notifyCharset,
    gmt_create: timeText(trade.createdAtMs),
    gmt_payment: timeText(trade.paidAtMs ?? trade.createdAtMs),
    notify_type: 'trade_status_sync',
    out_trade_no: order.outTradeNo,
    ...(order.passbackParams === undefined ? {} : { passback_params: order.passbackParams }),
    seller_id: order.sellerId,
    subject: order.subject,
    total_amount: yuan(order.totalFen),
    trade_no: trade.tradeNo,
    trade_status: trade.status,
    version: '1.0',
  };
}

/** 34 digits, `yyyyMMdd00222HHmmss…` (protocol 2, identifier formats). */
function newNotifyId(book: Book, nowMs: number): string {
  const sequence = String(nextSequence(book)).padStart(10, '0');
  const tail = String(randomBelow(book.random, 100_000)).padStart(5, '0');
  return `${dayDigits(nowMs)}00222${timeDigits(nowMs)}${sequence}${tail}`;
}

function addCopies(
  book: Book,
  trade: Trade,
  fields: Record<string, string>,
  nowMs: number,
  offsetsMs: readonly number[],
): void {
  const { notifyUrl, notifyCharset, signType } = trade.order;
  if (notifyUrl === undefined) return;
  const notifyId = newNotifyId(book, nowMs);
  for (const offsetMs of offsetsMs) {
    const sequence = nextSequence(book);
    addNotification(book, {
      id: `n${sequence}`,
      sequence,
      notifyId,
      tradeKey: trade.key,
      url: notifyUrl,
      charset: charsetNamed(notifyCharset) ?? 'GBK',
      signType,
      fields: { ...fields, notify_id: notifyId },
      firstDueMs: nowMs + offsetMs,
      attempts: 0,
      dueMs: nowMs + offsetMs,
    });
  }
}

/** Moves what is still to come of earlier events behind the last copy of a new one. */
function postponeEarlier(book: Book, trade: Trade, nowMs: number): void {
  const behindMs = nowMs + Math.max(...UNRULY_COPIES_MS) + 1;
  for (const notification of book.notification.values()) {
    if (notification.tradeKey !== trade.key || notification.dueMs >= behindMs) continue;
    notification.firstDueMs = behindMs;
    notification.dueMs = behindMs;
    schedule(book, 'notification', notification.id);
    touch(book, 'notification', notification.id);
  }
}

function notify(book: Book, nowMs: number, trade: Trade, fields: Record<string, string>): void {
  if (trade.isUnruly === true) postponeEarlier(book, trade, nowMs);
  addCopies(book, trade, fields, nowMs, trade.isUnruly === true ? UNRULY_COPIES_MS : [0]);
}

/** The buyer paid: `TRADE_SUCCESS` with the amounts (protocol 5.2). */
export function notifyPaid(book: Book, nowMs: number, trade: Trade): void {
  const amount = yuan(trade.order.totalFen);
  notify(book, nowMs, trade, {
    ...commonFields(trade),
    buyer_pay_amount: amount,
    // Camel case here, snake case in answers (protocol 5.2).
    fund_bill_list: JSON.stringify([{ amount, fundChannel: 'ALIPAYACCOUNT' }]),
    invoice_amount: amount,
    point_amount: '0.00',
    receipt_amount: amount,
  });
}

/**
 * Money went back: the refund fields instead of the amounts, `gmt_close` when the trade closed with
 * it.
 */
export function notifyRefunded(book: Book, nowMs: number, trade: Trade, refund: Refund): void {
  const refunded = trade.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0);
  notify(book, nowMs, trade, {
    ...commonFields(trade),
    gmt_refund: timeTextWithMs(nowMs),
    ...(trade.closedAtMs === undefined ? {} : { gmt_close: timeText(trade.closedAtMs) }),
    out_biz_no: refund.isNumberGiven ? refund.outRequestNo : trade.tradeNo,
    refund_fee: yuan(refunded),
  });
}

function signedBody(book: Book, notification: Notification, nowMs: number): Buffer {
  const { charset, signType } = notification;
  const params: [string, string][] = [
    ...Object.entries(notification.fields),
    ['notify_time', timeText(nowMs)],
    ['sign_type', signType],
  ];
  const text = canonicalText(params, ['sign', 'sign_type']);
  const sign = signBytes(encodeText(text, charset), signType, book.alipayKey);
  const encode = (value: string): Buffer => encodeText(value, charset);
  return Buffer.from(formText([...params, ['sign', sign]], encode), 'latin1');
}

/** Hands out a notification that is due; it stays out until `notificationAnswered`. */
export function takeNotification(
  book: Book,
  notification: Notification,
  nowMs: number,
): DueNotification {
  book.inFlight.add(notification.id);
  notification.attempts += 1;
  touch(book, 'notification', notification.id);
  return {
    id: notification.id,
    notifyId: notification.notifyId,
    outTradeNo: notification.fields['out_trade_no'] ?? '',
    tradeStatus: notification.fields['trade_status'] ?? '',
    url: notification.url,
    contentType: `application/x-www-form-urlencoded; charset=${notification.charset}`,
    body: signedBody(book, notification, nowMs),
    attempt: notification.attempts,
  };
}

/**
 * Ends a notification that was answered `success`, or puts its next attempt on the agenda; after
 * the last one it is given up.
 */
export function answerNotification(book: Book, id: string, isSuccess: boolean): void {
  book.inFlight.delete(id);
  const notification = book.notification.get(id);
  if (notification === undefined) return;
  const offsetMs = ATTEMPT_OFFSETS_MS[notification.attempts];
  if (isSuccess || offsetMs === undefined) {
    remove(book, 'notification', id);
    return;
  }
  notification.dueMs = notification.firstDueMs + offsetMs;
  schedule(book, 'notification', id);
  touch(book, 'notification', id);
}
