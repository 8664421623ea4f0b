/**
 * The refund machine: its table, cell by cell, and the rules about doubt. A call that got no answer may have been
 * carried out, so a refusal of its repetition decides nothing until the query has had time to find it. When to ask next
 * is tested in `schedule.test.ts`.
 */
import { describe, expect, test } from 'vitest';
import { aRefund, at } from './payment.fixtures.ts';
import {
  decideRefund,
  REFUND_FACTS,
  REFUND_STATES,
  REFUND_TABLE,
  refundAfterSilence,
  type Refund,
  type RefundFact,
  type RefundState,
} from './refund.ts';

/** Decided at `second`, on what Alipay was asked then. */
const decided = (before: Partial<Refund>, fact: RefundFact, second = 60): Refund =>
  decideRefund(aRefund(before), { fact, answer: `new ${fact}`, askedAtMs: at(second) }, at(second));

describe('the table', () => {
  const EXPECTED: Record<RefundState, Record<RefundFact, RefundState>> = {
    //         done          accepted            refused             absent
    created: { done: 'done', accepted: 'created', refused: 'refused', absent: 'created' },
    done: { done: 'done', accepted: 'done', refused: 'done', absent: 'done' },
    refused: { done: 'done', accepted: 'refused', refused: 'refused', absent: 'refused' },
  };

  test.each(REFUND_STATES)('%s, without doubt', (state) => {
    for (const fact of REFUND_FACTS) {
      const cell = REFUND_TABLE[state][fact];
      expect([fact, cell === 'same' ? state : cell]).toStrictEqual([fact, EXPECTED[state][fact]]);
      expect([fact, decided({ state }, fact).state]).toStrictEqual([fact, EXPECTED[state][fact]]);
    }
  });

  test('has no other states and facts', () => {
    expect(REFUND_STATES).toHaveLength(3);
    expect(REFUND_FACTS).toHaveLength(4);
  });
});

describe('doubt', () => {
  const doubtful = { inDoubt: true, lastSentAtMs: at(3) } as const;
  const refusedInDoubt = { ...doubtful, answer: 'refusal', answerFact: 'refused' } as const;

  test.each<[string, Partial<Refund>, RefundFact, number, RefundState]>([
    ['a refusal of the only call decides', { lastSentAtMs: at(3) }, 'refused', 4, 'refused'],
    ['a refusal of a repetition does not', doubtful, 'refused', 4, 'created'],
    ['not even late', doubtful, 'refused', 4000, 'created'],
    ['done is done, in doubt or not', doubtful, 'done', 4, 'done'],
    ['after the refusal, not found, too early', refusedInDoubt, 'absent', 62.999, 'created'],
    ['after the refusal, not found, late enough', refusedInDoubt, 'absent', 63, 'refused'],
    ['after the refusal, found', refusedInDoubt, 'done', 13, 'done'],
    ['refused, and found after all', { ...refusedInDoubt, state: 'refused' }, 'done', 900, 'done'],
    ['not found, without a refusal', doubtful, 'absent', 4000, 'created'],
    [
      'not found, and the last answer was that it was taken',
      { ...doubtful, answerFact: 'accepted' },
      'absent',
      4000,
      'created',
    ],
    [
      'not found after a refusal, but never known to be sent',
      { ...refusedInDoubt, lastSentAtMs: null },
      'absent',
      4000,
      'created',
    ],
  ])('%s', (_case, before, fact, second, expected) => {
    expect(decided(before, fact, second).state).toBe(expected);
  });

  test('"not found" counts from when it was asked, not from when the answer came', () => {
    const asked = (second: number): RefundState =>
      decideRefund(
        aRefund(refusedInDoubt),
        { fact: 'absent', answer: null, askedAtMs: at(second) },
        at(4000),
      ).state;
    expect([asked(2), asked(62.999), asked(63)]).toStrictEqual(['created', 'created', 'refused']);
  });

  test('what is refused in the end is answered with the refusal', () => {
    const { answer, answerFact } = decided(refusedInDoubt, 'absent', 63);
    expect([answer, answerFact]).toStrictEqual(['refusal', 'refused']);
  });

  test.each([
    [false, false, false],
    [false, true, true],
    [true, false, true],
    [true, true, true],
  ])(
    'in doubt %s, then a silence (of the refund call: %s): in doubt %s',
    (inDoubt, sent, after) => {
      expect(refundAfterSilence(aRefund({ inDoubt }), sent, at(5)).inDoubt).toBe(after);
    },
  );
});

describe('silence', () => {
  test('teaches nothing', () => {
    const before = aRefund({ answer: 'a', answerFact: 'accepted', asksInVain: 3 });
    expect(refundAfterSilence(before, false, at(5))).toStrictEqual({
      ...before,
      version: 2,
      asksInVain: 4,
      dueAtMs: at(10),
    });
  });
});

describe('the answer that the till is shown', () => {
  const KEPT = { answer: 'kept', answerFact: 'done' } as const;

  test.each<[string, Partial<Refund>, RefundFact, string | null, RefundFact | null]>([
    ['done', {}, 'done', 'new done', 'done'],
    ['taken', {}, 'accepted', 'new accepted', 'accepted'],
    ['refused', {}, 'refused', 'new refused', 'refused'],
    ['a query that finds nothing is no answer', {}, 'absent', null, null],
    ['done stays word by word', { ...KEPT, state: 'done' }, 'done', 'kept', 'done'],
    ['done stays, whatever comes', { ...KEPT, state: 'done' }, 'refused', 'kept', 'done'],
    [
      'refused stays word by word',
      { state: 'refused', answer: 'kept', answerFact: 'refused' },
      'refused',
      'kept',
      'refused',
    ],
    [
      'refused stays, though a late answer says that it was taken',
      { state: 'refused', answer: 'kept', answerFact: 'refused' },
      'accepted',
      'kept',
      'refused',
    ],
    [
      'refused turns out to be done',
      { state: 'refused', answer: 'kept', answerFact: 'refused' },
      'done',
      'new done',
      'done',
    ],
  ])('%s', (_case, before, fact, answer, answerFact) => {
    const after = decided(before, fact);
    expect([after.answer, after.answerFact]).toStrictEqual([answer, answerFact]);
  });
});

test.each<[number, RefundFact, number]>([
  // Before, the fact, and after: only an answer that settles something begins the count anew.
  [0, 'absent', 1],
  [1, 'absent', 2],
  [0, 'accepted', 0],
  [1, 'accepted', 2],
  [2, 'accepted', 2],
  [5, 'done', 0],
  [5, 'refused', 0],
])('%i questions in vain, then "%s": %i', (before, fact, after) => {
  const refund = decided({ asksInVain: before, inDoubt: true }, fact);
  expect(refund.asksInVain).toBe(after);
  expect(refund.version).toBe(2);
});
