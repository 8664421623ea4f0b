/**
 * Incidents over v2: what waits for a person, what it means and what can be done, and a person's word that it is done. They are
 * the command line's flows and words; a merchant sees and resolves its own.
 */
import type { Caller } from '../../core/caller.ts';
import type { Incident } from '../../core/incident.ts';
import { rfc3339 } from '../../core/time.ts';
import type { Deps } from '../../flows/deps.ts';
import { INCIDENT_TEXTS, type IncidentText } from '../../flows/incident-texts.ts';
import { resolveIncident, resolverName } from '../../flows/resolve-incident.ts';
import { findIncident, pageIncidents } from '../../store/incidents.ts';
import { cpiNoOfMerchant, merchantOf, paymentOf } from './caller.ts';
import { fromPlaceCursor, toPlaceCursor } from './cursor.ts';
import { incidentId, incidentNoOf, merchantId, paymentId, refundId } from './ids.ts';
import type { Keep } from './made-once.ts';
import { invalidField, Problem } from './problems.ts';
import { PAGE_DEFAULT } from './schemas.ts';
import type { IncidentQuery, IncidentResolution, IncidentResource } from './story-schemas.ts';

/** A page of incidents, newest first, of those that the caller may see. */
export async function listIncidents(deps: Deps, caller: Caller, query: IncidentQuery) {
  const isForOne = caller.merchantId !== null || query.merchant !== undefined;
  const merchant = isForOne ? await merchantOf(deps, caller, query.merchant) : undefined;
  const { found, next } = await pageIncidents(deps.db, {
    merchantId: merchant?.merchantId ?? null,
    payment: query.payment === undefined ? undefined : await paymentOf(deps, caller, query.payment),
    state: query.state,
    after: query.cursor === undefined ? undefined : fromPlaceCursor(query.cursor),
    limit: query.limit ?? PAGE_DEFAULT,
  });
  return {
    object: 'list' as const,
    data: await Promise.all(found.map((incident) => viewOf(deps, incident))),
    next_cursor: next === null ? null : toPlaceCursor(next),
  };
}

export async function getIncident(deps: Deps, caller: Caller, id: string) {
  return viewOf(deps, await incidentNamed(deps, caller, id));
}

/** Throws `incident_resolved` where somebody was faster: his note stays. */
export async function resolveOne(
  deps: Deps,
  caller: Caller,
  id: string,
  { note }: IncidentResolution,
  keep: Keep,
): Promise<void> {
  const { incidentNo } = await incidentNamed(deps, caller, id);
  const resolution = { by: resolverName(caller.name), note };
  const result = await resolveIncident(deps, incidentNo, resolution, async (tx, incident) =>
    keep(tx, { status: 200, body: await viewOf({ db: tx }, incident) }),
  );
  switch (result.kind) {
    case 'resolved':
      return;
    case 'already':
      throw new Problem('incident_resolved', { payment: paymentId(result.incident) });
    case 'invalid':
      // Blanks alone: all else is known from the shape.
      throw invalidField(result.field, `must be ${result.rule}`, '不能为空');
    case 'unknown':
      throw new Error(`Incident ${incidentNo} is missing`);
    default:
      result satisfies never;
  }
}

/** The incident with this id, if the caller may see it. */
async function incidentNamed({ db }: Deps, caller: Caller, id: string): Promise<Incident> {
  const incidentNo = incidentNoOf(id);
  const incident = incidentNo === undefined ? undefined : await findIncident(db, incidentNo);
  const isTheirs = caller.merchantId === null || incident?.merchantId === caller.merchantId;
  if (incident === undefined || !isTheirs) throw new Problem('incident_not_found');
  return incident;
}

async function viewOf(deps: Pick<Deps, 'db'>, incident: Incident): Promise<IncidentResource> {
  const { paymentNo, requestNo, reason, resolvedAtMs } = incident;
  const { title, happened, undecided, todo }: IncidentText = INCIDENT_TEXTS[reason];
  return {
    id: incidentId(incident.incidentNo),
    object: 'incident',
    merchant: merchantId(await cpiNoOfMerchant(deps, incident.merchantId)),
    payment: paymentId(incident),
    refund: requestNo === null ? null : refundId({ paymentNo, requestNo }),
    reason,
    title,
    happened,
    undecided,
    advice: todo,
    state: incident.state,
    opened_at: rfc3339(incident.openedAtMs),
    last_seen_at: rfc3339(incident.lastSeenAtMs),
    seen_count: incident.seenCount,
    resolved_at: resolvedAtMs === null ? null : rfc3339(resolvedAtMs),
    resolved_by: incident.resolvedBy,
    note: incident.note,
  };
}
