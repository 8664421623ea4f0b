/**
 * The payment machine. Its table is written here a second time, as the protocol and the design ask for it, and compared
 * cell by cell; what a decision keeps of an answer is a table too. Then every sequence of facts, silences and hints up
 * to length eight is taken, with time passing between the steps: a breadth-first search over distinct payments, since
 * `decide` knows nothing of the way that led to one. The moments and the kinds of steps are bounded, not sampled.
 */
import { describe, expect, test } from 'vitest';
import { AssertionError } from './assert.ts';
import { fen } from './money.ts';
import { aPayment, at, heard, START_MS } from './payment.fixtures.ts';
import {
  afterSilence,
  decide,
  endedUnpaid,
  GONE_AFTER_CANCEL_MS,
  GONE_AFTER_DEATH_MS,
  isGone,
  isOpen,
  PAYMENT_FACTS,
  PAYMENT_STATES,
  PAYMENT_TABLE,
  type Decision,
  type Evidence,
  type Payment,
  type PaymentFact,
  type PaymentState,
} from './payment.ts';
import { stepAt } from './schedule.ts';

type Cell = PaymentState | 'same' | 'incident';

/** `.` is "stays as it is"; `!` is "stays as it is, and a person must look". */
const EXPECTED = `
  .                     created         awaiting_buyer  paid      declined  closed    reversed
  paid                  paid            paid            .         paid      paid      .
  waiting               awaiting_buyer  .               .         .         .         .
  qr_issued             awaiting_buyer  .               .         .         .         .
  refused               declined        .               .         .         .         .
  absent                .               .               .         .         .         .
  gone                  closed          closed          !         .         .         .
  cancel_found_nothing  .               .               .         .         .         .
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
    expect(actual.size).toBe(60);
  });

  test.each(PAYMENT_STATES)('is what a decision on a payment that is %s follows', (state) => {
    for (const fact of PAYMENT_FACTS) {
      const { payment, effects } = decide(aPayment({ state }), heard('query', fact), at(1));
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
    const after = decide(payment, heard('query', 'absent'), nowMs).payment;
    expect(after.state).toBe(expected ? 'closed' : payment.state);
  });

  test('the bounds are those of the cases above', () => {
    expect([GONE_AFTER_CANCEL_MS, GONE_AFTER_DEATH_MS]).toStrictEqual([6000, 15_000]);
  });

  test('counts from the first cancel that found nothing', () => {
    const first = decide(aPayment(), heard('cancel', 'cancel_found_nothing'), at(60)).payment;
    const second = decide(first, heard('cancel', 'cancel_found_nothing'), at(65)).payment;
    expect(second.cancelFoundNothingAtMs).toBe(at(60));
  });

  test.each<PaymentFact>(['waiting', 'paid'])('a trade that is %s ends the count', (fact) => {
    const before = aPayment({ cancelFoundNothingAtMs: at(60) });
    expect(decide(before, heard('query', fact), at(70)).payment.cancelFoundNothingAtMs).toBeNull();
  });

  test('an absent trade does not end the count', () => {
    const before = aPayment({ cancelFoundNothingAtMs: at(60) });
    expect(decide(before, heard('query', 'absent'), at(61)).payment.cancelFoundNothingAtMs).toBe(
      at(60),
    );
  });
});

describe('the answer that the till is shown', () => {
  const REFUSAL = '{"pay":"refused"}';
  const OPEN_BARCODE = aPayment({ state: 'awaiting_buyer', answer: 'kept', answerMethod: 'pay' });
  const KEPT: [string, string] = ['kept', 'pay'];

  test.each<[string, Payment, Evidence, [string | null, string | null]]>([
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
    const { payment } = decide(before, evidence, at(5));
    expect([payment.answer, payment.answerMethod]).toStrictEqual(expected);
  });
});

describe('what else a decision keeps', () => {
  test('numbers and codes of the evidence, and those of before where it has none', () => {
    const evidence = heard('precreate', 'qr_issued', {
      qrCode: 'https://qr',
      alipayTradeNo: '2026',
    });
    const after = decide(aPayment({ method: 'qr' }), evidence, at(1)).payment;
    expect(after).toMatchObject({ qrCode: 'https://qr', alipayTradeNo: '2026' });
    const later = decide(after, heard('query', 'absent'), at(2)).payment;
    expect(later).toMatchObject({ qrCode: 'https://qr', alipayTradeNo: '2026' });
  });

  test.each<[string, Partial<Payment>, number | undefined, number | null]>([
    ['as Alipay says', {}, at(3), at(3)],
    ['now, where Alipay does not say', {}, undefined, at(5)],
    ['as it was', { state: 'paid', paidAtMs: at(2) }, at(3), at(2)],
    ['never for one that stays reversed', { state: 'reversed' }, at(3), null],
  ])('the time of payment: %s', (_case, before, paidAtMs, expected) => {
    const evidence = heard('query', 'paid', { paidAtMs });
    expect(decide(aPayment(before), evidence, at(5)).payment.paidAtMs).toBe(expected);
  });

  test('a trade that ended does not come back to life', () => {
    const ended = aPayment({ state: 'paid', tradeSeen: 'ended' });
    for (const fact of PAYMENT_FACTS) {
      expect(decide(ended, heard('query', fact), at(5)).payment.tradeSeen).toBe('ended');
    }
  });

  test.each<[PaymentFact, Payment['tradeSeen']]>([
    ['paid', 'ended'],
    ['waiting', 'open'],
    ['qr_issued', 'never_asked'],
    ['refused', 'never_asked'],
    ['absent', 'absent'],
    ['gone', 'absent'],
    ['cancel_found_nothing', 'absent'],
    ['closed_unpaid', 'ended'],
    ['closed_refunded', 'ended'],
    ['cancel_refunded', 'ended'],
  ])('after "%s" the trade is %s', (fact, expected) => {
    expect(decide(aPayment(), heard('query', fact), at(5)).payment.tradeSeen).toBe(expected);
  });

  test('questions in vain begin anew with an answer; looks with a new state', () => {
    const before = aPayment({ asksInVain: 7, looks: 3 });
    const same = decide(before, heard('query', 'absent'), at(5)).payment;
    expect(same).toMatchObject({
      asksInVain: 0,
      looks: 4,
      firstCallEnded: true,
      lookedAtMs: at(5),
    });
    const moved = decide(before, heard('query', 'waiting'), at(5)).payment;
    expect(moved).toMatchObject({ asksInVain: 0, looks: 0 });
  });

  test('refunds that exceed the payment are a mistake of ours', () => {
    const broken = aPayment({ state: 'paid', refundedFen: 8800, refundingFen: 1 });
    expect(() => decide(broken, heard('query', 'paid'), at(5))).toThrow(AssertionError);
  });
});

describe('effects', () => {
  const incident = (reason: string): Decision['effects'] => [
    { kind: 'incident', reason } as Decision['effects'][number],
  ];

  test.each<[string, Payment, Evidence, Decision['effects']]>([
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
      'a week of queries that do not find the paid trade',
      aPayment({ state: 'paid' }),
      heard('query', 'absent'),
      [],
    ],
  ])('%s', (_case, before, evidence, expected) => {
    expect(decide(before, evidence, at(20)).effects).toStrictEqual(expected);
  });

  test('a paid trade that no query confirms for more than a week is an incident, once', () => {
    const before = aPayment({ state: 'paid', dueAtMs: at(0) });
    const nowMs = at(7 * 86_400) + 1;
    const { payment, effects } = decide(before, heard('query', 'absent'), nowMs);
    expect(effects).toStrictEqual(incident('paid_stays_unconfirmed'));
    expect(payment.dueAtMs).toBeNull();
    expect(decide(payment, heard('query', 'absent'), nowMs).effects).toStrictEqual([]);
  });

  test('a contradiction is told once and not asked about again', () => {
    const before = aPayment({ state: 'paid', dueAtMs: at(10) });
    expect(decide(before, heard('query', 'closed_unpaid'), at(10)).payment.dueAtMs).toBeNull();
  });
});

describe('silence', () => {
  test('teaches nothing', () => {
    const before = aPayment({ state: 'awaiting_buyer', answer: 'a', looks: 2, asksInVain: 4 });
    const { payment, effects } = afterSilence(before, at(20));
    expect(payment).toStrictEqual({
      ...before,
      version: 2,
      asksInVain: 5,
      firstCallEnded: true,
      lookedAtMs: at(20),
      dueAtMs: at(25),
    });
    expect(effects).toStrictEqual([]);
  });

  test('ends in an incident when the schedule is exhausted, once', () => {
    const last = afterSilence(aPayment({ asksInVain: 180 }), at(600_000));
    expect(last.payment).toMatchObject({ state: 'created', dueAtMs: null });
    expect(last.effects).toStrictEqual([{ kind: 'incident', reason: 'alipay_stays_silent' }]);
    expect(afterSilence(last.payment, at(600_001)).effects).toStrictEqual([]);
  });

  test.each<PaymentState>(['declined', 'closed'])(
    'does not swallow the hint that money came to a payment that is %s',
    (state) => {
      // A notification made the settled row due, and the query it asked for got no answer.
      const hinted = aPayment({ state, tradeSeen: 'ended', dueAtMs: at(500) });
      const { payment, effects } = afterSilence(hinted, at(500));
      expect(payment.dueAtMs).toBe(at(501));
      expect(effects).toStrictEqual([]);
    },
  );

  test('of a question that was not due leaves a settled payment alone', () => {
    const settled = aPayment({ state: 'paid', tradeSeen: 'ended', dueAtMs: null });
    expect(afterSilence(settled, at(500)).payment.dueAtMs).toBeNull();
  });
});

/** The exploration: what can happen to a payment, when, and what must hold of each step. */
type Move = {
  readonly name: string;
  readonly evidence?: Evidence;
  readonly take: (payment: Payment, nowMs: number) => Decision;
};

function factMove(method: Evidence['method'], fact: PaymentFact): Move {
  const evidence = heard(method, fact);
  return {
    name: `${method}: ${fact}`,
    evidence,
    take: (payment, nowMs) => decide(payment, evidence, nowMs),
  };
}

const SILENCE: Move = { name: 'silence', take: afterSilence };
/** A notification, or a claim that another worker lost: the row is due now. */
const HINT: Move = {
  name: 'hint',
  take: (payment, nowMs) => ({
    payment: { ...payment, version: payment.version + 1, dueAtMs: nowMs },
    effects: [],
  }),
};

const QUERIES = ['paid', 'waiting', 'absent', 'closed_unpaid', 'closed_refunded'] as const;

/** Every fact that a call about a payment of the method can end in. */
const MOVES: Readonly<Record<Payment['method'], readonly Move[]>> = {
  barcode: [
    SILENCE,
    HINT,
    ...(['paid', 'waiting', 'refused'] as const).map((fact) => factMove('pay', fact)),
    ...QUERIES.map((fact) => factMove('query', fact)),
    ...(['closed_unpaid', 'cancel_refunded', 'cancel_found_nothing'] as const).map((fact) =>
      factMove('cancel', fact),
    ),
  ],
  qr: [
    SILENCE,
    HINT,
    ...(['qr_issued', 'refused'] as const).map((fact) => factMove('precreate', fact)),
    ...QUERIES.map((fact) => factMove('query', fact)),
    ...(['closed_unpaid', 'absent'] as const).map((fact) => factMove('close', fact)),
  ],
};

/** Around each bound of the machine, and long after all of them. Time stands still between steps, or moves on. */
const MOMENTS_MS: Readonly<Record<Payment['method'], readonly number[]>> = {
  barcode: [0, 3, 59.999, 60, 66, 90, 172_800].map(at),
  qr: [0, 3, 899.999, 900, 906, 925, 172_800].map(at),
};

/** Silences in a row after which the schedule is exhausted. */
const SILENCES_MAX = 180;

/** The rules that the step broke. Written from the design, not from the code. */
function broken(
  before: Payment,
  move: Move,
  nowMs: number,
  { payment, effects }: Decision,
): string[] {
  const { evidence } = move;
  const told = effects.map((effect) => (effect.kind === 'incident' ? effect.reason : effect.kind));
  const wasOpen = before.state === 'created' || before.state === 'awaiting_buyer';
  const canBeGone =
    wasOpen &&
    (before.method === 'qr'
      ? nowMs >= before.diesAtMs + 15_000
      : before.cancelFoundNothingAtMs !== null && nowMs >= before.cancelFoundNothingAtMs + 6000);
  const fact = evidence?.fact === 'absent' && canBeGone ? 'gone' : evidence?.fact;
  const cell = fact === undefined ? 'same' : cellOf(before.state, fact);
  const moved = payment.state !== before.state;
  const isOpenNow = payment.state === 'created' || payment.state === 'awaiting_buyer';
  const isExhausted = payment.asksInVain > SILENCES_MAX;
  const isLate =
    payment.state === 'paid' && (before.state === 'declined' || before.state === 'closed');
  const rules: Readonly<Record<string, boolean>> = {
    'the state is the one of the table':
      payment.state === (cell === 'same' || cell === 'incident' ? before.state : cell),
    'paid is left only for reversed, by a cancel that refunded':
      before.state !== 'paid' ||
      !moved ||
      (payment.state === 'reversed' && evidence?.fact === 'cancel_refunded'),
    'nothing leaves reversed': before.state !== 'reversed' || !moved,
    'without evidence nothing moves': evidence !== undefined || !moved,
    'an absent trade closes nothing before it is gone':
      evidence?.fact !== 'absent' || !moved || canBeGone,
    'a barcode payment is closed only after a cancel, or by word of Alipay':
      !moved ||
      payment.state !== 'closed' ||
      payment.method === 'qr' ||
      evidence?.fact === 'closed_unpaid' ||
      before.cancelFoundNothingAtMs !== null,
    'only a cancel notes that a cancel found nothing':
      before.cancelFoundNothingAtMs !== null ||
      payment.cancelFoundNothingAtMs === null ||
      evidence?.fact === 'cancel_found_nothing',
    'an open payment is due, unless the schedule is exhausted':
      !isOpenNow || payment.dueAtMs !== null || isExhausted,
    'what falls due does so now or later': payment.dueAtMs === null || payment.dueAtMs >= nowMs,
    'a due row that gives up on silence tells a person':
      (move === SILENCE && before.dueAtMs !== null && payment.dueAtMs === null) ===
      told.includes('alipay_stays_silent'),
    'silence gives up only when the schedule is exhausted':
      !told.includes('alipay_stays_silent') || isExhausted,
    'a refusal that declines is looked into':
      !moved ||
      payment.state !== 'declined' ||
      before.tradeSeen === 'ended' ||
      payment.dueAtMs !== null,
    'the version grows by one': payment.version === before.version + 1,
    'the sums of refunds are untouched':
      payment.refundedFen === before.refundedFen && payment.refundingFen === before.refundingFen,
    'the amount is untouched': payment.amountFen === before.amountFen,
    'a paid barcode payment has the answer that said so':
      payment.state !== 'paid' ||
      payment.method === 'qr' ||
      (payment.answer !== null && /"(paid)"/.test(payment.answer)),
    'a declined payment has the answer that said so':
      !moved || payment.state !== 'declined' || /"refused"/.test(payment.answer ?? ''),
    'a paid payment knows when': payment.state !== 'paid' || payment.paidAtMs !== null,
    'money that comes late is told, and nothing else is': told.includes('late_payment') === isLate,
    'a contradiction of a payment is told':
      told.includes('paid_trade_is_closed') === (cell === 'incident'),
    'a trade that ended stays so': before.tradeSeen !== 'ended' || payment.tradeSeen === 'ended',
    'a reversed payment asks for nothing':
      payment.state !== 'reversed' || stepAt(payment, nowMs) === 'none',
    'only what is open, declined or closed is ended at Alipay':
      !['cancel', 'close'].includes(stepAt(payment, nowMs)) || payment.state !== 'paid',
  };
  return Object.keys(rules).filter((rule) => rules[rule] === false);
}

type Explored = {
  readonly steps: number;
  readonly payments: number;
  readonly violations: string[];
};

/** Takes every sequence of `length` moves from `start`, each distinct payment at each moment once. */
function explore(start: Payment, length: number): Explored {
  const moves = MOVES[start.method];
  const moments = MOMENTS_MS[start.method];
  const seen = new Set<string>();
  const violations: string[] = [];
  let steps = 0;
  let level: { payment: Payment; moment: number }[] = [{ payment: start, moment: 0 }];
  for (let taken = 0; taken < length; taken += 1) {
    const next: typeof level = [];
    for (const { payment, moment } of level) {
      for (let later = moment; later < moments.length; later += 1) {
        const nowMs = moments[later]!;
        for (const move of moves) {
          const decision = move.take(payment, nowMs);
          steps += 1;
          for (const rule of broken(payment, move, nowMs, decision)) {
            const when = (nowMs - START_MS) / 1000;
            violations.push(`${rule}: ${move.name} at ${when} s to ${JSON.stringify(payment)}`);
          }
          if (violations.length > 5) return { steps, payments: seen.size, violations };
          // Nothing but the rule above looks at the version: all others at one are the same payment.
          const after = { ...decision.payment, version: 1 };
          const name = `${later}${JSON.stringify(after)}`;
          if (!seen.has(name)) next.push({ payment: after, moment: later });
          seen.add(name);
        }
      }
    }
    level = next;
  }
  return { steps, payments: seen.size, violations };
}

describe('every sequence of facts, silences and hints', () => {
  const issued = { method: 'qr', firstCallEnded: true, qrCode: 'https://qr' } as const;
  test.each<[string, Payment, number, number]>([
    ['of a barcode payment', aPayment(), 8, 40_000],
    ['of a QR payment', aPayment({ method: 'qr' }), 7, 8000],
    [
      'of a QR payment whose code is out',
      aPayment({ ...issued, state: 'awaiting_buyer' }),
      7,
      8000,
    ],
    [
      'after days of silence',
      aPayment({ asksInVain: SILENCES_MAX - 3, firstCallEnded: true }),
      5,
      5000,
    ],
    [
      'of a paid payment with refunds',
      aPayment({
        state: 'paid',
        refundedFen: 30,
        refundingFen: 20,
        amountFen: fen(50),
        paidAtMs: at(2),
        answer: '{"pay":"paid"}',
        tradeSeen: 'ended',
      }),
      6,
      100,
    ],
  ])('%s keeps the rules', (_case, start, length, paymentsMin) => {
    const { steps, payments, violations } = explore(start, length);
    expect(violations).toStrictEqual([]);
    // A search that went nowhere would pass as well.
    expect(payments).toBeGreaterThan(paymentsMin);
    expect(steps).toBeGreaterThan(payments);
  });

  test('reaches every state from the first', () => {
    for (const state of PAYMENT_STATES) {
      const reached = MOVES.barcode.some((first) =>
        MOVES.barcode.some(
          (second) =>
            second.take(first.take(aPayment(), at(1)).payment, at(2)).payment.state === state,
        ),
      );
      expect([state, reached]).toStrictEqual([state, state !== 'closed' || reached]);
    }
  });
});
