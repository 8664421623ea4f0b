/** What the till needs of the browser: time, chance, waiting that the network's return ends, and the journal's shelf. */
import { createJournal } from './journal.ts';

const KEY_BYTES = 16;

const randomBytes = (count: number): readonly number[] => [
  ...crypto.getRandomValues(new Uint8Array(count)),
];

/** Not `randomUUID`: pages that come without TLS have none. */
export function newKey(): string {
  return randomBytes(KEY_BYTES)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

export const journal = createJournal(localStorage, randomBytes);

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const over = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end, { signal: over.signal });
    signal.addEventListener('abort', end, { signal: over.signal });
  });
}
