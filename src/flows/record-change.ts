/**
 * The one way to write the history: every flow that changes a payment or a refund calls it in the transaction of the
 * change, with the rows before and after. The first event carries what changed; further ones are effects of the same
 * change and share its version.
 */
import { assert } from '../core/assert.ts';
import { changesOf, type RowChange } from '../core/history.ts';
import type { Queryable } from '../store/database.ts';
import { appendEvents, type NewEvent } from '../store/events.ts';

export async function recordChange(
  tx: Queryable,
  change: RowChange,
  atMs: number,
  events: readonly [NewEvent, ...NewEvent[]],
): Promise<void> {
  const { before, after } = change.payment;
  assert(after.version === (before?.version ?? 0) + 1, 'each version has one change');
  const [first, ...effects] = events;
  await appendEvents(tx, after, atMs, [{ ...first, changes: changesOf(change) }, ...effects]);
}
