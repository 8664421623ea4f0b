/**
 * What a call to Alipay can end in, per method: closed unions that flows and `core/` decide on. Every member but
 * `unknown` stands for a verified answer about the very thing that was asked; `unknown` is never a verdict, only a
 * reason to ask again. `decode.ts` makes them from answers, `client.ts` adds the silences.
 */
import type { Fen } from '../core/money.ts';
import type { RefusalCause } from './codes.ts';
import type { Answer, VerifyFault } from './verify.ts';

export type UnknownReason =
  /** No complete answer: connection refused, reset, broken off. */
  | 'no_response'
  /** No complete answer in time. */
  | 'timeout'
  /** The answer was larger than allowed. */
  | 'too_large'
  /** An HTTP status other than 200, redirects included. */
  | 'http_status'
  /** empty, not_json, no_node, wrong_node, two_nodes, unsigned, bad_signature, malformed. */
  | VerifyFault
  /** About another trade or another refund than asked. */
  | 'wrong_number'
  /** About another amount than asked. */
  | 'wrong_amount'
  /** Alipay itself does not know: 20000, SYSTEM_ERROR, a trade of this number whose end we must look up. */
  | 'doubtful_code'
  /** A code, sub_code or combination in no table. */
  | 'unknown_code'
  /** A trade_status, action or refund_status in no table. */
  | 'unknown_status'
  /** Alipay says that it is not done yet: retry_flag Y, a refund under way. */
  | 'unsettled';

/** Nothing was learned. Whether Alipay acted on the call is open. */
export type Unknown = {
  readonly kind: 'unknown';
  readonly reason: UnknownReason;
  /** One sentence for the log and the operator; holds no keys and nothing about the buyer. */
  readonly detail: string;
  /** What the answer claimed, if there was one to read: for logs, never to decide on. */
  readonly code?: string | undefined;
  readonly subCode?: string | undefined;
  readonly traceId?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** The verified answer, when there is one that we do not know how to read (doubtful_code, unknown_code, …). */
  readonly answer?: Answer;
};

/** Certain: Alipay did nothing because of this call. */
export type Refused = {
  readonly kind: 'refused';
  readonly cause: RefusalCause;
  readonly answer: Answer;
};

/** A trade as an answer describes it. Absent fields were not in the answer. */
export type TradeDetails = {
  readonly alipayTradeNo: string;
  /** The trade's amount (total_amount), never what the buyer paid after discounts. */
  readonly amountFen: Fen;
  /** gmt_payment or send_pay_date. */
  readonly paidAtMs?: number | undefined;
  /** buyer_logon_id, masked by Alipay. */
  readonly buyerAccount?: string | undefined;
  /** buyer_user_id, or buyer_open_id of applications that get no user ids. */
  readonly buyerId?: string | undefined;
  readonly answer: Answer;
};

export type Paid = { readonly kind: 'paid' } & TradeDetails;

/** The buyer must act. After 10003 number and amount may not be known yet. */
export type PayWaiting = {
  readonly kind: 'waiting';
  readonly alipayTradeNo?: string | undefined;
  readonly answer: Answer;
};

export type PayOutcome = Paid | PayWaiting | Refused | Unknown;

export type PrecreateOutcome =
  | { readonly kind: 'issued'; readonly qrCode: string; readonly answer: Answer }
  | Refused
  | Unknown;

export type QueryOutcome =
  /** TRADE_SUCCESS, or TRADE_FINISHED (`isFinished`): paid and no longer refundable. */
  | (Paid & { readonly isFinished: boolean })
  | ({ readonly kind: 'waiting' } & TradeDetails)
  /** TRADE_CLOSED: ended unpaid, or paid and all of it given back (`wasPaid`). */
  | ({ readonly kind: 'closed'; readonly wasPaid: boolean } & TradeDetails)
  /** Alipay knows no such trade: not scanned yet, not arrived yet, or never to come. */
  | { readonly kind: 'absent'; readonly answer: Answer }
  | Refused
  | Unknown;

export type CancelOutcome =
  /** The trade was unpaid and is closed now. */
  | {
      readonly kind: 'closed';
      readonly alipayTradeNo?: string | undefined;
      readonly answer: Answer;
    }
  /** The trade was paid and the money went back. */
  | {
      readonly kind: 'refunded';
      readonly alipayTradeNo?: string | undefined;
      readonly answer: Answer;
    }
  /** Alipay found no trade to cancel. A slow payment request, or a scan, may still create one. */
  | { readonly kind: 'nothing'; readonly answer: Answer }
  | Refused
  | Unknown;

export type CloseOutcome =
  | {
      readonly kind: 'closed';
      readonly alipayTradeNo?: string | undefined;
      readonly answer: Answer;
    }
  /** No such trade: nobody scanned. The QR code lives until it expires. */
  | { readonly kind: 'absent'; readonly answer: Answer }
  /** The trade is not waiting for its buyer any more: paid, or closed already. Ask which. */
  | { readonly kind: 'not_open'; readonly answer: Answer }
  | Refused
  | Unknown;

export type RefundOutcome =
  /** fund_change Y: the money went back now. */
  | {
      readonly kind: 'done';
      readonly alipayTradeNo: string;
      /** refund_fee: all refunds of this trade so far, this one included. */
      readonly refundedTotalFen: Fen;
      readonly refundedAtMs?: number | undefined;
      readonly answer: Answer;
    }
  /** 10000 without fund_change Y, as for a repeated request: the refund query tells whether it is done. */
  | { readonly kind: 'accepted'; readonly answer: Answer }
  | Refused
  | Unknown;

export type RefundQueryOutcome =
  /** refund_status REFUND_SUCCESS, for this request number and amount. */
  | {
      readonly kind: 'done';
      readonly alipayTradeNo?: string | undefined;
      readonly refundedFen: Fen;
      readonly refundedAtMs?: number | undefined;
      readonly answer: Answer;
    }
  /** Alipay knows no such refund: not arrived, failed, or a wrong number; conclude only 10 s or more after the refund. */
  | { readonly kind: 'absent'; readonly answer: Answer }
  | Refused
  | Unknown;

export type HeartbeatOutcome = { readonly kind: 'ok'; readonly answer: Answer } | Refused | Unknown;
