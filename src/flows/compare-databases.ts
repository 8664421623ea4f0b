/**
 * Whether two databases hold the same, on whichever engines: every column of every row is read on both sides and hashed. A
 * table's checksum is the sum of its rows' hashes, because engines sort texts differently; which row differs is looked for
 * only when the sums do. What the payments amount to is added up by the databases themselves.
 */
import { hash } from 'node:crypto';
import {
  countRows,
  findRows,
  keyOf,
  readRows,
  sumMoney,
  type Key,
  type MoneyOfState,
  type Row,
} from '../store/copy-rows.ts';
import type { Queryable } from '../store/database.ts';
import { COPIED, type Table } from '../store/tables.ts';

export type TableDigest = {
  readonly rows: number;
  /** Hexadecimal. */
  readonly checksum: string;
};

export type ComparedTable = {
  readonly table: string;
  readonly source: TableDigest;
  readonly destination: TableDigest;
};

/** The first row that is not the same on both sides. */
export type Difference = {
  readonly table: string;
  /** The primary key's columns and their values. */
  readonly key: Readonly<Record<string, Key[number]>>;
  readonly what: 'missing' | 'surplus' | 'different';
  /** Columns whose values differ. */
  readonly columns: readonly string[];
};

export type Comparison = {
  readonly isSame: boolean;
  readonly tables: readonly ComparedTable[];
  readonly money: {
    readonly source: readonly MoneyOfState[];
    readonly destination: readonly MoneyOfState[];
  };
  readonly difference: Difference | undefined;
};

const BATCH_ROWS = 5000;

export async function compareDatabases(
  source: Queryable,
  destination: Queryable,
  tell: (table: string, rowsDone: number) => void,
): Promise<Comparison> {
  let rowsDone = 0;
  const tables: ComparedTable[] = [];
  for (const table of COPIED) {
    const count = (rows: number): void => tell(table.name, (rowsDone += rows));
    const [ofSource, ofDestination] = await Promise.all([
      digest(source, table, count),
      digest(destination, table, count),
    ]);
    tables.push({ table: table.name, source: ofSource, destination: ofDestination });
  }
  const money = { source: await sumMoney(source), destination: await sumMoney(destination) };
  const differing = COPIED.find((table) =>
    tables.some((it) => it.table === table.name && !isSame(it.source, it.destination)),
  );
  return {
    isSame: differing === undefined && isSame(money.source, money.destination),
    tables,
    money,
    difference: differing && (await findDifference(source, destination, differing)),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Of the rows as they are read, and of their number as the database counts it: it is another query than the one that reads. */
async function digest(
  db: Queryable,
  table: Table,
  onRows: (count: number) => void,
): Promise<TableDigest> {
  let sum = 0n;
  for await (const batch of batches(db, table)) {
    for (const row of batch) sum += BigInt(`0x${hash('sha256', canonical(table, row), 'hex')}`);
    onRows(batch.length);
  }
  const checksum = BigInt.asUintN(256, sum).toString(16).padStart(64, '0');
  return { rows: await countRows(db, table), checksum };
}

async function* batches(db: Queryable, table: Table): AsyncGenerator<readonly Row[]> {
  let batch = await readRows(db, table, undefined, BATCH_ROWS);
  for (let last = batch.at(-1); last !== undefined; last = batch.at(-1)) {
    yield batch;
    batch = await readRows(db, table, keyOf(table, last), BATCH_ROWS);
  }
}

/** One text for one row: 1 and "1", null and "" are not the same in it. */
function canonical(table: Table, row: Row): string {
  return JSON.stringify(table.columns.map((column) => row[column]));
}

/** Looks up each side's rows on the other, in the order of the one that is read. */
async function findDifference(
  source: Queryable,
  destination: Queryable,
  table: Table,
): Promise<Difference | undefined> {
  return (
    (await findUnlike(source, destination, table, 'missing')) ??
    (await findUnlike(destination, source, table, 'surplus'))
  );
}

async function findUnlike(
  here: Queryable,
  there: Queryable,
  table: Table,
  whenAbsent: 'missing' | 'surplus',
): Promise<Difference | undefined> {
  const nameOf = (row: Row): string => JSON.stringify(keyOf(table, row));
  for await (const batch of batches(here, table)) {
    const found = await findRows(there, table, batch);
    const byKey = new Map(found.map((row) => [nameOf(row), row]));
    for (const row of batch) {
      const other = byKey.get(nameOf(row));
      if (other !== undefined && canonical(table, row) === canonical(table, other)) continue;
      return {
        table: table.name,
        key: Object.fromEntries(table.key.map((column) => [column, row[column] ?? null])),
        what: other === undefined ? whenAbsent : 'different',
        columns: other ? table.columns.filter((column) => row[column] !== other[column]) : [],
      };
    }
  }
  return undefined;
}
