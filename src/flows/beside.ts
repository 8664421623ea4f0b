/**
 * What else is written in the transaction of what a flow makes: the answer to the call that wanted it, say. So neither is ever
 * without the other, whenever the process dies.
 */
import type { Queryable } from '../store/database.ts';

/** It awaits the database only, and may run again with the transaction. What it throws undoes all of it. */
export type Beside<Made> = (tx: Queryable, made: Made) => Promise<void>;

export const nothingBeside: Beside<unknown> = async () => {};
