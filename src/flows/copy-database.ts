/**
 * Copies all that a gateway keeps into an empty database, on another engine as a rule, and makes sure that it arrived. A
 * marker in the destination says how far it is: whatever ends the copy, the same command goes on there, and no gateway
 * starts on what is unfinished. The comparison is in `compare-databases.ts`.
 */
import { assert } from '../core/assert.ts';
import {
  deleteCopyMarker,
  findCopyMarker,
  insertCopyMarker,
  moveCopyMarker,
  type CopyMarker,
} from '../store/copy-marker.ts';
import {
  analyze,
  countRows,
  hasRows,
  insertRows,
  keyOf,
  readRows,
  type Row,
} from '../store/copy-rows.ts';
import { inTransaction, type Db, type Queryable } from '../store/database.ts';
import { countOtherSessions, holdStill } from '../store/hold-still.ts';
import { migrateToLatest, schemaState, type SchemaState } from '../store/migrate.ts';
import { COPIED, type Table } from '../store/tables.ts';
import { compareDatabases, type Comparison } from './compare-databases.ts';
import type { Deps } from './deps.ts';

/** One of the two databases. */
export type CopyEnd = {
  readonly db: Db;
  /** For people and for the marker: nothing secret. */
  readonly name: string;
};

export type CopyOptions = {
  readonly source: CopyEnd;
  readonly destination: CopyEnd;
  readonly clock: Deps['clock'];
  /** Copies although gateways or their commands are connected to the source; what they write waits until the end. */
  readonly isForced?: boolean;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** Rows that are read and written at once; some megabytes unless given. */
  readonly batchRows?: number;
};

export type CopyProgress = {
  readonly phase: 'copy' | 'compare';
  readonly table: string;
  readonly rowsDone: number;
  readonly rowsTotal: number;
};

export type CopyResult = Comparison & {
  /** Rows that an earlier run had copied. */
  readonly rowsResumed: number;
};

/** The copy was not begun or cannot go on; the message is a sentence for the operator. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

const BATCH_ROWS = 5000;

/**
 * Ends with a comparison of the two; only if it found no difference may gateways work with the destination. Throws
 * `CopyRefused`, and whatever the engines throw: then the same call goes on later.
 */
export async function copyDatabase(options: CopyOptions): Promise<CopyResult> {
  const { source, destination, onProgress, batchRows = BATCH_ROWS } = options;
  await checkSource(options);
  await prepareDestination(destination);
  return holdStill(source.db, async (still) => {
    const counts = await countAll(still);
    const rowsTotal = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const marker = await beginOrGoOn(options, counts);
    const resumedAt = marker.rowsDone;
    await copyRows({ from: still, to: destination.db, batchRows }, marker, (table, rowsDone) =>
      onProgress?.({ phase: 'copy', table, rowsDone, rowsTotal }),
    );
    await analyze(destination.db);
    const comparison = await compareDatabases(still, destination.db, (table, rowsDone) =>
      // Each row is read on both sides.
      onProgress?.({ phase: 'compare', table, rowsDone, rowsTotal: rowsTotal * 2 }),
    );
    if (comparison.isSame) await inTransaction(destination.db, deleteCopyMarker);
    return { ...comparison, rowsResumed: resumedAt };
  });
}

async function checkSource({ source, isForced }: CopyOptions): Promise<void> {
  const { missing, newer } = await schemaState(source.db);
  refuseNewer(source, newer);
  const [first] = missing;
  if (first === FIRST_MIGRATION) {
    throw new CopyRefused(`${source.name} is not the database of a gateway`);
  }
  if (first !== undefined) {
    throw new CopyRefused(
      `${source.name} was made by an older version (it lacks ${missing.join(', ')}): run "f2f migrate" on it first`,
    );
  }
  const marker = await findCopyMarker(source.db);
  if (marker !== undefined) {
    throw new CopyRefused(
      `${source.name} is itself an unfinished copy, of ${marker.source}: finish that one first`,
    );
  }
  const sessions = isForced === true ? 0 : await countOtherSessions(source.db);
  if (sessions > 0) {
    throw new CopyRefused(
      `A gateway or one of its commands is connected to ${source.name} (connections: ${sessions}): stop all of them first. If it is certain that none of them works, --force copies all the same; what they would write waits until the copy ends`,
    );
  }
}

const FIRST_MIGRATION = '0001-first-payment';

function refuseNewer({ name }: CopyEnd, newer: SchemaState['newer']): void {
  if (newer.length === 0) return;
  const unknown = newer.map((migration) => migration.name);
  throw new CopyRefused(
    `${name} has been brought further than this version knows (${unknown.join(', ')}): copy with the newer version`,
  );
}

async function prepareDestination(destination: CopyEnd): Promise<void> {
  const { newer } = await schemaState(destination.db);
  refuseNewer(destination, newer);
  await migrateToLatest(destination.db);
}

async function countAll(db: Queryable): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const table of COPIED) counts[table.name] = await countRows(db, table);
  return counts;
}

/** The marker of an unfinished copy of this source; or a new one, when the destination is empty. */
async function beginOrGoOn(
  { source, destination, clock }: CopyOptions,
  counts: CopyMarker['sourceCounts'],
): Promise<CopyMarker> {
  const [first] = COPIED;
  assert(first !== undefined, 'there are tables');
  return inTransaction(destination.db, async (tx) => {
    const found = await findCopyMarker(tx);
    if (found !== undefined) {
      checkIsSame(found, source, destination, counts);
      return found;
    }
    const filled: string[] = [];
    for (const table of COPIED) if (await hasRows(tx, table)) filled.push(table.name);
    if (filled.length > 0) {
      throw new CopyRefused(
        `${destination.name} is in use: it has rows in ${filled.join(', ')}. A copy needs a database of its own, an empty one`,
      );
    }
    const marker: CopyMarker = {
      source: source.name,
      sourceCounts: counts,
      beganAtMs: clock.nowMs(),
      table: first.name,
      lastKey: undefined,
      rowsDone: 0,
      version: 1,
    };
    await insertCopyMarker(tx, marker);
    return marker;
  });
}

function checkIsSame(
  marker: CopyMarker,
  source: CopyEnd,
  destination: CopyEnd,
  counts: CopyMarker['sourceCounts'],
): void {
  const startOver = 'Make the destination anew, and copy again';
  if (marker.source !== source.name) {
    throw new CopyRefused(
      `${destination.name} holds an unfinished copy of ${marker.source}, not of ${source.name}. ${startOver}`,
    );
  }
  const changed = COPIED.filter(({ name }) => marker.sourceCounts[name] !== counts[name]);
  if (changed.length > 0) {
    throw new CopyRefused(
      `${source.name} has changed since the copy of it began (${changed.map(({ name }) => name).join(', ')}): a gateway worked with it meanwhile. ${startOver}`,
    );
  }
}

/** Copies what is missing from the marker on. While one batch is written, the next is read. */
async function copyRows(
  { from, to, batchRows }: { from: Queryable; to: Db; batchRows: number },
  begun: CopyMarker,
  tell: (table: string, rowsDone: number) => void,
): Promise<void> {
  const start = COPIED.findIndex(({ name }) => name === begun.table);
  let marker = begun;
  tell(marker.table, marker.rowsDone);
  for (const table of COPIED.slice(start)) {
    let lastKey = table.name === begun.table ? begun.lastKey : undefined;
    let batch = await readRows(from, table, lastKey, batchRows);
    for (let last = batch.at(-1); last !== undefined; last = batch.at(-1)) {
      lastKey = keyOf(table, last);
      const [moved, next] = await Promise.all([
        writeBatch(to, table, batch, { ...marker, lastKey }),
        readRows(from, table, lastKey, batchRows),
      ]);
      marker = moved;
      batch = next;
      tell(table.name, marker.rowsDone);
    }
  }
}

async function writeBatch(
  db: Db,
  table: Table,
  batch: readonly Row[],
  marker: CopyMarker,
): Promise<CopyMarker> {
  return inTransaction(db, async (tx) => {
    await insertRows(tx, table, batch);
    const moved = await moveCopyMarker(tx, marker, {
      table: table.name,
      lastKey: marker.lastKey,
      rowsDone: marker.rowsDone + batch.length,
    });
    if (moved === undefined) throw new CopyRefused('Another copy writes into the destination');
    return moved;
  });
}
