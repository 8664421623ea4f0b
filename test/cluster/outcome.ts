/** What a run came to, as a table for people and as plain figures. */
import type { Verdict } from '../e2e/books.ts';
import { gapsBetween, gapsByFault, gapsWithout, longestMs, type Gap } from './gaps.ts';
import type { Run } from './run.ts';
import type { Struck } from './storm.ts';

export type KindSummary = {
  readonly kind: string;
  readonly times: number;
  /** The longest time in which no till was told "paid", of those that belong to one of these (`gaps.ts`). */
  readonly longestWithoutPaymentMs: number;
};

export type Summary = {
  readonly seconds: number;
  readonly settleSeconds: number;
  readonly bills: number;
  readonly payments: number;
  readonly paid: number;
  readonly refunds: number;
  readonly late: number;
  readonly answers: Readonly<Partial<Record<Verdict, number>>>;
  readonly faults: number;
  readonly longestWithoutPaymentMs: number;
  readonly longestWithoutFaultMs: number;
  readonly kinds: readonly KindSummary[];
  readonly violations: number;
};

type Span = { readonly beganAtMs: number; readonly endedAtMs: number };

export function summarize(run: Run): Summary {
  const { books, struck, beganAtMs, endedAtMs, settledAtMs } = run;
  const told = books.bills.flatMap((bill) => bill.told);
  const answers: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of told) answers[verdict] = (answers[verdict] ?? 0) + 1;
  const paidAtMs = told.filter(({ verdict }) => verdict === 'paid').map(({ atMs }) => atMs);
  const gaps = gapsBetween(paidAtMs, { fromMs: beganAtMs, toMs: endedAtMs });
  return {
    seconds: inSeconds(endedAtMs - beganAtMs),
    settleSeconds: inSeconds(settledAtMs - endedAtMs),
    bills: books.bills.length,
    payments: books.rows.length,
    paid: books.rows.filter(({ payment }) => payment.state === 'paid').length,
    refunds: books.rows.flatMap(({ refunds }) => refunds.filter(({ state }) => state === 'done'))
      .length,
    late: books.rows.filter(({ payment }) => payment.isLate).length,
    answers,
    faults: struck.length,
    longestWithoutPaymentMs: longestMs(gaps),
    longestWithoutFaultMs: longestMs(gapsWithout(gaps, struck.map(spanOf))),
    kinds: kindsOf(struck, gaps),
    violations: run.violations.length,
  };
}

function kindsOf(struck: readonly Struck[], gaps: readonly Gap[]): readonly KindSummary[] {
  const byFault = gapsByFault(gaps, struck);
  return [...Map.groupBy(struck, ({ kind }) => kind)]
    .map(([kind, same]) => ({
      kind,
      times: same.length,
      longestWithoutPaymentMs: longestMs(same.flatMap((one) => byFault.get(one) ?? [])),
    }))
    .toSorted((one, other) => other.longestWithoutPaymentMs - one.longestWithoutPaymentMs);
}

function spanOf({ beganAtMs, endedAtMs }: Struck): Span {
  return { beganAtMs, endedAtMs: endedAtMs ?? beganAtMs };
}

export function tableOf(run: Run): string {
  const summary = summarize(run);
  const { answers, kinds } = summary;
  const told = Object.entries(answers).map(([verdict, count]) => `${verdict} ${count}`);
  const rows = [
    ...kinds.map(({ kind, times, longestWithoutPaymentMs }) => [
      kind,
      String(times),
      seconds(longestWithoutPaymentMs),
    ]),
    ['all', String(summary.faults), seconds(summary.longestWithoutPaymentMs)],
    ['while nothing was wrong', '', seconds(summary.longestWithoutFaultMs)],
  ];
  return [
    '',
    `${summary.bills} bills, ${summary.payments} payments, ${summary.paid} paid, ${summary.refunds} refunds, ${summary.late} late and given back`,
    `told: ${told.join(', ')}`,
    '',
    line(['fault', 'times', 'longest time without a payment']),
    ...rows.map(line),
    '',
    `settled ${summary.settleSeconds} s after the last fault; violations: ${summary.violations}`,
    '',
  ].join('\n');
}

const WIDTHS = [32, 7];

function line(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join('');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function inSeconds(ms: number): number {
  return Math.round(ms / 1000);
}
