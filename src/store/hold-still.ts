/**
 * A database that stands still while all of it is read. SQLite's file was opened for one process alone. On PostgreSQL a lock
 * on each table lets everybody read and nobody write, not even a gateway that starts meanwhile; and one snapshot shows
 * every table as of one moment.
 */
import { sql } from 'kysely';
import { isPostgres, type Db, type Queryable } from './database.ts';
import { COPIED } from './tables.ts';

/** Runs `work` on what the database holds now; what others want to write waits until it ends. */
export async function holdStill<T>(db: Db, work: (still: Queryable) => Promise<T>): Promise<T> {
  if (!isPostgres(db)) return work(db);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      // It stands idle while the other database works, for longer than an operator may allow others.
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
      // Before the first query, whose moment is the snapshot's.
      const tables = COPIED.map(({ name }) => sql.table(name));
      await sql`lock table ${sql.join(tables)} in share mode`.execute(tx);
      return work(tx);
    });
}

/** How many sessions besides this one gateways and their commands have on the database; of SQLite, none can. */
export async function countOtherSessions(db: Db): Promise<number> {
  if (!isPostgres(db)) return 0;
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and starts_with(application_name, 'alipay-f2f')`.execute(db);
  return rows[0]?.count ?? Number.NaN;
}
