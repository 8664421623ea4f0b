/**
 * The one way to write the history: every flow that changes a payment or a refund calls it in the transaction of the
 * change, with the rows before and after. The first event carries what changed; further ones are effects of the same
 * change and share its version. Incidents are opened here too, and resolved when the change makes them moot.
 */
import { assert } from '../core/assert.ts';
import { changesOf, type RowChange } from '../core/history.ts';
import { GATEWAY, mootConcerns, type Concern, type Incident } from '../core/incident.ts';
import type { Queryable } from '../store/database.ts';
import { appendEvents, type NewEvent } from '../store/events.ts';
import { resolveMoot, seeConcern } from '../store/incidents.ts';

export type Recorded = RowChange & {
  /** What happened, and then its effects. */
  readonly events: readonly [NewEvent, ...NewEvent[]];
  /** What a person must look into because of it. */
  readonly concerns?: readonly Concern[];
};

export async function recordChange(
  tx: Queryable,
  { payment, refund, events, concerns = [] }: Recorded,
  nowMs: number,
): Promise<void> {
  const { before, after } = payment;
  assert(after.version === (before?.version ?? 0) + 1, 'each version has one change');
  const [first, ...effects] = events;
  const written: NewEvent[] = [{ ...first, changes: changesOf({ payment, refund }) }, ...effects];
  if (before !== undefined) {
    const heard = first.detail;
    for (const moot of mootConcerns({ payment: { before, after }, refund, heard, nowMs })) {
      const resolution = { atMs: nowMs, by: GATEWAY };
      const resolved = await resolveMoot(tx, after, moot, resolution);
      written.push(...resolved.map(resolvedEvent));
    }
  }
  for (const concern of concerns) {
    const incidentNo = await seeConcern(tx, after, concern, nowMs);
    written.push({ kind: 'incident', detail: { ...withoutNulls(concern), incidentNo } });
  }
  await appendEvents(tx, after, nowMs, written);
}

/** How the history tells that an incident was resolved. */
export function resolvedEvent(incident: Incident): NewEvent {
  const { reason, requestNo, incidentNo, resolvedBy, note } = incident;
  return {
    kind: 'incident_resolved',
    detail: { ...withoutNulls({ reason, requestNo }), incidentNo, by: resolvedBy, note },
  };
}

function withoutNulls({ reason, requestNo }: Concern): NewEvent['detail'] {
  return requestNo === null ? { reason } : { reason, requestNo };
}
