/**
 * Waits until a row is settled, or until patience ends: a clerk stands there. The wait only reads the row; who settles it
 * (the worker, a notification, another node) is not its business.
 */
import { assert } from '../core/assert.ts';
import type { Deps } from './deps.ts';

/** News of another node reaches us by looking: at least this often. */
const LOOK_EVERY_MS = 1000;

/** What is waited for: the row, the topic under which its changes are told, and when it needs no more waiting. */
export type Awaited<Row> = {
  readonly topic: string;
  readonly read: () => Promise<Row | undefined>;
  readonly isSettled: (row: Row) => boolean;
};

/** The row as it is once settled, or when the monotonic clock reaches `untilMs`, or when the process is told to stop. */
export async function waitForRow<Row>(
  deps: Pick<Deps, 'clock' | 'news'>,
  { topic, read, isSettled }: Awaited<Row>,
  untilMs: number,
): Promise<Row> {
  const follower = deps.news.follow(topic);
  try {
    for (;;) {
      const row = await read();
      assert(row !== undefined, 'a row that is waited for is stored');
      const leftMs = untilMs - deps.clock.monotonicMs();
      if (isSettled(row) || leftMs <= 0 || deps.news.stopping) return row;
      await follower.next(Math.min(leftMs, LOOK_EVERY_MS));
    }
  } finally {
    follower.close();
  }
}
