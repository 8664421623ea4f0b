/**
 * SQL of the one text that tells whether a master key is the one used with this database: sealed by the first gateway that
 * started on it, before any private key was.
 */
import type { Queryable } from './database.ts';

const ONLY = 1;

export async function findVaultCheck(db: Queryable): Promise<string | undefined> {
  const row = await db
    .selectFrom('vault_check')
    .select('sealed')
    .where('id', '=', ONLY)
    .executeTakeFirst();
  return row?.sealed;
}

/** Stores the text, unless there is one: of several that start at once, one is first. */
export async function insertVaultCheck(db: Queryable, sealed: string): Promise<void> {
  await db
    .insertInto('vault_check')
    .values({ id: ONLY, sealed })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
