/**
 * Incidents: one open row for one concern, counted when it is seen again; resolved once, by version. The constraints are
 * asked past the code, with raw SQL.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Concern } from '../core/incident.ts';
import { aPayment, at } from '../core/payment.fixtures.ts';
import type { Db } from './database.ts';
import {
  countOpenIncidents,
  findIncident,
  listIncidents,
  listIncidentsOf,
  resolveMoot,
  saveResolution,
  seeConcern,
} from './incidents.ts';
import { insertPayment } from './payments.ts';
import { openShop, runRaw, REFUSALS, type Refusal } from './store.fixtures.ts';

let db: Db;
const other = aPayment({ paymentNo: 'FF2', merchantId: 2 });
beforeEach(async () => {
  db = await openShop();
  await insertPayment(db, aPayment());
  await insertPayment(db, other);
});
afterEach(() => db.destroy());

const LATE: Concern = { reason: 'late_payment', requestNo: null };
const SILENT = (requestNo: string): Concern => ({ reason: 'refund_stays_silent', requestNo });
const numbers = (incidents: readonly { incidentNo: number }[]): number[] =>
  incidents.map(({ incidentNo }) => incidentNo);

test('a concern is a row, with every field', async () => {
  expect(await seeConcern(db, aPayment(), SILENT('01'), at(1))).toBe(1);
  expect(await findIncident(db, 1)).toStrictEqual({
    merchantId: 1,
    incidentNo: 1,
    paymentNo: aPayment().paymentNo,
    requestNo: '01',
    reason: 'refund_stays_silent',
    state: 'open',
    openedAtMs: at(1),
    lastSeenAtMs: at(1),
    seenCount: 1,
    resolvedAtMs: null,
    resolvedBy: null,
    note: null,
    version: 1,
  });
  expect(await findIncident(db, 2)).toBeUndefined();
});

test('the same concern while it is open is the same row, seen once more', async () => {
  await seeConcern(db, aPayment(), LATE, at(1));
  expect(await seeConcern(db, aPayment(), LATE, at(9))).toBe(1);
  const seen = { openedAtMs: at(1), lastSeenAtMs: at(9), seenCount: 2, version: 2 };
  expect(await listIncidents(db, {})).toMatchObject([seen]);
});

test('another refund, reason or payment is another', async () => {
  const seen = [
    await seeConcern(db, aPayment(), SILENT('01'), at(1)),
    await seeConcern(db, aPayment(), SILENT('02'), at(1)),
    await seeConcern(db, aPayment(), LATE, at(1)),
    await seeConcern(db, other, LATE, at(1)),
  ];
  expect(seen).toStrictEqual([1, 2, 3, 4]);
  expect(numbers(await listIncidents(db, { merchantId: 2 }))).toStrictEqual([4]);
  expect(numbers(await listIncidentsOf(db, aPayment()))).toStrictEqual([1, 2, 3]);
});

test('what became moot is resolved, of one refund only where it is about one, and opens anew', async () => {
  await seeConcern(db, aPayment(), SILENT('01'), at(1));
  await seeConcern(db, aPayment(), SILENT('02'), at(1));
  await seeConcern(db, other, SILENT('01'), at(1));
  const resolution = { atMs: at(5), by: 'gateway' };
  const resolved = await resolveMoot(db, aPayment(), SILENT('01'), resolution);
  expect(resolved).toMatchObject([
    { incidentNo: 1, state: 'resolved', resolvedAtMs: at(5), resolvedBy: 'gateway', version: 2 },
  ]);
  expect(await resolveMoot(db, aPayment(), SILENT('01'), resolution)).toStrictEqual([]);
  expect(numbers(await listIncidents(db, {}))).toStrictEqual([2, 3]);
  expect(numbers(await listIncidents(db, { isAll: true }))).toStrictEqual([1, 2, 3]);
  expect([...(await countOpenIncidents(db)).values()].reduce((sum, open) => sum + open, 0)).toBe(2);
  expect(await seeConcern(db, aPayment(), SILENT('01'), at(6))).toBe(4);
});

test('a refund is of no matter where the reason is not about one', async () => {
  await seeConcern(db, aPayment(), { reason: 'late_refund_refused', requestNo: 'L' }, at(1));
  const moot = { reason: 'late_refund_refused', requestNo: null } as const;
  expect(await resolveMoot(db, aPayment(), moot, { atMs: at(2), by: 'g' })).toHaveLength(1);
});

test('a resolution is written by version, once', async () => {
  await seeConcern(db, aPayment(), LATE, at(1));
  const by = { merchantId: 1, incidentNo: 1, resolvedAtMs: at(2), resolvedBy: 'Li', note: 'ok' };
  expect(await saveResolution(db, { ...by, version: 3 })).toBe(false);
  expect(await saveResolution(db, { ...by, version: 2 })).toBe(true);
  expect(await saveResolution(db, { ...by, resolvedBy: 'Han', version: 2 })).toBe(false);
  expect(await findIncident(db, 1)).toMatchObject({ ...by, state: 'resolved', version: 2 });
});

test.each<[string, string, Refusal]>([
  [
    'a second open incident of one concern',
    "insert into incident select merchant_id, 99, payment_no, null, reason, 'open', 1, 1, 1, null, null, null, 1 from incident where incident_no = 1",
    'UNIQUE',
  ],
  ['a number twice', 'update incident set incident_no = 1', 'UNIQUE'],
  ['a state that is none', "update incident set state = 'closed'", 'CHECK'],
  ['a resolution by nobody', "update incident set state = 'resolved', resolved_at_ms = 1", 'CHECK'],
  ['a resolution at no time', "update incident set state = 'resolved', resolved_by = 'x'", 'CHECK'],
  ['an open one that is resolved', "update incident set resolved_by = 'x'", 'CHECK'],
  ['a payment that is not there', "update incident set payment_no = 'FF9'", 'FOREIGN KEY'],
])('the database refuses %s', async (_case, statement, refusal) => {
  await seeConcern(db, aPayment(), LATE, at(1));
  await seeConcern(db, aPayment(), SILENT('01'), at(1));
  await expect(runRaw(db, statement)).rejects.toThrow(REFUSALS[refusal]);
});
