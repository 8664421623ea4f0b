/**
 * Running numbers, each taken once. What they are printed as is in `core/numbers.ts`. A number taken by a transaction
 * that is rolled back is given again; one of a block whose node dies is lost, which is no harm.
 */
import type { Queryable } from './database.ts';

/** Takes `count` numbers of the sequence `name` and returns the first; a new sequence begins at `start`. */
export async function takeNumbers(
  db: Queryable,
  name: string,
  count: number,
  start = 1,
): Promise<number> {
  const { next } = await db
    .insertInto('counter')
    .values({ name, next: start + count })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ next: eb('counter.next', '+', count) })),
    )
    .returning('next')
    .executeTakeFirstOrThrow();
  return next - count;
}
