/**
 * What tills were told, over v1 and v2 alike, held against what became of the money. Whether v2 answers what was asked is checked in
 * `v2/answer-checks.ts`.
 */
import type { Incident } from '../../src/core/incident.ts';
import { keepsMoney } from './book.ts';
import { hasIncident, perPayment, type Check, type Story } from './check.ts';
import type { Call, Told } from './ledger.ts';

/** Calls whose answers say what became of a payment. */
const TELLS_STATE: ReadonlySet<Call> = new Set([
  'hb_barcode',
  'query',
  'v2 create',
  'v2 look',
  'v2 cancel',
]);

const tillsToldTrue = perPayment('a till is told the truth', function* (story) {
  const { payment, told, trade } = story;
  const wasReversedLate = hasIncident(story, 'reversed_after_paid');
  // The refund that was to give it back was refused, so that it was the shop's after all; until it was carried out.
  const wasRefusedFirst = hasIncident(story, 'late_refund_refused');
  const wentBackLate = trade?.refunds.some(({ requestNo }) =>
    requestNo.startsWith(`${payment.paymentNo}LATE`),
  );
  for (const { call, verdict } of told) {
    if (!TELLS_STATE.has(call)) continue;
    const isExplained = payment.isLate || wasReversedLate;
    if (verdict === 'failed' && keepsMoney(trade) && !payment.isLate)
      yield 'told failed, and the money stays taken';
    if (verdict === 'paid' && trade?.paidAtMs === undefined) yield 'told paid, and nobody paid';
    if (verdict === 'paid' && trade?.closedBy === 'cancel' && !isExplained)
      yield 'told paid, and the cancel took it back';
    if (verdict === 'paid' && wentBackLate && !wasRefusedFirst)
      yield 'told paid, and late money goes back by itself';
  }
});

const sameAnswers = perPayment('the same call gets the same answer', function* (story) {
  if (story.payment.isLate || hasIncident(story, 'reversed_after_paid')) return;
  const first = new Map<string, Told>();
  for (const told of story.told) {
    if (told.verdict === 'open' || told.verdict === 'error' || told.verdict === 'taken') continue;
    // What v2 keeps is told by its key.
    if (told.call === 'query' || told.v2 !== undefined) continue;
    const name = `${told.call} ${told.key}`;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, told);
    else if (earlier.raw !== told.raw) yield `${name}: ${earlier.raw} then ${told.raw}`;
  }
});

const refundsToldTrue: Check = function* ({ ledger, trades, stories }) {
  const byPaymentNo = new Map(stories.map((story) => [story.payment.paymentNo, story]));
  const byNumber = new Map(trades.map((trade) => [trade.outTradeNo, trade]));
  for (const asked of ledger.askedRefunds) {
    const { paymentNo, requestNo, amountFen, bill } = asked;
    const isDone = byNumber
      .get(paymentNo)
      ?.refunds.some((refund) => refund.requestNo === requestNo && refund.amountFen === amountFen);
    const answers = ledger.told.filter(
      (told) =>
        told.bill === bill &&
        told.call.includes('refund') &&
        told.key === `${requestNo}/${amountFen}`,
    );
    for (const { verdict } of answers) {
      const isWrong =
        (verdict === 'refunded' && isDone !== true) ||
        (verdict === 'refused' &&
          isDone === true &&
          !isAlarm(byPaymentNo.get(paymentNo), requestNo));
      if (isWrong)
        yield {
          rule: 'a till is told the truth',
          detail: `refund ${requestNo} told ${verdict}`,
          paymentNo,
        };
    }
  }
};

function isAlarm(story: Story | undefined, requestNo: string): boolean {
  const isOfIt = (incident: Incident): boolean =>
    incident.reason === 'refund_done_after_refused' && incident.requestNo === requestNo;
  return story?.incidents.some(isOfIt) ?? false;
}

const noTrespass: Check = function* ({ ledger }) {
  for (const { call, key, verdict, raw, paymentNo, bill, v2 } of ledger.told) {
    if (!key.startsWith('trespass')) continue;
    const isLet =
      call === 'query' || v2 !== undefined
        ? verdict !== 'error'
        : verdict === 'refunded' || verdict === 'open';
    if (isLet)
      yield {
        rule: 'another shop cannot touch it',
        detail: `${bill.name}, ${key}: ${raw}`,
        paymentNo,
      };
  }
};

export const TOLD_CHECKS: readonly Check[] = [
  tillsToldTrue,
  sameAnswers,
  refundsToldTrue,
  noTrespass,
];
