/**
 * A clerk at the till, with a gateway that answers, refuses or stays silent as each story wants. What is looked at: the calls that
 * the gateway got, what is written down for after a crash, and what the screen would show.
 */
import { expect, test } from 'vitest';
import { ApiError, NoAnswerError, type Payment } from '../../client/client.ts';
import type { EntryKey } from './entry.ts';
import { createJournal, type Shelf } from './journal.ts';
import { saleView } from './sale-view.ts';
import { createTill, type Till } from './till.ts';
import type { TillDeps } from './till-memory.ts';

const CODE = '280851932108279999';
const OTHER_CODE = '280851932108271111';
const BEGAN_AT_MS = Date.parse('2026-12-01T02:00:00Z');

type Call = { readonly name: string; readonly body?: unknown; readonly key?: string | undefined };
type Answer = Partial<Payment> | Error | undefined;

/** Answers in the order in which they are given; a call without one waits for it. */
function world() {
  const calls: Call[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  const given: Answer[] = [];
  const kept = new Map<string, string>();
  const shelf: Shelf = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
  };
  let random = 0;
  let nowMs = BEGAN_AT_MS;
  const ask = async (call: Call, signal?: AbortSignal): Promise<Payment | undefined> => {
    calls.push(call);
    const answer = await new Promise<Answer>((resolve, reject) => {
      signal?.addEventListener('abort', () => {
        if (waiting.includes(resolve)) waiting.splice(waiting.indexOf(resolve), 1);
        reject(new Error('aborted'));
      });
      if (given.length > 0) resolve(given.shift());
      else waiting.push(resolve);
    });
    if (answer instanceof Error) throw answer;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the till reads of a payment
    return answer === undefined ? undefined : ({ ...PAYMENT, ...answer } as Payment);
  };
  const payments = {
    create: (
      body: unknown,
      { idempotencyKey, signal }: { idempotencyKey: string; signal: AbortSignal },
    ) => ask({ name: 'create', body, key: idempotencyKey }, signal),
    get: (id: string, { signal }: { signal: AbortSignal }) =>
      ask({ name: 'get', body: id }, signal),
    list: async ({
      merchant_reference: body,
      signal,
    }: {
      merchant_reference: string;
      signal: AbortSignal;
    }) => {
      const found = await ask({ name: 'list', body }, signal);
      return { data: found === undefined ? [] : [found] };
    },
    cancel: (id: string, { idempotencyKey: key }: { idempotencyKey?: string }) =>
      ask({ name: 'cancel', body: id, key }),
  };
  const pauses: (() => void)[] = [];
  let stop = (): void => undefined;
  const journal = createJournal(shelf, (count) =>
    Array.from({ length: count }, () => (random += 1)),
  );
  const deps = {
    merchant: 'mch_1',
    journal,
    payments,
    nowMs: () => nowMs,
    newKey: () => `key-${(random += 1)}`,
    today: () => '2026-12-01',
    subject: () => 'Tea',
    signedOut: () => calls.push({ name: 'signed out' }),
    pause: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
        pauses.push(resolve);
      }),
  } as unknown as TillDeps;
  return {
    calls,
    journal,
    kept,
    /** A till on this browser's shelf; the next one is the page loaded anew. */
    open: (): Till => {
      stop();
      const till = createTill(deps);
      stop = till.start();
      return till;
    },
    answer: async (...answers: Answer[]): Promise<void> => {
      for (const answer of answers) {
        const next = waiting.shift();
        if (next === undefined) given.push(answer);
        else next(answer);
        await settled();
      }
    },
    /** Ends all pauses. */
    later: async (ms = 0): Promise<void> => {
      nowMs += ms;
      for (const end of pauses.splice(0)) end();
      await settled();
    },
  };
}

const PAYMENT = {
  id: 'pay_1',
  method: 'barcode',
  attempt: 1,
  amount: 8800,
  state: 'created',
  allowed_actions: ['cancel'],
  next_action: null,
  failure: null,
  expires_at: '2026-12-01T02:01:00Z',
} as const;

const SHOWN = { type: 'show_qr_code', qr_code: 'https://qr.alipay.com/1' } as const;

/** Whatever promises lead to. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

function typeAmount(till: Till, text: string): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- digits and points
  for (const key of text) till.press(key as EntryKey);
}

const titleOf = (till: Till, nowMs = BEGAN_AT_MS): string | undefined => {
  const { sale } = till.state();
  return sale === undefined ? undefined : saleView(sale, nowMs).title;
};

function refused(code: string, status: number): ApiError {
  const body = { code, status, detail: 'No.', detail_zh: '否。', request_id: 'r' };
  return new ApiError(
    { status, body, retryAfterS: undefined },
    { isInDoubt: false, idempotencyKey: 'k' },
  );
}
const SILENCE = new NoAnswerError(new Error('gone'), 1, { isInDoubt: true, idempotencyKey: 'k' });

test('a code charges the amount; what was written down first knows the bill, and not the code', async () => {
  const { open, calls, kept, journal, answer } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  const [{ charge } = { charge: undefined }] = journal.open();
  expect(charge).toMatchObject({ amountFen: 8800, subject: 'Tea' });
  expect([...kept.values()].join('')).not.toContain(CODE);
  expect(calls).toStrictEqual([
    {
      name: 'create',
      key: charge?.key,
      body: {
        merchant: 'mch_1',
        method: 'barcode',
        auth_code: CODE,
        amount: 8800,
        merchant_reference: charge?.reference,
        subject: 'Tea',
      },
    },
  ]);
  expect(titleOf(till)).toBe('sending');
  await answer({ state: 'paid' });
  expect(titleOf(till)).toBe('paid');
  expect(journal.open()).toStrictEqual([]);
  till.dismiss();
  expect(till.state()).toMatchObject({ sale: undefined, entry: '' });
});

test('a code scanned twice, and another one meanwhile, charge once', async () => {
  const { open, calls, answer } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  till.takeCode(CODE);
  till.takeCode(OTHER_CODE);
  expect(till.state().notice?.kind).toBe('busy');
  await answer({ state: 'paid' });
  till.takeCode(CODE);
  expect(till.state().notice?.kind).toBe('used');
  till.dismiss();
  typeAmount(till, '5');
  till.takeCode(CODE);
  expect(till.state().notice?.kind).toBe('used');
  expect(calls.map(({ name }) => name)).toStrictEqual(['create']);
});

test('a code before the amount waits for it, and not for ever', () => {
  const { open, calls } = world();
  const till = open();
  till.takeCode(CODE);
  expect(till.state().notice?.kind).toBe('held');
  expect(till.enter()).toBe(false);
  expect(till.state().notice?.kind).toBe('no_amount');
  typeAmount(till, '0.5');
  till.enter();
  expect(calls).toMatchObject([{ name: 'create', body: { auth_code: CODE, amount: 50 } }]);
  const late = world();
  const other = late.open();
  other.takeCode(CODE);
  void late.later(61_000);
  typeAmount(other, '5');
  other.enter();
  expect(other.state()).toMatchObject({ held: undefined, notice: { kind: 'held_too_long' } });
  expect(late.calls).toStrictEqual([]);
});

test('Enter without anything does nothing; with an amount it asks for the code', () => {
  const { open, calls } = world();
  const till = open();
  expect(till.enter()).toBe(false);
  expect(till.state().notice?.kind).toBe('no_amount');
  till.showQr();
  typeAmount(till, '5');
  expect(till.enter()).toBe(true);
  expect(calls).toStrictEqual([]);
});

test('silence: nothing is called failed, and the truth is looked up by the number', async () => {
  const { open, calls, journal, answer, later } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  await answer(SILENCE);
  expect(titleOf(till)).toBe('looking');
  expect(till.state().sale).toMatchObject({ isSilent: true });
  await answer(SILENCE);
  await later();
  expect(titleOf(till)).toBe('looking');
  const reference = journal.open()[0]?.charge.reference;
  expect(calls.at(-1)).toStrictEqual({ name: 'list', body: reference });
  await answer({ state: 'paid' });
  expect(titleOf(till)).toBe('paid');
  expect(calls.filter(({ name }) => name === 'create')).toHaveLength(1);
});

test('not charged is said only after the gateway said twice that it knows of nothing', async () => {
  const { open, calls, answer, later } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  await answer(SILENCE, undefined);
  expect(titleOf(till)).toBe('looking');
  await later();
  await answer(undefined);
  expect(titleOf(till)).toBe('absent');
  // The same bill again: were the lost call to arrive after all, the gateway still charges it once.
  till.takeCode(CODE);
  const [first, second] = calls.filter(({ name }) => name === 'create');
  expect(second?.body).toStrictEqual(first?.body);
  expect(second?.key).not.toBe(first?.key);
});

test('a page loaded anew in the middle goes on with that very payment, and charges nothing', async () => {
  const { open, calls, journal, answer } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  const reference = journal.open()[0]?.charge.reference;
  const again = open();
  expect(titleOf(again)).toBe('looking');
  expect(calls.slice(1)).toStrictEqual([{ name: 'list', body: reference }]);
  await answer({ state: 'awaiting_buyer' });
  expect(titleOf(again)).toBe('confirm');
  await answer({ state: 'paid' });
  expect(titleOf(again)).toBe('paid');
});

test('a clear no is told with its reason, and the bill tries again under another key', async () => {
  const { open, calls, answer } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  await answer(refused('merchant_suspended', 409));
  expect(till.state().sale?.step).toMatchObject({
    kind: 'refused',
    why: { en: 'No.', zh: '否。' },
  });
  till.takeCode(OTHER_CODE);
  expect(calls.map(({ name }) => name)).toStrictEqual(['create', 'create']);
});

test('a declined bill takes another code: a second attempt, not a second bill', async () => {
  const { open, calls, answer } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  await answer({ state: 'declined', failure: { code: 'ACQ.X', message: '余额不足' } });
  expect(titleOf(till)).toBe('declined');
  till.takeCode(CODE);
  expect(till.state().notice?.kind).toBe('used');
  till.takeCode(OTHER_CODE);
  expect(calls).toHaveLength(2);
  const [first, second] = calls.map(({ body }) => body as { merchant_reference: string });
  expect(second?.merchant_reference).toBe(first?.merchant_reference);
  // Should its answer be lost, the first attempt's is not taken for it.
  await answer(SILENCE, { state: 'declined', attempt: 1 });
  expect(titleOf(till)).toBe('looking');
});

test('a cancel that comes after the money says that it is paid', async () => {
  const { open, calls, answer } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  await answer({ state: 'awaiting_buyer' });
  till.cancel();
  expect(titleOf(till)).toBe('cancelling');
  await answer({ state: 'paid' });
  expect(till.state().sale).toMatchObject({ cancel: 'asked' });
  const { sale } = till.state();
  expect(sale && saleView(sale, 0)).toMatchObject({ tone: 'good', text: 'paidBeforeCancel' });
  expect(calls.filter(({ name }) => name === 'cancel')).toMatchObject([{ body: 'pay_1' }]);
});

test('a cancel without an answer leaves the payment open, to be cancelled again', async () => {
  const { open, answer, calls } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  await answer({ state: 'awaiting_buyer' });
  till.cancel();
  await answer({ state: 'awaiting_buyer' });
  await answer(SILENCE);
  expect(till.state().sale).toMatchObject({ cancel: 'unanswered', step: { kind: 'open' } });
  expect(titleOf(till)).toBe('confirm');
  till.cancel();
  // No key of the first cancel, under which its answer would be given again.
  const cancels = calls.filter(({ name }) => name === 'cancel');
  expect(cancels.map(({ key }) => key)).toStrictEqual([undefined, undefined]);
});

test('a code that ran out of time is renewed by itself, three times, under the same bill', async () => {
  const { open, calls, answer } = world();
  const till = open();
  typeAmount(till, '8');
  till.showQr();
  for (const attempt of [1, 2, 3, 4]) {
    await answer({ method: 'qr', state: 'awaiting_buyer', attempt, next_action: SHOWN });
    await answer({ method: 'qr', state: 'closed', attempt });
  }
  expect(titleOf(till)).toBe('closed');
  const made = calls.filter(({ name }) => name === 'create');
  expect(made).toHaveLength(4);
  expect(new Set(made.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(new Set(made.map(({ key }) => key)).size).toBe(4);
});

test('a code that was paid in its last second is not renewed', async () => {
  const { open, calls, answer } = world();
  const till = open();
  typeAmount(till, '8');
  till.showQr();
  await answer({ method: 'qr', state: 'awaiting_buyer', next_action: SHOWN });
  expect(titleOf(till, BEGAN_AT_MS + 60_000)).toBe('expiring');
  await answer({ method: 'qr', state: 'paid' });
  expect(titleOf(till)).toBe('paid');
  expect(calls.filter(({ name }) => name === 'create')).toHaveLength(1);
});

test('a code that the clerk cancelled is not renewed', async () => {
  const { open, calls, answer } = world();
  const till = open();
  typeAmount(till, '8');
  till.showQr();
  await answer({ method: 'qr', state: 'awaiting_buyer', next_action: SHOWN });
  till.cancel();
  await answer({ method: 'qr', state: 'closed' });
  expect(titleOf(till)).toBe('cancelled');
  expect(calls.filter(({ name }) => name === 'create')).toHaveLength(1);
});

test('an older answer that comes late does not take the outcome back', async () => {
  const { open, answer } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  await answer({ state: 'awaiting_buyer' });
  till.cancel();
  await answer({ state: 'paid' });
  await answer({ state: 'awaiting_buyer' });
  expect(titleOf(till)).toBe('paid');
});

test('a code taken off the screen is looked after beside the next sale, and its money is told', async () => {
  const { open, journal, answer, later } = world();
  const till = open();
  typeAmount(till, '8');
  till.showQr();
  await answer({ method: 'qr', state: 'awaiting_buyer', next_action: SHOWN });
  till.cancel();
  // The question that was under way, and then the cancel.
  const ending: Partial<Payment> = { method: 'qr', state: 'awaiting_buyer', next_action: null };
  await answer(ending, ending);
  expect(titleOf(till)).toBe('withdrawn');
  till.dismiss();
  expect(till.state()).toMatchObject({ sale: undefined, aside: [{ heard: undefined }] });
  expect(journal.open()).toMatchObject([{ isAside: true }]);
  await later();
  await answer({ method: 'qr', state: 'paid' });
  const [aside] = till.state().aside;
  expect(aside?.heard).toMatchObject({ kind: 'payment', payment: { state: 'paid' } });
  till.dropAside(aside?.charge.reference ?? '');
  expect(journal.open()).toStrictEqual([]);
});

test('whoever is signed out in the middle loses nothing', async () => {
  const { open, calls, journal, answer } = world();
  const till = open();
  typeAmount(till, '88');
  till.takeCode(CODE);
  await answer(refused('authentication_required', 401));
  expect(calls.map(({ name }) => name)).toContain('signed out');
  expect(titleOf(till)).toBe('looking');
  expect(journal.open()).toHaveLength(1);
});
