/**
 * Outcomes of answers, method by method. An answer of the wire is changed in one place per row and signed again, so each
 * row says what one field decides. `X` is the payment asked about, `R1` the refund, as in the fixtures.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fen, type Fen } from '../core/money.ts';
import { METHODS, type Method } from './codes.ts';
import {
  decodeCancel,
  decodeClose,
  decodeHeartbeat,
  decodePay,
  decodePrecreate,
  decodeQuery,
  decodeRefund,
  decodeRefundQuery,
} from './decode.ts';
import { nodeName } from './envelope.ts';
import { APP, signedBody, WIRE } from './fixtures.ts';
import { verifyAnswer, type VerifiedAnswer } from './verify.ts';

type Fields = Record<string, unknown>;

/** A signed answer: a sample's fields, changed; a field set to undefined goes away. */
function answer(method: Method, text: string, changes: Fields = {}, node?: string): VerifiedAnswer {
  const fields: Fields = JSON.parse(text);
  const content = JSON.stringify({ ...fields, ...changes });
  const body = signedBody(node ?? nodeName(METHODS[method]), content);
  const verification = verifyAnswer(body, {
    method: METHODS[method],
    publicKey: APP.alipayPublicKey,
    signType: 'RSA2',
  });
  if (verification.ok) return verification.verified;
  throw new Error(verification.reason);
}

const asked = (amountFen?: number): { paymentNo: string; amountFen: Fen | undefined } => ({
  paymentNo: 'X',
  amountFen: amountFen === undefined ? undefined : fen(amountFen),
});
const askedRefund = { paymentNo: 'X', requestNo: 'R1', amountFen: fen(1) };

/** `kind`, or `unknown: reason`. */
function short(outcome: { kind: string; reason?: string }): string {
  return outcome.reason === undefined ? outcome.kind : `${outcome.kind}: ${outcome.reason}`;
}

const gone = undefined;
const refusal = (subCode?: string): Fields => ({
  code: '40004',
  msg: 'Business Failed',
  sub_code: subCode,
});

describe('pay', () => {
  test('paid, with what the answer tells of the trade', () => {
    expect(decodePay(answer('pay', WIRE.paid.text), asked(1))).toMatchObject({
      kind: 'paid',
      alipayTradeNo: '2019082922001432790585666965',
      amountFen: 1,
      paidAtMs: Date.parse('2019-08-29T20:22:02+08:00'),
      buyerAccount: '854***@qq.com',
      buyerId: '2088102363632794',
      answer: { raw: WIRE.paid.text, code: '10000' },
    });
  });

  const rows: [string, Fields, string][] = [
    ['as it came', {}, 'paid'],
    ['an amount with other digits', { total_amount: '0.010' }, 'unknown: wrong_amount'],
    ['an amount as a number', { total_amount: 0.01 }, 'paid'],
    ['another amount', { total_amount: '0.02' }, 'unknown: wrong_amount'],
    ['an amount that is none', { total_amount: 'free' }, 'unknown: wrong_amount'],
    ['no amount', { total_amount: gone }, 'unknown: malformed'],
    ['another payment', { out_trade_no: 'Y' }, 'unknown: wrong_number'],
    ['nearly the payment', { out_trade_no: 'x' }, 'unknown: wrong_number'],
    ['no payment', { out_trade_no: gone }, 'unknown: malformed'],
    ['an empty payment', { out_trade_no: '' }, 'unknown: malformed'],
    ['no trade', { trade_no: gone }, 'unknown: malformed'],
    ['less paid by the buyer', { buyer_pay_amount: '0.00', receipt_amount: '0.00' }, 'paid'],
    ['no time', { gmt_payment: gone }, 'paid'],
    [
      'a success with an error code',
      { sub_code: 'ACQ.TRADE_HAS_SUCCESS' },
      'unknown: unknown_code',
    ],
    ['an empty sub_code', { sub_code: '' }, 'paid'],
    ['10003', { code: '10003' }, 'waiting'],
    [
      '10003 with an error code',
      { code: '10003', sub_code: 'ACQ.PAYMENT_FAIL' },
      'unknown: unknown_code',
    ],
    ['10003 about another payment', { code: '10003', out_trade_no: 'Y' }, 'unknown: wrong_number'],
    [
      '10003 about another amount',
      { code: '10003', total_amount: '9.00' },
      'unknown: wrong_amount',
    ],
    ['10003 about no payment', { code: '10003', out_trade_no: gone }, 'unknown: malformed'],
    [
      '10003 without trade and amount',
      { code: '10003', trade_no: gone, total_amount: gone },
      'waiting',
    ],
    ['20000', { code: '20000', sub_code: 'aop.ACQ.SYSTEM_ERROR' }, 'unknown: doubtful_code'],
    ['SYSTEM_ERROR', refusal('ACQ.SYSTEM_ERROR'), 'unknown: doubtful_code'],
    ['AQC.SYSTEM_ERROR', refusal('AQC.SYSTEM_ERROR'), 'unknown: doubtful_code'],
    ['TRADE_HAS_SUCCESS', refusal('ACQ.TRADE_HAS_SUCCESS'), 'unknown: doubtful_code'],
    ['PULL_MOBILE_CASHIER_FAIL', refusal('ACQ.PULL_MOBILE_CASHIER_FAIL'), 'unknown: doubtful_code'],
    ['a refusal', refusal('ACQ.BUYER_BALANCE_NOT_ENOUGH'), 'refused'],
    [
      'a refusal about another payment',
      { ...refusal('ACQ.BUYER_BALANCE_NOT_ENOUGH'), out_trade_no: 'Y' },
      'unknown: wrong_number',
    ],
    [
      'a refusal about nothing',
      { ...refusal('ACQ.INVALID_PARAMETER'), out_trade_no: gone, total_amount: gone },
      'refused',
    ],
    ['a refusal without reason', refusal(), 'unknown: unknown_code'],
    ['a refusal that is new', refusal('ACQ.BRAND_NEW'), 'unknown: unknown_code'],
    ['absence, which is no answer to pay', refusal('ACQ.TRADE_NOT_EXIST'), 'unknown: unknown_code'],
    ['a code that is new', { code: '10001' }, 'unknown: unknown_code'],
  ];
  test.each(rows)('%s', (_row, changes, expected) => {
    expect(short(decodePay(answer('pay', WIRE.paid.text, changes), asked(1)))).toBe(expected);
  });

  test('the refusal of the wire, with who can do something about it', () => {
    expect(decodePay(answer('pay', WIRE.payRefused.text), asked(1))).toMatchObject({
      kind: 'refused',
      cause: 'payment_code',
      answer: { subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID' },
    });
  });

  test('10003 of the wire', () => {
    expect(decodePay(answer('pay', WIRE.payWaiting.text), asked(1))).toMatchObject({
      kind: 'waiting',
      alipayTradeNo: '2019082922001432790585666966',
      answer: { msg: ' order success pay inprocess' },
    });
  });

  test('an unknown outcome keeps the codes and the answer', () => {
    const outcome = decodePay(answer('pay', WIRE.paid.text, refusal('ACQ.BRAND_NEW')), asked(1));
    expect(outcome).toMatchObject({
      code: '40004',
      subCode: 'ACQ.BRAND_NEW',
      answer: { code: '40004' },
    });
  });

  test('the legacy error node can refuse, and nothing else', () => {
    const from = (changes: Fields): string =>
      short(decodePay(answer('pay', WIRE.paid.text, changes, 'error_response'), asked(1)));
    expect(from({ code: '40002', sub_code: 'isv.code-invalid' })).toBe('refused');
    expect(from({})).toBe('unknown: wrong_node');
    expect(from({ code: '10003' })).toBe('unknown: wrong_node');
    expect(from({ code: '20000' })).toBe('unknown: doubtful_code');
  });
});

describe('precreate', () => {
  const rows: [string, Fields, string][] = [
    ['as it came', {}, 'issued'],
    ['no QR code', { qr_code: gone }, 'unknown: malformed'],
    ['an empty QR code', { qr_code: '' }, 'unknown: malformed'],
    ['a QR code that is no text', { qr_code: {} }, 'unknown: malformed'],
    ['another payment', { out_trade_no: 'Y' }, 'unknown: wrong_number'],
    ['no payment', { out_trade_no: gone }, 'unknown: malformed'],
    ['10003', { code: '10003' }, 'unknown: unknown_code'],
    ['20000', { code: '20000' }, 'unknown: doubtful_code'],
    ['a refusal', refusal('ACQ.ACCESS_FORBIDDEN'), 'refused'],
    ['a paid trade of this number', refusal('ACQ.TRADE_HAS_SUCCESS'), 'unknown: doubtful_code'],
    ['a refusal of pay only', refusal('ACQ.PAYMENT_FAIL'), 'unknown: unknown_code'],
  ];
  test.each(rows)('%s', (_row, changes, expected) => {
    expect(
      short(decodePrecreate(answer('precreate', WIRE.precreated.text, changes), asked(1))),
    ).toBe(expected);
  });

  test('the QR code is plain text', () => {
    expect(decodePrecreate(answer('precreate', WIRE.precreated.text), asked())).toMatchObject({
      qrCode: 'https://qr.alipay.com/bax03431ljhokirwl38f00a7',
    });
  });
});

describe('query', () => {
  const rows: [string, Fields, string][] = [
    ['as it came', {}, 'paid'],
    ['finished', { trade_status: 'TRADE_FINISHED' }, 'paid'],
    ['waiting', { trade_status: 'WAIT_BUYER_PAY' }, 'waiting'],
    ['closed', { trade_status: 'TRADE_CLOSED' }, 'closed'],
    ['a status that is new', { trade_status: 'TRADE_PENDING' }, 'unknown: unknown_status'],
    ['a status in small letters', { trade_status: 'trade_success' }, 'unknown: unknown_status'],
    ['no status', { trade_status: gone }, 'unknown: unknown_status'],
    ['another payment', { out_trade_no: 'Y' }, 'unknown: wrong_number'],
    ['no payment', { out_trade_no: gone }, 'unknown: malformed'],
    ['another amount', { total_amount: '20.01' }, 'unknown: wrong_amount'],
    ['the amount shorter', { total_amount: '20' }, 'paid'],
    ['no amount', { total_amount: gone }, 'unknown: malformed'],
    ['no trade', { trade_no: gone }, 'unknown: malformed'],
    [
      'a closed trade of another amount',
      { trade_status: 'TRADE_CLOSED', total_amount: '1.00' },
      'unknown: wrong_amount',
    ],
    [
      'an error code beside the status',
      { sub_code: 'ACQ.TRADE_NOT_EXIST' },
      'unknown: unknown_code',
    ],
    [
      'absence of another payment',
      { ...refusal('ACQ.TRADE_NOT_EXIST'), out_trade_no: 'Y' },
      'unknown: wrong_number',
    ],
    ['absence', refusal('ACQ.TRADE_NOT_EXIST'), 'absent'],
    ['SYSTEM_ERROR', refusal('ACQ.SYSTEM_ERROR'), 'unknown: doubtful_code'],
    ['a refusal', refusal('ACQ.INVALID_PARAMETER'), 'refused'],
    ['10003', { code: '10003' }, 'unknown: unknown_code'],
  ];
  test.each(rows)('%s', (_row, changes, expected) => {
    expect(short(decodeQuery(answer('query', WIRE.queryPaid.text, changes), asked(2000)))).toBe(
      expected,
    );
  });

  test('paid and finished differ in what can still be refunded', () => {
    expect(decodeQuery(answer('query', WIRE.queryPaid.text), asked(2000))).toMatchObject({
      isFinished: false,
      amountFen: 2000,
      paidAtMs: Date.parse('2017-03-21T13:29:17+08:00'),
    });
    const finished = answer('query', WIRE.queryPaid.text, { trade_status: 'TRADE_FINISHED' });
    expect(decodeQuery(finished, asked(2000))).toMatchObject({ isFinished: true });
  });

  test('a trade unknown to us is read with whatever amount it has', () => {
    expect(decodeQuery(answer('query', WIRE.queryPaid.text), asked())).toMatchObject({
      kind: 'paid',
      amountFen: 2000,
    });
    const broken = answer('query', WIRE.queryPaid.text, { total_amount: '2e1' });
    expect(short(decodeQuery(broken, asked()))).toBe('unknown: malformed');
  });

  test('waiting and absent, as on the wire', () => {
    expect(decodeQuery(answer('query', WIRE.queryWaiting.text), asked(8888))).toMatchObject({
      kind: 'waiting',
      amountFen: 8888,
    });
    expect(short(decodeQuery(answer('query', WIRE.queryAbsent.text), asked(8888)))).toBe('absent');
  });

  const never = {
    send_pay_date: gone,
    buyer_pay_amount: '0.00',
    receipt_amount: '0.00',
    point_amount: '0.00',
  };
  const closed: [string, Fields, boolean][] = [
    ['never paid', never, false],
    [
      'never paid, amounts absent',
      { ...never, buyer_pay_amount: gone, receipt_amount: gone },
      false,
    ],
    ['with a time of payment', { ...never, send_pay_date: '2017-03-21 13:29:17' }, true],
    ['with money from the buyer', { ...never, buyer_pay_amount: '0.01' }, true],
    ['with money to the shop', { ...never, receipt_amount: '20.00' }, true],
  ];
  test.each(closed)('a closed trade, %s', (_row, changes, wasPaid) => {
    const verified = answer('query', WIRE.queryPaid.text, {
      ...changes,
      trade_status: 'TRADE_CLOSED',
    });
    expect(decodeQuery(verified, asked(2000))).toMatchObject({ kind: 'closed', wasPaid });
  });
});

describe('cancel', () => {
  const rows: [string, Fields, string][] = [
    ['as it came', {}, 'refunded'],
    ['closed', { action: 'close' }, 'closed'],
    ['an action that is new', { action: 'freeze' }, 'unknown: unknown_status'],
    ['an action, and a wish to retry', { retry_flag: 'Y' }, 'refunded'],
    ['nothing found', { action: gone, trade_no: gone }, 'nothing'],
    ['an empty action', { action: '', trade_no: gone }, 'nothing'],
    ['nothing done to a trade', { action: gone }, 'unknown: malformed'],
    [
      'nothing, and no flag',
      { action: gone, trade_no: gone, retry_flag: gone },
      'unknown: malformed',
    ],
    ['a wish to retry', { action: gone, trade_no: gone, retry_flag: 'Y' }, 'unknown: unsettled'],
    ['a refusal', { ...refusal('ACQ.TRADE_CANCEL_TIME_OUT'), action: gone }, 'refused'],
    [
      'a refusal with a wish to retry',
      { ...refusal('ACQ.SELLER_BALANCE_NOT_ENOUGH'), action: gone, retry_flag: 'Y' },
      'unknown: unsettled',
    ],
    [
      'AQC.SYSTEM_ERROR',
      { ...refusal('AQC.SYSTEM_ERROR'), action: gone, retry_flag: 'Y' },
      'unknown: doubtful_code',
    ],
    ['another payment', { out_trade_no: 'Y' }, 'unknown: wrong_number'],
    ['no payment', { out_trade_no: gone }, 'unknown: malformed'],
    ['another amount', { total_amount: '1.00' }, 'unknown: wrong_amount'],
    [
      'a trade that is absent, which is no answer to cancel',
      refusal('ACQ.TRADE_NOT_EXIST'),
      'unknown: unknown_code',
    ],
  ];
  test.each(rows)('%s', (_row, changes, expected) => {
    expect(short(decodeCancel(answer('cancel', WIRE.cancelRefunded.text, changes), asked(1)))).toBe(
      expected,
    );
  });

  test('nothing and refused, as on the wire', () => {
    expect(short(decodeCancel(answer('cancel', WIRE.cancelNothing.text), asked(1)))).toBe(
      'nothing',
    );
    expect(short(decodeCancel(answer('cancel', WIRE.cancelRefused.text), asked(1)))).toBe(
      'refused',
    );
  });
});

describe('close', () => {
  const text =
    '{"code":"10000","msg":"Success","out_trade_no":"X","trade_no":"2017032121001004070200176844"}';
  const rows: [string, Fields, string][] = [
    ['as it came', {}, 'closed'],
    ['no trade', { trade_no: gone }, 'closed'],
    ['another payment', { out_trade_no: 'Y' }, 'unknown: wrong_number'],
    ['no payment', { out_trade_no: gone }, 'unknown: malformed'],
    ['not scanned', refusal('ACQ.TRADE_NOT_EXIST'), 'absent'],
    ['paid, or closed before', refusal('ACQ.TRADE_STATUS_ERROR'), 'not_open'],
    ['the same in other words', refusal('ACQ.REASON_ILLEGAL_STATUS'), 'not_open'],
    ['SYSTEM_ERROR', refusal('ACQ.SYSTEM_ERROR'), 'unknown: doubtful_code'],
    ['a refusal', refusal('ACQ.INVALID_PARAMETER'), 'refused'],
  ];
  test.each(rows)('%s', (_row, changes, expected) => {
    expect(short(decodeClose(answer('close', text, changes), asked(1)))).toBe(expected);
  });

  test('not open, as on the wire', () => {
    expect(short(decodeClose(answer('close', WIRE.closeNotOpen.text), asked(1)))).toBe('not_open');
  });
});

describe('refund', () => {
  const rows: [string, Fields, string][] = [
    ['as it came', {}, 'done'],
    ['money that did not move now', { fund_change: 'N' }, 'accepted'],
    ['no word about money', { fund_change: gone }, 'accepted'],
    ['a small y', { fund_change: 'y' }, 'accepted'],
    ['more refunded before', { refund_fee: '5.00' }, 'done'],
    ['less refunded than this', { refund_fee: '0.00' }, 'unknown: wrong_amount'],
    ['no total', { refund_fee: gone }, 'unknown: malformed'],
    ['a total that is none', { refund_fee: '-0.01' }, 'unknown: malformed'],
    ['no trade', { trade_no: gone }, 'unknown: malformed'],
    ['another payment', { out_trade_no: 'Y' }, 'unknown: wrong_number'],
    ['no payment', { out_trade_no: gone }, 'unknown: malformed'],
    ['SYSTEM_ERROR', refusal('ACQ.SYSTEM_ERROR'), 'unknown: doubtful_code'],
    ['20000', { code: '20000' }, 'unknown: doubtful_code'],
    ['a trade that is closed', refusal('ACQ.TRADE_HAS_CLOSE'), 'unknown: doubtful_code'],
    ['a trade in another state', refusal('ACQ.TRADE_STATUS_ERROR'), 'unknown: doubtful_code'],
    ['too much', refusal('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL'), 'refused'],
    ['an empty till', refusal('ACQ.SELLER_BALANCE_NOT_ENOUGH'), 'refused'],
    ['a refusal of pay only', refusal('ACQ.PAYMENT_FAIL'), 'unknown: unknown_code'],
    ['10003', { code: '10003' }, 'unknown: unknown_code'],
  ];
  test.each(rows)('%s', (_row, changes, expected) => {
    expect(short(decodeRefund(answer('refund', WIRE.refunded.text, changes), askedRefund))).toBe(
      expected,
    );
  });

  test('done, with the total and the time', () => {
    expect(decodeRefund(answer('refund', WIRE.refunded.text), askedRefund)).toMatchObject({
      refundedTotalFen: 1,
      refundedAtMs: Date.parse('2019-08-29T20:30:00+08:00'),
      alipayTradeNo: '2019082922001432790585666965',
    });
  });

  test('an empty balance is the shop’s to fill', () => {
    const verified = answer('refund', WIRE.refunded.text, refusal('ACQ.SELLER_BALANCE_NOT_ENOUGH'));
    expect(decodeRefund(verified, askedRefund)).toMatchObject({ cause: 'balance' });
  });
});

describe('refund query', () => {
  const rows: [string, Fields, string][] = [
    ['as it came', {}, 'done'],
    ['no status', { refund_status: gone }, 'unknown: unsettled'],
    ['a status that is new', { refund_status: 'REFUND_PROCESSING' }, 'unknown: unknown_status'],
    ['another request', { out_request_no: 'R2' }, 'unknown: wrong_number'],
    ['no request', { out_request_no: gone }, 'unknown: malformed'],
    ['another amount', { refund_amount: '0.02' }, 'unknown: wrong_amount'],
    ['no amount', { refund_amount: gone }, 'unknown: malformed'],
    ['another payment', { out_trade_no: 'Y' }, 'unknown: wrong_number'],
    ['no payment', { out_trade_no: gone }, 'unknown: malformed'],
    ['a trade of any amount', { total_amount: '999.00' }, 'done'],
    ['a trade that is absent', refusal('ACQ.TRADE_NOT_EXIST'), 'refused'],
    ['the same without prefix', refusal('TRADE_NOT_EXIST'), 'refused'],
    ['SYSTEM_ERROR', refusal('ACQ.SYSTEM_ERROR'), 'unknown: doubtful_code'],
  ];
  test.each(rows)('%s', (_row, changes, expected) => {
    expect(
      short(decodeRefundQuery(answer('refundQuery', WIRE.refundFound.text, changes), askedRefund)),
    ).toBe(expected);
  });

  test('an empty 10000 is how Alipay says that it knows no such refund', () => {
    expect(
      short(decodeRefundQuery(answer('refundQuery', WIRE.refundAbsent.text), askedRefund)),
    ).toBe('absent');
    const named = answer('refundQuery', WIRE.refundAbsent.text, {
      out_trade_no: 'X',
      trade_no: '1',
    });
    expect(short(decodeRefundQuery(named, askedRefund))).toBe('absent');
    const other = answer('refundQuery', WIRE.refundAbsent.text, { out_trade_no: 'Y' });
    expect(short(decodeRefundQuery(other, askedRefund))).toBe('unknown: wrong_number');
  });
});

describe('heartbeat', () => {
  const rows: [string, Fields, string][] = [
    ['as it came', {}, 'ok'],
    ['bad keys', { code: '40002', sub_code: 'isv.invalid-signature' }, 'refused'],
    ['no permission', { code: '40006', sub_code: 'isv.insufficient-isv-permissions' }, 'refused'],
    ['20000', { code: '20000' }, 'unknown: doubtful_code'],
    ['a refusal that is new', refusal('ACQ.BRAND_NEW'), 'unknown: unknown_code'],
  ];
  test.each(rows)('%s', (_row, changes, expected) => {
    expect(short(decodeHeartbeat(answer('heartbeat', WIRE.heartbeat.text, changes)))).toBe(
      expected,
    );
  });
});

test('whatever a signed answer says, a payment is paid only with its own number, its amount and a trade', () => {
  const words = fc.constantFrom('X', '0.01', '10000', '40004', 'Y', '', null, 0.01, 10000);
  const names = ['code', 'sub_code', 'out_trade_no', 'total_amount', 'trade_no'] as const;
  const changes = fc.dictionary(fc.constantFrom(...names), words, { maxKeys: 3 });
  let paid = 0;
  fc.assert(
    fc.property(changes, (fields) => {
      fc.pre(!['', null].some((nothing) => fields['code'] === nothing));
      const outcome = decodePay(answer('pay', WIRE.paid.text, fields), asked(1));
      if (outcome.kind !== 'paid') return;
      paid += 1;
      const said = outcome.answer.fields;
      const { out_trade_no: number, total_amount: amount, sub_code: reason = '' } = said;
      expect([number, String(amount), String(said['code'])]).toEqual(['X', '0.01', '10000']);
      expect(['', null]).toContain(reason);
      expect(outcome.alipayTradeNo).not.toBe('');
    }),
    { numRuns: 1_000 },
  );
  expect(paid).toBeGreaterThan(10);
});
