/**
 * The sentence on why a payment is in its state and what is next, for each state and each next step, and always in both
 * languages. What is asked and when is `core/schedule.ts`'s; here only that the sentence says the same.
 */
import { describe, expect, test } from 'vitest';
import type { Incident } from '../core/incident.ts';
import { aPayment, aRefund, at } from '../core/payment.fixtures.ts';
import { PAYMENT_STATES, type Payment } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import { whyAndNextOf, whyOf } from './why.ts';

const why = (
  payment: Partial<Payment>,
  refunds: Refund[] = [],
  incidents: Incident[] = [],
  nowMs = at(3),
) => whyOf({ payment: aPayment(payment), refunds, incidents }, nowMs);

const OPEN = { firstCallEnded: true, dueAtMs: at(4) } as const;
const T = '2026-03-21 12:0';

describe('says', () => {
  test.each<[Partial<Payment>, string]>([
    [
      { dueAtMs: at(11) },
      `created: the intent is stored and the first call to Alipay has not ended, no query was answered yet; next Alipay is asked (alipay.trade.query) at ${T}0:11.000, and what is still open at ${T}1:00.000 is ended.`,
    ],
    [
      { ...OPEN, tradeSeen: 'absent' },
      `created: the first call to Alipay gave no verdict, Alipay knows no such trade so far, which proves nothing yet; next Alipay is asked (alipay.trade.query) at ${T}0:04.000, and what is still open at ${T}1:00.000 is ended.`,
    ],
    [
      { ...OPEN, state: 'awaiting_buyer', tradeSeen: 'open', dueAtMs: at(2) },
      `awaiting_buyer: the trade waits for the buyer; next Alipay is asked (alipay.trade.query) now (due since ${T}0:02.000), and what is still open at ${T}1:00.000 is ended.`,
    ],
    [
      { ...OPEN, method: 'qr', state: 'awaiting_buyer', dueAtMs: at(5) },
      `awaiting_buyer: the QR code is out and nobody has scanned it; next Alipay is asked (alipay.trade.query) at ${T}0:05.000, and what is still open at 2026-03-21 12:15:00.000 is ended.`,
    ],
    [
      { ...OPEN, state: 'awaiting_buyer', tradeSeen: 'open', heardAtMs: at(61), dueAtMs: at(61) },
      `awaiting_buyer: the trade waits for the buyer; next it is cancelled (alipay.trade.cancel) at ${T}1:01.000.`,
    ],
    [
      { ...OPEN, state: 'awaiting_buyer', cancelSentAtMs: at(60) },
      `awaiting_buyer: no query was answered yet; a cancel is on its way since ${T}1:00.000, its answer or the next query decides.`,
    ],
    [
      { ...OPEN, state: 'awaiting_buyer', tradeSeen: 'foreign', dueAtMs: null },
      "awaiting_buyer: the number names somebody else's trade at Alipay; nobody asks any more: a person must look.",
    ],
    [
      { state: 'paid', paidAtMs: at(2), dueAtMs: at(12) },
      `paid: a verified answer of Alipay says so (${T}0:02.000); next Alipay is asked (alipay.trade.query) at ${T}0:12.000.`,
    ],
    [
      { state: 'paid', paidAtMs: at(2), dueAtMs: null, isLate: true, refundedFen: 8800 },
      `paid: a verified answer of Alipay says so (${T}0:02.000), after the till was told that it would not be, and all of it was refunded; nothing is left to ask.`,
    ],
    [
      { state: 'paid', paidAtMs: at(2), dueAtMs: null, tradeSeen: 'disputed' },
      `paid: a verified answer of Alipay says so (${T}0:02.000), but Alipay's answers contradict each other; nothing is left to ask.`,
    ],
    [
      { state: 'declined', dueAtMs: null },
      'declined: Alipay refused the charge for certain, nothing was taken; nothing is left to ask.',
    ],
    [
      { state: 'closed', dueAtMs: null, tradeSeen: 'ended' },
      'closed: Alipay closed the trade unpaid; nothing is left to ask.',
    ],
    [
      { state: 'closed', dueAtMs: at(60), tradeSeen: 'absent' },
      `closed: Alipay knows no such trade, and none can come into being any more; next Alipay is asked (alipay.trade.query) at ${T}1:00.000.`,
    ],
    [
      { state: 'reversed', dueAtMs: null },
      'reversed: it was paid, and all of the money went back by a cancel; nothing is left to ask.',
    ],
  ])('%j', (payment, sentence) => {
    expect(why(payment).en).toBe(sentence);
  });

  test.each(PAYMENT_STATES)('%s in Chinese, too, as one sentence', (state) => {
    const { zh } = why({ state, paidAtMs: at(2) });
    expect(zh).toMatch(new RegExp(`^${state}：[^a-z]`));
    expect(zh).toMatch(/。$/);
    expect(zh.match(/。/g)).toHaveLength(1);
  });
});

describe('goes on with', () => {
  const paid = { state: 'paid', paidAtMs: at(2), dueAtMs: null } as const;
  const tail = (...story: Parameters<typeof why>): string[] =>
    why(...story)
      .en.split('; ')
      .slice(1);

  test.each<[Refund, string]>([
    [
      aRefund({ dueAtMs: at(5) }),
      `refund 01 is open and is sent (alipay.trade.refund) at ${T}0:05.000.`,
    ],
    [
      aRefund({ dueAtMs: at(1), lastSentAtMs: at(0) }),
      `refund 01 is open and is asked about (alipay.trade.fastpay.refund.query) now (due since ${T}0:01.000).`,
    ],
    [aRefund({ dueAtMs: null }), 'refund 01 is open and nobody asks any more: a person must look.'],
  ])('an open refund', (refund, sentence) => {
    const settled = aRefund({ requestNo: '00', state: 'done' });
    expect(tail(paid, [settled, refund]).slice(1)).toStrictEqual(sentence.split('; '));
  });

  test('open incidents, and no resolved ones', () => {
    const incident = {
      merchantId: 1,
      incidentNo: 7,
      paymentNo: 'FF1',
      requestNo: null,
      reason: 'late_payment',
      state: 'open',
      openedAtMs: 1,
      lastSeenAtMs: 1,
      seenCount: 1,
      resolvedAtMs: null,
      resolvedBy: null,
      note: null,
      version: 1,
    } as const;
    const resolved = { ...incident, incidentNo: 6, state: 'resolved' } as const;
    expect(tail(paid, [], [resolved, incident])).toStrictEqual([
      'nothing is left to ask',
      'a person must look: incident 7 (late_payment).',
    ]);
    expect(why(paid, [], [incident]).zh).toContain('需要人工处理：事件 7 (late_payment)');
  });
});

describe('in two sentences', () => {
  test.each<[string, Partial<Payment>, Refund[], string | null]>([
    ['a payment that is over has no next', { state: 'declined', dueAtMs: null }, [], null],
    [
      'one that is asked about does',
      { ...OPEN, tradeSeen: 'absent' },
      [],
      `next Alipay is asked (alipay.trade.query) at ${T}0:04.000, and what is still open at ${T}1:00.000 is ended.`,
    ],
    [
      'and one whose refund is open',
      { state: 'paid', paidAtMs: at(2), dueAtMs: null },
      [aRefund({ dueAtMs: at(5) })],
      `refund 01 is open and is sent (alipay.trade.refund) at ${T}0:05.000.`,
    ],
  ])('%s', (_what, payment, refunds, next) => {
    const story = { payment: aPayment(payment), refunds, incidents: [] };
    const told = whyAndNextOf(story, at(3));
    expect(told.next?.en ?? null).toBe(next);
    expect(told.why.en).toMatch(new RegExp(`^${payment.state ?? 'created'}: [^;]+\\.$`));
  });
});
