/**
 * SQL of the mark that a database carries while another one is being copied into it: where from, and how far. It moves on in
 * the transaction that writes the rows, so that the two never disagree.
 */
import type { Queryable } from './database.ts';
import type { Key } from './copy-rows.ts';

export type CopyMarker = {
  /** Where the rows come from, without user and password. */
  readonly source: string;
  /** How many rows each table of the source had when the copy began. */
  readonly sourceCounts: Readonly<Record<string, number>>;
  readonly beganAtMs: number;
  /** The table whose turn it is. */
  readonly table: string;
  /** The last row of it that was copied. */
  readonly lastKey: Key | undefined;
  /** Of all tables. */
  readonly rowsDone: number;
  readonly version: number;
};

const ONLY = 1;

export async function findCopyMarker(db: Queryable): Promise<CopyMarker | undefined> {
  const row = await db
    .selectFrom('copy_marker')
    .selectAll()
    .where('id', '=', ONLY)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    source: row.source,
    sourceCounts: JSON.parse(row.source_counts),
    beganAtMs: row.began_at_ms,
    table: row.table_name,
    lastKey: row.last_key === null ? undefined : JSON.parse(row.last_key),
    rowsDone: row.rows_done,
    version: row.version,
  };
}

export async function insertCopyMarker(tx: Queryable, marker: CopyMarker): Promise<void> {
  await tx
    .insertInto('copy_marker')
    .values({
      id: ONLY,
      source: marker.source,
      source_counts: JSON.stringify(marker.sourceCounts),
      began_at_ms: marker.beganAtMs,
      version: marker.version,
      ...position(marker),
    })
    .execute();
}

/** Returns the marker that is stored now; undefined when it was not as it was read: another copy runs. */
export async function moveCopyMarker(
  tx: Queryable,
  read: CopyMarker,
  to: Pick<CopyMarker, 'table' | 'lastKey' | 'rowsDone'>,
): Promise<CopyMarker | undefined> {
  const next = { ...read, ...to, version: read.version + 1 };
  const { numUpdatedRows } = await tx
    .updateTable('copy_marker')
    .set({ ...position(next), version: next.version })
    .where('id', '=', ONLY)
    .where('version', '=', read.version)
    .executeTakeFirst();
  return numUpdatedRows === 1n ? next : undefined;
}

export async function deleteCopyMarker(tx: Queryable): Promise<void> {
  await tx.deleteFrom('copy_marker').where('id', '=', ONLY).execute();
}

function position({
  table,
  lastKey,
  rowsDone,
}: Pick<CopyMarker, 'table' | 'lastKey' | 'rowsDone'>) {
  return {
    table_name: table,
    last_key: lastKey === undefined ? null : JSON.stringify(lastKey),
    rows_done: rowsDone,
  };
}
