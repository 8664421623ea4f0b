/**
 * SQL of incidents: what waits for a person, one open row for one concern. Rows are written in the transaction of the
 * change that raised or ended the concern, which holds the payment's row: two writers never meet here. Why an incident is
 * raised is decided in `core/`.
 */
import { sql } from 'kysely';
import type { Concern, Incident, IncidentReason, Moot } from '../core/incident.ts';
import type { Payment } from '../core/payment.ts';
import { takeNumbers } from './counters.ts';
import { rowsAtMost, type Queryable } from './database.ts';
import type { IncidentTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const INCIDENT_COLUMNS = columnsOf('incident');

type PaymentKey = Pick<Payment, 'merchantId' | 'paymentNo'>;

/** The counter that incident numbers are taken from: one for all merchants, so that a number names one incident. */
const COUNTER = 'incident';

/** Stores that a concern was seen: a new incident, or the open one once more. Returns its number. */
export async function seeConcern(
  db: Queryable,
  payment: PaymentKey,
  { reason, requestNo }: Concern,
  nowMs: number,
): Promise<number> {
  const again = await db
    .updateTable('incident')
    .set((eb) => ({
      last_seen_at_ms: nowMs,
      seen_count: eb('seen_count', '+', 1),
      version: eb('version', '+', 1),
    }))
    .where('merchant_id', '=', payment.merchantId)
    .where('payment_no', '=', payment.paymentNo)
    .where('reason', '=', reason)
    .where('request_no', 'is not distinct from', requestNo)
    .where('state', '=', 'open')
    .returning('incident_no')
    .executeTakeFirst();
  if (again !== undefined) return again.incident_no;
  const incidentNo = await takeNumbers(db, COUNTER, 1);
  await db
    .insertInto('incident')
    .values({
      merchant_id: payment.merchantId,
      incident_no: incidentNo,
      payment_no: payment.paymentNo,
      request_no: requestNo,
      reason,
      state: 'open',
      opened_at_ms: nowMs,
      last_seen_at_ms: nowMs,
      seen_count: 1,
      resolved_at_ms: null,
      resolved_by: null,
      note: null,
      version: 1,
    })
    .execute();
  return incidentNo;
}

/** Resolves the open incidents that became moot, and returns them. */
export async function resolveMoot(
  db: Queryable,
  payment: PaymentKey,
  { reason, requestNo }: Moot,
  resolution: { readonly atMs: number; readonly by: string },
): Promise<readonly Incident[]> {
  let query = db
    .updateTable('incident')
    .set((eb) => ({
      state: 'resolved',
      resolved_at_ms: resolution.atMs,
      resolved_by: resolution.by,
      version: eb('version', '+', 1),
    }))
    .where('merchant_id', '=', payment.merchantId)
    .where('payment_no', '=', payment.paymentNo)
    .where('reason', '=', reason)
    .where('state', '=', 'open');
  if (requestNo !== null) query = query.where('request_no', '=', requestNo);
  const rows = await query.returning(INCIDENT_COLUMNS).execute();
  return rows.map(toIncident);
}

/** Writes what a person resolved, read at `version - 1`; false when somebody else changed it since. */
export async function saveResolution(
  db: Queryable,
  incident: Pick<
    Incident,
    'merchantId' | 'incidentNo' | 'resolvedAtMs' | 'resolvedBy' | 'note' | 'version'
  >,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('incident')
    .set({
      state: 'resolved',
      resolved_at_ms: incident.resolvedAtMs,
      resolved_by: incident.resolvedBy,
      note: incident.note,
      version: incident.version,
    })
    .where('merchant_id', '=', incident.merchantId)
    .where('incident_no', '=', incident.incidentNo)
    .where('version', '=', incident.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function findIncident(
  db: Queryable,
  incidentNo: number,
): Promise<Incident | undefined> {
  const row = await db
    .selectFrom('incident')
    .select(INCIDENT_COLUMNS)
    .where('incident_no', '=', incidentNo)
    .executeTakeFirst();
  return row && toIncident(row);
}

/** Incidents, oldest first: the open ones, or all of them; of all merchants, or of one. */
export async function listIncidents(
  db: Queryable,
  filter: { readonly isAll?: boolean | undefined; readonly merchantId?: number | undefined },
): Promise<readonly Incident[]> {
  let query = db.selectFrom('incident').select(INCIDENT_COLUMNS);
  if (filter.isAll !== true) query = query.where('state', '=', 'open');
  if (filter.merchantId !== undefined) query = query.where('merchant_id', '=', filter.merchantId);
  const rows = await query.orderBy('incident_no').execute();
  return rows.map(toIncident);
}

export type IncidentFilter = {
  readonly merchantId: number | null;
  readonly payment: PaymentKey | undefined;
  readonly state: Incident['state'] | undefined;
  /** Those after this one in the list. */
  readonly after: number | undefined;
  readonly limit: number;
};

/** Incidents, newest first; `next` is where the next page goes on, null when there is none. */
export async function pageIncidents(
  db: Queryable,
  { merchantId, payment, state, after, limit }: IncidentFilter,
): Promise<{ readonly found: readonly Incident[]; readonly next: number | null }> {
  let query = db.selectFrom('incident').select(INCIDENT_COLUMNS);
  // In the words of the index of those that are open: a value that is bound later does not lead to it.
  if (state !== undefined) query = query.where('state', '=', sql.lit(state));
  if (merchantId !== null) {
    // Among those that are open, which are few, and not among all of the merchant's.
    const column = state === 'open' ? sql<number>`merchant_id + 0` : sql.ref<number>('merchant_id');
    query = query.where(column, '=', merchantId);
  }
  if (payment !== undefined) {
    query = query
      .where('merchant_id', '=', payment.merchantId)
      .where('payment_no', '=', payment.paymentNo);
  }
  if (after !== undefined) query = query.where('incident_no', '<', after);
  // Of a payment, and open, there are few: they are found first, and then sorted. For an order that an index has, SQLite walks
  // through all there ever were instead.
  const isFew = payment !== undefined || state === 'open';
  const rows = await query
    .orderBy(isFew ? sql`incident_no + 0` : sql`incident_no`, 'desc')
    .limit(rowsAtMost(limit + 1))
    .execute();
  const found = rows.slice(0, limit).map(toIncident);
  return { found, next: rows.length > limit ? (found.at(-1)?.incidentNo ?? null) : null };
}

/** The incidents of one payment, oldest first. */
export async function listIncidentsOf(
  db: Queryable,
  payment: PaymentKey,
): Promise<readonly Incident[]> {
  const rows = await db
    .selectFrom('incident')
    .select(INCIDENT_COLUMNS)
    .where('merchant_id', '=', payment.merchantId)
    .where('payment_no', '=', payment.paymentNo)
    .orderBy(sql`incident_no + 0`)
    .execute();
  return rows.map(toIncident);
}

/** How many incidents wait for a person, by reason, of all merchants or of one; a reason without any is not there. */
export async function countOpenIncidents(
  db: Queryable,
  merchantId: number | null = null,
): Promise<ReadonlyMap<IncidentReason, number>> {
  let query = db
    .selectFrom('incident')
    .select((eb) => ['reason', eb.fn.countAll<number>().as('open')])
    .where('state', '=', 'open');
  if (merchantId !== null) query = query.where('merchant_id', '=', merchantId);
  const rows = await query.groupBy('reason').execute();
  return new Map(rows.map(({ reason, open }) => [reason, open]));
}

function toIncident(row: IncidentTable): Incident {
  return {
    merchantId: row.merchant_id,
    incidentNo: row.incident_no,
    paymentNo: row.payment_no,
    requestNo: row.request_no,
    reason: row.reason,
    state: row.state,
    openedAtMs: row.opened_at_ms,
    lastSeenAtMs: row.last_seen_at_ms,
    seenCount: row.seen_count,
    resolvedAtMs: row.resolved_at_ms,
    resolvedBy: row.resolved_by,
    note: row.note,
    version: row.version,
  };
}
