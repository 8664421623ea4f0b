/**
 * Whole timelines as tables: a payment or a refund, an Alipay that follows a script, and every step that is then taken,
 * in seconds since the start. Answers take no time here, so that the numbers are those of the schedule alone.
 * `2-10/2` stands for 2 4 6 8 10. What a single step depends on is a table below each.
 */
import { describe, expect, test } from 'vitest';
import {
  aPayment,
  aRefund,
  at,
  decideOn,
  heard,
  silent,
  START_MS,
  type Heard,
} from './payment.fixtures.ts';
import { afterSilence } from './decide-payment.ts';
import type { Payment } from './payment.ts';
import { decideRefund, refundAfterSilence, type Refund, type RefundFact } from './refund.ts';
import {
  dueAtAfter,
  dueAtAfterNotice,
  firstLookAtMs,
  type Notice,
  refundDueAtAfter,
  refundStep,
  type Step,
  stepAt,
} from './schedule.ts';

type Asked = Exclude<Step, 'none'>;
/** What Alipay says to a step at this second; undefined is silence. */
type Script = (step: Asked, second: number) => Heard | undefined;

type Timeline = {
  readonly steps: readonly string[];
  readonly end: Payment;
  readonly effects: readonly string[];
  /** When the last step was taken. */
  readonly endedAtMs: number;
};

const STEPS_MAX = 2000;

/** Looks at the payment whenever it is due, until nothing is left to do. */
function play(start: Payment, script: Script): Timeline {
  const taken: [string, number][] = [];
  const effects: string[] = [];
  let payment = start;
  while (payment.dueAtMs !== null) {
    const nowMs = payment.dueAtMs;
    const step = stepAt(payment, nowMs);
    if (step === 'none' || taken.length > STEPS_MAX) throw new Error(`no end: ${step} at ${nowMs}`);
    const second = (nowMs - START_MS) / 1000;
    taken.push([step, second]);
    const evidence = script(step, second);
    const decision = evidence
      ? decideOn(payment, evidence, nowMs)
      : afterSilence(payment, nowMs, step !== 'query');
    for (const effect of decision.effects) {
      effects.push(effect.kind === 'incident' ? effect.reason : effect.kind);
    }
    payment = decision.payment;
  }
  const endedAtMs = START_MS + (taken.at(-1)?.[1] ?? 0) * 1000;
  return { steps: linesOf(taken), end: payment, effects, endedAtMs };
}

/** One line for each run of the same step, its seconds with even runs of three or more drawn together. */
function linesOf(taken: readonly (readonly [string, number])[]): string[] {
  const lines: { step: string; seconds: number[] }[] = [];
  for (const [step, second] of taken) {
    if (lines.at(-1)?.step !== step) lines.push({ step, seconds: [] });
    lines.at(-1)?.seconds.push(second);
  }
  return lines.map(({ step, seconds }) => `${step} ${drawTogether(seconds).join(' ')}`);
}

function drawTogether(seconds: readonly number[]): string[] {
  const gapAfter = (index: number): number => seconds[index + 1]! - seconds[index]!;
  const texts: string[] = [];
  for (let from = 0; from < seconds.length;) {
    const gap = gapAfter(from);
    let last = from;
    while (gapAfter(last) === gap) last += 1;
    const isRun = last - from >= 2;
    texts.push(isRun ? `${seconds[from]}-${seconds[last]}/${gap}` : `${seconds[from]}`);
    from = isRun ? last + 1 : from + 1;
  }
  return texts;
}

/** Payments right after their first call. */
const afterPay = (fact: 'paid' | 'waiting' | 'refused', second = 0): Payment =>
  decideOn(aPayment(), heard('pay', fact), at(second)).payment;
const payTimedOut = (second: number): Payment => silent(aPayment(), at(second)).payment;
const qrIssued = decideOn(
  aPayment({ method: 'qr' }),
  heard('precreate', 'qr_issued'),
  at(0),
).payment;

const always =
  (answers: Partial<Record<Asked, Heard>>): Script =>
  (step) =>
    answers[step];
const WAITING = heard('query', 'waiting');
const ABSENT = heard('query', 'absent');
const PAID = heard('query', 'paid');

describe('a barcode payment', () => {
  test.each<[string, Payment, Script, readonly string[], Payment['state'], readonly string[]]>([
    [
      'nobody confirms: asked every few seconds, and cancelled at the deadline',
      afterPay('waiting'),
      always({ query: WAITING, cancel: heard('cancel', 'closed_unpaid') }),
      ['query 2-10/2 13-58/3 60', 'cancel 60'],
      'closed',
      [],
    ],
    [
      'the buyer confirms',
      afterPay('waiting'),
      (_step, second) => (second >= 15 ? PAID : WAITING),
      ['query 2-10/2 13 16'],
      'paid',
      [],
    ],
    [
      'the buyer pays in the second of the deadline: not cancelled',
      afterPay('waiting'),
      (_step, second) => (second >= 60 ? PAID : WAITING),
      ['query 2-10/2 13-58/3 60'],
      'paid',
      [],
    ],
    [
      'the buyer pays between the last question and the cancel',
      afterPay('waiting'),
      always({ query: WAITING, cancel: heard('cancel', 'cancel_refunded') }),
      ['query 2-10/2 13-58/3 60', 'cancel 60'],
      'reversed',
      [],
    ],
    [
      'the pay call never arrived: closed when a cancel found nothing and a later query neither, then watched for a day',
      payTimedOut(10),
      always({ query: ABSENT, cancel: heard('cancel', 'cancel_found_nothing') }),
      ['query 13-58/3 60', 'cancel 60', 'query 65 70 120 660 3660 21660 108060'],
      'closed',
      [],
    ],
    [
      'the pay call arrives while it is watched',
      payTimedOut(10),
      (step, second) => {
        if (step === 'cancel') return heard('cancel', 'cancel_found_nothing');
        return second > 3000 ? PAID : ABSENT;
      },
      // And then for the cancel, which the line may carry twice.
      ['query 13-58/3 60', 'cancel 60', 'query 65 70 120 660 3660 21660 108060'],
      'paid',
      ['late_payment'],
    ],
    [
      'the trade shows up after a cancel found nothing: cancelled anew',
      payTimedOut(10),
      (step, second) => {
        if (step === 'query') return second > 60 ? WAITING : ABSENT;
        return heard('cancel', second > 60 ? 'closed_unpaid' : 'cancel_found_nothing');
      },
      ['query 13-58/3 60', 'cancel 60', 'query 65', 'cancel 65'],
      'closed',
      [],
    ],
    [
      'the trade shows up while it is watched: cancelled at once',
      payTimedOut(10),
      (step, second) => {
        if (step === 'query') return second > 100 ? WAITING : ABSENT;
        return heard('cancel', second > 100 ? 'closed_unpaid' : 'cancel_found_nothing');
      },
      ['query 13-58/3 60', 'cancel 60', 'query 65 70 120', 'cancel 120'],
      'closed',
      [],
    ],
    [
      'the cancel gets no answer: what became of it is asked before the next one',
      afterPay('waiting'),
      (step, second) => {
        if (step === 'query') return WAITING;
        return second >= 62 ? heard('cancel', 'closed_unpaid') : undefined;
      },
      ['query 2-10/2 13-58/3 60', 'cancel 60', 'query 61', 'cancel 61', 'query 63', 'cancel 63'],
      'closed',
      [],
    ],
    [
      'the cancel worked and its answer was lost',
      afterPay('waiting'),
      (step, second) => {
        if (step === 'cancel') return undefined;
        return second > 60 ? heard('query', 'closed_unpaid') : WAITING;
      },
      ['query 2-10/2 13-58/3 60', 'cancel 60', 'query 61'],
      'closed',
      [],
    ],
    [
      'the node was down past the deadline, and the buyer has paid: asked before anything is cancelled',
      aPayment({ dueAtMs: at(300) }),
      always({ query: PAID }),
      ['query 300'],
      'paid',
      [],
    ],
    [
      'the node was down past the deadline, and nobody has paid',
      aPayment({ dueAtMs: at(300) }),
      always({ query: WAITING, cancel: heard('cancel', 'closed_unpaid') }),
      ['query 300', 'cancel 300'],
      'closed',
      [],
    ],
    [
      'Alipay was silent for a while: gaps widen, and are narrow again after an answer',
      payTimedOut(0),
      (step, second) => {
        if (step === 'cancel') return heard('cancel', 'closed_unpaid');
        return second >= 40 ? WAITING : undefined;
      },
      ['query 2 4 7-22/5 32 42-60/3', 'cancel 60'],
      'closed',
      [],
    ],
  ])('%s', (_case, start, script, steps, state, effects) => {
    const timeline = play(start, script);
    expect(timeline.steps).toStrictEqual(steps);
    expect(timeline.end.state).toBe(state);
    expect(timeline.effects).toStrictEqual(effects);
  });
});

describe('a cancel without an answer', () => {
  const POLLED = 'query 2-10/2 13-58/3 60';
  /** The cancel is lost on its way, or its answer is; from then on a query says this. */
  const afterLostCancel =
    (says: (second: number) => Heard): Script =>
    (step, second) => {
      if (step === 'cancel') return undefined;
      return second > 60 ? says(second) : WAITING;
    };

  test('and the buyer has paid: watched for a day, because it may still arrive', () => {
    const { steps, end, effects } = play(
      afterPay('waiting'),
      afterLostCancel(() => PAID),
    );
    expect(steps).toStrictEqual([POLLED, 'cancel 60', 'query 61 120 660 3660 21660 108060']);
    expect([end.state, effects]).toStrictEqual(['paid', []]);
  });

  test('arrives after the till was told "paid": the shop keeps nothing, and a person is told', () => {
    const script = afterLostCancel((second) =>
      second > 600 ? heard('query', 'closed_refunded') : PAID,
    );
    const { steps, end, effects } = play(afterPay('waiting'), script);
    expect(steps).toStrictEqual([POLLED, 'cancel 60', 'query 61 120 660']);
    expect([end.state, effects]).toStrictEqual(['reversed', ['reversed_after_paid']]);
  });

  test('again and again, though queries are answered: asked ever less often', () => {
    const gaveUp = heard('cancel', 'closed_unpaid');
    const script: Script = (step, second) => {
      if (step === 'query') return WAITING;
      return second > 100 ? gaveUp : undefined;
    };
    expect(play(afterPay('waiting'), script).steps.slice(1)).toStrictEqual(
      [60, 61, 63, 66, 71, 76, 81, 91]
        .flatMap((second) => [`query ${second}`, `cancel ${second}`])
        .slice(1)
        .concat('query 101', 'cancel 101'),
    );
  });
});

test("somebody else's trade under our number is asked about and never ended, and a person is told once", () => {
  const { steps, end, effects } = play(payTimedOut(10), () => heard('query', 'foreign'));
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatch(/^query 13-19/);
  expect(effects).toStrictEqual(['number_names_another_trade']);
  expect(end).toMatchObject({ state: 'created', dueAtMs: null });
});

describe('a QR payment', () => {
  const closeFindsNothing = heard('close', 'absent');
  const POLLED = 'query 3-30/3 35-180/5 190-890/10';

  test.each<[string, Payment, Script, readonly string[], Payment['state'], readonly string[]]>([
    [
      'the guest scans and pays',
      qrIssued,
      (_step, second) => {
        if (second < 50) return ABSENT;
        return second < 100 ? WAITING : PAID;
      },
      ['query 3-30/3 35-100/5'],
      'paid',
      [],
    ],
    [
      'the guest scans and does not pay: closed at Alipay first',
      qrIssued,
      always({ query: WAITING, close: heard('close', 'closed_unpaid') }),
      [POLLED, 'close 900'],
      'closed',
      [],
    ],
    [
      'nobody scans: closed when the code is dead, then watched for a day',
      qrIssued,
      always({ query: ABSENT, close: closeFindsNothing }),
      [POLLED, 'close 900-930/10', 'query 970 1510 4510 22510 108910'],
      'closed',
      [],
    ],
    [
      'the guest pays in the second of the deadline, and the close says "not open"',
      qrIssued,
      (step, second) => {
        if (step === 'close') return undefined;
        return second > 900 ? PAID : WAITING;
      },
      [POLLED, 'close 900', 'query 901'],
      'paid',
      [],
    ],
    [
      'the precreate got no answer: nobody has a code, and nothing is left to do when it is dead',
      silent(aPayment({ method: 'qr' }), at(10)).payment,
      always({ query: ABSENT, close: closeFindsNothing }),
      ['query 13-31/3 36-181/5 191-891/10', 'close 900-930/10', 'query 970 1510 4510 22510 108910'],
      'closed',
      [],
    ],
    [
      'the precreate was refused',
      decideOn(aPayment({ method: 'qr' }), heard('precreate', 'refused'), at(1)).payment,
      always({ query: ABSENT }),
      ['query 6'],
      'declined',
      [],
    ],
  ])('%s', (_case, start, script, steps, state, effects) => {
    const timeline = play(start, script);
    expect(timeline.steps).toStrictEqual(steps);
    expect(timeline.end.state).toBe(state);
    expect(timeline.effects).toStrictEqual(effects);
  });
});

describe('a notification', () => {
  const paidByPay = afterPay('paid', 1);
  const closed = aPayment({ state: 'closed', dueAtMs: null });

  test.each<[string, Payment, Notice, number | null]>([
    ['"paid" confirms what the pay call said', paidByPay, 'paid', null],
    ['"waiting" does not', paidByPay, 'waiting', at(5)],
    ['"refunded" does not', paidByPay, 'refunded', at(5)],
    ['"closed" does not', paidByPay, 'closed', at(5)],
    ['"paid" of what a query has contradicted', { ...paidByPay, heardAtMs: at(2) }, 'paid', at(5)],
    ['"paid" when a query got no answer', { ...paidByPay, asksInVain: 1 }, 'paid', at(5)],
    ['"paid" while a cancel may still come', { ...paidByPay, endingsInVain: 1 }, 'paid', at(5)],
    ['"paid" of what a query found', { ...paidByPay, answerMethod: 'query' }, 'paid', at(5)],
    ['"paid" of an open payment', aPayment(), 'paid', at(5)],
    ['"waiting" of an open payment', aPayment(), 'waiting', at(5)],
    ['"paid" of a closed payment', closed, 'paid', at(5)],
    ['"paid" of a confirmed payment', { ...paidByPay, dueAtMs: null }, 'paid', null],
    ['"refunded" of a confirmed payment', { ...paidByPay, dueAtMs: null }, 'refunded', null],
    ['"closed" of a confirmed payment', { ...paidByPay, dueAtMs: null }, 'closed', at(5)],
    [
      '"closed" of one that was given back',
      { ...paidByPay, dueAtMs: null, refundedFen: paidByPay.amountFen },
      'closed',
      null,
    ],
    ['of a reversed payment', aPayment({ state: 'reversed', dueAtMs: null }), 'closed', null],
  ])('%s', (_case, payment, notice, expected) => {
    expect(dueAtAfterNotice(payment, notice, at(5))).toBe(expected);
  });
});

describe('after the outcome', () => {
  const DOUBLING = '80 160 320 640 1280 2560 5120 10240 20480 40960 81920 163840 327680 655360';

  test.each<[string, Payment, Script, readonly string[], Payment['state'], readonly string[]]>([
    [
      'paid by the pay call: confirmed by one query',
      afterPay('paid', 1),
      always({ query: PAID }),
      ['query 11'],
      'paid',
      [],
    ],
    [
      'paid, and confirmed after a silence',
      afterPay('paid', 1),
      (_step, second) => (second > 20 ? PAID : undefined),
      ['query 11 21'],
      'paid',
      [],
    ],
    [
      'paid, and no query ever agrees: asked ever less often, then a person must look',
      afterPay('paid'),
      always({ query: ABSENT }),
      [`query 10 20 40 ${DOUBLING}`],
      'paid',
      ['paid_stays_unconfirmed'],
    ],
    [
      'paid, and Alipay then calls the trade closed and never paid',
      afterPay('paid'),
      always({ query: heard('query', 'closed_unpaid') }),
      ['query 10'],
      'paid',
      ['paid_trade_is_closed'],
    ],
    [
      'declined: looked for until it is ten minutes old',
      afterPay('refused', 1),
      always({ query: ABSENT }),
      ['query 6 60 600'],
      'declined',
      [],
    ],
    [
      'declined while a question of the till was faster than the refusal: looked at all the same',
      decideOn(
        decideOn(aPayment(), heard('query', 'absent'), at(1)).payment,
        heard('pay', 'refused'),
        at(2),
      ).payment,
      always({ query: ABSENT }),
      ['query 7 60 600'],
      'declined',
      [],
    ],
    [
      'declined, and the refused call left a trade open: ended',
      afterPay('refused', 1),
      always({ query: WAITING, cancel: heard('cancel', 'closed_unpaid') }),
      ['query 6', 'cancel 6'],
      'declined',
      [],
    ],
    [
      'declined, the trade open, and the cancel without an answer',
      afterPay('refused', 1),
      (step, second) => {
        if (step === 'query') return WAITING;
        return second >= 8 ? heard('cancel', 'closed_unpaid') : undefined;
      },
      ['query 6', 'cancel 6', 'query 7', 'cancel 7', 'query 9', 'cancel 9'],
      'declined',
      [],
    ],
    [
      'declined, and the buyer was charged',
      afterPay('refused', 1),
      always({ query: PAID }),
      ['query 6'],
      'paid',
      ['late_payment'],
    ],
    [
      'declined, and Alipay silent for a while',
      afterPay('refused', 1),
      (_step, second) => (second > 20 ? ABSENT : undefined),
      ['query 6-21/5 60 600'],
      'declined',
      [],
    ],
  ])('%s', (_case, start, script, steps, state, effects) => {
    const timeline = play(start, script);
    expect(timeline.steps).toStrictEqual(steps);
    expect(timeline.end.state).toBe(state);
    expect(timeline.effects).toStrictEqual(effects);
  });

  test("a till's own questions do not shorten the watch over a closed payment", () => {
    const closed = aPayment({
      state: 'closed',
      tradeSeen: 'absent',
      cancelFoundNothingAtMs: at(60),
      dueAtMs: at(120),
    });
    const asked = [71, 74, 77, 80, 83, 86].reduce(
      (payment, second) => decideOn(payment, ABSENT, at(second)).payment,
      closed,
    );
    expect(asked.dueAtMs).toBe(at(120));
    expect(play(asked, always({ query: ABSENT })).steps).toStrictEqual([
      'query 120 660 3660 21660 108060',
    ]);
  });

  test('a question about a payment of last year begins no new round of questions', () => {
    // Alipay forgets old trades and then says that there is none.
    const old = aPayment({ state: 'paid', tradeSeen: 'ended', dueAtMs: null });
    const { payment, effects } = decideOn(old, ABSENT, at(365 * 86_400));
    expect(payment.dueAtMs).toBeNull();
    expect(effects).toStrictEqual([]);
  });
});

describe('silence for ever', () => {
  test('widens from seconds to hours, and cancels nothing that no query said was open', () => {
    const { steps } = play(payTimedOut(0), () => undefined);
    expect(steps).toStrictEqual(['query 2 4 7-22/5 32 42 62 92 152 272 572 1172 2972-596972/3600']);
  });

  test.each<[string, Payment]>([
    ['open', payTimedOut(0)],
    ['an open QR payment', qrIssued],
    ['paid', afterPay('paid')],
    ['declined', afterPay('refused')],
    [
      'closed and watched',
      aPayment({ state: 'closed', tradeSeen: 'absent', cancelFoundNothingAtMs: at(60) }),
    ],
  ])('%s: a person has to look after about a week, and nothing is concluded', (_case, start) => {
    const { end, effects, endedAtMs } = play(start, () => undefined);
    expect(effects).toStrictEqual(['alipay_stays_silent']);
    expect(end.state).toBe(start.state);
    const days = (endedAtMs - START_MS) / 86_400_000;
    expect(days).toBeGreaterThan(6.5);
    expect(days).toBeLessThan(8.5);
  });
});

describe('a single step', () => {
  test.each<[string, Partial<Payment>, number, Step]>([
    ['open, before the deadline', {}, 59.999, 'query'],
    ['open, at the deadline, not looked at since', { heardAtMs: at(59.999) }, 60, 'query'],
    ['open, at the deadline, never looked at', {}, 60, 'query'],
    ['open, past the deadline', { heardAtMs: at(60) }, 60, 'cancel'],
    ['after one cancel in vain', { heardAtMs: at(60), asksInVain: 1 }, 61, 'query'],
    ['after a cancel and a query in vain', { heardAtMs: at(60), asksInVain: 2 }, 63, 'cancel'],
    [
      'when a cancel found nothing',
      { heardAtMs: at(60), cancelFoundNothingAtMs: at(60), tradeSeen: 'absent' },
      65,
      'query',
    ],
    [
      'when a cancel found nothing and the trade shows up',
      { heardAtMs: at(60), cancelFoundNothingAtMs: at(60), tradeSeen: 'open' },
      65,
      'cancel',
    ],
    ['QR, before the deadline', { method: 'qr' }, 899, 'query'],
    ['QR, at the deadline', { method: 'qr' }, 900, 'close'],
    ['QR, after one close in vain', { method: 'qr', asksInVain: 1 }, 901, 'query'],
    ['paid', { state: 'paid' }, 1000, 'query'],
    ['declined', { state: 'declined' }, 6, 'query'],
    ['declined, trade open', { state: 'declined', tradeSeen: 'open' }, 6, 'cancel'],
    ['closed', { state: 'closed', tradeSeen: 'absent' }, 100, 'query'],
    ['closed, trade open', { state: 'closed', tradeSeen: 'open' }, 100, 'cancel'],
    [
      'closed, trade open, a cancel in vain',
      { state: 'closed', tradeSeen: 'open', asksInVain: 1 },
      100,
      'query',
    ],
    ['closed QR, trade open', { method: 'qr', state: 'closed', tradeSeen: 'open' }, 950, 'close'],
    ['reversed', { state: 'reversed' }, 100, 'none'],
  ])('%s', (_case, payment, second, expected) => {
    expect(stepAt(aPayment(payment), at(second))).toBe(expected);
  });

  test.each([
    // age  barcode  qr
    [0, 2, 3],
    [9.999, 2, 3],
    [10, 3, 3],
    [29.999, 3, 3],
    [30, 3, 5],
    [179.999, 5, 5],
    [180, 5, 10],
    [3000, 5, 10],
  ])('at the age of %d s an open payment waits %d s (barcode) or %d s (QR)', (age, barcode, qr) => {
    const far = { deadlineAtMs: at(9000) };
    expect(dueAtAfter(aPayment(far), at(age), false)).toBe(at(age + barcode));
    expect(dueAtAfter(aPayment({ ...far, method: 'qr' }), at(age), false)).toBe(at(age + qr));
  });

  test('the last question before the deadline is followed by one at the deadline', () => {
    expect(dueAtAfter(aPayment(), at(59.5), false)).toBe(at(60));
  });

  test('the first look comes when a call of a node that died has surely ended', () => {
    expect(firstLookAtMs(at(0), 10_000)).toBe(at(11));
  });
});

type RefundScript = (step: 'send' | 'query', second: number) => RefundFact | undefined;

/** As `play`; that a sending is noted before the call, and puts the refund in doubt if it is not the first, is the flow's part. */
function playRefund(start: Refund, script: RefundScript): { steps: string[]; end: Refund } {
  const taken: [string, number][] = [];
  let refund = start;
  while (refund.dueAtMs !== null) {
    const nowMs = refund.dueAtMs;
    const step = refundStep(refund);
    if (step === 'none' || taken.length > STEPS_MAX) throw new Error(`no end: ${step} at ${nowMs}`);
    const second = (nowMs - START_MS) / 1000;
    taken.push([step, second]);
    if (step === 'send') {
      const inDoubt = refund.inDoubt || refund.lastSentAtMs !== null;
      refund = { ...refund, lastSentAtMs: nowMs, inDoubt };
    }
    const fact = script(step, second);
    refund = fact
      ? decideRefund(refund, { fact, answer: `{"${step}":"${fact}"}`, askedAtMs: nowMs }, nowMs)
      : refundAfterSilence(refund, step === 'send', nowMs);
  }
  return { steps: linesOf(taken), end: refund };
}

describe('a refund', () => {
  test.each<[string, RefundScript, readonly string[], Refund['state']]>([
    ['done at once', () => 'done', ['send 0'], 'done'],
    ['refused at once', () => 'refused', ['send 0'], 'refused'],
    [
      'taken without a word about the money: asked',
      (step) => (step === 'send' ? 'accepted' : 'done'),
      ['send 0', 'query 3'],
      'done',
    ],
    [
      'no answer: sent again with the same number, three seconds later',
      (_step, second) => (second === 0 ? undefined : 'done'),
      ['send 0 3'],
      'done',
    ],
    [
      'no answer, and the repetition refused: certain when the query finds nothing, late enough',
      (step, second) => {
        if (step === 'query') return 'absent';
        return second === 0 ? undefined : 'refused';
      },
      // And then watched, in case that the first call is carried out all the same.
      ['send 0 3', 'query 63 603 3603 21603 108003'],
      'refused',
    ],
    [
      'no answer, the repetition refused, and the first call was carried out after all',
      (step, second) => {
        if (step === 'query') return 'done';
        return second === 0 ? undefined : 'refused';
      },
      ['send 0 3', 'query 63'],
      'done',
    ],
    [
      'refused for certain, and carried out hours later',
      (step, second) => {
        if (step === 'query') return second < 7200 ? 'absent' : 'done';
        return second === 0 ? undefined : 'refused';
      },
      ['send 0 3', 'query 63 603 3603 21603'],
      'done',
    ],
    [
      'refused for certain, and Alipay silent at the last look: the look is made up for',
      (step, second) => {
        if (step === 'query') return second === 108_003 ? undefined : 'absent';
        return second === 0 ? undefined : 'refused';
      },
      ['send 0 3', 'query 63 603 3603 21603 108003 108004'],
      'refused',
    ],
    [
      'taken, not found by the query: sent again',
      (step, second) => {
        if (step === 'send') return second === 0 ? 'accepted' : 'done';
        return 'absent';
      },
      ['send 0', 'query 3', 'send 6'],
      'done',
    ],
  ])('%s', (_case, script, steps, state) => {
    const timeline = playRefund(aRefund(), script);
    expect(timeline.steps).toStrictEqual(steps);
    expect(timeline.end.state).toBe(state);
  });

  test.each<[string, RefundScript, readonly string[]]>([
    [
      'silent',
      () => undefined,
      ['send 0 3', 'query 6', 'send 9', 'query 14', 'send 19', 'query 24', 'send 34', 'query 44'],
    ],
    [
      'taking it and not finding it, in turns',
      (step) => (step === 'send' ? 'accepted' : 'absent'),
      ['send 0', 'query 3', 'send 6', 'query 9', 'send 12', 'query 17', 'send 22', 'query 27'],
    ],
    [
      'taking it and saying nothing about it, in turns',
      (step) => (step === 'send' ? 'accepted' : undefined),
      ['send 0', 'query 3', 'send 6', 'query 9', 'send 12', 'query 17', 'send 22', 'query 27'],
    ],
  ])('an Alipay that is for ever %s: ever less often, for about a week', (_case, script, steps) => {
    const timeline = playRefund(aRefund(), script);
    expect(timeline.steps.slice(0, steps.length)).toStrictEqual(steps);
    expect(timeline.end).toMatchObject({ state: 'created', dueAtMs: null });
    const seconds = timeline.steps.map((line) => Number(line.split(' ').at(-1)));
    expect(seconds.at(-1)! / 86_400).toBeGreaterThan(6.5);
    expect(seconds.at(-1)! / 86_400).toBeLessThan(8);
    const sent = timeline.steps
      .filter((line) => line.startsWith('send'))
      .flatMap((line) => line.split(' ').slice(1).map(Number));
    const gaps = sent.slice(1).map((second, index) => second - sent[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3);
  });

  test.each<[string, Partial<Refund>, 'send' | 'query' | 'none']>([
    ['never sent', {}, 'send'],
    ['never sent, whatever was asked in vain', { asksInVain: 2 }, 'send'],
    ['sent, and taken', { lastSentAtMs: at(0), answerFact: 'accepted' }, 'query'],
    ['sent, no answer', { lastSentAtMs: at(0), asksInVain: 1 }, 'send'],
    ['sent twice, no answer', { lastSentAtMs: at(3), asksInVain: 2 }, 'query'],
    ['a repetition refused', { lastSentAtMs: at(3), answerFact: 'refused' }, 'query'],
    [
      'a repetition refused, and a query in vain',
      { lastSentAtMs: at(3), answerFact: 'refused', asksInVain: 1 },
      'query',
    ],
    ['done', { state: 'done', lastSentAtMs: at(0) }, 'none'],
    ['refused', { state: 'refused', lastSentAtMs: at(0) }, 'none'],
  ])('%s: what is asked', (_case, refund, expected) => {
    expect(refundStep(aRefund(refund))).toBe(expected);
  });

  test.each<[string, Partial<Refund>, number | null]>([
    ['never less than three seconds', {}, 3],
    ['as long as the silences ask for', { asksInVain: 7 }, 10],
    ['when the query proves something', { lastSentAtMs: at(0), answerFact: 'refused' }, 60],
    [
      'or later, if the silences ask for it',
      { lastSentAtMs: at(0), answerFact: 'refused', asksInVain: 12 },
      120,
    ],
    ['done is done', { state: 'done' }, null],
    ['refused is refused', { state: 'refused' }, null],
    ['exhausted', { asksInVain: 181 }, null],
    ['almost exhausted', { asksInVain: 180 }, 3600],
  ])('due again: %s', (_case, refund, second) => {
    const expected = second === null ? null : at(second);
    expect(refundDueAtAfter(aRefund(refund), at(0))).toBe(expected);
  });
});
