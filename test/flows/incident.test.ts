/**
 * Incidents from the fact to the resolution: opened and told in the transaction of the change, counted while open,
 * resolved by the gateway when moot, and otherwise by a person through the command line. Each story ends in what is stored.
 */
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addIncidentCommands } from '../../src/cli/incident.ts';
import { fen } from '../../src/core/money.ts';
import { applyHint } from '../../src/flows/apply-fact.ts';
import { loadApp } from '../../src/flows/load-app.ts';
import { listEvents } from '../../src/store/events.ts';
import { listIncidents } from '../../src/store/incidents.ts';
import { findAnyMerchant } from '../../src/store/merchants.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
});
afterEach(() => world.close());

/** Longer than the schedule of a silent Alipay. */
const WEEK_MS = 9 * 24 * 3_600_000;

/** Runs `f2f incident …` on the world's database; what it printed, or the sentence it refused with. */
async function f2f(...words: string[]): Promise<string> {
  const lines: string[] = [];
  const program = new Command('f2f').exitOverride().configureOutput({ writeErr: () => undefined });
  addIncidentCommands(program, {
    clock: world.clock,
    withDatabase: (work) => work(world.db),
    print: (line) => lines.push(line),
  });
  for (const command of program.commands[0]!.commands) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  try {
    await program.parseAsync(['incident', ...words], { from: 'user' });
  } catch (error) {
    return (error as Error).message;
  }
  return lines.join('\n');
}

/** What is stored of each incident, oldest first. */
async function incidents(): Promise<unknown[]> {
  const stored = await listIncidents(world.db, { isAll: true });
  return stored.map(({ reason, requestNo, state, seenCount, resolvedBy }) =>
    [reason, requestNo ?? '-', state, seenCount, resolvedBy ?? '-'].join(' '),
  );
}

/** The lines of the history about incidents. */
async function told(paymentNo: string): Promise<unknown[]> {
  const payment = await findPaymentByNo(world.db, paymentNo);
  return (await listEvents(world.db, payment!))
    .filter(({ kind }) => kind.startsWith('incident'))
    .map(({ kind, detail }) => [kind, detail]);
}

const openMetric = async (): Promise<string> => {
  const { body } = await world.app.inject({ method: 'GET', url: '/metrics' });
  const found = [...body.matchAll(/^f2f_open_incidents\{reason="\w+"\} (\d+)$/gm)];
  return String(found.reduce((sum, [, open]) => sum + Number(open), 0));
};

/** A charge whose call hangs until the till was told that it had ended; then it is executed. */
async function payLate(hooks: { beforeRefund?: () => Promise<void> } = {}): Promise<string> {
  let held: (() => void) | undefined;
  world.onRequest((method) => {
    if (method !== 'alipay.trade.pay') return undefined;
    return new Promise((resolve) => (held = resolve));
  });
  const asked = world.send('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108279999',
    subject: 'Tea',
  });
  await world.clock.settle();
  // The worker looks at what it did not begin itself.
  world.deps.news.tell('due');
  await world.clock.advance(130_000);
  held?.();
  world.onRequest(async (method) => {
    if (method !== 'alipay.trade.refund') return;
    world.onRequest(undefined);
    await hooks.beforeRefund?.();
  });
  await world.clock.advance(30_000);
  return String((await asked).re['out_trade_no']);
}

async function payInTime(): Promise<string> {
  const answer = await world.ask('/f2f/hb_barcode', {
    cpiNo: 'DL0001',
    localNo: '1',
    totalAmount: '88.00',
    authCode: '280851932108273550',
    subject: 'Tea',
  });
  await world.clock.advance(60_000);
  return String(answer.re['out_trade_no']);
}

const refund = (outTradeNo: string, outRequestNo: string, refundAmount: string): Promise<unknown> =>
  world.ask('/f2f/refund', { cpiNo: 'DL0001', outTradeNo, refundAmount, outRequestNo });

describe('money that came late', () => {
  test('is one incident, in the history too, and the metric counts it', async () => {
    expect(await openMetric()).toBe('0');
    const paymentNo = await payLate();
    expect(await incidents()).toStrictEqual(['late_payment - open 1 -']);
    expect(await told(paymentNo)).toStrictEqual([
      ['incident', { reason: 'late_payment', incidentNo: 1 }],
    ]);
    expect(await openMetric()).toBe('1');
  });

  test('is resolved by the gateway when all of it has gone back, and not before', async () => {
    const paymentNo = await payLate();
    await refund(paymentNo, '01', '80.00');
    expect(await incidents()).toStrictEqual(['late_payment - open 1 -']);
    await refund(paymentNo, '02', '8.00');
    expect(world.trade(paymentNo)?.refundedAmount).toBe('88.00');
    expect(await incidents()).toStrictEqual(['late_payment - resolved 1 gateway']);
    expect((await told(paymentNo)).at(-1)).toStrictEqual([
      'incident_resolved',
      { reason: 'late_payment', incidentNo: 1, by: 'gateway', note: null },
    ]);
    expect(await openMetric()).toBe('0');
  });

  test('is none when, by a setting, it goes back by itself', async () => {
    await world.close();
    world = await createWorld({ latePayment: 'refund' });
    world.loseNotifications(Infinity);
    const paymentNo = await payLate();
    await world.clock.advance(60_000);
    expect(world.trade(paymentNo)?.refundedAmount).toBe('88.00');
    expect(await incidents()).toStrictEqual([]);
  });

  test('is one when the refund by itself is refused', async () => {
    await world.close();
    world = await createWorld({ latePayment: 'refund' });
    world.loseNotifications(Infinity);
    // Somebody gives a part of it back in Alipay's console before ours arrives: ours is too much then.
    const paymentNo = 'FF2611230000001';
    const late = payLate({
      beforeRefund: async () => {
        const merchant = await findAnyMerchant(world.db, 'DL0001');
        const app = await loadApp(world.deps, merchant!.owner, merchant!.appId, merchant!);
        const part = { paymentNo, requestNo: 'console', amountFen: fen(1) };
        await world.deps.alipay.refund(app!.app, part);
      },
    });
    await late;
    await world.clock.advance(60_000);
    expect(world.trade(paymentNo)?.refundedAmount).toBe('0.01');
    const requestNo = `${paymentNo}LATE`;
    expect(await incidents()).toStrictEqual([`late_refund_refused ${requestNo} open 1 -`]);
    expect(await told(paymentNo)).toStrictEqual([
      ['incident', { reason: 'late_refund_refused', requestNo, incidentNo: 1 }],
    ]);
  });
});

describe('silence', () => {
  const silent = (): void =>
    world.onRequest(() => {
      throw new NoResponse('connection', 'the network is down');
    });

  test('of a week is one incident, counted once more after a question in vain, and ends with an answer', async () => {
    silent();
    void world.send('/f2f/hb_barcode', {
      cpiNo: 'DL0001',
      localNo: '1',
      totalAmount: '88.00',
      authCode: '280851932108273550',
      subject: 'Tea',
    });
    await world.clock.advance(WEEK_MS);
    expect(await incidents()).toStrictEqual(['alipay_stays_silent - open 1 -']);
    const [incident] = await listIncidents(world.db, {});
    // Something makes the row due once more, and the question is in vain again.
    await applyHint(world.deps, incident!, { notifyId: '1', notice: 'closed', detail: {} });
    await world.clock.advance(20_000);
    expect(await incidents()).toStrictEqual(['alipay_stays_silent - open 2 -']);
    world.onRequest(undefined);
    await world.ask('/f2f/query', { cpiNo: 'DL0001', outTradeNo: incident!.paymentNo });
    await world.clock.advance(60_000);
    expect(await incidents()).toStrictEqual(['alipay_stays_silent - resolved 2 gateway']);
  });

  test('about a refund is an incident of the refund', async () => {
    const paymentNo = await payInTime();
    silent();
    await refund(paymentNo, '01', '8.00');
    await world.clock.advance(WEEK_MS);
    expect(await incidents()).toStrictEqual(['refund_stays_silent 01 open 1 -']);
    expect(await told(paymentNo)).toStrictEqual([
      ['incident', { reason: 'refund_stays_silent', requestNo: '01', incidentNo: 1 }],
    ]);
  });
});

describe('the command line', () => {
  test('lists what is open, and with --all everything', async () => {
    const paymentNo = await payLate();
    expect(await f2f('list')).toContain(`late_payment  DL20261123000001  ${paymentNo}`);
    const [row, ...rest] = JSON.parse(
      await f2f('list', '--json', '--merchant', 'DL0001'),
    ) as object[];
    expect(rest).toStrictEqual([]);
    expect(row).toMatchObject({ no: 1, state: 'open', reason: 'late_payment', payment: paymentNo });
    await refund(paymentNo, '01', '88.00');
    expect(await f2f('list')).toBe('(none)');
    expect(await f2f('list', '--all')).toContain('resolved');
    expect(await f2f('list', '--merchant', 'DL9')).toBe('--merchant: no shop has the number DL9');
  });

  test('shows what happened, why it is undecided and what to do, in both languages', async () => {
    const paymentNo = await payLate();
    const shown = await f2f('show', '1');
    expect(shown).toContain(paymentNo);
    expect(shown).toContain('88.00');
    expect(shown).toContain('Money came after the till was told');
    expect(shown).toContain('只有人知道');
    expect(shown).toContain('refund this payment');
    const data = JSON.parse(await f2f('show', '1', '--json')) as Record<string, object>;
    expect(data['incident']).toMatchObject({ no: 1, reason: 'late_payment' });
    expect(data['payment']).toMatchObject({ paymentState: 'paid', amount: '88.00' });
    expect(await f2f('show', 'inc_1')).toBe(shown);
    expect(await f2f('show', '2')).toBe('No incident has the number 2');
    expect(await f2f('show', 'x')).toContain('It must be a whole number from 1');
  });

  test('resolves by name and note, once, and tells it in the history', async () => {
    const paymentNo = await payLate();
    const before = await findPaymentByNo(world.db, paymentNo);
    expect(await f2f('resolve', '1', '--by', 'Li Lei', '--note', 'guest 已取货')).toBe(
      'resolved 1',
    );
    expect(await incidents()).toStrictEqual(['late_payment - resolved 1 Li Lei']);
    expect((await told(paymentNo)).at(-1)).toStrictEqual([
      'incident_resolved',
      { reason: 'late_payment', incidentNo: 1, by: 'Li Lei', note: 'guest 已取货' },
    ]);
    expect(await findPaymentByNo(world.db, paymentNo)).toStrictEqual({
      ...before,
      version: before!.version + 1,
    });
    expect(await f2f('resolve', '1', '--by', 'Han', '--note', 'again')).toMatch(
      /^Incident 1 was resolved by Li Lei at 2026-11-23 \d\d:\d\d:\d\d: guest 已取货$/,
    );
    expect(await f2f('list')).toBe('(none)');
    const shown = JSON.parse(await f2f('show', '1', '--json')) as Record<string, object>;
    expect(shown['incident']).toMatchObject({ by: 'Li Lei', note: 'guest 已取货' });
  });

  test.each([
    ['--by', ['--by', ' ', '--note', 'x'], '--by: 1 to 64 characters'],
    ['--by too long', ['--by', 'a'.repeat(65), '--note', 'x'], '--by: 1 to 64 characters'],
    ['--by the gateway', ['--by', 'Gateway', '--note', 'x'], "--by: a person's name"],
    ['--note', ['--by', 'Li', '--note', ''], '--note: 1 to 500 characters'],
    ['--note with an escape', ['--by', 'Li', '--note', 'a\u001b[2J'], '--note: 1 to 500'],
    ['no --note', ['--by', 'Li'], "required option '--note <text>' not specified"],
  ])('refuses %s and changes nothing', async (_case, options, sentence) => {
    const paymentNo = await payLate();
    const before = await findPaymentByNo(world.db, paymentNo);
    expect(await f2f('resolve', '1', ...options)).toContain(sentence);
    expect(await incidents()).toStrictEqual(['late_payment - open 1 -']);
    expect(await findPaymentByNo(world.db, paymentNo)).toStrictEqual(before);
  });

  test('two people at once: one resolves, the other hears of it', async () => {
    await payLate();
    const said = await Promise.all([
      f2f('resolve', '1', '--by', 'A', '--note', 'a'),
      f2f('resolve', '1', '--by', 'B', '--note', 'b'),
    ]);
    expect(said.filter((line) => line === 'resolved 1')).toHaveLength(1);
    expect(said.join()).toMatch(/Incident 1 was resolved by [AB]/);
  });

  test('the number of an incident that is not there', async () => {
    expect(await f2f('resolve', '7', '--by', 'A', '--note', 'a')).toBe(
      'No incident has the number 7',
    );
  });
});
