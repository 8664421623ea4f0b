/**
 * The story of one payment as a person reads it, and the search for the shortest run in which a failure still happens.
 */
import type { Story } from './check.ts';
import { runSeed, type Run, type RunOptions } from './simulation.ts';

const PLACE_OF_SECONDS = 11;
const LENGTH_OF_SECONDS = 12;
const RAW_LENGTH_MAX = 160;

/** Time of day in UTC with milliseconds; the day is of no interest within a run. */
function clockText(atMs: number): string {
  const text = new Date(atMs).toISOString();
  return text.slice(PLACE_OF_SECONDS, PLACE_OF_SECONDS + LENGTH_OF_SECONDS);
}

/** Events by the clocks of the nodes that wrote them, then what the tills heard, then what the book says. */
export function tell({ payment, events, told, refunds, trade }: Story): readonly string[] {
  return [
    `payment ${payment.paymentNo} (${payment.method}, ${payment.amountFen} fen, bill ${payment.localNo}): ${payment.state}`,
    ...events.map(({ atMs, kind, state, version, detail }) => {
      const { method, fact, outcome, reason, code, subCode, requestNo } = detail;
      const words = { method, fact, outcome, reason, code, subCode, requestNo };
      return `  ${clockText(atMs)} v${version} ${state.padEnd(14)} ${kind} ${JSON.stringify(words)}`;
    }),
    ...told.map(
      ({ atMs, call, key, verdict, raw }) =>
        `  ${clockText(atMs)} till: ${call} ${key}: ${verdict} ${raw.slice(0, RAW_LENGTH_MAX)}`,
    ),
    ...refunds.map(
      ({ requestNo, amountFen, state }) => `  refund ${requestNo} of ${amountFen}: ${state}`,
    ),
    `  book: ${JSON.stringify(trade)}`,
  ];
}

/** A run with fewer bills: those that were played. */
export type Shorter = { readonly run: Run; readonly bills: readonly number[] };

/** The fewest bills with which a seed still breaks the same rule, found by leaving bills out in halves. */
export async function shorten(options: RunOptions, failed: Run): Promise<Shorter> {
  const rule = failed.violations[0]?.rule;
  let run = failed;
  let bills: readonly number[] = [...Array(options.bills).keys()].map((index) => index + 1);
  let parts = 2;
  while (bills.length > 1 && parts <= bills.length) {
    const size = Math.ceil(bills.length / parts);
    const shorter = await firstFailing(options, rule, halvesOf(bills, size));
    if (shorter === undefined) {
      parts *= 2;
      continue;
    }
    ({ run, bills } = shorter);
    parts = 2;
  }
  return { run, bills };
}

/** Each part alone, then everything but that part. */
function* halvesOf(bills: readonly number[], size: number): Iterable<number[]> {
  const parts: number[][] = [];
  for (let at = 0; at < bills.length; at += size) parts.push(bills.slice(at, at + size));
  yield* parts;
  if (parts.length <= 2) return;
  for (const part of parts) yield bills.filter((bill) => !part.includes(bill));
}

async function firstFailing(
  options: RunOptions,
  rule: string | undefined,
  candidates: Iterable<number[]>,
): Promise<Shorter | undefined> {
  for (const bills of candidates) {
    const run = await runSeed({ ...options, only: new Set(bills) });
    if (run.violations.some((violation) => violation.rule === rule)) return { run, bills };
  }
  return undefined;
}
