/**
 * Builders of the tests about payments and refunds. Each has defaults, and a test sets only what matters to it, so that
 * every value in a test means something. The times are those of a till's settings: a barcode payment is cancelled after
 * a minute, a QR code is kept for fifteen.
 */
import { fen } from './money.ts';
import { afterSilence, decide, type Decision, type Evidence } from './decide-payment.ts';
import type { Payment, PaymentFact } from './payment.ts';
import type { Refund } from './refund.ts';

/** Noon in Shanghai; every payment and refund here begins then. */
export const START_MS = Date.UTC(2026, 2, 21, 4, 0, 0);

/** The moment this many seconds after the start. */
export function at(seconds: number): number {
  return START_MS + seconds * 1000;
}

const BARCODE: Payment = {
  merchantId: 1,
  paymentNo: 'FF2603210000001',
  localNo: '00259',
  attempt: 1,
  method: 'barcode',
  amountFen: fen(8800),
  state: 'created',
  version: 1,
  subject: 'Tea',
  body: null,
  operatorId: null,
  storeId: null,
  authCodeHash: 'hash of the payment code',
  appOwner: 'B996377230C16FEF1BA98F127C1A4570',
  appId: '2016022901171807',
  keyId: 1,
  authorizationId: null,
  sellerId: '2088212612254111',
  alipayTradeNo: null,
  qrCode: null,
  answer: null,
  answerMethod: null,
  refundedFen: 0,
  refundingFen: 0,
  refundNotBeforeMs: 0,
  createdAtMs: START_MS,
  deadlineAtMs: at(60),
  diesAtMs: at(60),
  paidAtMs: null,
  dueAtMs: at(11),
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
};

const QR: Pick<Payment, 'authCodeHash' | 'deadlineAtMs' | 'diesAtMs'> = {
  authCodeHash: null,
  deadlineAtMs: at(900),
  diesAtMs: at(910),
};

/** A payment as it is stored before Alipay hears of it, but for `changes`. */
export function aPayment(changes: Partial<Payment> = {}): Payment {
  return { ...BARCODE, ...(changes.method === 'qr' ? QR : {}), ...changes };
}

/** A refund of one yuan as it is stored before Alipay hears of it, but for `changes`. */
export function aRefund(changes: Partial<Refund> = {}): Refund {
  return {
    merchantId: 1,
    paymentNo: BARCODE.paymentNo,
    requestNo: '01',
    amountFen: fen(100),
    reason: null,
    storeId: null,
    state: 'created',
    version: 1,
    answer: null,
    answerFact: null,
    lastSentAtMs: null,
    inDoubt: false,
    asksInVain: 0,
    createdAtMs: START_MS,
    dueAtMs: START_MS,
    createdBy: null,
    createdByName: null,
    ...changes,
  };
}

/** Evidence of an answer, but for when it was asked for; in the state that the payment has, unless it says otherwise. */
export type Heard = Omit<Evidence, 'askedAtMs' | 'askedIn'> & Partial<Pick<Evidence, 'askedIn'>>;

/** What an answer taught; its raw text names where it came from. */
export function heard(
  method: Evidence['method'],
  fact: PaymentFact,
  more: Partial<Heard> = {},
): Heard {
  return { fact, method, raw: `{"${method}":"${fact}"}`, ...more };
}

/** Decides on an answer that came as soon as it was asked for, or was asked for at `askedAtMs`. */
export function decideOn(
  before: Payment,
  answer: Heard,
  nowMs: number,
  askedAtMs: number = nowMs,
): Decision {
  return decide(before, { askedIn: before.state, ...answer, askedAtMs }, nowMs);
}

/** Silence of a question that ends nothing. */
export function silent(before: Payment, nowMs: number): Decision {
  return afterSilence(before, nowMs, false);
}
