/**
 * What contradicts itself in the books, as a person reads it: each finding by its payment, then the story of that payment
 * from every side in the order of time. It judges nothing; the rules are in `books.ts`.
 */
import type { Bill, Books, Rows, Told, Violation } from './books.ts';

/** More stories than this tell the reader nothing new. */
const STORIES_MAX = 6;
const RAW_LENGTH_MAX = 220;
const PLACE_OF_TIME = 11;

/** Nothing, when there are no violations. */
export function report(books: Books, violations: readonly Violation[]): string {
  if (violations.length === 0) return '';
  const findings = violations.map(
    ({ rule, detail, paymentNo, localNo }) =>
      `${rule}: ${detail} (payment ${paymentNo ?? 'unknown'} of bill ${localNo ?? 'unknown'})`,
  );
  const bills = [...new Set(violations.map(({ localNo }) => localNo))];
  const withoutBill = violations.filter(({ localNo }) => localNo === undefined);
  return [
    `${violations.length} contradictions in the books of ${books.bills.length} bills:`,
    ...findings.map((line) => `- ${line}`),
    ...bills.slice(0, STORIES_MAX).flatMap((localNo) => storyOf(books, localNo)),
    ...withoutBill.slice(0, STORIES_MAX).map(({ paymentNo }) => tradeLine(books, paymentNo)),
  ].join('\n');
}

/** All that each side has on one bill. */
function storyOf(books: Books, localNo: string | undefined): readonly string[] {
  const bill = books.bills.find((other) => other.localNo === localNo);
  const rows = books.rows.filter(({ payment }) => payment.localNo === localNo);
  if (localNo === undefined) return [];
  const lines = [...rows.flatMap(eventLines), ...(bill === undefined ? [] : toldLines(bill))];
  return [
    '',
    `bill ${localNo} of ${bill?.amountFen} fen, ${bill?.guest}`,
    ...lines.toSorted((one, other) => one.atMs - other.atMs).map(({ text }) => text),
    ...rows.flatMap(endLines),
    ...rows.map(({ payment }) => tradeLine(books, payment.paymentNo)),
  ];
}

type Line = { readonly atMs: number; readonly text: string };

function lineAt(atMs: number, text: string): Line {
  return { atMs, text: `  ${new Date(atMs).toISOString().slice(PLACE_OF_TIME, -1)} ${text}` };
}

function eventLines({ payment, events }: Rows): readonly Line[] {
  return events.map(({ atMs, version, state, kind, detail }) =>
    lineAt(atMs, `${payment.paymentNo} v${version} ${state}: ${kind} ${JSON.stringify(detail)}`),
  );
}

/** Lost calls in a row are one line: a till tries again and again while the gateway is down. */
function toldLines({ told }: Bill): readonly Line[] {
  return told.filter((line, index) => !isLostAgain(line, told[index - 1])).map(toldLine);
}

function isLostAgain(told: Told, before: Told | undefined): boolean {
  return told.verdict === 'lost' && before?.verdict === 'lost' && told.call === before.call;
}

function toldLine({ atMs, call, key, verdict, raw, askedAt, toldAt }: Told): Line {
  const what = `till: ${call} ${key} [${askedAt}-${toldAt}]: ${verdict}`;
  return lineAt(atMs, `${what} ${raw.slice(0, RAW_LENGTH_MAX)}`);
}

function endLines({ payment, refunds }: Rows): readonly string[] {
  const { paymentNo, state, version, dueAtMs, refundedFen, refundingFen } = payment;
  const ending = { version, dueAtMs, refundedFen, refundingFen };
  return [
    `  row: ${paymentNo} ${state} ${JSON.stringify(ending)}`,
    ...refunds.map(
      ({ requestNo, amountFen, state: refundState, dueAtMs: refundDueAtMs }) =>
        `  row: refund ${requestNo} of ${amountFen} fen: ${refundState}, due ${refundDueAtMs}`,
    ),
  ];
}

function tradeLine({ trades }: Books, paymentNo: string | undefined): string {
  const trade = trades.find(({ outTradeNo }) => outTradeNo === paymentNo);
  return `  trade: ${trade === undefined ? `none of ${paymentNo}` : JSON.stringify(trade)}`;
}
