/**
 * The payment machine (`payment.ts`) and what decides on it (`decide-payment.ts`). The table is written here a second
 * time, as the protocol and the design ask for it, and compared cell by cell; what a decision keeps of an answer is a
 * table too. Then every sequence of facts, silences, hints and cancels up to length eight is taken, with time passing
 * between the steps: a breadth-first search over distinct payments, since a decision knows nothing of the way that led
 * to one. Bounded, not sampled: steps happen at four moments (start, deadline, when an absent trade is gone, days later),
 * a QR payment takes seven steps, payments that begin elsewhere five, and a cancel is heard of only after it was sent.
 */
import { describe, expect, test } from 'vitest';
import { AssertionError } from './assert.ts';
import { fen } from './money.ts';
import { aPayment, at, decideOn, heard, silent, START_MS, type Heard } from './payment.fixtures.ts';
import {
  afterSilence,
  GONE_AFTER_CANCEL_MS,
  GONE_AFTER_DEATH_MS,
  isGone,
  withCancelSent,
  type Decision,
} from './decide-payment.ts';
import {
  endedUnpaid,
  isOpen,
  keptNothing,
  PAYMENT_FACTS,
  PAYMENT_STATES,
  PAYMENT_TABLE,
  type Payment,
  type PaymentFact,
  type PaymentState,
} from './payment.ts';
import { dueAtAfterNotice, stepAt } from './schedule.ts';

type Cell = PaymentState | 'same' | 'incident';

/** `.` is "stays as it is"; `!` is "stays as it is, and a person must look". */
const EXPECTED = `
  .                     created         awaiting_buyer  paid      declined  closed    reversed
  paid                  paid            paid            .         paid      paid      .
  waiting               awaiting_buyer  .               .         .         .         .
  qr_issued             awaiting_buyer  .               .         .         .         .
  refused               declined        .               .         .         .         .
  absent                .               .               .         .         .         .
  gone                  closed          closed          .         .         .         .
  cancel_found_nothing  .               .               .         .         .         .
  foreign               .               .               .         .         .         .
  closed_unpaid         closed          closed          !         .         .         .
  closed_refunded       reversed        reversed        .         reversed  reversed  .
  cancel_refunded       reversed        reversed        reversed  reversed  reversed  .
`;

const SPELLED: Readonly<Record<string, Cell>> = { '.': 'same', '!': 'incident' };

function readTable(text: string): ReadonlyMap<string, Cell> {
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const cells = rows.flatMap(([fact, ...row]) =>
    row.map((cell, column): [string, Cell] => [
      `${head[column + 1]} ${fact}`,
      SPELLED[cell] ?? (cell as PaymentState),
    ]),
  );
  return new Map(cells);
}

const TABLE = readTable(EXPECTED);
const cellOf = (state: PaymentState, fact: PaymentFact): Cell => TABLE.get(`${state} ${fact}`)!;

describe('the table', () => {
  test('has exactly these cells', () => {
    const actual = new Map<string, Cell>();
    for (const fact of PAYMENT_FACTS) {
      for (const state of PAYMENT_STATES) {
        actual.set(`${state} ${fact}`, PAYMENT_TABLE[state][fact]);
      }
    }
    expect(actual).toStrictEqual(TABLE);
    expect(actual.size).toBe(66);
  });

  test.each(PAYMENT_STATES)('is what a decision on a payment that is %s follows', (state) => {
    for (const fact of PAYMENT_FACTS) {
      const { payment, effects } = decideOn(aPayment({ state }), heard('query', fact), at(1));
      const cell = cellOf(state, fact);
      expect([fact, payment.state]).toStrictEqual([
        fact,
        cell === 'same' || cell === 'incident' ? state : cell,
      ]);
      const contradicts = effects.some(
        (effect) => effect.kind === 'incident' && effect.reason === 'paid_trade_is_closed',
      );
      expect([fact, contradicts]).toStrictEqual([fact, cell === 'incident']);
    }
  });

  test.each<[PaymentState, boolean, boolean]>([
    // state          open   may be charged again
    ['created', true, false],
    ['awaiting_buyer', true, false],
    ['paid', false, false],
    ['declined', false, true],
    ['closed', false, true],
    ['reversed', false, true],
  ])('%s: open %s, its number may be charged again %s', (state, open, unpaid) => {
    expect([isOpen(state), endedUnpaid(state)]).toStrictEqual([open, unpaid]);
  });
});

test.each<[string, Partial<Payment>, boolean]>([
  ['declined', { state: 'declined' }, true],
  ['reversed', { state: 'reversed' }, true],
  ['paid', { state: 'paid' }, false],
  ['paid and given back by the shop', { state: 'paid', refundedFen: 8800 }, false],
  ['paid late', { state: 'paid', isLate: true }, false],
  ['paid late, going back', { state: 'paid', isLate: true, refundingFen: 8800 }, false],
  ['paid late, and given back', { state: 'paid', isLate: true, refundedFen: 8800 }, true],
])('%s: the shop kept nothing %s', (_case, payment, expected) => {
  expect(keptNothing(aPayment(payment))).toBe(expected);
});

describe('"no such trade" means gone', () => {
  const cancelled = (changes: Partial<Payment> = {}): Payment =>
    aPayment({ cancelFoundNothingAtMs: at(60), ...changes });

  test.each<[string, Payment, number, boolean]>([
    ['barcode that nobody cancelled, however late', aPayment(), at(864_000), false],
    ['barcode, just before the cancel is old enough', cancelled(), at(66) - 1, false],
    ['barcode, when the cancel is old enough', cancelled(), at(66), true],
    ['barcode that is paid', cancelled({ state: 'paid' }), at(66), false],
    ['barcode that is closed already', cancelled({ state: 'closed' }), at(66), false],
    ['barcode that waits for its buyer', cancelled({ state: 'awaiting_buyer' }), at(66), true],
    ['QR at its deadline', aPayment({ method: 'qr' }), at(900), false],
    ['QR, just before it is dead long enough', aPayment({ method: 'qr' }), at(925) - 1, false],
    ['QR, when it is dead long enough', aPayment({ method: 'qr' }), at(925), true],
    ['QR, whatever a cancel found', cancelled({ method: 'qr' }), at(100), false],
  ])('%s', (_case, payment, nowMs, expected) => {
    expect(isGone(payment, nowMs)).toBe(expected);
    const after = decideOn(payment, heard('query', 'absent'), nowMs).payment;
    expect(after.state).toBe(expected ? 'closed' : payment.state);
  });

  test('only as of when it was asked: an answer that is heard late says how things were', () => {
    const late = decideOn(cancelled(), heard('query', 'absent'), at(99), at(66) - 1).payment;
    expect(late.state).toBe('created');
  });

  test('the bounds are those of the cases above', () => {
    expect([GONE_AFTER_CANCEL_MS, GONE_AFTER_DEATH_MS]).toStrictEqual([6000, 15_000]);
  });

  test('counts from the first cancel that found nothing', () => {
    const first = decideOn(aPayment(), heard('cancel', 'cancel_found_nothing'), at(60)).payment;
    const second = decideOn(first, heard('cancel', 'cancel_found_nothing'), at(65)).payment;
    expect(second.cancelFoundNothingAtMs).toBe(at(60));
  });

  test.each<PaymentFact>(['waiting', 'paid'])('a trade that is %s ends the count', (fact) => {
    const before = aPayment({ cancelFoundNothingAtMs: at(60) });
    expect(
      decideOn(before, heard('query', fact), at(70)).payment.cancelFoundNothingAtMs,
    ).toBeNull();
  });

  test('an absent trade does not end the count', () => {
    const before = aPayment({ cancelFoundNothingAtMs: at(60) });
    expect(decideOn(before, heard('query', 'absent'), at(61)).payment.cancelFoundNothingAtMs).toBe(
      at(60),
    );
  });
});

describe('the answer that the till is shown', () => {
  const REFUSAL = '{"pay":"refused"}';
  const OPEN_BARCODE = aPayment({ state: 'awaiting_buyer', answer: 'kept', answerMethod: 'pay' });
  const KEPT: [string, string] = ['kept', 'pay'];

  test.each<[string, Payment, Heard, [string | null, string | null]]>([
    ['the pay call says paid', aPayment(), heard('pay', 'paid'), ['{"pay":"paid"}', 'pay']],
    [
      'the pay call waits for the buyer',
      aPayment(),
      heard('pay', 'waiting'),
      ['{"pay":"waiting"}', 'pay'],
    ],
    ['the pay call is refused', aPayment(), heard('pay', 'refused'), [REFUSAL, 'pay']],
    [
      'the pay call is refused after a check saw the open trade',
      OPEN_BARCODE,
      heard('pay', 'refused'),
      KEPT,
    ],
    ['a query says paid', OPEN_BARCODE, heard('query', 'paid'), ['{"query":"paid"}', 'query']],
    ['a query says waiting', OPEN_BARCODE, heard('query', 'waiting'), KEPT],
    ['a query finds nothing', aPayment(), heard('query', 'absent'), [null, null]],
    ['a cancel closes', OPEN_BARCODE, heard('cancel', 'closed_unpaid'), KEPT],
    ['a cancel refunds', OPEN_BARCODE, heard('cancel', 'cancel_refunded'), KEPT],
    ['a close closes', OPEN_BARCODE, heard('close', 'closed_unpaid'), KEPT],
    [
      'a query agrees that it is paid',
      aPayment({ state: 'paid', answer: 'kept', answerMethod: 'pay' }),
      heard('query', 'paid'),
      KEPT,
    ],
    [
      'the pay call answers after a query was faster',
      aPayment({ state: 'paid', answer: 'kept', answerMethod: 'query' }),
      heard('pay', 'paid'),
      ['kept', 'query'],
    ],
    [
      'the pay call answers after the payment was closed',
      aPayment({ state: 'closed', answer: null, answerMethod: null }),
      heard('pay', 'waiting'),
      [null, null],
    ],
    [
      'the pay call answers "paid" after the cancel gave the money back',
      aPayment({ state: 'reversed', answer: 'kept', answerMethod: 'pay' }),
      heard('pay', 'paid'),
      ['kept', 'pay'],
    ],
    [
      'money comes after the refusal',
      aPayment({ state: 'declined', answer: REFUSAL, answerMethod: 'pay' }),
      heard('query', 'paid'),
      ['{"query":"paid"}', 'query'],
    ],
    [
      'the precreate gave a code',
      aPayment({ method: 'qr' }),
      heard('precreate', 'qr_issued'),
      ['{"precreate":"qr_issued"}', 'precreate'],
    ],
    [
      'the precreate is refused',
      aPayment({ method: 'qr' }),
      heard('precreate', 'refused'),
      ['{"precreate":"refused"}', 'precreate'],
    ],
    [
      'a QR payment is paid: the same call shows the same code',
      aPayment({
        method: 'qr',
        state: 'awaiting_buyer',
        answer: 'kept',
        answerMethod: 'precreate',
      }),
      heard('query', 'paid'),
      ['kept', 'precreate'],
    ],
  ])('%s', (_case, before, evidence, expected) => {
    const { payment } = decideOn(before, evidence, at(5));
    expect([payment.answer, payment.answerMethod]).toStrictEqual(expected);
  });
});

describe('what else a decision keeps', () => {
  test('numbers and codes of the evidence, and those of before where it has none', () => {
    const evidence = heard('precreate', 'qr_issued', {
      qrCode: 'https://qr',
      alipayTradeNo: '2026',
    });
    const after = decideOn(aPayment({ method: 'qr' }), evidence, at(1)).payment;
    expect(after).toMatchObject({ qrCode: 'https://qr', alipayTradeNo: '2026' });
    const later = decideOn(after, heard('query', 'absent'), at(2)).payment;
    expect(later).toMatchObject({ qrCode: 'https://qr', alipayTradeNo: '2026' });
  });

  test.each<[string, Partial<Payment>, number | undefined, number | null]>([
    ['as Alipay says', {}, at(3), at(3)],
    ['now, where Alipay does not say', {}, undefined, at(5)],
    ['as it was', { state: 'paid', paidAtMs: at(2) }, at(3), at(2)],
    ['never for one that stays reversed', { state: 'reversed' }, at(3), null],
  ])('the time of payment: %s', (_case, before, paidAtMs, expected) => {
    const evidence = heard('query', 'paid', { paidAtMs });
    expect(decideOn(aPayment(before), evidence, at(5)).payment.paidAtMs).toBe(expected);
  });

  test('a trade that ended does not come back to life', () => {
    const ended = aPayment({ state: 'paid', tradeSeen: 'ended' });
    for (const fact of PAYMENT_FACTS) {
      // Ended, or in dispute; never open, absent or unasked again.
      const { tradeSeen } = decideOn(ended, heard('query', fact), at(5)).payment;
      expect(['ended', 'disputed', 'foreign']).toContain(tradeSeen);
    }
  });

  test.each<[PaymentFact, Payment['tradeSeen']]>([
    ['paid', 'ended'],
    ['waiting', 'open'],
    ['qr_issued', 'never_asked'],
    ['refused', 'never_asked'],
    ['absent', 'absent'],
    ['foreign', 'foreign'],
    ['gone', 'absent'],
    ['cancel_found_nothing', 'absent'],
    ['closed_unpaid', 'ended'],
    ['closed_refunded', 'ended'],
    ['cancel_refunded', 'ended'],
  ])('after "%s" the trade is %s', (fact, expected) => {
    expect(decideOn(aPayment(), heard('query', fact), at(5)).payment.tradeSeen).toBe(expected);
  });

  test('a refusal makes what was seen while the call was under way worth nothing', () => {
    const before = aPayment({ tradeSeen: 'absent' });
    expect(decideOn(before, heard('pay', 'refused'), at(5)).payment.tradeSeen).toBe('never_asked');
  });

  test('nor does "not found" count that was asked before the refusal was heard, by a node whose clock is ahead', () => {
    const declined = decideOn(aPayment(), heard('pay', 'refused'), at(5)).payment;
    const ahead = heard('query', 'absent', { askedIn: 'created' });
    const heardLater = decideOn(declined, ahead, at(40), at(39)).payment;
    expect(heardLater.tradeSeen).toBe('never_asked');
    expect(heardLater.dueAtMs).toBe(at(45));
    const askedAnew = decideOn(heardLater, heard('query', 'absent'), at(45)).payment;
    expect(askedAnew).toMatchObject({ tradeSeen: 'absent', dueAtMs: at(60) });
  });

  test('questions in vain begin anew with an answer', () => {
    const before = aPayment({ asksInVain: 7 });
    const after = decideOn(before, heard('pay', 'waiting'), at(5)).payment;
    expect(after).toMatchObject({ asksInVain: 0, firstCallEnded: true, heardAtMs: null });
  });

  test('when a query was asked that was answered, and of no other call', () => {
    const asked = decideOn(aPayment(), heard('query', 'absent'), at(9), at(5)).payment;
    expect(asked.heardAtMs).toBe(at(5));
    for (const method of ['pay', 'cancel', 'close', 'precreate'] as const) {
      expect(decideOn(asked, heard(method, 'waiting'), at(10)).payment.heardAtMs).toBe(at(5));
    }
  });

  test('refunds that exceed the payment are a mistake of ours', () => {
    const broken = aPayment({ state: 'paid', refundedFen: 8800, refundingFen: 1 });
    expect(() => decideOn(broken, heard('query', 'paid'), at(5))).toThrow(AssertionError);
  });
});

describe('effects', () => {
  const incident = (reason: string): Decision['effects'] => [
    { kind: 'incident', reason } as Decision['effects'][number],
  ];

  test.each<[string, Payment, Heard, Decision['effects']]>([
    [
      'money after the till was told "failed"',
      aPayment({ state: 'declined' }),
      heard('query', 'paid'),
      [{ kind: 'late_payment' }],
    ],
    [
      'money after the deadline',
      aPayment({ state: 'closed' }),
      heard('query', 'paid'),
      [{ kind: 'late_payment' }],
    ],
    ['money in time', aPayment({ state: 'awaiting_buyer' }), heard('query', 'paid'), []],
    [
      'an answer that was on its way while the cancel gave the money back',
      aPayment({ state: 'reversed' }),
      heard('pay', 'paid'),
      [],
    ],
    [
      'all of it given back, and by us',
      aPayment({ state: 'paid', refundedFen: 8000, refundingFen: 800 }),
      heard('query', 'closed_refunded'),
      [],
    ],
    [
      'all of it given back, and some not by us',
      aPayment({ state: 'paid', refundedFen: 8000, refundingFen: 799 }),
      heard('query', 'closed_refunded'),
      incident('refunded_elsewhere'),
    ],
    [
      'a paid trade that Alipay now calls closed and never paid',
      aPayment({ state: 'paid' }),
      heard('query', 'closed_unpaid'),
      incident('paid_trade_is_closed'),
    ],
    [
      'paid, and then given back by a cancel',
      aPayment({ state: 'paid' }),
      heard('cancel', 'cancel_refunded'),
      incident('reversed_after_paid'),
    ],
    [
      "somebody else's trade",
      aPayment(),
      heard('query', 'foreign'),
      incident('number_names_another_trade'),
    ],
    [
      "somebody else's trade, again",
      aPayment({ tradeSeen: 'foreign' }),
      heard('query', 'foreign'),
      [],
    ],
    [
      'a query that does not find the paid trade',
      aPayment({ state: 'paid' }),
      heard('query', 'absent'),
      [],
    ],
  ])('%s', (_case, before, evidence, expected) => {
    expect(decideOn(before, evidence, at(20)).effects).toStrictEqual(expected);
  });

  test('a paid trade that no query confirms for more than a week is an incident, once', () => {
    const before = aPayment({ state: 'paid', dueAtMs: at(0) });
    const nowMs = at(7 * 86_400) + 1;
    const { payment, effects } = decideOn(before, heard('query', 'absent'), nowMs);
    expect(effects).toStrictEqual(incident('paid_stays_unconfirmed'));
    expect(payment.dueAtMs).toBeNull();
    expect(decideOn(payment, heard('query', 'absent'), nowMs).effects).toStrictEqual([]);
  });

  test('a contradiction is told once and not asked about again', () => {
    const before = aPayment({ state: 'paid', dueAtMs: at(10) });
    expect(decideOn(before, heard('query', 'closed_unpaid'), at(10)).payment.dueAtMs).toBeNull();
  });
});

describe('a trade of the same number that is not ours', () => {
  test.each<[string, Partial<Payment>, Heard, boolean]>([
    ['paid long before', {}, heard('query', 'paid', { paidAtMs: at(-600) - 1 }), true],
    [
      'paid before, within what clocks differ',
      {},
      heard('query', 'paid', { paidAtMs: at(-600) }),
      false,
    ],
    [
      'closed, paid long before',
      {},
      heard('query', 'closed_refunded', { paidAtMs: at(-999) }),
      true,
    ],
    ['the answer of our own pay call', {}, heard('pay', 'paid', { paidAtMs: at(-999) }), false],
    [
      'we are paid already',
      { state: 'paid' },
      heard('query', 'paid', { paidAtMs: at(-999) }),
      false,
    ],
    ['no time of payment', {}, heard('query', 'paid'), false],
  ])('%s', (_case, changes, answer, isForeign) => {
    const before = aPayment(changes);
    const { payment, effects } = decideOn(before, answer, at(5));
    expect(payment.tradeSeen === 'foreign').toBe(isForeign);
    expect(payment.state === before.state || !isForeign).toBe(true);
    expect(effects.length > 0).toBe(isForeign);
    expect(payment.asksInVain).toBe(isForeign ? 1 : 0);
  });
});

describe('while a cancel is on its way', () => {
  const OPEN_AT_DEADLINE = { heardAtMs: at(60), tradeSeen: 'open' } as const;
  const sent = aPayment({
    ...OPEN_AT_DEADLINE,
    state: 'awaiting_buyer',
    version: 2,
    cancelSentAtMs: at(60),
    dueAtMs: at(85),
  });

  test('it is stored before it is sent', () => {
    const before = aPayment(OPEN_AT_DEADLINE);
    expect(withCancelSent(before, at(60))).toStrictEqual({
      payment: { ...before, version: 2, cancelSentAtMs: at(60) },
      effects: [],
    });
  });

  test.each<[string, Partial<Payment>]>([
    ['has been paid meanwhile', { state: 'paid', tradeSeen: 'ended' }],
    ['has a cancel on its way', { cancelSentAtMs: at(59) }],
    ['was not heard of since the deadline', { heardAtMs: at(59) }],
    ["is somebody else's trade", { tradeSeen: 'foreign' }],
  ])('none is sent for a payment that %s', (_case, changes) => {
    expect(withCancelSent(aPayment({ ...OPEN_AT_DEADLINE, ...changes }), at(60))).toBeUndefined();
  });

  test.each(['query', 'pay'] as const)('"paid" of a %s may be older, and waits', (method) => {
    const { payment } = decideOn(sent, heard(method, 'paid'), at(61));
    expect(payment).toMatchObject({
      state: 'awaiting_buyer',
      dueAtMs: at(85),
      cancelSentAtMs: at(60),
    });
  });

  test.each<[string, Heard, PaymentState]>([
    ['the cancel gave the money back', heard('cancel', 'cancel_refunded'), 'reversed'],
    ['the cancel closed the trade', heard('cancel', 'closed_unpaid'), 'closed'],
    ['the cancel found nothing', heard('cancel', 'cancel_found_nothing'), 'awaiting_buyer'],
  ])('%s: it is on its way no longer', (_case, answer, state) => {
    expect(decideOn(sent, answer, at(61)).payment).toMatchObject({ state, cancelSentAtMs: null });
  });

  test('without an answer it may yet be carried out, and "paid" counts again', () => {
    const unheard = afterSilence(sent, at(85), true).payment;
    expect(unheard).toMatchObject({ cancelSentAtMs: null, endingsInVain: 1, asksInVain: 1 });
    expect(decideOn(unheard, heard('query', 'paid'), at(86)).payment.state).toBe('paid');
  });

  test('that found nothing may give back what came after it, if the line carries it twice', () => {
    const nothing = decideOn(sent, heard('cancel', 'cancel_found_nothing'), at(61)).payment;
    const paid = decideOn(nothing, heard('query', 'paid'), at(66)).payment;
    expect(paid).toMatchObject({ state: 'paid', endingsInVain: 1 });
    const { payment, effects } = decideOn(paid, heard('query', 'closed_refunded'), at(99));
    expect(payment.state).toBe('reversed');
    expect(effects).toStrictEqual([{ kind: 'incident', reason: 'reversed_after_paid' }]);
    const gone = decideOn(nothing, heard('query', 'absent'), at(68)).payment;
    expect(gone.state).toBe('closed');
    const late = decideOn(gone, heard('query', 'paid'), at(69)).payment;
    expect(late).toMatchObject({ state: 'paid', isLate: true, endingsInVain: 1 });
    expect(late.dueAtMs).not.toBeNull();
  });

  test('it holds "paid" back also where the charge was refused meanwhile: the till heard "failed" once', () => {
    const asked = aPayment({ cancelSentAtMs: at(60) });
    const refused = decideOn(asked, heard('pay', 'refused'), at(61)).payment;
    const held = decideOn(refused, heard('query', 'paid'), at(62));
    expect(held).toMatchObject({ payment: { state: 'declined', isLate: false }, effects: [] });
    const { payment, effects } = decideOn(held.payment, heard('cancel', 'cancel_refunded'), at(63));
    expect([payment.state, effects]).toStrictEqual(['reversed', []]);
  });

  test('the silence of another question leaves it on its way', () => {
    expect(silent(sent, at(61)).payment).toMatchObject({
      cancelSentAtMs: at(60),
      endingsInVain: 0,
    });
  });
});

describe('all of the money of a paid payment went back', () => {
  test.each<[string, Partial<Payment>, PaymentState]>([
    ['no cancel of ours is without an answer', {}, 'paid'],
    ['a cancel of ours without an answer may have done it', { endingsInVain: 1 }, 'reversed'],
    ['a close without an answer moves no money', { endingsInVain: 1, method: 'qr' }, 'paid'],
  ])('%s', (_case, changes, state) => {
    const before = aPayment({ state: 'paid', ...changes });
    expect(decideOn(before, heard('query', 'closed_refunded'), at(99)).payment.state).toBe(state);
  });
});

describe('silence', () => {
  test('teaches nothing', () => {
    const before = aPayment({ state: 'awaiting_buyer', answer: 'a', asksInVain: 4 });
    const { payment, effects } = silent(before, at(20));
    expect(payment).toStrictEqual({
      ...before,
      version: 2,
      asksInVain: 5,
      firstCallEnded: true,
      dueAtMs: at(25),
    });
    expect(effects).toStrictEqual([]);
  });

  test('ends in an incident when the schedule is exhausted, once', () => {
    const last = silent(aPayment({ asksInVain: 180 }), at(600_000));
    expect(last.payment).toMatchObject({ state: 'created', dueAtMs: null });
    expect(last.effects).toStrictEqual([{ kind: 'incident', reason: 'alipay_stays_silent' }]);
    expect(silent(last.payment, at(600_001)).effects).toStrictEqual([]);
  });

  test.each<PaymentState>(['declined', 'closed'])(
    'does not swallow the hint that money came to a payment that is %s',
    (state) => {
      // A notification made the settled row due, and the query it asked for got no answer.
      const hinted = aPayment({ state, tradeSeen: 'ended', dueAtMs: at(500) });
      const { payment, effects } = silent(hinted, at(500));
      expect(payment.dueAtMs).toBe(at(501));
      expect(effects).toStrictEqual([]);
    },
  );

  test('of a question that was not due leaves a settled payment alone', () => {
    const settled = aPayment({ state: 'paid', tradeSeen: 'ended', dueAtMs: null });
    expect(silent(settled, at(500)).payment.dueAtMs).toBeNull();
  });
});

/** The exploration: what can happen to a payment, when, and what must hold of each step. */
type Move = {
  readonly name: string;
  /** The answer, for a move that is one, and when it was asked for if that was not just now. */
  readonly answer?: Heard;
  readonly askedAtMs?: number;
  /** Whether the move can happen to the payment; always, unless said. */
  readonly canHappen?: (payment: Payment, nowMs: number) => boolean;
  readonly take: (payment: Payment, nowMs: number) => Decision;
};

const isCancelUnderWay = (payment: Payment): boolean => payment.cancelSentAtMs !== null;

function answerMove(method: Heard['method'], fact: PaymentFact): Move {
  const answer = heard(method, fact);
  return {
    name: `${method}: ${fact}`,
    answer,
    canHappen: (payment) => method !== 'cancel' || isCancelUnderWay(payment),
    take: (payment, nowMs) => decideOn(payment, answer, nowMs),
  };
}

const STALE_ABSENCE: Move = {
  name: 'query of long ago: absent',
  answer: heard('query', 'absent'),
  askedAtMs: START_MS,
  take: (payment, nowMs) => decideOn(payment, heard('query', 'absent'), nowMs, START_MS),
};
const SILENCE: Move = { name: 'silence', take: silent };
const CLOSE_SILENCE: Move = {
  name: 'silence of an ending',
  take: (payment, nowMs) => afterSilence(payment, nowMs, true),
};
const CANCEL_SILENCE: Move = { ...CLOSE_SILENCE, canHappen: isCancelUnderWay };
/** A worker claims the row and sends a cancel, unless the payment is not to be cancelled. */
const CANCEL_SENT: Move = {
  name: 'cancel sent',
  canHappen: (payment, nowMs) => withCancelSent(payment, nowMs) !== undefined,
  take: (payment, nowMs) => {
    const { payment: sent, effects } = withCancelSent(payment, nowMs)!;
    return { payment: { ...sent, dueAtMs: nowMs + 25_000 }, effects };
  },
};
/** A notification, or a claim that another worker lost: the row is due now. */
const HINT: Move = {
  name: 'hint',
  take: (payment, nowMs) => ({
    payment: { ...payment, version: payment.version + 1, dueAtMs: nowMs },
    effects: [],
  }),
};
const NOTICE_PAID: Move = {
  name: 'notification: paid',
  take: (payment, nowMs) => ({
    payment: {
      ...payment,
      version: payment.version + 1,
      dueAtMs: dueAtAfterNotice(payment, 'paid', nowMs),
    },
    effects: [],
  }),
};
const SILENCES: ReadonlySet<Move> = new Set([SILENCE, CLOSE_SILENCE, CANCEL_SILENCE]);

const QUERIES = (
  ['paid', 'waiting', 'absent', 'foreign', 'closed_unpaid', 'closed_refunded'] as const
).map((fact) => answerMove('query', fact));

/** Every fact that a call about a payment of the method can end in. */
const MOVES: Readonly<Record<Payment['method'], readonly Move[]>> = {
  barcode: [
    SILENCE,
    HINT,
    NOTICE_PAID,
    STALE_ABSENCE,
    CANCEL_SENT,
    CANCEL_SILENCE,
    ...QUERIES,
    ...(['paid', 'waiting', 'refused'] as const).map((fact) => answerMove('pay', fact)),
    ...(['closed_unpaid', 'cancel_refunded', 'cancel_found_nothing'] as const).map((fact) =>
      answerMove('cancel', fact),
    ),
  ],
  qr: [
    SILENCE,
    HINT,
    STALE_ABSENCE,
    CLOSE_SILENCE,
    ...QUERIES,
    ...(['qr_issued', 'refused'] as const).map((fact) => answerMove('precreate', fact)),
    ...(['closed_unpaid', 'absent'] as const).map((fact) => answerMove('close', fact)),
  ],
};

/** At the start, at the deadline, when an absent trade is gone, and long after. Time stands still between steps, or moves on. */
const MOMENTS_MS: Readonly<Record<Payment['method'], readonly number[]>> = {
  barcode: [0, 60, 66, 172_800].map(at),
  qr: [0, 900, 925, 172_800].map(at),
};

/** Silences in a row after which the schedule is exhausted. */
const SILENCES_MAX = 180;

/** The rules that a step broke. Written from the design, not from the code. Millions of calls: no work for nothing. */
function brokenRules(
  before: Payment,
  move: Move,
  nowMs: number,
  { payment, effects }: Decision,
): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, name: string): void => {
    if (!holds) broken.push(name);
  };
  const told = (word: string): boolean =>
    effects.some((effect) => (effect.kind === 'incident' ? effect.reason : effect.kind) === word);
  const { answer } = move;
  const wasOpen = before.state === 'created' || before.state === 'awaiting_buyer';
  const askedAtMs = move.askedAtMs ?? nowMs;
  const foundNothingAtMs = before.cancelFoundNothingAtMs;
  const isCancelOld = foundNothingAtMs !== null && askedAtMs >= foundNothingAtMs + 6000;
  const isCodeDead = askedAtMs >= before.diesAtMs + 15_000;
  const canBeGone = wasOpen && (before.method === 'qr' ? isCodeDead : isCancelOld);
  const fact = answer?.fact === 'absent' && canBeGone ? 'gone' : answer?.fact;
  const cell = fact === undefined ? 'same' : cellOf(before.state, fact);
  // Beside the table: what a cancel of ours, on its way or without an answer, does to it.
  const isHeld =
    before.state !== 'paid' &&
    fact === 'paid' &&
    before.cancelSentAtMs !== null &&
    answer?.method !== 'cancel';
  const tookBack =
    before.state === 'paid' &&
    fact === 'closed_refunded' &&
    before.method === 'barcode' &&
    before.endingsInVain > 0;
  const stays = payment.state === before.state;
  const isExhausted = payment.asksInVain > SILENCES_MAX;

  if (isHeld) rule(stays, 'while a cancel is on its way, nothing is paid');
  else if (tookBack) rule(payment.state === 'reversed', 'our cancel took the money back');
  else {
    const isToStay = cell === 'same' || cell === 'incident';
    rule(isToStay ? stays : payment.state === cell, 'a state is left along the table only');
  }
  rule(payment.version === before.version + 1, 'the version grows by one');
  rule(
    payment.refundedFen === before.refundedFen &&
      payment.refundingFen === before.refundingFen &&
      payment.amountFen === before.amountFen,
    'amounts are untouched',
  );
  rule(
    payment.dueAtMs === null || payment.dueAtMs >= (isHeld ? 0 : nowMs),
    'what is due is due from now on',
  );
  rule(
    before.tradeSeen !== 'ended' || ['ended', 'disputed', 'foreign'].includes(payment.tradeSeen),
    'an ended trade stays so',
  );
  const wasTold = before.tradeSeen === 'disputed' || before.tradeSeen === 'foreign';
  rule(
    told('paid_trade_is_closed') === (cell === 'incident' && !wasTold),
    'a contradiction is told, once',
  );
  const isLateNow =
    payment.state === 'paid' && (before.state === 'declined' || before.state === 'closed');
  rule(told('late_payment') === isLateNow, 'money that comes late is told, and no other');
  rule(payment.isLate === (before.isLate || isLateNow), 'what was late stays late');
  rule(
    foundNothingAtMs !== null ||
      payment.cancelFoundNothingAtMs === null ||
      answer?.fact === 'cancel_found_nothing',
    'only a cancel finds that there is nothing to cancel',
  );
  if (payment.state === 'created' || payment.state === 'awaiting_buyer') {
    rule(payment.dueAtMs !== null || isExhausted, 'an open payment is due until all is exhausted');
  }
  if (SILENCES.has(move)) {
    const gaveUp = before.dueAtMs !== null && payment.dueAtMs === null;
    rule(told('alipay_stays_silent') === gaveUp, 'whoever gives up on silence tells a person');
    rule(!gaveUp || isExhausted, 'silence is given up only when the schedule is exhausted');
  }
  if (payment.state === 'paid') {
    rule(payment.paidAtMs !== null, 'a paid payment knows since when');
    rule(
      payment.method === 'qr' || payment.answer?.includes('"paid"') === true,
      'a paid barcode payment has the answer that said so',
    );
  }
  const step = stepAt(payment, nowMs);
  if (step === 'cancel' || step === 'close') {
    rule(payment.state !== 'paid', 'a paid payment is never ended');
    rule(payment.tradeSeen !== 'foreign', "somebody else's trade is never ended");
    rule(
      step === 'close' ||
        payment.tradeSeen === 'open' ||
        payment.heardAtMs! >= payment.deadlineAtMs,
      'a cancel is sent on the word of a query only',
    );
  }
  if (stays) return broken;

  rule(answer !== undefined, 'silence and hints move nothing');
  rule(before.state !== 'reversed', 'nothing leaves reversed');
  if (before.state === 'paid') {
    rule(
      payment.state === 'reversed' && (fact === 'cancel_refunded' || tookBack),
      'paid is left for reversed, by a cancel that refunded',
    );
    rule(told('reversed_after_paid'), 'that money went back after all is told');
  }
  rule(answer?.fact !== 'absent' || canBeGone, 'an absent trade closes nothing before it is gone');
  if (payment.state === 'declined') {
    rule(
      payment.answer?.includes('"refused"') === true,
      'a declined payment has the answer that said so',
    );
    rule(payment.dueAtMs !== null, 'a payment that was just declined is looked at once more');
  }
  return broken;
}

type Explored = {
  readonly payments: number;
  readonly violations: readonly string[];
  /** What happened at least once: states, and words of effects. */
  readonly reached: ReadonlySet<string>;
};

/** Takes every sequence of `length` moves from `start`, each distinct payment at each moment once. */
function explore(start: Payment, length: number): Explored {
  const moments = MOMENTS_MS[start.method];
  const seen = new Set<string>();
  const violations: string[] = [];
  const reached = new Set<string>();
  let level: { payment: Payment; moment: number }[] = [{ payment: start, moment: 0 }];
  for (let taken = 0; taken < length && violations.length < 5; taken += 1) {
    const next: typeof level = [];
    for (const { payment, moment } of level) {
      for (let later = moment; later < moments.length; later += 1) {
        const nowMs = moments[later]!;
        for (const move of MOVES[start.method]) {
          if (move.canHappen?.(payment, nowMs) === false) continue;
          const decision = move.take(payment, nowMs);
          for (const rule of brokenRules(payment, move, nowMs, decision)) {
            const when = (nowMs - START_MS) / 1000;
            violations.push(`${rule}: ${move.name} at ${when} s to ${JSON.stringify(payment)}`);
          }
          for (const effect of decision.effects) {
            reached.add(effect.kind === 'incident' ? effect.reason : effect.kind);
          }
          // No rule of `decide` looks at the version, so all versions of one payment are the same.
          const after = { ...decision.payment, version: 1 };
          const name = `${later}${distinction(after)}`;
          if (seen.has(name)) continue;
          seen.add(name);
          reached.add(after.state);
          next.push({ payment: after, moment: later });
        }
      }
    }
    level = next;
  }
  return { payments: seen.size, violations, reached };
}

/** All that a sequence can change of a payment, but for its version. */
function distinction(payment: Payment): string {
  const { state, answer, answerMethod, tradeSeen, firstCallEnded, asksInVain, isLate } = payment;
  const { paidAtMs, dueAtMs, heardAtMs, cancelFoundNothingAtMs } = payment;
  const { cancelSentAtMs, endingsInVain } = payment;
  return `${state} ${answer} ${answerMethod} ${tradeSeen} ${firstCallEnded} ${asksInVain} ${isLate} ${paidAtMs} ${dueAtMs} ${heardAtMs} ${cancelFoundNothingAtMs} ${cancelSentAtMs} ${endingsInVain}`;
}

describe('every sequence of facts, silences and hints', () => {
  const PAID = { state: 'paid', answer: '{"pay":"paid"}', tradeSeen: 'ended' } as const;
  const AFTER_PRECREATE = { qrCode: 'https://qr', answer: '{"precreate":"qr_issued"}' } as const;

  test.each<[string, number, Payment, readonly string[]]>([
    [
      'a barcode payment',
      8,
      aPayment(),
      [
        ...PAYMENT_STATES,
        'late_payment',
        'paid_trade_is_closed',
        'reversed_after_paid',
        'number_names_another_trade',
      ],
    ],
    [
      'a QR payment',
      8,
      aPayment({ method: 'qr' }),
      ['created', 'awaiting_buyer', 'paid', 'declined', 'closed', 'reversed', 'late_payment'],
    ],
    [
      'a QR payment whose code is out',
      5,
      aPayment({ ...AFTER_PRECREATE, method: 'qr', state: 'awaiting_buyer', firstCallEnded: true }),
      ['awaiting_buyer', 'paid', 'closed', 'reversed', 'late_payment', 'paid_trade_is_closed'],
    ],
    [
      'a payment after days of silence',
      5,
      aPayment({ asksInVain: SILENCES_MAX - 3, firstCallEnded: true }),
      [...PAYMENT_STATES, 'alipay_stays_silent'],
    ],
    [
      'a paid payment with refunds',
      5,
      aPayment({ ...PAID, paidAtMs: at(2), amountFen: fen(51), refundedFen: 30, refundingFen: 20 }),
      ['paid', 'paid_trade_is_closed', 'refunded_elsewhere'],
    ],
    [
      'a payment found paid after a cancel without an answer',
      5,
      aPayment({ ...PAID, paidAtMs: at(2), endingsInVain: 1 }),
      ['paid', 'reversed', 'reversed_after_paid'],
    ],
  ])('of %s, up to length %i, keeps the rules', (_case, length, start, marks) => {
    const { payments, violations, reached } = explore(start, length);
    expect(violations).toStrictEqual([]);
    // A search that went nowhere would keep all rules too.
    expect([...reached]).toStrictEqual(expect.arrayContaining([...marks]));
    expect(payments).toBeGreaterThan(50);
  });
});
