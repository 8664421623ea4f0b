/**
 * Barcode payments from the till's call to the end of their story, in virtual time: what the till heard, what the
 * history says, what the simulator's book holds. Goal: for every story that Alipay can tell, the three agree, no unit of
 * doubt is told as a failure, and nothing stays open.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { createWorld, type Envelope, type World } from '../support/world.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';

let world: World;
afterEach(() => world.close());

const charge = (code: string, localNo = '1'): object => ({
  cpiNo: 'DL0001',
  localNo,
  totalAmount: '88.00',
  authCode: `28085193210827${code}`,
  subject: 'Tea',
});

const DAY_MS = 86_400_000;

/** Lets everything end that time ends, and asserts that nothing is left to do. */
async function settleAll(paymentNo: string): Promise<void> {
  await world.clock.advance(4 * DAY_MS);
  const payment = await findPaymentByNo(world.db, paymentNo);
  expect(payment?.dueAtMs).toBeNull();
}

const paymentNoOf = (answer: Envelope): string => String(answer.re['out_trade_no']);

type Story = {
  code: string;
  /** `re.code` (and sub_code) of the first answer. */
  answer: string;
  states: string;
  /** Trade status and what the buyer paid for good, from the simulator's book. */
  book: string;
  /** `re.code` of the same call after the story's end. */
  later: string;
};

const STORIES: readonly Story[] = [
  {
    code: '9999',
    answer: '10000',
    states: 'created paid',
    book: 'TRADE_SUCCESS 88.00 0.00',
    later: '10000',
  },
  {
    code: '0001',
    answer: '10000',
    states: 'created awaiting_buyer paid',
    book: 'TRADE_SUCCESS 88.00 0.00',
    later: '10000',
  },
  {
    code: '0002',
    answer: '10003',
    states: 'created awaiting_buyer closed',
    book: 'TRADE_CLOSED 0.00 0.00',
    later: '40004 ACQ.TRADE_HAS_CLOSE',
  },
  {
    code: '0003',
    answer: '40004 ACQ.BUYER_BALANCE_NOT_ENOUGH',
    states: 'created declined',
    book: 'none',
    later: '40004 ACQ.BUYER_BALANCE_NOT_ENOUGH',
  },
  {
    code: '0004',
    answer: '40004 ACQ.PAYMENT_AUTH_CODE_INVALID',
    states: 'created declined',
    book: 'none',
    later: '40004 ACQ.PAYMENT_AUTH_CODE_INVALID',
  },
  {
    code: '0005',
    answer: '10000',
    states: 'created paid',
    book: 'TRADE_SUCCESS 88.00 0.00',
    later: '10000',
  },
  {
    code: '0006',
    answer: '10003',
    states: 'created closed',
    book: 'none',
    later: '40004 ACQ.TRADE_HAS_CLOSE',
  },
  {
    code: '0007',
    answer: '10000',
    states: 'created paid',
    book: 'TRADE_SUCCESS 88.00 0.00',
    later: '10000',
  },
  {
    code: '0008',
    answer: '10000',
    states: 'created paid',
    book: 'TRADE_SUCCESS 88.00 0.00',
    later: '10000',
  },
  {
    code: '0009',
    answer: '10000',
    states: 'created paid',
    book: 'TRADE_SUCCESS 88.00 0.00',
    later: '10000',
  },
  {
    code: '0010',
    answer: '10000',
    states: 'created paid',
    book: 'TRADE_SUCCESS 88.00 0.00',
    later: '10000',
  },
  {
    code: '0011',
    answer: '40004 ACQ.TRADE_HAS_CLOSE',
    states: 'created awaiting_buyer closed',
    book: 'TRADE_CLOSED 0.00 0.00',
    later: '40004 ACQ.TRADE_HAS_CLOSE',
  },
  {
    code: '0012',
    answer: '10000',
    states: 'created paid',
    book: 'TRADE_SUCCESS 88.00 0.00',
    later: '10000',
  },
  {
    code: '0013',
    answer: '10003',
    states: 'created awaiting_buyer reversed',
    book: 'TRADE_CLOSED 88.00 88.00',
    later: '40004 ACQ.TRADE_HAS_CLOSE',
  },
];

const shown = ({ re }: Envelope): string => [re['code'], re['sub_code']].filter(Boolean).join(' ');

function bookOf(paymentNo: string): string {
  const trade = world.trade(paymentNo);
  if (trade === undefined) return 'none';
  expect(trade.chargeCount).toBeLessThanOrEqual(1);
  return `${trade.tradeStatus} ${trade.paidAmount} ${trade.refundedAmount}`;
}

describe.each([0, Infinity])('with %s notifications lost', (lost) => {
  test.each(STORIES)('magic code $code: $answer, then $states', async (story) => {
    world = await createWorld();
    world.loseNotifications(lost);
    const first = await world.ask('/f2f/hb_barcode', charge(story.code));
    expect(first.err).toBe('nothing');
    expect(shown(first)).toBe(story.answer);
    const paymentNo = paymentNoOf(first);
    await settleAll(paymentNo);
    const { states } = await world.history(paymentNo);
    // A lost race between a notification and the answer may skip the waiting state; nothing else may differ.
    expect(states.join(' ')).toBe(story.states);
    expect(bookOf(paymentNo)).toBe(story.book);
    const again = await world.ask('/f2f/hb_barcode', charge(story.code));
    expect(shown(again)).toBe(story.later);
    expect(paymentNoOf(again)).toBe(paymentNo);
  });
});

test('an answer in doubt comes within the wait, two timeouts and a second', async () => {
  world = await createWorld({ barcodeWaitS: 5, alipayTimeoutMs: 2000 });
  world.loseNotifications(Infinity);
  const startedAtMs = world.clock.nowMs();
  const answer = await world.ask('/f2f/hb_barcode', charge('0006'));
  expect(shown(answer)).toBe('10003');
  expect(world.clock.nowMs() - startedAtMs).toBeLessThanOrEqual(5000 + 2 * 2000 + 1000);
});

test('the payment code is sent to Alipay once, whatever happens', async () => {
  world = await createWorld();
  const answer = await world.ask('/f2f/hb_barcode', charge('0006'));
  await settleAll(paymentNoOf(answer));
  expect(world.calls.filter(({ method }) => method === 'alipay.trade.pay')).toHaveLength(1);
});

test('strict confirmation answers only after a query agreed', async () => {
  world = await createWorld({ confirm: 'strict' });
  const answer = await world.ask('/f2f/hb_barcode', charge('9999'));
  expect(shown(answer)).toBe('10000');
  expect(answer.re).toHaveProperty('gmt_payment');
  expect(answer.re).not.toHaveProperty('trade_status');
  expect(world.calls.map(({ method }) => method)).toStrictEqual([
    '/simulator/apps',
    'alipay.trade.pay',
    'alipay.trade.query',
  ]);
});

test('money that arrives after the till was told "closed" is booked, and an alarm is raised', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  // Alipay carries the pay call out only after the payment was given up: the slowest request there can be.
  let held: (() => void) | undefined;
  world.onRequest((method) => {
    if (method !== 'alipay.trade.pay') return undefined;
    return new Promise((resolve) => (held = resolve));
  });
  const asked = world.send('/f2f/hb_barcode', charge('9999'));
  await world.clock.settle();
  world.deps.news.tell('due');
  await world.clock.advance(90_000);
  const answer = world.ask('/f2f/hb_barcode', charge('9999'));
  await world.clock.advance(40_000);
  expect(shown(await answer)).toBe('40004 ACQ.TRADE_HAS_CLOSE');
  held?.();
  await world.clock.advance(30_000);
  await asked;
  const paymentNo = paymentNoOf(await answer);
  expect((await world.history(paymentNo)).kinds).toContain('late_payment');
  expect((await world.history(paymentNo)).states).toStrictEqual(['created', 'closed', 'paid']);
  expect(world.alarms).toContain('payment needs a human: see f2f incident list');
});

test('by a setting, late money goes back by itself', async () => {
  world = await createWorld({ latePayment: 'refund' });
  world.loseNotifications(Infinity);
  let held: (() => void) | undefined;
  world.onRequest((method) => {
    if (method !== 'alipay.trade.pay') return undefined;
    return new Promise((resolve) => (held = resolve));
  });
  const asked = world.send('/f2f/hb_barcode', charge('9999'));
  await world.clock.settle();
  world.deps.news.tell('due');
  await world.clock.advance(90_000);
  held?.();
  await world.clock.advance(60_000);
  const paymentNo = paymentNoOf(await asked);
  expect(bookOf(paymentNo)).toBe('TRADE_CLOSED 88.00 88.00');
  await settleAll(paymentNo);
});

test('while a cancel is on its way, no till is told "paid", also not by a query', async () => {
  world = await createWorld();
  const outTradeNo = paymentNoOf(await world.ask('/f2f/hb_barcode', charge('0002')));
  const query = { cpiNo: 'DL0001', outTradeNo };
  let answer: Envelope | undefined;
  world.loseNotifications(Infinity);
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.cancel') return;
    world.onRequest(undefined);
    // The guest pays while the cancel travels, and the till asks in that very moment.
    world.control('POST', `/simulator/trades/${outTradeNo}/pay`);
    answer = await world.ask('/f2f/query', query);
  });
  await world.clock.advance(60_000);
  expect(answer).toMatchObject({ err: 'ALIPAY_UNREACHABLE', statusNo: 502 });
  expect((await world.ask('/f2f/query', query)).data['trade_status']).toBe('TRADE_CLOSED');
  expect((await world.history(outTradeNo)).states.at(-1)).toBe('reversed');
});

test('strict confirmation that Alipay does not give is doubt for the till', async () => {
  world = await createWorld({ confirm: 'strict' });
  world.loseNotifications(Infinity);
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.query',
    kind: 'http_502',
    times: 100,
  });
  const answer = await world.ask('/f2f/hb_barcode', charge('9999'));
  expect(shown(answer)).toBe('10003');
  expect((await world.history(paymentNoOf(answer))).states).not.toContain('paid');
});

test('a notification settles an open payment before the next look would', async () => {
  world = await createWorld();
  const startedAtMs = world.clock.nowMs();
  const answer = await world.ask('/f2f/hb_barcode', charge('0001'));
  // The buyer pays after 3 s; the looks are at 2 s and 4 s.
  expect(world.clock.nowMs() - startedAtMs).toBeLessThan(3300);
  expect((await world.history(paymentNoOf(answer))).kinds).toContain('hint');
});

test("a till's questions without an answer do not push the gateway's own back", async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  const asked = world.send('/f2f/hb_barcode', charge('0002'));
  await world.clock.advance(1000);
  const paymentNo = 'FF2611230000001';
  const before = await findPaymentByNo(world.db, paymentNo);
  world.control('POST', '/simulator/faults', {
    method: 'alipay.trade.query',
    kind: 'http_502',
    times: 5,
  });
  for (let time = 0; time < 5; time += 1) {
    const query = await world.send('/f2f/query', { cpiNo: 'DL0001', outTradeNo: paymentNo });
    expect(query.err).toBe('ALIPAY_UNREACHABLE');
  }
  expect(await findPaymentByNo(world.db, paymentNo)).toStrictEqual(before);
  await world.clock.advance(120_000);
  await asked;
});
