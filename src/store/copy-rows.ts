/**
 * SQL on all rows of any table, for the copy into another database: counted, read in the order of the primary key, written
 * by the thousand, found again by their keys. Keys go on where the last batch ended; nothing skips rows by counting them.
 * What differs between the engines is how many rows a statement is given, in `given`.
 */
import { sql, type RawBuilder } from 'kysely';
import { isPostgres, rowsAtMost, type Db, type Queryable } from './database.ts';
import type { Table } from './tables.ts';

export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;
/** The values of a primary key, in its order. */
export type Key = readonly Value[];

/** SQLite takes 32,766 parameters in one statement (https://sqlite.org/limits.html, 9). */
const PARAMETERS_MAX = 32_000;

export function keyOf(table: Table, row: Row): Key {
  return table.key.map((column) => row[column] ?? null);
}

export async function countRows(db: Queryable, table: Table): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*) as count from ${sql.table(table.name)}`.execute(db);
  return rows[0]?.count ?? Number.NaN;
}

export async function hasRows(db: Queryable, table: Table): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(table.name)} limit 1`.execute(db);
  return rows.length > 0;
}

/** The next rows behind the key, or the first ones, in the order that this database gives its keys. */
export async function readRows(
  db: Queryable,
  table: Table,
  after: Key | undefined,
  count: number,
): Promise<readonly Row[]> {
  const key = refs(table.key);
  const behind = after && sql`where (${key}) > (${sql.join(after)})`;
  const { rows } = await sql<Row>`
    select ${refs(table.columns)} from ${sql.table(table.name)} ${behind ?? sql``}
    order by ${key} limit ${rowsAtMost(count)}`.execute(db);
  return rows;
}

export async function insertRows(tx: Queryable, table: Table, rows: readonly Row[]): Promise<void> {
  for (const part of parts(tx, rows, table.columns.length)) {
    await sql`
      insert into ${sql.table(table.name)} (${refs(table.columns)})
      ${given(tx, table, table.columns, part)}`.execute(tx);
  }
}

/** Those of the rows with these keys that are there, in any order. */
export async function findRows(
  db: Queryable,
  table: Table,
  keys: readonly Row[],
): Promise<readonly Row[]> {
  const found: Row[] = [];
  const columns = table.columns.map((column) => sql.ref(`there.${column}`));
  const same = table.key.map(
    (column) => sql`${sql.ref(`there.${column}`)} = ${sql.ref(`given.${column}`)}`,
  );
  for (const part of parts(db, keys, table.key.length)) {
    const { rows } = await sql<Row>`
      with given (${refs(table.key)}) as (${given(db, table, table.key, part)})
      select ${sql.join(columns)} from given
      join ${sql.table(table.name)} as there on ${sql.join(same, sql` and `)}`.execute(db);
    found.push(...rows);
  }
  return found;
}

export type MoneyOfState = {
  readonly state: string;
  readonly payments: number;
  /** Decimal text: sums may be beyond safe integers. */
  readonly amountFen: string;
  readonly refundedFen: string;
};

/** What the payments of each state amount to, as the database adds it up. */
export async function sumMoney(db: Queryable): Promise<readonly MoneyOfState[]> {
  const { rows } = await sql<MoneyOfState>`
    select state, count(*) as payments, cast(sum(amount_fen) as text) as "amountFen",
      cast(sum(refunded_fen) as text) as "refundedFen"
    from payment group by state`.execute(db);
  return rows.map((row) => ({ ...row })).toSorted((a, b) => (a.state < b.state ? -1 : 1));
}

/** PostgreSQL plans queries by what it knows of the rows, and learns of many new ones only after a while. */
export async function analyze(db: Db): Promise<void> {
  if (isPostgres(db)) await sql`analyze`.execute(db);
}

function refs(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)));
}

/** PostgreSQL is given a list for each column, so that any number of rows fits; SQLite a parameter for each value. */
function parts(db: Queryable, rows: readonly Row[], columns: number): readonly (readonly Row[])[] {
  if (isPostgres(db)) return rows.length === 0 ? [] : [rows];
  const size = Math.floor(PARAMETERS_MAX / columns);
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

/** A query whose result is these columns of the rows. */
function given(
  db: Queryable,
  { types }: Table,
  columns: readonly string[],
  rows: readonly Row[],
): RawBuilder<unknown> {
  if (!isPostgres(db)) {
    return sql`values ${sql.join(
      rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`),
    )}`;
  }
  const lists = columns.map((column) => {
    const list = rows.map((row) => row[column] ?? null);
    return types[column] === 'bigint' ? sql`${list}::bigint[]` : sql`${list}::text[]`;
  });
  return sql`select * from unnest(${sql.join(lists)})`;
}
