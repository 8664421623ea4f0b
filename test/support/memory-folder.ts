/** A folder in memory, where the system has one and room in it: what tests store there never waits for a disk. */
import { mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** Of Linux. */
const MEMORY = '/dev/shm';
/** Several times what the databases of all tests take. */
const ROOM_BYTES = 4 * 2 ** 30;

/** Undefined where there is none. Whoever makes it removes it; of those who were killed, the next one does. */
export function makeMemoryFolder(name: string): string | undefined {
  if (roomBytes() < ROOM_BYTES) return undefined;
  for (const left of readdirSync(MEMORY)) {
    const [, pid] = new RegExp(`^${name}-(\\d+)-`).exec(left) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      rmSync(join(MEMORY, left), { recursive: true, force: true });
    }
  }
  return mkdtempSync(join(MEMORY, `${name}-${process.pid}-`));
}

function roomBytes(): number {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return Math.min(bavail * bsize, freemem());
  } catch {
    return 0;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
