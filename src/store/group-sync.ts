/**
 * Commits reach the disk in groups. A commit writes to the log file and goes on; whoever must know that it lasts waits
 * until the disk has the log, and all who wait at that time share one wait. A disk takes milliseconds for it, and each
 * payment needs it twice: one by one, they would stand in a queue. Knows no SQL; `database.ts` tells it what was written.
 */

/** Brings what was written so far to the disk. Rejects when the disk failed. */
export type Sync = () => Promise<void>;

export type GroupSync = {
  /** Something was committed. */
  wrote(): void;
  /**
   * Resolves when all that was committed before this call is on disk. Rejects, from then on always, once a sync failed:
   * what the operating system dropped then is not found by asking again.
   */
  durable(): Promise<void>;
  /** Throws when a sync failed: nothing that is written now would last. */
  check(): void;
};

/** The disk failed; the process must end, and start again from what is on the disk. */
export class DiskFailed extends Error {
  override readonly name = 'DiskFailed';
}

/** `gather` lets whatever is ready to run go first, so that those who commit just now are in the sync. */
export function createGroupSync(sync: Sync, gather: () => Promise<void>): GroupSync {
  /** How many commits there were, and how many of them the disk has. */
  const commits = { written: 0, durable: 0 };
  let running: Promise<void> | undefined;
  let failure: DiskFailed | undefined;

  const run = async (): Promise<void> => {
    await gather();
    // What is committed while the disk is busy may miss this sync, and waits for the next.
    const upTo = commits.written;
    try {
      await sync();
      commits.durable = upTo;
    } catch (cause) {
      failure = new DiskFailed('The database could not be brought to the disk', { cause });
    } finally {
      running = undefined;
    }
  };
  const check = (): void => {
    if (failure !== undefined) throw failure;
  };
  return {
    wrote: () => {
      commits.written += 1;
    },
    durable: async () => {
      const mine = commits.written;
      check();
      while (commits.durable < mine) {
        running ??= run();
        await running;
        check();
      }
    },
    check,
  };
}
