/**
 * Which change makes an incident moot. The rule is asked of every change, so each row of the table is held from both
 * sides: the change that makes it moot, and the nearest one that does not. Who opens incidents is tested in `test/flows/`.
 */
import { describe, expect, test } from 'vitest';
import { INCIDENT_REASONS, mootConcerns, type MootQuestion } from './incident.ts';
import { aPayment, aRefund, at } from './payment.fixtures.ts';
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';

const DAY_S = 86_400;
/** More questions in vain than the schedule has. */
const SILENT = { asksInVain: 181 } as const;
const late = { state: 'paid', isLate: true, amountFen: aPayment().amountFen } as const;

function moot(
  before: Partial<Payment>,
  after: Partial<Payment>,
  more: Partial<Omit<MootQuestion, 'payment'>> = {},
): string[] {
  const payment = { before: aPayment(before), after: aPayment({ ...before, ...after }) };
  const concerns = mootConcerns({ payment, heard: {}, nowMs: at(10), ...more });
  return concerns.map(({ reason, requestNo }) => `${reason} ${requestNo ?? '-'}`);
}

function mootOfRefund(before: Partial<Refund> | undefined, after: Partial<Refund>): string[] {
  const refund = {
    before: before && aRefund(before),
    after: aRefund({ ...before, ...after }),
  };
  return moot({ state: 'paid' }, {}, { refund });
}

const query = (fact: string): Partial<MootQuestion> => ({ heard: { method: 'query', fact } });
const WENT_BACK = ['late_payment -', 'late_refund_refused -'];

describe('a change makes moot', () => {
  test.each<[string, string[], string[]]>([
    ['silence, once Alipay answers', moot(SILENT, { asksInVain: 0 }), ['alipay_stays_silent -']],
    ['not, while it goes on', moot(SILENT, { asksInVain: 182 }), []],
    ['not, when the schedule was not exhausted', moot({ asksInVain: 180 }, { asksInVain: 0 }), []],
    [
      'silence about a refund, of that refund, once it is settled',
      mootOfRefund({ ...SILENT, requestNo: '07' }, { state: 'done', asksInVain: 0 }),
      ['refund_stays_silent 07'],
    ],
    ['not, while nothing is found', mootOfRefund(SILENT, { asksInVain: 182 }), []],
    ['not by another refund that begins', mootOfRefund(undefined, {}), []],
    ['late money, once all of it went back', moot(late, { refundedFen: 8800 }), WENT_BACK],
    ['not, while a fen is kept', moot(late, { refundedFen: 8799 }), []],
    ['not once more', moot({ ...late, refundedFen: 8800 }, { subject: 'again' }), []],
    ['not of money in time', moot({ ...late, isLate: false }, { refundedFen: 8800 }), []],
    ['late money that a cancel gave back', moot(late, { state: 'reversed' }), WENT_BACK],
    [
      'a charge without agreement, once a query agrees',
      moot({ state: 'paid' }, {}, { ...query('paid'), nowMs: at(8 * DAY_S) }),
      ['paid_stays_unconfirmed -'],
    ],
    [
      'not, while it is still asked about',
      moot({ state: 'paid' }, {}, { ...query('paid'), nowMs: at(6 * DAY_S) }),
      [],
    ],
    [
      'not by a query that does not agree',
      moot({ state: 'paid' }, {}, { ...query('absent'), nowMs: at(8 * DAY_S) }),
      [],
    ],
    [
      'not by the word of the charge itself',
      moot({ state: 'paid' }, {}, { heard: { method: 'pay', fact: 'paid' }, nowMs: at(8 * DAY_S) }),
      [],
    ],
  ])('%s', (_case, found, expected) => {
    expect(found).toStrictEqual(expected);
  });

  test.each<[string, Partial<Refund> | undefined, number, string[]]>([
    [
      'money that went back elsewhere, once it was our own',
      { state: 'refused' },
      8800,
      ['refunded_elsewhere -'],
    ],
    ['not, while some of it is unexplained', { state: 'refused' }, 8799, []],
    ['not by a refund that nobody refused', { state: 'created' }, 8800, []],
  ])('%s', (_case, before, refundedFen, expected) => {
    const refund = { before: aRefund(before), after: aRefund({ state: 'done' }) };
    expect(moot({ state: 'paid' }, { refundedFen }, { refund })).toStrictEqual(expected);
  });

  test("no contradiction: those are a person's to resolve", () => {
    const everything = moot(
      { ...late, ...SILENT },
      { asksInVain: 0, refundedFen: 8800 },
      {
        ...query('paid'),
        nowMs: at(8 * DAY_S),
        refund: { before: aRefund(SILENT), after: aRefund({ state: 'done' }) },
      },
    ).map((text) => text.split(' ')[0]);
    expect(INCIDENT_REASONS.filter((reason) => !everything.includes(reason))).toStrictEqual([
      'paid_trade_is_closed',
      'refunded_elsewhere',
      'reversed_after_paid',
      'number_names_another_trade',
      'refund_done_after_refused',
    ]);
  });
});
