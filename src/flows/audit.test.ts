/**
 * The audit log as a chain, on both engines: numbers without gaps whoever adds entries at once, a database that refuses to change
 * one, and a check that finds whatever was changed, removed, moved or cut by somebody who went past that.
 */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ENGINE, openTestDatabase } from '../../test/support/test-database.ts';
import { NO_HASH, type Actor } from '../core/audit.ts';
import { readAuditEntries } from '../store/audit.ts';
import type { AuditEntryTable } from '../store/audit-tables.ts';
import type { Db } from '../store/database.ts';
import { runRaw, unlockAuditLog } from '../store/store.fixtures.ts';
import { auditEvent, auditOutcome, auditRequest, hashEntry, type Attempt } from './keep-audit.ts';
import { verifyAudit } from './verify-audit.ts';

let db: Db;
let nowMs: number;
const clock = { nowMs: () => (nowMs += 1), monotonicMs: () => 0, sleep: () => Promise.resolve() };
beforeEach(async () => {
  db = await openTestDatabase();
  nowMs = Date.UTC(2026, 10, 23, 4);
});
afterEach(() => db.destroy());

const MEI: Actor = { kind: 'user', id: 'user_1', name: '小美 🍵' };
const attempt = (changes: Partial<Attempt> = {}): Attempt => ({
  actor: MEI,
  address: '192.0.2.1',
  operation: 'createRefund',
  target: 'pay_FF1',
  request: { body: { amount: 1, reason: 'line\nbreak "and" 茶' } },
  ...changes,
});
const DONE = { status: 201, code: null, replayed: false };

/** A request with its outcome, one without, and an event; as often as it is told. */
async function addEntries(times: number): Promise<void> {
  const deps = { db, clock };
  for (let time = 0; time < times; time += 1) {
    await auditOutcome(deps, await auditRequest(deps, attempt()), DONE, 're_FF1.1');
    await auditRequest(deps, attempt({ target: null, address: null }));
    await auditEvent(deps, attempt({ operation: 'signIn' }), { ...DONE, status: 401 });
  }
}

const rowsNow = () => db.selectFrom('audit_entry').selectAll().orderBy('number').execute();

async function putRows(rows: readonly AuditEntryTable[]): Promise<void> {
  await db.deleteFrom('audit_entry').execute();
  if (rows.length > 0)
    await db
      .insertInto('audit_entry')
      .values([...rows])
      .execute();
}

describe('the chain', () => {
  test('has every entry, each with the hash of the one before', async () => {
    await addEntries(3);
    const entries = await readAuditEntries(db, 0, 100);
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.map(({ prevHash }) => prevHash)).toEqual([
      NO_HASH,
      ...entries.slice(0, -1).map(({ hash }) => hash),
    ]);
    const last = entries.at(-1)!;
    const head = { number: last.number, hash: last.hash };
    expect(await verifyAudit(db)).toEqual({ held: 12, head, fault: null });
    expect(await verifyAudit(db, { batchEntries: 5, noted: head })).toMatchObject({ fault: null });
  });

  test('is checked with a hash that is made here by hand', async () => {
    await auditEvent({ db, clock }, attempt({ request: {} }), DONE);
    const [row] = await rowsNow();
    const { createHash } = await import('node:crypto');
    const text =
      `["${'0'.repeat(64)}",1,${row?.at_ms},"event",null,"user","user_1","小美 🍵","192.0.2.1",` +
      String.raw`"createRefund","pay_FF1","{}","{\"status\":201,\"code\":null,\"replayed\":false}"]`;
    expect(row?.hash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('has no gap and no fork when twenty add to it at once', async () => {
    const deps = { db, clock };
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const stored = await auditRequest(deps, attempt({ target: `pay_${index}` }));
        await auditOutcome(deps, stored, DONE);
      }),
    );
    const entries = await readAuditEntries(db, 0, 100);
    expect(entries.map(({ number }) => number)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    const requests = entries.filter(({ kind }) => kind === 'request');
    expect(new Set(requests.map(({ target }) => target)).size).toBe(20);
    for (const { ofNumber, target } of entries.filter(({ kind }) => kind === 'outcome')) {
      expect(requests.find(({ number }) => number === ofNumber)?.target).toBe(target);
    }
    expect(await verifyAudit(db)).toMatchObject({ held: 40, fault: null });
  });

  test('goes on without a gap after an entry that could not be stored', async () => {
    await addEntries(1);
    const twice = { ...attempt(), number: 1 };
    await expect(auditOutcome({ db, clock }, twice, DONE)).rejects.toThrow(/unique/i);
    await addEntries(1);
    expect(await verifyAudit(db)).toMatchObject({ held: 8, fault: null });
  });

  test('that is empty holds', async () => {
    expect(await verifyAudit(db)).toEqual({ held: 0, head: null, fault: null });
  });
});

test('the database changes and deletes no entry', async () => {
  await addEntries(1);
  const before = await rowsNow();
  for (const change of [
    "update audit_entry set actor_name = 'somebody else'",
    'update audit_entry set number = number + 100 where number = 4',
    'delete from audit_entry where number = 4',
    ...(ENGINE === 'postgres' ? ['truncate audit_entry'] : []),
  ]) {
    await expect(runRaw(db, change)).rejects.toThrow(/only ever added to/);
  }
  expect(await rowsNow()).toEqual(before);
});

describe('whoever goes past that is found', () => {
  let rows: AuditEntryTable[];
  beforeEach(async () => {
    await addEntries(3);
    rows = await rowsNow();
    await unlockAuditLog(db);
  });

  /** The number of the first entry that does not hold. */
  const faultAfter = async (changed: readonly AuditEntryTable[]) => {
    await putRows(changed);
    const { fault, held, head } = await verifyAudit(db, { batchEntries: 5 });
    expect(held).toBe((fault?.number ?? rows.length + 1) - 1);
    expect(head?.number ?? 0).toBe(held);
    return fault?.number;
  };

  const COLUMNS = [
    'at_ms',
    'kind',
    'of_number',
    'actor_kind',
    'actor_id',
    'actor_name',
    'address',
    'operation',
    'target',
    'request',
    'outcome',
    'prev_hash',
    'hash',
  ] as const satisfies (keyof AuditEntryTable)[];

  test('every field of an entry', async () => {
    const [row] = rows;
    expect(Object.keys(row!).toSorted()).toEqual([...COLUMNS, 'number'].toSorted());
    const place = fc.integer({ min: 0, max: rows.length - 1 });
    const column = fc.constantFrom(...COLUMNS);
    const changed = (before: unknown, text: string, name: string): unknown => {
      if (name === 'kind') return before === 'event' ? 'request' : 'event';
      if (name === 'of_number') return before === null ? 100 + text.length : null;
      if (typeof before === 'number') return before + 1 + text.length;
      return before === text ? `${text}.` : text;
    };
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(place, column, text, async (index, name, value) => {
        const after = rows.map((one, at) =>
          at === index ? { ...one, [name]: changed(one[name], value, name) } : one,
        );
        expect(await faultAfter(after)).toBe(index + 1);
      }),
      { numRuns: 60 },
    );
    expect(await faultAfter(rows)).toBeUndefined();
  });

  test('an entry that is not there any more, wherever', async () => {
    for (const [index] of rows.entries()) {
      expect(await faultAfter(rows.toSpliced(index, 1))).toBe(index + 1);
    }
    await putRows(rows.toSpliced(2, 3));
    expect((await verifyAudit(db)).fault?.what).toBe(
      'it is missing: after 2 comes 6, without 3 to 5',
    );
  });

  test('two entries that changed places', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: rows.length - 1 }), {
          minLength: 2,
          maxLength: 2,
        }),
        async ([a = 0, b = 0]) => {
          const swapped = rows.map((row, index) => {
            const other = rows[index === a ? b : index === b ? a : index]!;
            return { ...other, number: row.number };
          });
          expect(await faultAfter(swapped)).toBe(Math.min(a, b) + 1);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('an entry whose hash was made anew, by the one after it', async () => {
    const [entry] = await readAuditEntries(db, 4, 1);
    const forged = { ...entry!, operation: 'getPayment' };
    const row = { ...rows[4]!, operation: 'getPayment', hash: hashEntry(forged) };
    expect(await faultAfter(rows.with(4, row))).toBe(6);
    await putRows(rows.with(4, row));
    expect((await verifyAudit(db)).fault?.what).toBe('its prev_hash is not the hash of 5');
  });

  test('an end that was cut, or went on past the database’s note of it', async () => {
    await putRows(rows.slice(0, 9));
    expect(await verifyAudit(db)).toMatchObject({
      held: 9,
      fault: {
        number: 10,
        what: expect.stringContaining('audit_head notes one with the number 12'),
      },
    });
    await putRows(rows);
    await db.updateTable('audit_head').set({ number: 11, hash: rows[10]!.hash }).execute();
    expect((await verifyAudit(db)).fault?.number).toBe(12);
    await db.updateTable('audit_head').set({ number: 12, hash: rows[10]!.hash }).execute();
    expect((await verifyAudit(db)).fault?.number).toBe(12);
  });

  test('an end that was cut, or a log that was made anew, together with that note: by a noted head', async () => {
    const noted = { number: 12, hash: rows[11]!.hash };
    await putRows(rows.slice(0, 9));
    await db.updateTable('audit_head').set({ number: 9, hash: rows[8]!.hash }).execute();
    expect(await verifyAudit(db)).toMatchObject({ held: 9, fault: null });
    expect((await verifyAudit(db, { noted })).fault).toEqual({
      number: 10,
      what: 'it is missing: the log was cut at its end, a head was noted with the number 12',
    });
    await addEntries(1);
    expect(await verifyAudit(db)).toMatchObject({ held: 13, fault: null });
    expect((await verifyAudit(db, { noted })).fault).toMatchObject({
      number: 12,
      what: 'its hash is not the one that was noted',
    });
  });
});
