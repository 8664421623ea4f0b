/**
 * Fills a gateway with payments that were never made: copies of a real one with its whole history, each for another
 * shop, and older than the one before by as much as is wanted. It is done in the gateway's SQLite file while it is down.
 */
import { sql } from 'kysely';
import type { Db } from '../src/store/database.ts';

export type Copies = {
  readonly payments: number;
  /** Which have the ids from 1 on. */
  readonly shops: number;
  /** Of one and the next, in milliseconds; at the same time without it. */
  readonly apartMs?: number;
  progress(step: string): void;
};

const COPIES_AT_ONCE = 50_000;

export async function copyPayments(
  db: Db,
  { payments, shops, apartMs = 0, progress }: Copies,
): Promise<void> {
  const { payment_no: original } = await db
    .selectFrom('payment')
    .select('payment_no')
    .where('state', '=', 'paid')
    .orderBy('created_at_ms')
    .executeTakeFirstOrThrow();
  for (let made = 0; made < payments; made += COPIES_AT_ONCE) {
    progress(`${made} of ${payments} payments`);
    const last = Math.min(payments, made + COPIES_AT_ONCE);
    await copy(db, { original, first: made + 1, last, shops, apartMs });
  }
}

type Range = {
  readonly original: string;
  readonly first: number;
  readonly last: number;
  readonly shops: number;
  readonly apartMs: number;
};

/** Copies with the numbers from `first` to `last` in the place of the original's. */
async function copy(db: Db, { original, first, last, shops, apartMs }: Range): Promise<void> {
  const number = `'FF2501' || printf('%09d', n.i)`;
  const renamed = (column: string): string => `replace(${column}, '${original}', ${number})`;
  const own: Record<string, string> = {
    merchant_id: `1 + n.i % ${shops}`,
    payment_no: number,
    local_no: `'grown-' || n.i`,
    answer: renamed('answer'),
    detail: renamed('detail'),
    changes: renamed('changes'),
    notify_id: `notify_id || n.i`,
    created_at_ms: `created_at_ms - ${apartMs} * n.i`,
  };
  for (const table of ['payment', 'payment_event']) {
    const { rows } = await sql<{
      name: string;
    }>`select name from pragma_table_info(${table})`.execute(db);
    const names = rows.map(({ name }) => name);
    const values = names.map((name) => own[name] ?? name);
    await sql
      .raw(
        `with recursive n(i) as (select ${first} union all select i + 1 from n where i < ${last})
        insert into ${table} (${names.join(', ')})
        select ${values.join(', ')} from ${table}, n where payment_no = '${original}'`,
      )
      .execute(db);
  }
}
