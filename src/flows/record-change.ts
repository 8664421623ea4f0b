/**
 * The one way to write the history: every flow that changes a payment or a refund calls it in the transaction of the
 * change, with the rows before and after. The first event carries what changed; further ones are effects of the same
 * change and share its version. Incidents are opened here too, and resolved when the change makes them moot.
 */
import { assert } from '../core/assert.ts';
import type { Creator } from '../core/audit.ts';
import { eventTypesOf } from '../core/event-types.ts';
import { changesOf, type RowChange } from '../core/history.ts';
import { GATEWAY, mootConcerns, type Concern, type Incident, type Moot } from '../core/incident.ts';
import type { Payment } from '../core/payment.ts';
import type { Queryable } from '../store/database.ts';
import { appendEvents, type NewEvent } from '../store/events.ts';
import { resolveMoot, seeConcern } from '../store/incidents.ts';

export type Recorded = RowChange & {
  /** What happened, and then its effects. */
  readonly events: readonly [NewEvent, ...NewEvent[]];
  /** What a person must look into because of it. */
  readonly concerns?: readonly Concern[];
};

/**
 * The event of a change that has nothing more to it than the payment's row and this event, which are then written together
 * (`store/payment-changes.ts`). Undefined when more is to be written: that takes a transaction, and `recordChange`.
 */
export function plainEventOf(change: Recorded, nowMs: number): NewEvent | undefined {
  const { refund, events, concerns = [] } = change;
  const isPlain = refund === undefined && events.length === 1 && concerns.length === 0;
  return isPlain && mootsOf(change, nowMs).length === 0 ? firstEvent(change) : undefined;
}

/** The first event of a payment's history. */
export function beginning(
  payment: Payment,
  kind: 'created' | 'adopted',
  detail: NewEvent['detail'],
): NewEvent {
  return firstEvent({ payment: { before: undefined, after: payment }, events: [{ kind, detail }] });
}

/** Who asked for a payment or a refund, as its row keeps it. */
export function createdBy(by: Creator | undefined): Pick<Payment, 'createdBy' | 'createdByName'> {
  return { createdBy: by?.id ?? null, createdByName: by?.name ?? null };
}

/** The same as the history tells it. */
export function detailOfCreator(by: Creator | undefined): NewEvent['detail'] {
  return by === undefined ? {} : { createdBy: by.id, createdByName: by.name };
}

/** Writes the history of a change whose rows were written in this transaction. */
export async function recordChange(tx: Queryable, change: Recorded, nowMs: number): Promise<void> {
  const { payment, events, concerns = [] } = change;
  const { after } = payment;
  const written: NewEvent[] = [firstEvent(change), ...events.slice(1)];
  for (const moot of mootsOf(change, nowMs)) {
    const resolution = { atMs: nowMs, by: GATEWAY };
    const resolved = await resolveMoot(tx, after, moot, resolution);
    written.push(...resolved.map(resolvedEvent));
  }
  for (const concern of concerns) {
    const incidentNo = await seeConcern(tx, after, concern, nowMs);
    written.push({ kind: 'incident', detail: { ...withoutNulls(concern), incidentNo } });
  }
  await appendEvents(tx, after, nowMs, written);
}

/** The event that carries what changed. */
function firstEvent({ payment, refund, events }: Recorded): NewEvent {
  const { before, after } = payment;
  assert(after.version === (before?.version ?? 0) + 1, 'each version has one change');
  const change = { payment, refund };
  return { ...events[0], changes: changesOf(change), told: eventTypesOf(change) };
}

function mootsOf({ payment, refund, events }: Recorded, nowMs: number): readonly Moot[] {
  const { before, after } = payment;
  if (before === undefined) return [];
  return mootConcerns({ payment: { before, after }, refund, heard: events[0].detail, nowMs });
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
