/**
 * Queries whose SQL is made once. Building and compiling a query costs more than SQLite needs to run it, and those that every
 * payment needs many times are always the same but for their values. What a query means stays where it is, in Kysely's words.
 */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Queryable } from './database.ts';

export type Value = string | number | null;
export type Values = Readonly<Record<string, Value>>;

/** Stands for a value while a query is built. */
class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** For each dialect (its adapter), the SQL and where the values go. */
type Known<Row> = WeakMap<object, CompiledQuery<Row>>;

/**
 * A query with named values. `build` is called once for each dialect, with placeholders for the values: it may put them
 * wherever a value may stand, and must not look at them.
 */
export function prepared<Named extends Values, Row>(
  build: (db: Queryable, values: Named) => Compilable<Row>,
): (db: Queryable, values: Named) => Promise<QueryResult<Row>> {
  const known: Known<Row> = new WeakMap();
  return (db, values) => {
    const { adapter } = db.getExecutor();
    let query = known.get(adapter);
    if (query === undefined) {
      query = build(db, placeholders(values)).compile();
      known.set(adapter, query);
    }
    const parameters = query.parameters.map((parameter) => valueOf(parameter, values));
    return db.executeQuery({ ...query, parameters });
  };
}

function placeholders<Named extends Values>(values: Named): Named {
  const entries = Object.keys(values).map((name) => [name, new Placeholder(name)]);
  // Kysely takes whatever is no expression for a value, and hands it back among the parameters.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- placeholders pass for values while a query is built
  return Object.fromEntries(entries) as Named;
}

function valueOf(parameter: unknown, values: Values): unknown {
  return parameter instanceof Placeholder ? values[parameter.name] : parameter;
}

/** Whether exactly one row was written; none means that another writer was faster, or the row existed. */
export function wroteOne({ numAffectedRows }: QueryResult<unknown>): boolean {
  return numAffectedRows === 1n;
}
