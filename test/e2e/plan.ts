/**
 * What happens in each round, all of it derived from the round's number: which guests come, how Alipay and the network
 * suffer, and when who is killed. Tables to read; `kill.test.ts` makes them happen.
 */
import type { Fault } from '../support/simulator-client.ts';
import type { Guest, RefundPlan, Sale } from './tills.ts';

const NOTHING: RefundPlan = [];
const ALL: RefundPlan = [[{ requestNo: 'all', share: 1 }]];
const IN_PARTS: RefundPlan = [[{ requestNo: 'a', share: 0.4 }], [{ requestNo: 'b', share: 0.6 }]];
const TWO_AT_ONCE: RefundPlan = [
  [
    { requestNo: 'a', share: 0.5 },
    { requestNo: 'b', share: 0.5 },
  ],
];
const SAME_TWICE_AT_ONCE: RefundPlan = [
  [
    { requestNo: 'same', share: 1 },
    { requestNo: 'same', share: 1 },
  ],
];
/** Only one of them can be done. */
const TOO_MUCH_AT_ONCE: RefundPlan = [
  [
    { requestNo: 'a', share: 0.6 },
    { requestNo: 'b', share: 0.6 },
  ],
];
/** The number stands for the first amount for ever. */
const SAME_NUMBER_OTHER_AMOUNT: RefundPlan = [
  [{ requestNo: 'a', share: 0.5 }],
  [{ requestNo: 'a', share: 0.3 }],
];

type Visit = Pick<Sale, 'guest' | 'refunds' | 'asksForTrade' | 'pressesTwice'> & {
  /** Takes so long that it must begin early: the end of the test waits for it. */
  readonly isSlow?: boolean;
};

const shows = (story = 'any code'): Guest => ({ shows: story });
const showsTwo = (story: string): Guest => ({ shows: story, hasAnotherCard: true });
const scans = (scans: 'and pays' | 'and declines' | 'never'): Guest => ({ scans });

/** The stories of the payment codes are in the contract of the simulator. */
const VISITS: readonly Visit[] = [
  { guest: shows(), refunds: NOTHING },
  { guest: shows('0001'), refunds: ALL, isSlow: true },
  { guest: shows(), refunds: ALL },
  { guest: showsTwo('0003'), refunds: NOTHING },
  { guest: scans('and pays'), refunds: NOTHING },
  { guest: shows('0007'), refunds: IN_PARTS, isSlow: true },
  { guest: shows(), refunds: SAME_TWICE_AT_ONCE },
  { guest: shows('0002'), refunds: NOTHING, isSlow: true },
  { guest: shows(), refunds: NOTHING, pressesTwice: true },
  { guest: showsTwo('0006'), refunds: NOTHING, isSlow: true },
  { guest: shows('0005'), refunds: ALL },
  { guest: scans('never'), refunds: NOTHING },
  { guest: shows(), refunds: TWO_AT_ONCE, isSlow: true },
  { guest: showsTwo('0011'), refunds: ALL, isSlow: true },
  { guest: shows('0012'), refunds: SAME_NUMBER_OTHER_AMOUNT },
  { guest: scans('and pays'), refunds: ALL, pressesTwice: true },
  { guest: shows('0009'), refunds: NOTHING, asksForTrade: true, isSlow: true },
  { guest: shows(), refunds: TOO_MUCH_AT_ONCE },
  { guest: showsTwo('0004'), refunds: ALL },
  { guest: shows('0008'), refunds: NOTHING, isSlow: true },
  { guest: shows(), refunds: IN_PARTS, isSlow: true },
  { guest: scans('and declines'), refunds: NOTHING },
  { guest: shows('0010'), refunds: SAME_TWICE_AT_ONCE },
  { guest: shows('0001'), refunds: NOTHING, asksForTrade: true, isSlow: true },
  { guest: shows(), refunds: ALL, pressesTwice: true },
  { guest: scans('and pays'), refunds: TWO_AT_ONCE, isSlow: true },
  { guest: shows('0002'), refunds: NOTHING, pressesTwice: true, isSlow: true },
];

export const VISITS_A_ROUND = 7;

/** The sales that begin in this round; slow ones not any more when `isLate`. */
export function salesOf(round: number, isLate: boolean): readonly Sale[] {
  const visits = VISITS.filter(({ isSlow }) => !isLate || isSlow !== true);
  return Array.from({ length: VISITS_A_ROUND }, (_, till) => {
    const number = round * VISITS_A_ROUND + till;
    const { isSlow: _slow, ...visit } = visits[number % visits.length]!;
    // Shares of an amount are whole fen when it is a multiple of ten.
    return { ...visit, localNo: `round ${round} till ${till}`, amountFen: 1000 + number * 10 };
  });
}

const [PAY, QUERY, REFUND] = ['alipay.trade.pay', 'alipay.trade.query', 'alipay.trade.refund'];
const [PRECREATE, CANCEL] = ['alipay.trade.precreate', 'alipay.trade.cancel'];
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query';
const NOT_EXECUTED = { executed: false } as const;

const FAULTS: readonly Fault[] = [
  { method: PAY, kind: 'drop_response', times: 2 },
  { method: REFUND, kind: 'drop_response', times: 2 },
  { method: QUERY, kind: 'http_502', times: 3 },
  { method: PAY, kind: 'duplicate_request', times: 3 },
  { method: REFUND, kind: 'duplicate_request', times: 2 },
  { method: PRECREATE, kind: 'drop_response' },
  { method: PAY, kind: 'delay', ms: 600, times: 2 },
  { method: REFUND, kind: 'delay', ms: 1500 },
  { method: CANCEL, kind: 'drop_response' },
  { method: PAY, kind: 'bad_signature' },
  { method: REFUND, kind: 'http_502', ...NOT_EXECUTED },
  { method: QUERY, kind: 'tampered_body', times: 2 },
  { method: PAY, kind: 'unknown_20000_gbk', times: 2 },
  { method: REFUND_QUERY, kind: 'unknown_20000' },
  { method: PRECREATE, kind: 'bad_signature' },
  { method: PAY, kind: 'drop_request' },
  { method: REFUND, kind: 'no_signature' },
  { method: CANCEL, kind: 'duplicate_request' },
  { method: QUERY, kind: 'empty_body', times: 2 },
  { method: PAY, kind: 'http_502', ...NOT_EXECUTED },
  { method: REFUND, kind: 'drop_request' },
];

const FAULTS_A_ROUND = 3;

export function faultsOf(round: number): readonly Fault[] {
  return Array.from(
    { length: FAULTS_A_ROUND },
    (_, index) => FAULTS[(round * FAULTS_A_ROUND + index) % FAULTS.length]!,
  );
}

export type Moment = {
  /** What of this round must have happened, and how long ago. */
  readonly since: 'begun' | 'paid' | 'refund asked' | 'refund done';
  readonly ms: number;
  readonly dies: 'gateway' | 'simulator' | 'both';
};

const MOMENTS: readonly Moment[] = [
  { since: 'begun', ms: 0, dies: 'gateway' },
  { since: 'begun', ms: 4, dies: 'gateway' },
  { since: 'paid', ms: 0, dies: 'gateway' },
  { since: 'begun', ms: 16, dies: 'gateway' },
  { since: 'refund done', ms: 0, dies: 'gateway' },
  { since: 'begun', ms: 30, dies: 'both' },
  { since: 'refund asked', ms: 2, dies: 'gateway' },
  { since: 'begun', ms: 60, dies: 'gateway' },
  { since: 'begun', ms: 100, dies: 'simulator' },
  { since: 'refund asked', ms: 12, dies: 'gateway' },
  { since: 'begun', ms: 150, dies: 'gateway' },
  { since: 'paid', ms: 40, dies: 'gateway' },
  { since: 'begun', ms: 350, dies: 'gateway' },
];

/** Enough for each moment to come once. */
export const ALL_MOMENTS = MOMENTS.length;

export function momentOf(round: number): Moment {
  return MOMENTS[round % MOMENTS.length]!;
}
