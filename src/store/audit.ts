/**
 * SQL of the audit log. A new entry takes its number from the one row of `audit_head`, which its transaction holds until it ends:
 * so numbers have no gaps and each entry knows the one before it, whatever other nodes add meanwhile. Entries are never
 * changed; the database itself refuses that.
 */
import { sql } from 'kysely';
import type { AuditEntry } from '../core/audit.ts';
import { rowsAtMost, type Queryable } from './database.ts';
import type { AuditEntryTable } from './audit-tables.ts';
import { columnsOf } from './tables.ts';

const ENTRY_COLUMNS = columnsOf('audit_entry');
const ONLY = 1;

export type AuditHead = Pick<AuditEntry, 'number' | 'hash'>;

/**
 * The number of a new entry, and the hash of the one before it, or `firstHash` when there is none. Must run in a transaction,
 * which goes on with `addAuditEntry`: the next one waits here until it ends.
 */
export async function takeAuditNumber(tx: Queryable, firstHash: string): Promise<AuditHead> {
  return tx
    .insertInto('audit_head')
    .values({ id: ONLY, number: 1, hash: firstHash })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({ number: eb('audit_head.number', '+', 1) })),
    )
    .returning(['number', 'hash'])
    .executeTakeFirstOrThrow();
}

/** Adds the entry whose number was taken in this transaction. */
export async function addAuditEntry(tx: Queryable, entry: AuditEntry): Promise<void> {
  await tx.insertInto('audit_entry').values(toRow(entry)).execute();
  await tx
    .updateTable('audit_head')
    .set({ hash: entry.hash })
    .where('id', '=', ONLY)
    .where('number', '=', entry.number)
    .execute();
}

/** The newest entry, as the database notes it beside the log; undefined before the first. */
export async function findAuditHead(db: Queryable): Promise<AuditHead | undefined> {
  return db.selectFrom('audit_head').select(['number', 'hash']).executeTakeFirst();
}

/** Entries with numbers above `after`, in order; `limit` at most. */
export async function readAuditEntries(
  db: Queryable,
  after: number,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .select(ENTRY_COLUMNS)
    .where('number', '>', after)
    .orderBy('number')
    .limit(rowsAtMost(limit))
    .execute();
  return rows.map(toEntry);
}

/** The place of an entry in the list. */
export type AuditPlace = Pick<AuditEntry, 'atMs' | 'number'>;

export type AuditFilter = {
  readonly actorId: string | undefined;
  readonly operation: string | undefined;
  readonly target: string | undefined;
  /** Then or later. */
  readonly fromMs: number | undefined;
  readonly beforeMs: number | undefined;
  /** Those after this one in the list. */
  readonly after: AuditPlace | undefined;
  readonly limit: number;
};

/** What came of a call. */
export type AuditEnd = Pick<AuditEntry, 'atMs' | 'actor' | 'target'> & {
  /** JSON of an `AuditOutcome`. */
  readonly outcome: string;
};

/** What was asked, and what came of it: told by the entry itself, or by a later one, or by none. */
export type AuditedCall = { readonly entry: AuditEntry; readonly end: AuditEnd | undefined };

export type AuditPage = {
  readonly found: readonly AuditedCall[];
  /** Where the next page goes on; null when there is none. */
  readonly next: AuditPlace | null;
};

/** A page of what was done, newest first. */
export async function pageAudit(db: Queryable, filter: AuditFilter): Promise<AuditPage> {
  const { limit } = filter;
  const rows = await inOrder(db, filter)
    .select(ENTRY_COLUMNS.map((name) => `e.${name}` as const))
    // One more tells whether there is another page.
    .limit(rowsAtMost(limit + 1))
    .execute();
  const entries = rows.slice(0, limit).map(toEntry);
  const outcomes = await outcomesOf(db, entries);
  const last = rows.length > limit ? entries.at(-1) : undefined;
  return {
    found: entries.map((entry) => ({ entry, end: endIn(outcomes.get(entry.number) ?? entry) })),
    next: last ? { atMs: last.atMs, number: last.number } : null,
  };
}

/** By the number of their request. Joined with it, PostgreSQL would walk through all outcomes for a page of a few. */
async function outcomesOf(
  db: Queryable,
  entries: readonly AuditEntry[],
): Promise<ReadonlyMap<number | null, AuditEntry>> {
  const numbers = entries.filter(({ kind }) => kind === 'request').map(({ number }) => number);
  if (numbers.length === 0) return new Map();
  const rows = await db
    .selectFrom('audit_entry')
    .select(ENTRY_COLUMNS)
    .where('of_number', 'in', numbers)
    .execute();
  return new Map(rows.map((row) => [row.of_number, toEntry(row)]));
}

function endIn({ atMs, actor, target, outcome }: AuditEntry): AuditEnd | undefined {
  return outcome === null ? undefined : { atMs, actor, target, outcome };
}

function inOrder(db: Queryable, filter: AuditFilter) {
  const { actorId, operation, target, fromMs, beforeMs, after } = filter;
  let query = db.selectFrom('audit_entry as e').where('e.of_number', 'is', null);
  if (actorId !== undefined) query = query.where('e.actor_id', '=', actorId);
  if (operation !== undefined) query = query.where('e.operation', '=', operation);
  if (fromMs !== undefined) query = query.where('e.at_ms', '>=', fromMs);
  if (beforeMs !== undefined) query = query.where('e.at_ms', '<', beforeMs);
  if (after !== undefined) {
    const place = sql`(${after.atMs}, ${after.number})`;
    query = query.where(sql<boolean>`(e.at_ms, e.number) < ${place}`);
  }
  if (target === undefined) return query.orderBy('e.at_ms', 'desc').orderBy('e.number', 'desc');
  // What a call made has its name in the outcome. There are few of one target: found first, and then sorted.
  return query
    .where('e.number', 'in', (from) =>
      from
        .selectFrom('audit_entry as t')
        .select(sql<number>`coalesce(t.of_number, t.number)`.as('number'))
        .where('t.target', '=', target),
    )
    .orderBy(sql`e.at_ms + 0`, 'desc')
    .orderBy('e.number', 'desc');
}

function toRow(entry: AuditEntry): AuditEntryTable {
  return {
    number: entry.number,
    at_ms: entry.atMs,
    kind: entry.kind,
    of_number: entry.ofNumber,
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id,
    actor_name: entry.actor.name,
    address: entry.address,
    operation: entry.operation,
    target: entry.target,
    request: entry.request,
    outcome: entry.outcome,
    prev_hash: entry.prevHash,
    hash: entry.hash,
  };
}

function toEntry(row: AuditEntryTable): AuditEntry {
  return {
    number: row.number,
    atMs: row.at_ms,
    kind: row.kind,
    ofNumber: row.of_number,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    address: row.address,
    operation: row.operation,
    target: row.target,
    request: row.request,
    outcome: row.outcome,
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}
