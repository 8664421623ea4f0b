/**
 * What the same `localNo` again means, as a table of the contract's bullets: one number names one charge for ever, the
 * same call never charges twice, and what ended unpaid may be charged again. Then the promise behind it, over all
 * histories of two attempts: no new charge while an earlier one is paid or may still be.
 */
import { describe, expect, test } from 'vitest';
import { ruleOnLocalNo, type ChargeRequest } from './local-no.ts';
import { fen } from './money.ts';
import { aPayment } from './payment.fixtures.ts';
import { PAYMENT_STATES, type Payment, type PaymentState } from './payment.ts';

const barcode = (authCodeHash: string, amountFen = 100): ChargeRequest => ({
  method: 'barcode',
  amountFen,
  authCodeHash,
});
const qr = (amountFen = 100): ChargeRequest => ({ method: 'qr', amountFen, authCodeHash: null });

function barcodeCharge(state: PaymentState, authCodeHash: string, attempt = 1): Payment {
  const paymentNo = `FF${attempt}`;
  return aPayment({ state, authCodeHash, attempt, paymentNo, amountFen: fen(100) });
}

type Shown = 'shown' | 'under way' | 'no answer';

function qrCharge(state: PaymentState, shown: Shown, attempt = 1): Payment {
  return aPayment({
    method: 'qr',
    state,
    attempt,
    paymentNo: `FF${attempt}`,
    amountFen: fen(100),
    qrCode: shown === 'shown' ? 'https://qr.alipay.com/bax' : null,
    firstCallEnded: shown !== 'under way',
  });
}

const ATTEMPT: Readonly<Record<string, number>> = { FF1: 1, FF2: 2 };

/** `new 2`: charge as attempt 2; `same 1`, `taken 1`: the payment of attempt 1. */
function rulingOn(attempts: readonly Payment[], request: ChargeRequest): string {
  const ruling = ruleOnLocalNo(attempts, request);
  const attempt = ruling.kind === 'new' ? ruling.attempt : ATTEMPT[ruling.payment.paymentNo];
  return `${ruling.kind} ${attempt}`;
}

/** Money that came after the till was told that it would not, and goes back by itself. */
const wentBack = (payment: Payment, refundedFen: number): Payment => ({
  ...payment,
  isLate: true,
  refundedFen,
  refundingFen: payment.amountFen - refundedFen,
});

const DECLINED_THEN_PAID = [barcodeCharge('paid', 'B', 2), barcodeCharge('declined', 'A', 1)];
const DECLINED_TWICE = [barcodeCharge('declined', 'B', 2), barcodeCharge('declined', 'A', 1)];
const CLOSED_QR_THEN_BARCODE = [barcodeCharge('created', 'A', 2), qrCharge('closed', 'shown', 1)];
const DECLINED_THEN_QR = [
  qrCharge('awaiting_buyer', 'shown', 2),
  barcodeCharge('declined', 'A', 1),
];

describe('a call under a localNo', () => {
  test.each<[string, readonly Payment[], ChargeRequest, string]>([
    // A number of its own.
    ['nothing before: hb_barcode', [], barcode('A'), 'new 1'],
    ['nothing before: qrcode', [], qr(), 'new 1'],

    // The same call again: the first call's trade and answer, or its current state.
    ['in doubt, same code', [barcodeCharge('created', 'A')], barcode('A'), 'same 1'],
    ['waiting, same code', [barcodeCharge('awaiting_buyer', 'A')], barcode('A'), 'same 1'],
    ['paid, same code', [barcodeCharge('paid', 'A')], barcode('A'), 'same 1'],
    ['declined, same code', [barcodeCharge('declined', 'A')], barcode('A'), 'same 1'],
    ['cancelled, same code', [barcodeCharge('closed', 'A')], barcode('A'), 'same 1'],
    ['given back, same code', [barcodeCharge('reversed', 'A')], barcode('A'), 'same 1'],
    ['QR shown, same call', [qrCharge('awaiting_buyer', 'shown')], qr(), 'same 1'],
    ['QR paid, same call', [qrCharge('paid', 'shown')], qr(), 'same 1'],
    ['QR under way, same call', [qrCharge('created', 'under way')], qr(), 'same 1'],
    ['the same code as long ago', DECLINED_THEN_PAID, barcode('A'), 'same 1'],
    ['the same code as last time', DECLINED_THEN_PAID, barcode('B'), 'same 2'],

    // Ended unpaid: again, by qrcode with the same call, by hb_barcode with another code.
    ['declined, other code', [barcodeCharge('declined', 'A')], barcode('B'), 'new 2'],
    ['cancelled, other code', [barcodeCharge('closed', 'A')], barcode('B'), 'new 2'],
    ['given back, other code', [barcodeCharge('reversed', 'A')], barcode('B'), 'new 2'],
    ['declined, now by QR', [barcodeCharge('declined', 'A')], qr(), 'new 2'],
    ['declined twice, third code', DECLINED_TWICE, barcode('C'), 'new 3'],
    ['QR expired, same call', [qrCharge('closed', 'shown')], qr(), 'new 2'],
    ['QR given back, same call', [qrCharge('reversed', 'shown')], qr(), 'new 2'],
    ['QR expired, now by barcode', [qrCharge('closed', 'shown')], barcode('A'), 'new 2'],

    // Late money that went back by itself is no charge; while it is going back, it is one.
    [
      'late, gone back, other code',
      [wentBack(barcodeCharge('paid', 'A'), 100)],
      barcode('B'),
      'new 2',
    ],
    [
      'late, gone back, same code',
      [wentBack(barcodeCharge('paid', 'A'), 100)],
      barcode('A'),
      'same 1',
    ],
    [
      'late, going back, other code',
      [wentBack(barcodeCharge('paid', 'A'), 0)],
      barcode('B'),
      'taken 1',
    ],
    ['late QR, gone back, same call', [wentBack(qrCharge('paid', 'shown'), 100)], qr(), 'new 2'],
    ['late QR, going back, same call', [wentBack(qrCharge('paid', 'shown'), 0)], qr(), 'same 1'],
    [
      'given back by the shop, same amount',
      [{ ...barcodeCharge('paid', 'A'), refundedFen: 100 }],
      barcode('B'),
      'taken 1',
    ],

    // No code was shown: the same qrcode call may get a new number.
    ['QRCODE_FAILED, same call', [qrCharge('declined', 'no answer')], qr(), 'new 2'],
    ['ALIPAY_UNREACHABLE, same call', [qrCharge('created', 'no answer')], qr(), 'new 2'],
    ['ALIPAY_UNREACHABLE, other amount', [qrCharge('created', 'no answer')], qr(200), 'taken 1'],
    ['ALIPAY_UNREACHABLE, barcode', [qrCharge('created', 'no answer')], barcode('A'), 'taken 1'],
    // Somebody has seen the code, whatever became of our answer.
    ['scanned, though we got no code', [qrCharge('awaiting_buyer', 'no answer')], qr(), 'same 1'],
    ['paid, though we got no code', [qrCharge('paid', 'no answer')], qr(), 'same 1'],

    // Anything else.
    ['in doubt, other code', [barcodeCharge('created', 'A')], barcode('B'), 'taken 1'],
    ['waiting, other code', [barcodeCharge('awaiting_buyer', 'A')], barcode('B'), 'taken 1'],
    ['paid, other code', [barcodeCharge('paid', 'A')], barcode('B'), 'taken 1'],
    ['paid, now by QR', [barcodeCharge('paid', 'A')], qr(), 'taken 1'],
    [
      'in doubt, same code, other amount',
      [barcodeCharge('created', 'A')],
      barcode('A', 2),
      'taken 1',
    ],
    ['paid, same code, other amount', [barcodeCharge('paid', 'A')], barcode('A', 2), 'taken 1'],
    [
      'declined, same code, other amount',
      [barcodeCharge('declined', 'A')],
      barcode('A', 2),
      'taken 1',
    ],
    [
      'declined, other code, other amount',
      [barcodeCharge('declined', 'A')],
      barcode('B', 2),
      'taken 1',
    ],
    ['QR shown, other amount', [qrCharge('awaiting_buyer', 'shown')], qr(200), 'taken 1'],
    ['QR shown, now by barcode', [qrCharge('awaiting_buyer', 'shown')], barcode('A'), 'taken 1'],
    ['QR expired, other amount', [qrCharge('closed', 'shown')], qr(200), 'taken 1'],
    ['an older QR of the same amount', CLOSED_QR_THEN_BARCODE, qr(), 'taken 2'],
    ['the newest is a QR: another code', DECLINED_THEN_QR, barcode('B'), 'taken 2'],
    ['the newest is a QR: the declined code', DECLINED_THEN_QR, barcode('A'), 'same 1'],
    ['paid at the second attempt, third code', DECLINED_THEN_PAID, barcode('C'), 'taken 2'],
  ])('%s', (_case, attempts, request, expected) => {
    expect(rulingOn(attempts, request)).toBe(expected);
  });
});

test('nothing is charged while the newest charge is paid, or may still be', () => {
  const oneCharge = (attempt: number): Payment[] =>
    PAYMENT_STATES.flatMap((state) => [
      ...['A', 'B'].map((code) => barcodeCharge(state, code, attempt)),
      ...(['shown', 'under way', 'no answer'] as const).map((shown) =>
        qrCharge(state, shown, attempt),
      ),
    ]);
  const requests = [barcode('A'), barcode('B'), barcode('C'), barcode('A', 2), qr(), qr(2)];
  let charged = 0;
  for (const latest of oneCharge(2)) {
    for (const earlier of oneCharge(1)) {
      for (const request of requests) {
        const ruling = ruleOnLocalNo([latest, earlier], request);
        if (ruling.kind !== 'new') continue;
        charged += 1;
        const endedUnpaid = ['declined', 'closed', 'reversed'].includes(latest.state);
        const wasNeverShown =
          latest.method === 'qr' &&
          latest.state === 'created' &&
          latest.qrCode === null &&
          latest.firstCallEnded;
        expect(endedUnpaid || wasNeverShown).toBe(true);
        expect(request.amountFen).toBe(latest.amountFen);
        expect(ruling.attempt).toBe(3);
      }
    }
  }
  expect(charged).toBeGreaterThan(100);
});
