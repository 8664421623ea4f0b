/** What came of a call, in one word. Pure. */
import type { AuditEntry } from '../../../client/client.ts';

export type OutcomeKind = 'done' | 'refused' | 'failed' | 'replayed' | 'open';

const REFUSED_FROM = 400;
const FAILED_FROM = 500;

export function outcomeKind(outcome: AuditEntry['outcome']): OutcomeKind {
  if (outcome === null) return 'open';
  if (outcome.status >= FAILED_FROM) return 'failed';
  if (outcome.status >= REFUSED_FROM) return 'refused';
  return outcome.replayed ? 'replayed' : 'done';
}
