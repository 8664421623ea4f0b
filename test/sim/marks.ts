/**
 * Reach marks: rare branches that a long run must have been through, so that a simulation which no longer gets there
 * fails instead of passing in silence. Most are read from the stored histories; the network, the post and the database
 * name their own as they happen.
 */
import type { Books, Story } from './final-checks.ts';
import type { RunRecord } from './record.ts';

/** Names what the stored histories went through. */
export function markHistories({ mark }: RunRecord, { stories }: Books): void {
  for (const story of stories) markHistory(mark, story);
}

function markHistory(mark: (name: string) => void, { payment, events, refunds }: Story): void {
  mark(`end: ${payment.method} ${payment.state}${payment.isLate ? ' late' : ''}`);
  let state: string | undefined;
  for (const { kind, detail, state: next } of events) {
    const fact = detail['fact'];
    if (kind === 'fact' && state !== undefined) mark(`cell: ${state} x ${String(fact)}`);
    if (kind === 'silence')
      mark(`silence: ${String(detail['method'])}, ${String(detail['reason'])}`);
    if (kind === 'incident') mark(`incident: ${String(detail['reason'])}`);
    if (kind === 'fact' && fact === 'paid' && next !== 'paid' && state !== 'reversed') {
      mark('paid held back while a cancel is on its way');
    }
    if (kind === 'refund_fact') mark(`refund: ${String(fact)}`);
    if (kind !== 'fact' && kind !== 'silence') mark(`event: ${kind}`);
    state = next;
  }
  const sends = events.filter(({ kind }) => kind === 'refund_sent').length;
  if (sends > refunds.length) mark('refund sent again under its number');
  if (payment.attempt > 1) mark(`attempt ${payment.attempt} of a bill, by ${payment.method}`);
}

/** Branches that no run of some length may miss. */
const REQUIRED: readonly string[] = [];

export function missingMarks(marks: ReadonlyMap<string, number>): readonly string[] {
  return REQUIRED.filter((mark) => !marks.has(mark));
}
