/**
 * What a person is told after a scan, a payment, a refusal, or when a payment ended without them: the kind of notice, by what the
 * simulator said. Each kind has its words in `./words.ts`; nothing is shown here.
 */
import type { Acted, Scanned, ScanOutcome, ShownCode, WalletTrade } from '../wallet-calls.ts';

export type NoticeKind =
  | 'paid'
  | 'already_paid'
  | 'declined'
  | 'too_late'
  | 'closed_by_shop'
  | 'returned'
  | 'no_balance'
  | 'unknown_code'
  | 'expired_code'
  | 'taken_code'
  | 'in_doubt';

export type Notice = { kind: NoticeKind; trade?: WalletTrade };

const BY_CLOSING = {
  timeout: 'too_late',
  close: 'closed_by_shop',
  cancel: 'closed_by_shop',
  refund: 'returned',
  buyer: 'declined',
} as const satisfies Record<NonNullable<WalletTrade['closedBy']>, NoticeKind>;

/** What became of a trade; undefined while it still waits. */
export function noticeOfTrade(trade: WalletTrade): Notice | undefined {
  if (trade.status === 'WAIT_BUYER_PAY') return undefined;
  if (trade.status !== 'TRADE_CLOSED') return { kind: 'paid', trade };
  // Cancelled after it was paid: the buyer wants to know that the money is back.
  if (trade.refundedAmount !== '0.00') return { kind: 'returned', trade };
  return { kind: BY_CLOSING[trade.closedBy ?? 'close'], trade };
}

export function noticeOfAct({ outcome, trade }: Acted): Notice {
  if (outcome === 'closed') return noticeOfTrade(trade) ?? { kind: 'closed_by_shop', trade };
  return { kind: outcome, trade };
}

const BY_SCAN = {
  asked: undefined,
  paid: 'already_paid',
  closed: 'closed_by_shop',
  unknown: 'unknown_code',
  expired: 'expired_code',
  taken: 'taken_code',
} as const satisfies Record<ScanOutcome, NoticeKind | undefined>;

/** Undefined when the scan opened a payment, and the person is asked to confirm it. */
export function noticeOfScan({ outcome, trade }: Scanned): Notice | undefined {
  const kind = BY_SCAN[outcome];
  if (kind === undefined || trade === undefined) return kind && { kind };
  // Who closed it is in the trade.
  const closing = outcome === 'closed' ? noticeOfTrade(trade) : undefined;
  return closing ?? { kind, trade };
}

/** Of a payment code that a shop has used; undefined while the buyer is being asked. */
export function noticeOfCode({ trade }: ShownCode): Notice | undefined {
  // The shop charged it, and no trade came of it: the simulator refuses no other code of its own.
  return trade === undefined ? { kind: 'no_balance' } : noticeOfTrade(trade);
}
