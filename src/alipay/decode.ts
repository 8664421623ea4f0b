/**
 * From a verified answer to an outcome, one decoder per method. An answer counts only for what was asked: its number
 * and amount must be those of the question, or it is `unknown`. Decoders take `VerifiedAnswer` and nothing else;
 * the meaning of codes is in `codes.ts`, the outcome types in `outcome.ts`.
 */
import { readYuan, type Fen } from '../core/money.ts';
import { parseShanghaiText } from '../core/time.ts';
import { meaningOf, type Method } from './codes.ts';
import type {
  CancelOutcome,
  CloseOutcome,
  HeartbeatOutcome,
  PayOutcome,
  PrecreateOutcome,
  QueryOutcome,
  RefundOutcome,
  RefundQueryOutcome,
  Refused,
  TradeDetails,
  Unknown,
  UnknownReason,
} from './outcome.ts';
import { textOf, type Answer, type VerifiedAnswer } from './verify.ts';

/** What was asked about, for comparison with the answer. */
export type Asked = {
  readonly paymentNo: string;
  /** The amount we know the trade to have; absent when the trade is not known to us. */
  readonly amountFen?: Fen | undefined;
};

export type AskedRefund = {
  readonly paymentNo: string;
  readonly requestNo: string;
  /** The amount of this refund. */
  readonly amountFen: Fen;
};

function unknown(answer: Answer, reason: UnknownReason, detail: string): Unknown {
  const { code, subCode, traceId } = answer;
  return { kind: 'unknown', reason, detail, code, subCode, traceId, answer };
}

/** What an answer's codes say, before its method's own fields are read. */
type Judgement =
  | Refused
  | Unknown
  | { readonly kind: 'accepted' | 'waiting' | 'absent' | 'not_open'; readonly answer: Answer };

/** Checks that the answer is about what was asked, wherever it says what it is about. */
function mismatch(answer: Answer, asked: Asked): Unknown | undefined {
  const number = textOf(answer.fields, 'out_trade_no');
  if (number !== undefined && number !== asked.paymentNo)
    return unknown(answer, 'wrong_number', 'the answer is about another payment');
  const amount = answer.fields['total_amount'];
  if (asked.amountFen === undefined || amount === undefined) return undefined;
  if (readYuan(amount) === asked.amountFen) return undefined;
  return unknown(answer, 'wrong_amount', 'the answer is about another amount');
}

function judge(method: Method, verified: VerifiedAnswer, asked: Asked | undefined): Judgement {
  const { answer, isErrorNode } = verified;
  const meaning = meaningOf(method, answer.code, answer.subCode);
  const wrong = asked === undefined ? undefined : mismatch(answer, asked);
  if (wrong !== undefined) return wrong;
  switch (meaning.kind) {
    case 'refused':
      return { kind: 'refused', cause: meaning.cause, answer };
    case 'doubt':
      return unknown(answer, 'doubtful_code', 'Alipay does not say what became of the call');
    case 'unknown':
      return unknown(answer, 'unknown_code', 'the code of the answer is not known');
    case 'accepted':
    case 'waiting':
    case 'absent':
    case 'not_open':
      // The legacy node speaks for the gateway, which can refuse but knows nothing about trades.
      if (isErrorNode) return unknown(answer, 'wrong_node', 'an error node that is no refusal');
      return { kind: meaning.kind, answer };
    default:
      return meaning satisfies never;
  }
}

function malformed(answer: Answer, field: string): Unknown {
  return unknown(answer, 'malformed', `the answer has no valid ${field}`);
}

function timeOf(answer: Answer, name: string): number | undefined {
  const text = textOf(answer.fields, name);
  return text === undefined ? undefined : parseShanghaiText(text);
}

function isPositive(value: unknown): boolean {
  return (readYuan(value) ?? 0) > 0;
}

/** The fields without which a 10000 about a trade is no evidence of anything. */
function tradeOf(answer: Answer): TradeDetails | Unknown {
  const { fields } = answer;
  if (textOf(fields, 'out_trade_no') === undefined) return malformed(answer, 'out_trade_no');
  const alipayTradeNo = textOf(fields, 'trade_no');
  if (alipayTradeNo === undefined) return malformed(answer, 'trade_no');
  const amountFen = readYuan(fields['total_amount']);
  if (amountFen === undefined) return malformed(answer, 'total_amount');
  return {
    alipayTradeNo,
    amountFen,
    paidAtMs: timeOf(answer, 'gmt_payment') ?? timeOf(answer, 'send_pay_date'),
    buyerAccount: textOf(fields, 'buyer_logon_id'),
    buyerId: textOf(fields, 'buyer_user_id') ?? textOf(fields, 'buyer_open_id'),
    answer,
  };
}

/** For a meaning that the method's table cannot give; kept apart so that a new row cannot be misread. */
function unexpected(answer: Answer): Unknown {
  return unknown(answer, 'unknown_code', 'the code of the answer does not belong to its method');
}

/**
 * alipay.trade.pay. 10000 is `paid` when number, amount and trade number are there and agree; the pages ask to
 * confirm it by a query, which the flows do in the background or, on request, before answering.
 */
export function decodePay(verified: VerifiedAnswer, asked: Asked): PayOutcome {
  const said = judge('pay', verified, asked);
  if (said.kind === 'refused' || said.kind === 'unknown') return said;
  const { answer } = said;
  if (said.kind === 'waiting') {
    if (textOf(answer.fields, 'out_trade_no') === undefined)
      return malformed(answer, 'out_trade_no');
    return { kind: 'waiting', alipayTradeNo: textOf(answer.fields, 'trade_no'), answer };
  }
  if (said.kind !== 'accepted') return unexpected(answer);
  const trade = tradeOf(answer);
  return 'kind' in trade ? trade : { kind: 'paid', ...trade };
}

/** alipay.trade.precreate. Issued only with a QR code for the number asked. */
export function decodePrecreate(verified: VerifiedAnswer, asked: Asked): PrecreateOutcome {
  const said = judge('precreate', verified, asked);
  if (said.kind === 'refused' || said.kind === 'unknown') return said;
  const { answer } = said;
  if (said.kind !== 'accepted') return unexpected(answer);
  if (textOf(answer.fields, 'out_trade_no') === undefined) return malformed(answer, 'out_trade_no');
  const qrCode = answer.fields['qr_code'];
  if (typeof qrCode !== 'string' || qrCode === '') return malformed(answer, 'qr_code');
  return { kind: 'issued', qrCode, answer };
}

/** Whether a closed trade was ever paid: an unpaid one has neither a payment time nor amounts above zero. */
function wasPaid({ fields }: Answer): boolean {
  return (
    textOf(fields, 'send_pay_date') !== undefined ||
    isPositive(fields['buyer_pay_amount']) ||
    isPositive(fields['receipt_amount'])
  );
}

/** alipay.trade.query. 10000 says only that the query worked; `trade_status` is the answer. */
export function decodeQuery(verified: VerifiedAnswer, asked: Asked): QueryOutcome {
  const said = judge('query', verified, asked);
  if (said.kind === 'refused' || said.kind === 'unknown') return said;
  const { answer } = said;
  if (said.kind === 'absent') return { kind: 'absent', answer };
  if (said.kind !== 'accepted') return unexpected(answer);
  const trade = tradeOf(answer);
  if ('kind' in trade) return trade;
  switch (answer.fields['trade_status']) {
    case 'TRADE_SUCCESS':
      return { kind: 'paid', isFinished: false, ...trade };
    case 'TRADE_FINISHED':
      return { kind: 'paid', isFinished: true, ...trade };
    case 'WAIT_BUYER_PAY':
      return { kind: 'waiting', ...trade };
    case 'TRADE_CLOSED':
      return { kind: 'closed', wasPaid: wasPaid(answer), ...trade };
    default:
      return unknown(answer, 'unknown_status', 'the trade_status of the answer is not known');
  }
}

/**
 * alipay.trade.cancel. 10000 alone is no cancellation: `action` says what was done, its absence that there was
 * nothing to do. `retry_flag` Y means "not done, call again", whatever the code, unless an action says otherwise.
 */
export function decodeCancel(verified: VerifiedAnswer, asked: Asked): CancelOutcome {
  const said = judge('cancel', verified, asked);
  if (said.kind === 'unknown') return said;
  const { answer } = said;
  const { fields } = answer;
  const action = textOf(fields, 'action');
  const retry = textOf(fields, 'retry_flag');
  const mustRetry = action === undefined && retry === 'Y';
  if (mustRetry) return unknown(answer, 'unsettled', 'Alipay asks to call cancel again');
  if (said.kind === 'refused') return said;
  if (said.kind !== 'accepted') return unexpected(answer);
  if (textOf(fields, 'out_trade_no') === undefined) return malformed(answer, 'out_trade_no');
  const alipayTradeNo = textOf(fields, 'trade_no');
  if (action === 'close') return { kind: 'closed', alipayTradeNo, answer };
  if (action === 'refund') return { kind: 'refunded', alipayTradeNo, answer };
  if (action !== undefined)
    return unknown(answer, 'unknown_status', 'the action of the answer is not known');
  // A trade number without an action contradicts itself: Alipay found a trade and says nothing about it.
  if (retry !== 'N' || alipayTradeNo !== undefined) return malformed(answer, 'action');
  return { kind: 'nothing', answer };
}

/** alipay.trade.close: ends an unpaid trade, never refunds. */
export function decodeClose(verified: VerifiedAnswer, asked: Asked): CloseOutcome {
  const said = judge('close', verified, asked);
  if (said.kind === 'refused' || said.kind === 'unknown') return said;
  const { answer } = said;
  if (said.kind === 'absent' || said.kind === 'not_open') return { kind: said.kind, answer };
  if (said.kind !== 'accepted') return unexpected(answer);
  if (textOf(answer.fields, 'out_trade_no') === undefined) return malformed(answer, 'out_trade_no');
  return { kind: 'closed', alipayTradeNo: textOf(answer.fields, 'trade_no'), answer };
}

/**
 * alipay.trade.refund. 10000 is no refund: only `fund_change` Y is. `refund_fee` is the total refunded so far, so it
 * is at least this refund.
 */
export function decodeRefund(verified: VerifiedAnswer, asked: AskedRefund): RefundOutcome {
  const said = judge('refund', verified, { paymentNo: asked.paymentNo });
  if (said.kind === 'refused' || said.kind === 'unknown') return said;
  const { answer } = said;
  const { fields } = answer;
  if (said.kind !== 'accepted') return unexpected(answer);
  if (textOf(fields, 'out_trade_no') === undefined) return malformed(answer, 'out_trade_no');
  const alipayTradeNo = textOf(fields, 'trade_no');
  if (alipayTradeNo === undefined) return malformed(answer, 'trade_no');
  const refundedTotalFen = readYuan(fields['refund_fee']);
  if (refundedTotalFen === undefined) return malformed(answer, 'refund_fee');
  if (refundedTotalFen < asked.amountFen)
    return unknown(answer, 'wrong_amount', 'refund_fee is less than this refund');
  if (fields['fund_change'] !== 'Y') return { kind: 'accepted', answer };
  const refundedAtMs = timeOf(answer, 'gmt_refund_pay');
  return { kind: 'done', alipayTradeNo, refundedTotalFen, refundedAtMs, answer };
}

/**
 * alipay.trade.fastpay.refund.query. Done only with `refund_status` REFUND_SUCCESS for this request and amount; a
 * 10000 that names no refund is how Alipay says that it knows none.
 */
export function decodeRefundQuery(
  verified: VerifiedAnswer,
  asked: AskedRefund,
): RefundQueryOutcome {
  // `total_amount` is the trade's here, which a refund does not know; its own amount is compared below.
  const said = judge('refundQuery', verified, { paymentNo: asked.paymentNo });
  if (said.kind === 'refused' || said.kind === 'unknown') return said;
  const { answer } = said;
  const { fields } = answer;
  if (said.kind !== 'accepted') return unexpected(answer);
  const requestNo = textOf(fields, 'out_request_no');
  const status = textOf(fields, 'refund_status');
  const amount = fields['refund_amount'];
  if (requestNo === undefined && status === undefined && amount === undefined)
    return { kind: 'absent', answer };
  if (requestNo === undefined) return malformed(answer, 'out_request_no');
  if (requestNo !== asked.requestNo)
    return unknown(answer, 'wrong_number', 'the answer is about another refund');
  const refundedFen = readYuan(amount);
  if (refundedFen === undefined) return malformed(answer, 'refund_amount');
  if (refundedFen !== asked.amountFen)
    return unknown(answer, 'wrong_amount', 'the answer is about another amount');
  if (textOf(fields, 'out_trade_no') === undefined) return malformed(answer, 'out_trade_no');
  if (status === undefined)
    return unknown(answer, 'unsettled', 'Alipay knows the refund and does not call it done');
  if (status !== 'REFUND_SUCCESS')
    return unknown(answer, 'unknown_status', 'the refund_status of the answer is not known');
  return {
    kind: 'done',
    alipayTradeNo: textOf(fields, 'trade_no'),
    refundedFen,
    refundedAtMs: timeOf(answer, 'gmt_refund_pay'),
    answer,
  };
}

/** monitor.heartbeat.syn: proof that application id, keys and network fit together. */
export function decodeHeartbeat(verified: VerifiedAnswer): HeartbeatOutcome {
  const said = judge('heartbeat', verified, undefined);
  if (said.kind === 'refused' || said.kind === 'unknown') return said;
  return said.kind === 'accepted' ? { kind: 'ok', answer: said.answer } : unexpected(said.answer);
}
