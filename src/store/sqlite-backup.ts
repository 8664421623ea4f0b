/**
 * Backs the database up into a file of its own, beside a gateway that sells. The copy is made and proven under a temporary
 * name, and gets its own when the disk has it: a file of that name is whole, whatever was cut short. What a copy is and how
 * it is proven is in `sqlite-copy.ts`.
 */
import { existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  copyDatabase,
  FileRefused,
  withAccess,
  type Contents,
  type Progress,
} from './sqlite-copy.ts';
import { syncPath } from './sqlite.ts';

export type Backup = Contents & { readonly bytes: number };

/** Throws `FileRefused` when `to` exists, has no folder, or `from` is not a sound database of this gateway. */
export async function backUpDatabase(
  from: string,
  to: string,
  onProgress: (progress: Progress) => void,
): Promise<Backup> {
  const folder = dirname(resolve(to));
  if (!existsSync(folder))
    throw new FileRefused(`The folder ${folder} does not exist: make it first`);
  const refuseExisting = (): void => {
    if (existsSync(to)) throw new FileRefused(`${to} exists: give the backup another name`);
  };
  refuseExisting();
  // A folder of its own: what a cut-short backup leaves is in nobody's way, and says whose it was.
  const staging = withAccess(folder, 'write', () => mkdtempSync(`${to}.partial-`));
  try {
    const staged = join(staging, 'copy.sqlite');
    const contents = await copyDatabase(from, staged, { readOnly: false, onProgress });
    refuseExisting();
    renameSync(staged, to);
    syncPath(folder);
    return { ...contents, bytes: statSync(to).size };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
