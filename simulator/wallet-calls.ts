/**
 * What the wallet page (`./wallet/`) asks beyond the rest of the control API: what one buyer has, is asked to pay, paid and got
 * back; and a scan, a payment and a refusal whose outcome is said, because a person reads it. They go by Alipay's trade number,
 * which is one in all shops. Times are text in GMT+8 or a number of milliseconds from now: a page needs no clock of its own.
 */
import type { Book } from './book/book.ts';
import type { Buyer, Trade } from './book/entities.ts';
import { balanceFen, WALLETS } from './buyers.ts';
import { buyerIn, buyerRule, fail, ok, text, textAt } from './control-rules.ts';
import type { ControlAnswer, Route, Visit } from './control-rules.ts';
import { scan } from './methods/precreate.ts';
import { PAYMENT_CODE } from './magic-codes.ts';
import { allTrades, chargeBuyer, closeTrade, findTrade, refundedFen } from './trades.ts';
import { yuan } from './wire/money.ts';
import { timeText } from './wire/time.ts';

/** The newest that wait; a demonstration that left more behind is not looked through. */
const WAITING_MAX = 20;
const PAGE_DEFAULT = 20;

/** A trade as its buyer sees it. Amounts are yuan text. */
export type WalletTrade = {
  tradeNo: string;
  outTradeNo: string;
  /** Alipay's number of the shop, and the branch if the order names one. */
  shop: string;
  storeId?: string;
  subject: string;
  amount: string;
  refundedAmount: string;
  status: Trade['status'];
  closedBy?: NonNullable<Trade['closedBy']>;
  /** Of one that waits. */
  expiresInMs?: number;
};

/** What a payment code on the screen has come to. */
export type ShownCode = {
  authCode: string;
  state: 'fresh' | 'used' | 'expired';
  expiresInMs: number;
  /** What it was used for; a shop that was refused leaves none. */
  trade?: WalletTrade;
};

export type WalletState = {
  buyer: Buyer;
  account: string;
  balance: string;
  /** Newest first. */
  waiting: WalletTrade[];
  code?: ShownCode;
};

export type ScanOutcome = 'asked' | 'unknown' | 'expired' | 'paid' | 'closed' | 'taken';
export type Scanned = { outcome: ScanOutcome; trade?: WalletTrade };

export type ActOutcome = 'paid' | 'declined' | 'already_paid' | 'closed' | 'no_balance';
export type Acted = { outcome: ActOutcome; trade: WalletTrade };

export type HistoryEntry = {
  /** Good as `before`, to read on from here. */
  cursor: string;
  kind: 'payment' | 'refund';
  at: string;
  amount: string;
  reason?: string;
  trade: WalletTrade;
};
export type History = { entries: HistoryEntry[]; hasMore: boolean };

function viewOf(nowMs: number, trade: Trade): WalletTrade {
  const { order, status, closedBy, expiresAtMs } = trade;
  return {
    tradeNo: trade.tradeNo,
    outTradeNo: order.outTradeNo,
    shop: order.sellerId,
    ...(order.storeId === undefined ? {} : { storeId: order.storeId }),
    subject: order.subject,
    amount: yuan(order.totalFen),
    refundedAmount: yuan(refundedFen(trade)),
    status,
    ...(closedBy === undefined ? {} : { closedBy }),
    ...(status === 'WAIT_BUYER_PAY' ? { expiresInMs: Math.max(0, expiresAtMs - nowMs) } : {}),
  };
}

function tradesOf({ book, nowMs }: Visit, buyer: Buyer): Trade[] {
  return allTrades(book, nowMs).filter((trade) => trade.buyer === buyer);
}

const queryOf = ({ query }: Visit): Record<string, string> => Object.fromEntries(query);

function shownCode(book: Book, nowMs: number, authCode: string): ShownCode | undefined {
  const code = book.paymentCode.get(authCode);
  if (code === undefined) return undefined;
  const expiresInMs = Math.max(0, (code.expiresAtMs ?? nowMs) - nowMs);
  if (code.orderKey === undefined) {
    return { authCode, state: expiresInMs === 0 ? 'expired' : 'fresh', expiresInMs };
  }
  const trade = findTrade(book, nowMs, code.orderKey);
  return {
    authCode,
    state: 'used',
    expiresInMs,
    ...(trade && { trade: viewOf(nowMs, trade) }),
  };
}

function showWallet(visit: Visit): ControlAnswer {
  const { book, nowMs } = visit;
  const query = queryOf(visit);
  const buyer = buyerIn(query);
  const trades = tradesOf(visit, buyer);
  const spentFen = trades.reduce(
    (sum, trade) =>
      trade.paidAtMs === undefined ? sum : sum + trade.order.totalFen - refundedFen(trade),
    0,
  );
  const waiting = trades.filter(({ status }) => status === 'WAIT_BUYER_PAY').toReversed();
  const authCode = query['authCode'];
  const code = authCode === undefined ? undefined : shownCode(book, nowMs, authCode);
  const state: WalletState = {
    buyer,
    account: WALLETS[buyer].logonId,
    balance: yuan(balanceFen(buyer, spentFen)),
    waiting: waiting.slice(0, WAITING_MAX).map((trade) => viewOf(nowMs, trade)),
    ...(code === undefined ? {} : { code }),
  };
  return ok(state);
}

/** When it was, the trade's place in the book, and which of its movements: newest first in this order. */
type Place = readonly [atMs: number, sequence: number, movement: number];
type Movement = { place: Place; entry: HistoryEntry };

const isBefore = (a: Place, b: Place): boolean => {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index >= 0 && (a[index] ?? 0) < (b[index] ?? 0);
};

function movementsOf(nowMs: number, trade: Trade): Movement[] {
  const { paidAtMs, sequence, order } = trade;
  if (paidAtMs === undefined) return [];
  const made = (
    kind: HistoryEntry['kind'],
    atMs: number,
    movement: number,
    amountFen: number,
    reason?: string,
  ): Movement => ({
    place: [atMs, sequence, movement],
    entry: {
      cursor: `${atMs}-${sequence}-${movement}`,
      kind,
      at: timeText(atMs),
      amount: yuan(amountFen),
      ...(reason === undefined ? {} : { reason }),
      trade: viewOf(nowMs, trade),
    },
  });
  return [
    made('payment', paidAtMs, 0, order.totalFen),
    ...trade.refunds.map(({ refundedAtMs, amountFen, reason }, index) =>
      made('refund', refundedAtMs, index + 1, amountFen, reason),
    ),
  ];
}

function placeIn(cursor: string): Place {
  const [atMs = 0, sequence = 0, movement = 0] = cursor.split('-').map(Number);
  return [atMs, sequence, movement];
}

function showHistory(visit: Visit): ControlAnswer {
  const query = queryOf(visit);
  const before = query['before'];
  const limit = Number(query['limit'] ?? PAGE_DEFAULT);
  const movements = tradesOf(visit, buyerIn(query))
    .flatMap((trade) => movementsOf(visit.nowMs, trade))
    .filter(({ place }) => before === undefined || isBefore(place, placeIn(before)))
    .toSorted((a, b) => (isBefore(a.place, b.place) ? 1 : -1));
  const history: History = {
    entries: movements.slice(0, limit).map(({ entry }) => entry),
    hasMore: movements.length > limit,
  };
  return ok(history);
}

/** Why a code that is known opens no trade for this buyer. */
function refusedScan(nowMs: number, trade: Trade, buyer: Buyer): Scanned {
  if (trade.buyer !== buyer) return { outcome: 'taken' };
  const outcome =
    trade.status === 'WAIT_BUYER_PAY'
      ? // The shop asks something else for the same order by now.
        'expired'
      : trade.status === 'TRADE_CLOSED'
        ? 'closed'
        : 'paid';
  return { outcome, trade: viewOf(nowMs, trade) };
}

function scanAsBuyer({ book, nowMs, body }: Visit): ControlAnswer {
  const buyer = buyerIn(body);
  const code = textAt(body, 'qrCode') ?? '';
  const qr = book.qrCode.get(code);
  const scanned = scan(book, nowMs, code, buyer);
  const trade = qr && findTrade(book, nowMs, qr.orderKey);
  const said: Scanned =
    'trade' in scanned
      ? { outcome: 'asked', trade: viewOf(nowMs, scanned.trade) }
      : trade !== undefined
        ? refusedScan(nowMs, trade, buyer)
        : { outcome: qr === undefined ? 'unknown' : 'expired' };
  return ok(said);
}

function namedTrade({ book, nowMs, name }: Visit): Trade | undefined {
  return findTrade(book, nowMs, book.tradeNos.get(name) ?? '');
}

const noSuchTrade = (): ControlAnswer => fail(404, 'no trade has this number');

function showTrade(visit: Visit): ControlAnswer {
  const trade = namedTrade(visit);
  return trade === undefined ? noSuchTrade() : ok({ trade: viewOf(visit.nowMs, trade) });
}

function onTrade(visit: Visit, act: (trade: Trade) => ActOutcome): ControlAnswer {
  const { nowMs } = visit;
  const trade = namedTrade(visit);
  if (trade === undefined) return noSuchTrade();
  const outcome =
    trade.status === 'WAIT_BUYER_PAY'
      ? act(trade)
      : trade.status === 'TRADE_CLOSED'
        ? 'closed'
        : 'already_paid';
  const acted: Acted = { outcome, trade: viewOf(nowMs, trade) };
  return ok(acted);
}

const payAsBuyer = (visit: Visit): ControlAnswer =>
  onTrade(visit, (trade) => {
    if (!WALLETS[trade.buyer].canPay) return 'no_balance';
    chargeBuyer(visit.book, visit.nowMs, trade);
    return 'paid';
  });

const declineAsBuyer = (visit: Visit): ControlAnswer =>
  onTrade(visit, (trade) => {
    closeTrade(visit.book, visit.nowMs, trade, 'buyer');
    return 'declined';
  });

const qrCodeRule = {
  check: text(/^\S{1,1024}$/, 'must be the text of a QR code'),
  required: true,
} as const;

export const WALLET_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/simulator\/wallet$/,
    rules: {},
    query: {
      buyer: buyerRule,
      authCode: { check: text(PAYMENT_CODE, 'must be a payment code') },
    },
    run: showWallet,
  },
  {
    method: 'GET',
    path: /^\/simulator\/wallet\/history$/,
    rules: {},
    query: {
      buyer: buyerRule,
      before: { check: text(/^\d{1,16}-\d{1,16}-\d{1,6}$/, 'must be the cursor of an entry') },
      limit: { check: text(/^(?:[1-9]\d?|100)$/, 'must be a whole number from 1 to 100') },
    },
    run: showHistory,
  },
  {
    method: 'POST',
    path: /^\/simulator\/wallet\/scan$/,
    rules: { qrCode: qrCodeRule, buyer: buyerRule },
    run: scanAsBuyer,
  },
  {
    method: 'GET',
    path: /^\/simulator\/wallet\/trades\/([^/]+)$/,
    rules: {},
    run: showTrade,
  },
  {
    method: 'POST',
    path: /^\/simulator\/wallet\/trades\/([^/]+)\/pay$/,
    rules: {},
    run: payAsBuyer,
  },
  {
    method: 'POST',
    path: /^\/simulator\/wallet\/trades\/([^/]+)\/decline$/,
    rules: {},
    run: declineAsBuyer,
  },
];
