/**
 * The history replays to the rows. Examples pin what is kept of a change; the property walks a payment and its refunds at
 * random, through the real decisions and through fields changed at will, and folds what was kept: the last row comes out.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changesBetween,
  changesOf,
  historyFaults,
  replay,
  type Changes,
  type RowChange,
} from './history.ts';
import { fen } from './money.ts';
import { aPayment, aRefund, at, decideOn, heard } from './payment.fixtures.ts';
import { PAYMENT_FACTS, type Payment } from './payment.ts';
import { decideRefund, REFUND_FACTS, refundAfterSilence, type Refund } from './refund.ts';

type Told = { version: number; changes: Changes };
const told = (change: RowChange): Told => ({
  version: change.payment.after.version,
  // As it is stored: JSON, which must lose nothing.
  changes: JSON.parse(JSON.stringify(changesOf(change))) as Changes,
});
const withoutDue = <Row extends { dueAtMs: number | null }>(row: Row) => {
  const { dueAtMs: _, ...rest } = row;
  return rest;
};

describe('what is kept of a change', () => {
  test('the whole row at first, but for its due time', () => {
    expect(changesBetween(undefined, aPayment())).toStrictEqual(withoutDue(aPayment()));
  });

  test('then the fields that differ', () => {
    const before = aPayment();
    const after = aPayment({ version: 2, state: 'paid', paidAtMs: at(2), dueAtMs: at(99) });
    expect(changesBetween(before, after)).toStrictEqual({
      version: 2,
      state: 'paid',
      paidAtMs: at(2),
    });
  });

  test('a field that is emptied is told as empty', () => {
    const before = aPayment({ cancelSentAtMs: at(60) });
    expect(changesBetween(before, aPayment({ version: 2 }))).toStrictEqual({
      version: 2,
      cancelSentAtMs: null,
    });
  });

  test('nothing of a due time that moved', () => {
    expect(changesBetween(aRefund(), aRefund({ dueAtMs: null }))).toStrictEqual({});
  });

  test('a refund is named in each of its changes', () => {
    const payment = { before: aPayment(), after: aPayment({ version: 2 }) };
    const after = aRefund({ version: 2, inDoubt: true });
    expect(changesOf({ payment, refund: { before: aRefund(), after } })).toStrictEqual({
      payment: { version: 2 },
      refund: { requestNo: '01', version: 2, inDoubt: true },
    });
  });
});

/** One step of a walk: what happens next to the payment, or to one of two refunds. */
type Step = (payment: Payment, refunds: Map<string, Refund>, nowMs: number) => RowChange;

const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...PAYMENT_FACTS),
      fc.constantFrom('query' as const, 'pay' as const, 'cancel' as const),
    )
    .map(([fact, method]): Step => (before, _refunds, nowMs) => {
      const after = decideOn(before, heard(method, fact), nowMs).payment;
      return { payment: { before, after } };
    }),
  fc
    .record({ refundNotBeforeMs: fc.nat(), alipayTradeNo: fc.option(fc.string()) })
    .map((fields): Step => (before) => ({
      payment: { before, after: { ...before, ...fields, version: before.version + 1 } },
    })),
  fc
    .tuple(fc.constantFrom('01', '02'), fc.option(fc.constantFrom(...REFUND_FACTS)), fc.boolean())
    .map(([requestNo, fact, sent]): Step => (payment, refunds, nowMs) => {
      const before = refunds.get(requestNo);
      const after =
        before === undefined
          ? aRefund({ requestNo, createdAtMs: nowMs })
          : fact === null
            ? refundAfterSilence(before, sent, nowMs)
            : decideRefund(before, { fact, answer: `{"${fact}":1}`, askedAtMs: nowMs }, nowMs);
      const paid: Payment = { ...payment, version: payment.version + 1, refundedFen: fen(1) };
      return { payment: { before: payment, after: paid }, refund: { before, after } };
    }),
);

function walk(steps: readonly Step[]): { events: Told[]; payment: Payment; refunds: Refund[] } {
  let payment = aPayment();
  const refunds = new Map<string, Refund>();
  const events = [told({ payment: { before: undefined, after: payment } })];
  steps.forEach((step, index) => {
    const change = step(payment, refunds, at(index * 7));
    events.push(told(change));
    // Effects of a change share its version and tell no changes.
    if (index % 3 === 0) events.push({ version: change.payment.after.version, changes: {} });
    payment = change.payment.after;
    if (change.refund) refunds.set(change.refund.after.requestNo, change.refund.after);
  });
  return { events, payment, refunds: [...refunds.values()] };
}

describe('folding the changes', () => {
  test('of any walk gives the last rows', () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 40 }), (steps) => {
        const { events, payment, refunds } = walk(steps);
        expect(replay(events)).toStrictEqual({
          ok: true,
          payment: withoutDue(payment),
          refunds: refunds.map(withoutDue),
        });
        expect(historyFaults(events, { payment, refunds })).toStrictEqual([]);
      }),
    );
  });

  test('of a walk that lost a change gives none', () => {
    fc.assert(
      fc.property(fc.array(STEP, { minLength: 2, maxLength: 12 }), fc.nat(), (steps, nth) => {
        const { events } = walk(steps);
        const lost = nth % (events.length - 1);
        const isEffect = events[lost]?.changes.payment === undefined;
        fc.pre(!isEffect);
        // An effect of the lost change may follow it: the next version is then the one that is missed.
        expect(replay(events.toSpliced(lost, 1)).ok).toBe(false);
      }),
    );
  });

  test.each<[string, Told[], string]>([
    ['no events', [], 'there are no events'],
    [
      'a history begun before changes were told',
      [{ version: 1, changes: {} }],
      'version 1 does not tell what it changed',
    ],
    [
      'a version told twice',
      [
        { version: 1, changes: { payment: withoutDue(aPayment()) } },
        { version: 1, changes: { payment: { version: 1 } } },
      ],
      'version 2 is missing before version 1',
    ],
    [
      'a refund whose beginning is not told',
      [
        {
          version: 1,
          changes: { payment: withoutDue(aPayment()), refund: { requestNo: '01', version: 2 } },
        },
      ],
      'version 1 of refund 01 is missing',
    ],
  ])('%s: says what is missing', (_case, events, fault) => {
    expect(replay(events)).toStrictEqual({ ok: false, fault });
  });
});

describe('rows that are otherwise than they are told', () => {
  const { events } = walk([]);

  test.each<[string, Payment, Refund[], string[]]>([
    ['nothing differs', aPayment({ dueAtMs: null }), [], []],
    [
      'a field',
      aPayment({ state: 'paid' }),
      [],
      ['payment.state is stored otherwise than it is told'],
    ],
    ['a refund without a history', aPayment(), [aRefund()], ['refund 01 is stored and not told']],
  ])('%s', (_case, payment, refunds, faults) => {
    expect(historyFaults(events, { payment, refunds })).toStrictEqual(faults);
  });

  test('a refund without a row', () => {
    const payment = { before: aPayment(), after: aPayment({ version: 2 }) };
    const asked = told({ payment, refund: { before: undefined, after: aRefund() } });
    expect(
      historyFaults([...events, asked], { payment: payment.after, refunds: [] }),
    ).toStrictEqual(['refund 01 is told and not stored']);
  });
});
