/**
 * What a till is told, from the stored row alone: Alipay's own words where there are any, 10003 for everything open or in
 * doubt, and never a failure of what may yet be paid. Each state is a row; the shapes are in `own-answers.test.ts`.
 */
import { describe, expect, test } from 'vitest';
import { WIRE } from '../alipay/fixtures.ts';
import { AssertionError } from '../core/assert.ts';
import { aPayment, aRefund } from '../core/payment.fixtures.ts';
import { PAYMENT_STATES, type Payment, type PaymentState } from '../core/payment.ts';
import type { Answer } from '../alipay/verify.ts';
import { barcodeAnswer, refundAnswer, tradeStatusOf, mayTellPaid } from './answer-till.ts';
import type { RefundResult } from './refund-payment.ts';

const PAYMENT_NO = aPayment().paymentNo;
const IN_PROCESS = `{"code":"10003","msg":" order success pay inprocess","out_trade_no":"${PAYMENT_NO}","total_amount":"88.00"}`;

describe('the answer to hb_barcode', () => {
  test.each<[string, Partial<Payment>, string]>([
    ['nothing known', {}, IN_PROCESS],
    [
      'in doubt after an odd answer',
      { answer: '{"code":"20000"}', answerMethod: 'pay' },
      IN_PROCESS,
    ],
    [
      'Alipay waits for the buyer: its own words',
      { state: 'awaiting_buyer', answer: WIRE.payWaiting.text, answerMethod: 'pay' },
      WIRE.payWaiting.text,
    ],
    ['a check saw it open', { state: 'awaiting_buyer' }, IN_PROCESS],
    [
      'accepted, and not confirmed yet where that is asked for',
      { state: 'awaiting_buyer', answer: WIRE.paid.text, answerMethod: 'pay' },
      IN_PROCESS,
    ],
    [
      'paid: its own words',
      { state: 'paid', answer: WIRE.paid.text, answerMethod: 'pay' },
      WIRE.paid.text,
    ],
    [
      'declined: its own words',
      { state: 'declined', answer: WIRE.payRefused.text, answerMethod: 'pay' },
      WIRE.payRefused.text,
    ],
    [
      'declined, and its open trade was paid and given back: the words of the refusal',
      { state: 'reversed', answer: WIRE.payRefused.text, answerMethod: 'pay' },
      WIRE.payRefused.text,
    ],
  ])('%s', (_case, payment, expected) => {
    expect(barcodeAnswer(aPayment(payment))).toBe(expected);
  });

  test('paid, as a query found: like a direct success', () => {
    const answer = barcodeAnswer(
      aPayment({ state: 'paid', answer: WIRE.queryPaid.text, answerMethod: 'query' }),
    );
    const fields = JSON.parse(answer) as Record<string, unknown>;
    expect(Object.keys(fields)).toStrictEqual(Object.keys(JSON.parse(WIRE.paid.text) as object));
    expect(fields['gmt_payment']).toBe('2017-03-21 13:29:17');
  });

  test.each<[string, Partial<Payment>, string]>([
    ['late, and kept', { isLate: true }, '10000'],
    ['late, and some given back by the shop', { isLate: true, refundedFen: 1 }, '10000'],
    ['late, and going back by itself', { isLate: true, refundingFen: 8800 }, '40004'],
    ['late, and gone back by itself', { isLate: true, refundedFen: 8800 }, '40004'],
    ['in time, and given back by the shop', { refundedFen: 8800 }, '10000'],
  ])('paid, %s', (_case, changes, code) => {
    const paid = { state: 'paid', answer: WIRE.queryPaid.text, answerMethod: 'query' } as const;
    expect(JSON.parse(barcodeAnswer(aPayment({ ...paid, ...changes })))).toMatchObject({ code });
  });

  test.each<PaymentState>(['closed', 'reversed'])('%s: ACQ.TRADE_HAS_CLOSE', (state) => {
    const waiting = { state, answer: WIRE.payWaiting.text, answerMethod: 'pay' } as const;
    expect(JSON.parse(barcodeAnswer(aPayment(waiting)))).toMatchObject({
      code: '40004',
      sub_code: 'ACQ.TRADE_HAS_CLOSE',
      out_trade_no: PAYMENT_NO,
      buyer_logon_id: '159****5620',
      buyer_pay_amount: '0.00',
    });
    expect(JSON.parse(barcodeAnswer(aPayment({ state })))).toMatchObject({ code: '40004' });
  });

  test.each<PaymentState>(['paid', 'declined'])(
    '%s without its answer is a mistake of ours',
    (state) => {
      expect(() => barcodeAnswer(aPayment({ state, answer: null }))).toThrow(AssertionError);
    },
  );

  test('says that it failed only of what ended unpaid', () => {
    for (const state of PAYMENT_STATES) {
      const answer = state === 'declined' ? WIRE.payRefused.text : WIRE.paid.text;
      const { code } = JSON.parse(barcodeAnswer(aPayment({ state, answer, answerMethod: 'pay' })));
      const isFailure = code === '40004';
      expect([state, isFailure]).toStrictEqual([
        state,
        ['declined', 'closed', 'reversed'].includes(state),
      ]);
    }
  });
});

test.each<[PaymentState, number, string]>([
  ['created', 0, 'WAIT_BUYER_PAY'],
  ['awaiting_buyer', 0, 'WAIT_BUYER_PAY'],
  ['paid', 0, 'TRADE_SUCCESS'],
  ['paid', 8799, 'TRADE_SUCCESS'],
  ['paid', 8800, 'TRADE_CLOSED'],
  ['declined', 0, 'TRADE_CLOSED'],
  ['closed', 0, 'TRADE_CLOSED'],
  ['reversed', 0, 'TRADE_CLOSED'],
])(
  "a payment that is %s, %i fen given back, is %s in Alipay's words",
  (state, refundedFen, expected) => {
    expect(tradeStatusOf(aPayment({ state, refundedFen }))).toBe(expected);
  },
);

test.each<[Partial<Payment>, boolean, string]>([
  [{ isLate: true, refundingFen: 8800 }, false, 'WAIT_BUYER_PAY'],
  [{ isLate: true, refundedFen: 8800 }, false, 'TRADE_CLOSED'],
  [{ isLate: true, refundingFen: 8799 }, true, 'TRADE_SUCCESS'],
  [{ refundingFen: 8800 }, true, 'TRADE_SUCCESS'],
  [{ state: 'closed' }, false, 'TRADE_CLOSED'],
])('of a paid payment that is %j "paid" may be told: %s', (changes, expected, status) => {
  const payment = aPayment({ state: 'paid', ...changes });
  expect(mayTellPaid(payment)).toBe(expected);
  expect(tradeStatusOf(payment)).toBe(status);
});

describe('the answer to refund', () => {
  const KEY = { paymentNo: PAYMENT_NO, requestNo: '01' };
  const IN_DOUBT = `{"code":"10003","msg":"refund in process","out_trade_no":"${PAYMENT_NO}","out_request_no":"01"}`;
  const ofAlipay = { raw: '{"code":"40004","sub_code":"ACQ.X"}' } as Answer;

  test.each<[string, RefundResult, string, unknown]>([
    [
      'done: the words that settled it',
      { kind: 'refund', refund: aRefund({ state: 'done', answer: 'Alipay' }) },
      'done',
      'Alipay',
    ],
    [
      'refused: the words that settled it',
      { kind: 'refund', refund: aRefund({ state: 'refused', answer: 'Alipay' }) },
      'refused',
      'Alipay',
    ],
    ['under way', { kind: 'refund', refund: aRefund() }, 'in_process', IN_DOUBT],
    [
      'under way, though Alipay has said something',
      { kind: 'refund', refund: aRefund({ answer: 'Alipay', answerFact: 'accepted' }) },
      'in_process',
      IN_DOUBT,
    ],
    ['not known whether it may be', { kind: 'in_doubt' }, 'in_process', IN_DOUBT],
    [
      'refused by the gateway',
      { kind: 'refused', subCode: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' },
      'refused',
      expect.stringContaining('"sub_code":"ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"'),
    ],
    [
      'refused by Alipay when it was asked about the trade',
      { kind: 'refused_by_alipay', answer: ofAlipay },
      'refused',
      ofAlipay.raw,
    ],
    [
      'nothing could be sent',
      { kind: 'not_configured' },
      'refused',
      expect.stringContaining('missing-signature-config'),
    ],
  ])('%s', (_case, result, kind, answer) => {
    expect(refundAnswer(KEY, result)).toStrictEqual({ kind, answer });
  });

  test.each(['done', 'refused'] as const)('%s without its answer is a mistake of ours', (state) => {
    expect(() => refundAnswer(KEY, { kind: 'refund', refund: aRefund({ state }) })).toThrow(
      AssertionError,
    );
  });
});
