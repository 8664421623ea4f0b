/**
 * Figures are right at any time: after random histories of payments, refunds and late money, kept by then or not, they are what
 * adding the rows up one by one gives. On both engines. What a page gets of them is in `test/v2/figures.test.ts`.
 */
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { ENGINE } from '../../test/support/test-database.ts';
import { createWorld, type World } from '../../test/support/world.ts';
import { aPayment, clientWith, v2Client, type V2Client } from '../../test/v2/client.ts';
import { shownState } from '../core/payment.ts';
import type { Db } from '../store/database.ts';
import type { PaymentChoice } from '../store/payment-filter.ts';
import { toPayment } from '../store/payments.ts';
import { keepNext } from './keep-figures.ts';
import { DAY_MS, HOUR_MS, statisticsOf, totalsOf } from './sum-figures.ts';

let world: World;
let till: V2Client;
let merchants: readonly { id: number; name: string }[];
afterEach(() => world.close());

/** A world with two merchants, in which late money goes back by itself. */
async function begin(): Promise<void> {
  world = await createWorld({ latePayment: 'refund' });
  const other = { storeDogNo: 'DL0002', cpiPid: '2088212612254111', cpiAppid: '2016022901171807' };
  await world.send('/f2f/company/add', other);
  till = await v2Client(world);
  const rows = await world.db.selectFrom('merchant').select(['merchant_id', 'cpi_no']).execute();
  merchants = rows.map((row) => ({ id: row.merchant_id, name: `mch_${row.cpi_no}` }));
}

let bills = 0;
const ids: string[] = [];

async function charge(merchant: number, story: string, method = 'barcode'): Promise<string> {
  bills += 1;
  const made = await till.post(
    '/v2/payments',
    aPayment(merchants[merchant]?.name ?? '', {
      amount: 100 + bills,
      merchant_reference: `bill ${bills}`,
      method,
      auth_code:
        method === 'qr' ? undefined : `2808519321${String(bills).padStart(4, '0')}${story}`,
    }),
  );
  const id = String(made.body['id']);
  ids.push(id);
  return id;
}

/** Money that comes after the payment had ended: the answer to the charge was on its way for long. */
async function chargeLate(merchant: number): Promise<void> {
  let arrive: (() => void) | undefined;
  world.onRequest((method) =>
    method === 'alipay.trade.pay' ? new Promise((resolve) => (arrive = resolve)) : undefined,
  );
  const charged = charge(merchant, '9999');
  await world.clock.advance(90_000);
  arrive?.();
  world.onRequest(undefined);
  await charged;
}

type Step = (merchant: number, number: number) => Promise<unknown>;

/** What may happen; `number` chooses among what is there. */
const STEPS: Readonly<Record<string, Step>> = {
  pay: (merchant) => charge(merchant, '9999'),
  decline: (merchant) => charge(merchant, '0003'),
  confirm: (merchant) => charge(merchant, '0001'),
  leaveOpen: (merchant) => charge(merchant, '0002'),
  doubt: (merchant) => charge(merchant, '0007'),
  show: (merchant) => charge(merchant, '', 'qr'),
  late: (merchant) => chargeLate(merchant),
  refund: (_merchant, number) =>
    till.post(`/v2/payments/${ids[number % ids.length] ?? 'pay_none'}/refunds`, {
      amount: 1 + (number % 60),
    }),
  cancel: (_merchant, number) =>
    till.post(`/v2/payments/${ids[number % ids.length] ?? 'pay_none'}/cancel`),
  minute: () => world.clock.advance(60_000),
  hours: (_merchant, number) => world.clock.advance((1 + (number % 5)) * HOUR_MS),
  keep: (_merchant, number) => keepPieces(number % 4),
  keepAll: () => keepPieces(Infinity),
};

async function keepPieces(count: number): Promise<void> {
  for (let kept = 0; kept < count; kept += 1) {
    if (!(await keepNext(world.db, world.clock.nowMs()))) return;
  }
}

type Row = ReturnType<typeof shownRow>;

function shownRow(row: Parameters<typeof toPayment>[0], refunds: number) {
  const payment = toPayment(row);
  return { ...payment, shown: shownState(payment), refunds };
}

/** Every payment as it is shown, with how many of its refunds are done. */
async function readRows(db: Db): Promise<readonly Row[]> {
  const payments = await db.selectFrom('payment').selectAll().execute();
  const refunds = await db.selectFrom('refund').selectAll().where('state', '=', 'done').execute();
  return payments.map((row) =>
    shownRow(row, refunds.filter(({ payment_no }) => payment_no === row.payment_no).length),
  );
}

const sum = (rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

function figures(rows: readonly Row[]) {
  const paid = rows.filter(({ shown }) => shown === 'paid');
  return {
    paidCount: paid.length,
    paidFen: sum(paid, ({ amountFen }) => amountFen),
    endedCount: rows.filter(({ shown }) => !['created', 'awaiting_buyer'].includes(shown)).length,
    refundCount: sum(rows, ({ refunds }) => refunds),
    refundedFen: sum(rows, ({ refundedFen }) => refundedFen),
  };
}

function sums(rows: readonly Row[]) {
  return {
    payments: rows.length,
    amountFen: sum(rows, ({ amountFen }) => amountFen),
    refunds: sum(rows, ({ refunds }) => refunds),
    refundedFen: sum(rows, ({ refundedFen }) => refundedFen),
  };
}

const within = (rows: readonly Row[], fromMs: number, beforeMs: number) =>
  rows.filter(({ createdAtMs }) => createdAtMs >= fromMs && createdAtMs < beforeMs);

/** The statistics of a range, of one merchant or all, against the rows. */
async function compareStatistics(merchantId: number | null, fromMs: number, beforeMs: number) {
  const step = beforeMs - fromMs > 2 * DAY_MS ? 'day' : 'hour';
  const found = await statisticsOf(world.db, merchantId, { fromMs, beforeMs }, step);
  const all = await readRows(world.db);
  const theirs = all.filter((row) => merchantId === null || row.merchantId === merchantId);
  const meant = within(theirs, fromMs, beforeMs);
  expect(found.total).toEqual(figures(meant));
  expect(found.previous).toEqual(figures(within(theirs, 2 * fromMs - beforeMs, fromMs)));
  const lengthMs = step === 'hour' ? HOUR_MS : DAY_MS;
  for (const { fromMs: at, figures: point } of found.series) {
    expect([at, point]).toEqual([at, figures(within(meant, at, at + lengthMs))]);
  }
  expect(sum(meant, () => 1)).toBe(
    within(meant, found.series[0]!.fromMs, found.series.at(-1)!.fromMs + lengthMs).length,
  );
  for (const { method, figures: ofMethod } of found.methods) {
    expect([method, ofMethod]).toEqual([
      method,
      figures(meant.filter((row) => row.method === method)),
    ]);
  }
  const named = merchants
    .map(({ id, name }) => ({
      name,
      figures: figures(meant.filter((row) => row.merchantId === id)),
    }))
    .filter((one) => one.figures.endedCount > 0 || one.figures.refundCount > 0)
    .toSorted((a, b) => b.figures.paidFen - a.figures.paidFen);
  expect(found.merchants.map((one) => one.figures)).toEqual(named.map((one) => one.figures));
}

/** The totals of some filters against the rows. */
async function compareTotals(choice: PaymentChoice, holds: (row: Row) => boolean) {
  const found = await totalsOf(world.db, choice);
  const meant = (await readRows(world.db)).filter(holds);
  expect(found.all).toEqual(sums(meant));
  expect(found.paid).toEqual(sums(meant.filter(({ shown }) => shown === 'paid')));
  for (const [state, ofState] of found.byState) {
    expect([state, ofState]).toEqual([state, sums(meant.filter(({ shown }) => shown === state))]);
  }
  for (const [method, ofMethod] of found.byMethod) {
    expect([method, ofMethod]).toEqual([
      method,
      sums(meant.filter((row) => row.method === method)),
    ]);
  }
}

async function compareAll(startMs: number): Promise<void> {
  const nowMs = world.clock.nowMs() + 1;
  const first = merchants[0]?.id ?? 0;
  await compareStatistics(null, startMs - 1234, nowMs);
  await compareStatistics(first, startMs + 1_500_000, nowMs + HOUR_MS);
  await compareStatistics(null, Math.max(startMs - 1, nowMs - 7 * HOUR_MS), nowMs);
  await compareTotals({ merchantId: null }, () => true);
  await compareTotals(
    { merchantId: first, state: 'paid', createdFromMs: startMs + HOUR_MS },
    (row) =>
      row.merchantId === first && row.shown === 'paid' && row.createdAtMs >= startMs + HOUR_MS,
  );
  await compareTotals(
    { merchantId: null, refunded: true, amountFromFen: 105, amountToFen: 120 },
    (row) => row.refundedFen > 0 && row.amountFen >= 105 && row.amountFen <= 120,
  );
}

const names = Object.keys(STEPS);
const aStep = fc.record({
  name: fc.constantFrom(...names, 'pay', 'pay', 'refund', 'refund', 'hours'),
  merchant: fc.nat({ max: 1 }),
  number: fc.nat({ max: 1000 }),
});

/** Virtual days are many statements, and slow where each is a way to a server. */
const SEEDS = ENGINE === 'postgres' ? [1] : [1, 2];

describe('after any history', () => {
  test.each(SEEDS)('figures are the sums of the rows (%i)', async (seed) => {
    await begin();
    ids.length = 0;
    const startMs = world.clock.nowMs();
    const [steps = []] = fc.sample(fc.array(aStep, { minLength: 36, maxLength: 36 }), {
      numRuns: 1,
      seed,
    });
    for (const { name, merchant, number } of steps) {
      await STEPS[name]!(merchant, number);
      if (number % 4 === 0) await compareAll(startMs);
    }
    await world.crash();
    till = clientWith(world, till.secret);
    await compareAll(startMs);
    await world.clock.advance(3 * HOUR_MS);
    await compareAll(startMs);
    await keepPieces(Infinity);
    await compareAll(startMs);
    // Not for want of anything to see.
    const shown = new Set((await readRows(world.db)).map((row) => row.shown));
    expect([...shown]).toEqual(expect.arrayContaining(['paid', 'declined', 'closed']));
    const kept = await world.db.selectFrom('figure').selectAll().execute();
    expect(kept.length).toBeGreaterThan(10);
  });

  test('late money that goes back, and a refund of long ago, are seen at once', async () => {
    await begin();
    ids.length = 0;
    const startMs = world.clock.nowMs();
    const old = await charge(0, '9999');
    await chargeLate(1);
    await world.clock.advance(HOUR_MS);
    await keepPieces(Infinity);
    await till.post(`/v2/payments/${old}/refunds`, { amount: 5 });
    await compareAll(startMs);
    await keepPieces(Infinity);
    await compareAll(startMs);
    // Whole days are read from days of their own.
    await world.clock.advance(24 * HOUR_MS);
    await charge(1, '9999');
    await world.clock.advance(36 * HOUR_MS);
    await keepPieces(Infinity);
    await compareAll(startMs);
    await compareStatistics(null, startMs - 2 * DAY_MS, world.clock.nowMs());
    expect((await readRows(world.db)).map((row) => row.shown).toSorted()).toEqual([
      'paid',
      'paid',
      'reversed',
    ]);
    await till.post(`/v2/payments/${old}/refunds`, { amount: 7 });
    await till.post(`/v2/payments/${ids.at(-1)}/refunds`, { amount: 9 });
    for (let round = 0; round < 2; round += 1) {
      await compareAll(startMs);
      await compareStatistics(null, startMs - 2 * DAY_MS, world.clock.nowMs());
      await keepPieces(Infinity);
    }
    await compareStatistics(null, startMs - 2 * DAY_MS, world.clock.nowMs());
  });
});
