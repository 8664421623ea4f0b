/**
 * The browser as the wallet page uses it: the network, the clock, timers, chance and what is remembered. Everything else in this
 * folder goes through here, so that each of them is used in one place and in one way.
 */

/** Time that only runs forward, whatever the person does to the clock of the computer. */
export const nowMs = (): number => performance.now();

/** Calls `run` again and again; returns what ends that. */
export function every(intervalMs: number, run: () => void): () => void {
  const timer = setInterval(run, intervalMs);
  return () => clearInterval(timer);
}

/** Calls `run` once; returns what prevents it. */
export function after(waitMs: number, run: () => void): () => void {
  const timer = setTimeout(run, waitMs);
  return () => clearTimeout(timer);
}

/** The answer with its status; rejects when there is none. */
export const request = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);

/** Rejects where the browser does not let a page copy, as over plain http from another machine. */
export async function copyText(text: string): Promise<void> {
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard === undefined) throw new Error('this browser lets no page copy');
  await clipboard.writeText(text);
}

export function randomDigits(count: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => byte % 10).join('');
}

/** What a browser remembers, or nothing where it is told to remember nothing. */
export function remembered(storage: 'localStorage' | 'sessionStorage', name: string): string {
  try {
    return globalThis[storage].getItem(name) ?? '';
  } catch {
    // Storage is forbidden: the person chooses anew.
    return '';
  }
}

export function remember(
  storage: 'localStorage' | 'sessionStorage',
  name: string,
  value: string,
): void {
  try {
    globalThis[storage].setItem(name, value);
  } catch {
    // Forbidden or full: it holds until the page is left.
  }
}
