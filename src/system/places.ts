/**
 * Files and folders as a stranger finds them: whether they are there, who may read them, how much room is left. It looks
 * and reads, and never makes or changes anything; what a finding means is decided by whoever asks.
 */
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  statfsSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { platform } from 'node:process';

export type Place =
  | { readonly kind: 'missing' }
  /** It cannot even be looked at; `why` is the system's word. */
  | { readonly kind: 'hidden'; readonly why: string }
  | {
      readonly kind: 'folder' | 'file' | 'other';
      /** Permission bits, such as 0o700; undefined where the system has none. */
      readonly mode: number | undefined;
      readonly bytes: number;
      readonly isReadable: boolean;
      readonly isWritable: boolean;
    };

export type ReadPlace =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly why: string };

export type Places = {
  look(path: string): Place;
  /** At most `bytesMax` from the beginning. */
  read(path: string, bytesMax: number): ReadPlace;
  /** Room for us on the disk of `path`, or of the nearest folder above it that exists; undefined when nobody tells. */
  freeBytes(path: string): number | undefined;
};

export const realPlaces: Places = {
  look: (path) => {
    try {
      const stats = statSync(path);
      return {
        kind: kindOf(stats),
        mode: platform === 'win32' ? undefined : stats.mode & 0o777,
        bytes: stats.size,
        isReadable: mayDo(path, constants.R_OK),
        isWritable: mayDo(path, constants.W_OK),
      };
    } catch (error) {
      const why = codeOf(error);
      return why === 'ENOENT' ? { kind: 'missing' } : { kind: 'hidden', why };
    }
  },
  read: (path, bytesMax) => {
    try {
      return { ok: true, bytes: readFrom(path, bytesMax) };
    } catch (error) {
      return { ok: false, why: codeOf(error) };
    }
  },
  freeBytes: (path) => {
    let folder = resolve(path);
    for (;;) {
      try {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize;
      } catch (error) {
        const above = dirname(folder);
        if (codeOf(error) !== 'ENOENT' || above === folder) return undefined;
        folder = above;
      }
    }
  },
};

function kindOf(stats: Stats): 'folder' | 'file' | 'other' {
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'other';
}

function mayDo(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    // The question is whether, and this is the answer.
    return false;
  }
}

/** One read more than a whole file needs would wait for ever on what is no file. */
function readFrom(path: string, bytesMax: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(bytesMax);
    return bytes.subarray(0, readSync(file, bytes, 0, bytesMax, 0));
  } finally {
    closeSync(file);
  }
}

/** The system's short word, such as ENOENT, or the whole sentence where it has none. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
