/**
 * The payment state machine: which evidence from Alipay moves a payment where.
 * Its input is facts (what a verified answer taught us), never requests: a timeout, a 20000 or a bad signature is not a
 * fact and has no member here, so no code can conclude "failed" from silence. What a fact does to a payment beyond its
 * state is decided in `decide-payment.ts`, when to ask next in `schedule.ts`.
 */
import type { Fen } from './money.ts';

export const PAYMENT_STATES = [
  /** The intent is stored; whether Alipay knows of it is unknown. */
  'created',
  /** The QR code is out, or the buyer has to confirm. Nobody has paid. */
  'awaiting_buyer',
  'paid',
  /** Alipay refused; nothing was charged. Final for the till; looked at once more in the background. */
  'declined',
  /** Ended unpaid. */
  'closed',
  /** Was paid, and all of the money went back by a cancel. */
  'reversed',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

export const PAYMENT_FACTS = [
  /** Verified 10000 of a pay call, or a query that says TRADE_SUCCESS or TRADE_FINISHED. */
  'paid',
  /** The trade exists and is unpaid: 10003, or WAIT_BUYER_PAY. */
  'waiting',
  /** A precreate gave a QR code. No trade exists until somebody scans it. */
  'qr_issued',
  /** Alipay refused the pay or precreate call for certain: this call charged nothing. */
  'refused',
  /** Alipay knows no such trade at this moment. Before a scan, or while a call is under way, that proves nothing. */
  'absent',
  /** Alipay knows no such trade, and none can come into being any more (`isGone` below). */
  'gone',
  /** A cancel found no trade. */
  'cancel_found_nothing',
  /** The trade of this number is somebody else's: another amount, or paid before this payment was begun. */
  'foreign',
  /** TRADE_CLOSED of a trade that never was paid; a close; a cancel with action `close`. */
  'closed_unpaid',
  /** TRADE_CLOSED of a trade that had been paid: all of it went back. */
  'closed_refunded',
  /** A cancel with action `refund`: it was paid, and the cancel gave the money back. */
  'cancel_refunded',
] as const;
export type PaymentFact = (typeof PAYMENT_FACTS)[number];

/** What a till and a merchant's books need to know of one payment. Amounts in fen, times in epoch milliseconds. */
export type Payment = {
  readonly merchantId: number;
  /** Our number of the payment and Alipay's `out_trade_no`. */
  readonly paymentNo: string;
  /** The merchant's own number of the charge (v1 `localNo`); null for a trade adopted from an older system. */
  readonly localNo: string | null;
  /** 1 for the first charge under this `localNo`, 2 for the next after that one ended unpaid, and so on. */
  readonly attempt: number;
  readonly method: 'barcode' | 'qr';
  readonly amountFen: Fen;
  readonly state: PaymentState;
  readonly version: number;
  readonly subject: string;
  readonly body: string | null;
  readonly operatorId: string | null;
  readonly storeId: string | null;
  /** A hash of the payment code, to recognise the same call again; null for a QR payment. */
  readonly authCodeHash: string | null;
  /** Which Alipay app and key the trade began with; they may differ from the merchant's of today. */
  readonly appOwner: string;
  readonly appId: string;
  readonly keyId: number;
  /** The merchant's authorisation that it began under; null without one. */
  readonly authorizationId: number | null;
  readonly sellerId: string;
  readonly alipayTradeNo: string | null;
  /** The QR text of a QR payment once it was issued. */
  readonly qrCode: string | null;
  /** Alipay's answer that the till is shown, word by word, and the method that gave it. */
  readonly answer: string | null;
  readonly answerMethod: AnswerMethod | null;
  readonly refundedFen: number;
  /** The sum of refunds that are asked for and not settled. */
  readonly refundingFen: number;
  /** No refund of this payment may be sent to Alipay before this moment: one at a time, three seconds apart. */
  readonly refundNotBeforeMs: number;
  readonly createdAtMs: number;
  /** When an open payment is cancelled (barcode) or closed (QR). */
  readonly deadlineAtMs: number;
  /** When Alipay stops honouring the QR code; equals the deadline for a barcode payment. */
  readonly diesAtMs: number;
  readonly paidAtMs: number | null;
  /** When the row must be looked at again; null when nothing is left to do. Also the lease of who looks at it now. */
  readonly dueAtMs: number | null;
  /** When the last query that Alipay answered about an existing or absent trade was asked; null before the first. */
  readonly heardAtMs: number | null;
  /** What Alipay last said of the trade: drives the next step past the deadline. */
  readonly tradeSeen: TradeSeen;
  /** When a cancel first found no trade; null before that. */
  readonly cancelFoundNothingAtMs: number | null;
  /** Questions in a row that got no verified answer. */
  readonly asksInVain: number;
  /** A cancel is on its way since then: whatever is heard meanwhile may be older than what it does. */
  readonly cancelSentAtMs: number | null;
  /**
   * Cancels and closes that may still be carried out: they got no verified answer, or found nothing before the money came,
   * and the line may carry them twice.
   */
  readonly endingsInVain: number;
  /** Money came after the till was told that it would not. */
  readonly isLate: boolean;
  /** True once the first call to Alipay has ended, with or without an answer. */
  readonly firstCallEnded: boolean;
  /** JSON of what the merchant noted on it; null where nobody noted anything. */
  readonly metadata: string | null;
  /** Who asked for it over v2, `key_…` or `user_…`, and his name then; null where nobody is known. */
  readonly createdBy: string | null;
  readonly createdByName: string | null;
};

/**
 * Money that came too late for the till, all of which goes back or went back: the till sells the bill anew, and must not
 * hear "paid" of this one.
 */
export function isGivenBackLate(
  payment: Pick<Payment, 'isLate' | 'amountFen' | 'refundedFen' | 'refundingFen'>,
): boolean {
  return payment.isLate && payment.refundedFen + payment.refundingFen === payment.amountFen;
}

/**
 * The state that a merchant sees: the payment's own, but for money that came too late and goes back by itself. Whoever was told
 * "paid" of that would hand goods out for it.
 */
export function shownState(
  payment: Pick<Payment, 'state' | 'isLate' | 'amountFen' | 'refundedFen' | 'refundingFen'>,
): PaymentState {
  return payment.state === 'paid' && isGivenBackLate(payment) ? 'reversed' : payment.state;
}

/** What every payment begins with, before Alipay has said anything about it. */
export const UNTOUCHED_PAYMENT = {
  version: 1,
  state: 'created',
  alipayTradeNo: null,
  qrCode: null,
  answer: null,
  answerMethod: null,
  refundedFen: 0,
  refundingFen: 0,
  refundNotBeforeMs: 0,
  paidAtMs: null,
  heardAtMs: null,
  cancelSentAtMs: null,
  endingsInVain: 0,
  isLate: false,
  tradeSeen: 'never_asked',
  cancelFoundNothingAtMs: null,
  asksInVain: 0,
  firstCallEnded: false,
  metadata: null,
  createdBy: null,
  createdByName: null,
} as const satisfies Partial<Payment>;

export type TradeSeen = 'never_asked' | 'absent' | 'open' | 'ended' | 'foreign' | 'disputed';
export type AnswerMethod = 'pay' | 'query' | 'precreate';

/** Where a fact moves a payment: a state, or nowhere, or nowhere and a person must look. */
export type Cell = PaymentState | 'same' | 'incident';

/**
 * The total table. A new state or fact does not compile until each of its cells is decided.
 * `paid` is the strongest evidence: nothing but money going back takes a payment out of it.
 */
export const PAYMENT_TABLE = {
  created: {
    paid: 'paid',
    waiting: 'awaiting_buyer',
    qr_issued: 'awaiting_buyer',
    refused: 'declined',
    absent: 'same',
    gone: 'closed',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'closed',
    closed_refunded: 'reversed',
    cancel_refunded: 'reversed',
  },
  awaiting_buyer: {
    paid: 'paid',
    waiting: 'same',
    qr_issued: 'same',
    // A check saw the open trade before the refusal of the pay call arrived: the trade decides, so ask again.
    refused: 'same',
    absent: 'same',
    gone: 'closed',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'closed',
    closed_refunded: 'reversed',
    cancel_refunded: 'reversed',
  },
  paid: {
    paid: 'same',
    waiting: 'same',
    qr_issued: 'same',
    refused: 'same',
    absent: 'same',
    gone: 'same',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'incident',
    // All of it refunded: by us (`decide` compares the sums), or behind our back in Alipay's own console.
    closed_refunded: 'same',
    cancel_refunded: 'reversed',
  },
  declined: {
    // The till was told "failed": money that comes all the same is booked, and is late (`decide`).
    paid: 'paid',
    waiting: 'same',
    qr_issued: 'same',
    refused: 'same',
    absent: 'same',
    gone: 'same',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'same',
    closed_refunded: 'reversed',
    cancel_refunded: 'reversed',
  },
  closed: {
    paid: 'paid',
    waiting: 'same',
    qr_issued: 'same',
    refused: 'same',
    absent: 'same',
    gone: 'same',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'same',
    closed_refunded: 'reversed',
    cancel_refunded: 'reversed',
  },
  reversed: {
    // An answer that was on its way while the cancel gave the money back: a closed trade is never paid again.
    paid: 'same',
    waiting: 'same',
    qr_issued: 'same',
    refused: 'same',
    absent: 'same',
    gone: 'same',
    cancel_found_nothing: 'same',
    foreign: 'same',
    closed_unpaid: 'same',
    closed_refunded: 'same',
    cancel_refunded: 'same',
  },
} as const satisfies Record<PaymentState, Record<PaymentFact, Cell>>;

/** A payment that may still be paid by the buyer. */
export function isOpen(state: PaymentState): boolean {
  return state === 'created' || state === 'awaiting_buyer';
}

/** A payment that ended without the shop keeping money: its `localNo` may be charged again. */
export function endedUnpaid(state: PaymentState): boolean {
  return state === 'declined' || state === 'closed' || state === 'reversed';
}

/** A payment of which the shop keeps nothing because it ended so, not because the shop gave money back. */
export function keptNothing(payment: Payment): boolean {
  const wentBackByItself = payment.isLate && payment.refundedFen === payment.amountFen;
  return endedUnpaid(payment.state) || wentBackByItself;
}
