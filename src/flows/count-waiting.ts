/**
 * What waits, in numbers: rows that are due and nobody has looked at, and incidents for a person. For the operator's monitoring;
 * it tells of no payment in particular.
 */
import { INCIDENT_REASONS, type IncidentReason } from '../core/incident.ts';
import { countDuePayments, countDueRefunds, nextDueAtMs } from '../store/due.ts';
import { countOpenIncidents } from '../store/incidents.ts';
import type { Deps } from './deps.ts';

export type Waiting = {
  readonly duePayments: number;
  readonly dueRefunds: number;
  /** How long the first due payment or refund has waited; 0 when none is due. */
  readonly longestOverdueMs: number;
  /** Every reason is there, so that a graph begins at zero and not at nothing. */
  readonly openIncidents: ReadonlyMap<IncidentReason, number>;
};

export async function countWaiting({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<Waiting> {
  const nowMs = clock.nowMs();
  // One after the other: a look at the metrics must not take more than one connection from those who sell.
  const duePayments = await countDuePayments(db, nowMs);
  const dueRefunds = await countDueRefunds(db, nowMs);
  const dueAtMs = await nextDueAtMs(db);
  const open = await countOpenIncidents(db);
  return {
    duePayments,
    dueRefunds,
    longestOverdueMs: Math.max(0, nowMs - (dueAtMs ?? nowMs)),
    openIncidents: new Map(INCIDENT_REASONS.map((reason) => [reason, open.get(reason) ?? 0])),
  };
}
