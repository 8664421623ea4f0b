/**
 * SQL that deletes webhook deliveries which ended long ago, with their attempts: each attempt keeps what was sent, word by
 * word, and nothing else would ever make them fewer; and endpoints that were deleted. The events themselves stay in the feed.
 */
import { sql } from 'kysely';
import { isPostgres, rowsAtMost, type Queryable } from './database.ts';
import { prepared } from './prepared.ts';

/**
 * Deletes deliveries that ended before a moment, `limit` at most; returns how many. Must run in a transaction, which holds
 * their rows: who has one sent again meanwhile waits, and finds that it is gone.
 */
export async function deleteEndedBefore(
  tx: Queryable,
  beforeMs: number,
  limit: number,
): Promise<number> {
  const { rows } = await selectEnded(tx, { beforeMs, limit });
  if (rows.length === 0) return 0;
  const keys = rows.map(
    (row) =>
      sql`(cast(${row.merchant_id} as bigint), ${row.endpoint_no}, cast(${row.position} as bigint))`,
  );
  const isAmongThem = sql<boolean>`(merchant_id, endpoint_no, position) in (values ${sql.join(keys)})`;
  await tx.deleteFrom('webhook_attempt').where(isAmongThem).execute();
  await tx.deleteFrom('webhook_delivery').where(isAmongThem).execute();
  return rows.length;
}

/** Endpoints that were deleted, while anything of them is kept. */
export async function listDeletedEndpoints(db: Queryable): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('webhook_endpoint')
    .select('endpoint_no')
    .where('deleted_at_ms', 'is not', null)
    .execute();
  return rows.map(({ endpoint_no: endpointNo }) => endpointNo);
}

/** Deletes endpoints that were deleted before a moment, once nothing that they were sent is kept. */
export async function deleteEndpointsOf(db: Queryable, beforeMs: number): Promise<void> {
  await db
    .deleteFrom('webhook_endpoint')
    .where('deleted_at_ms', '<', beforeMs)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('webhook_delivery as d')
            .select('d.position')
            .whereRef('d.endpoint_no', '=', 'webhook_endpoint.endpoint_no'),
        ),
      ),
    )
    .execute();
}

// What ended was owed before that, which is found by index; when it ended, its last attempt tells, if there was any. That is
// asked for each as a value: of `not exists`, PostgreSQL makes a join that reads every attempt there is.
const selectEnded = prepared(
  (db, { beforeMs, limit }: { readonly beforeMs: number; readonly limit: number }) =>
    db
      .selectFrom('webhook_delivery as d')
      .select(['d.merchant_id', 'd.endpoint_no', 'd.position'])
      .where('d.due_at_ms', 'is', null)
      .where('d.created_at_ms', '<', beforeMs)
      .where(
        (eb) =>
          eb.fn.coalesce(
            eb
              .selectFrom('webhook_attempt as a')
              .select('a.at_ms')
              .whereRef('a.merchant_id', '=', 'd.merchant_id')
              .whereRef('a.endpoint_no', '=', 'd.endpoint_no')
              .whereRef('a.position', '=', 'd.position')
              .orderBy('a.attempt', 'desc')
              .limit(1),
            sql.lit(0),
          ),
        '<',
        beforeMs,
      )
      .orderBy('d.created_at_ms')
      .limit(rowsAtMost(limit))
      .$if(isPostgres(db), (query) => query.forUpdate('d').skipLocked()),
);
