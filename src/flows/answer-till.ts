/**
 * What a till is told about a payment or a refund, in Alipay's words: Alipay's own answer word by word where there is
 * one, and else the answer that Alipay would give. Made from the stored row alone, so that every caller of one charge
 * hears the same.
 */
import {
  codeOf,
  merchantSuspended,
  notConfigured,
  payFromQuery,
  payHasClosed,
  payInProcess,
  queryFindsNothing,
  refundInProcess,
  refundRefused,
  type AnswerText,
} from '../alipay/own-answers.ts';
import { assert } from '../core/assert.ts';
import { isGivenBackLate, type Payment, type PaymentState } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import type { RefundResult } from './refund-payment.ts';

export { merchantSuspended, notConfigured, queryFindsNothing };

/** The answer to the pay call of a barcode payment. Anything open or in doubt is 10003, never a failure. */
export function barcodeAnswer(payment: Payment): AnswerText {
  return BARCODE_ANSWERS[payment.state](payment);
}

const BARCODE_ANSWERS: Record<PaymentState, (payment: Payment) => AnswerText> = {
  created: payInProcess,
  awaiting_buyer: (payment) =>
    payment.answer !== null && codeOf(payment.answer) === '10003'
      ? payment.answer
      : payInProcess(payment),
  paid: (payment) => {
    // Late money that goes back by itself is not the shop's: the till hears what it heard before.
    if (isGivenBackLate(payment)) return payHasClosed(payment.paymentNo, payment.answer);
    assert(payment.answer !== null, 'a paid payment keeps the answer that said so');
    return payment.answerMethod === 'query' ? payFromQuery(payment.answer) : payment.answer;
  },
  declined: (payment) => {
    assert(payment.answer !== null, 'a declined payment keeps the answer that said so');
    return payment.answer;
  },
  closed: (payment) => payHasClosed(payment.paymentNo, payment.answer),
  // The open trade of a declined charge, paid and given back: the till heard the refusal, and hears it again.
  reversed: (payment) =>
    payment.answer !== null && /^(?:4|20001)/.test(String(codeOf(payment.answer)))
      ? payment.answer
      : payHasClosed(payment.paymentNo, payment.answer),
};

/** Whether "paid" in Alipay's answer may be passed on: our row says so too, and the money stays. */
export function mayTellPaid(payment: Payment): boolean {
  return payment.state === 'paid' && !isGivenBackLate(payment);
}

/** A payment's status in Alipay's words; open and doubtful ones are `WAIT_BUYER_PAY` (v1.md, LOCALNO_ALREADY_EXISTS). */
export function tradeStatusOf(payment: Payment): string {
  if (payment.state === 'paid') {
    if (payment.refundedFen === payment.amountFen) return 'TRADE_CLOSED';
    return isGivenBackLate(payment) ? 'WAIT_BUYER_PAY' : 'TRADE_SUCCESS';
  }
  return payment.state === 'created' || payment.state === 'awaiting_buyer'
    ? 'WAIT_BUYER_PAY'
    : 'TRADE_CLOSED';
}

export type RefundAnswer = {
  /** `in_process` is doubt: the same call again tells the outcome. */
  readonly kind: 'done' | 'refused' | 'in_process';
  readonly answer: AnswerText;
};

/** The answer to a refund call. */
export function refundAnswer(
  key: { readonly paymentNo: string; readonly requestNo: string },
  result: RefundResult,
): RefundAnswer {
  switch (result.kind) {
    case 'refund':
      return settledRefundAnswer(result.refund);
    case 'refused':
      return { kind: 'refused', answer: refundRefused(result.subCode) };
    case 'refused_by_alipay':
      return { kind: 'refused', answer: result.answer.raw };
    case 'not_configured':
      return { kind: 'refused', answer: notConfigured() };
    case 'in_doubt':
      return { kind: 'in_process', answer: refundInProcess(key.paymentNo, key.requestNo) };
    default:
      return result satisfies never;
  }
}

function settledRefundAnswer(refund: Refund): RefundAnswer {
  if (refund.state === 'created') {
    return { kind: 'in_process', answer: refundInProcess(refund.paymentNo, refund.requestNo) };
  }
  assert(refund.answer !== null, 'a settled refund keeps the answer that settled it');
  return { kind: refund.state, answer: refund.answer };
}
