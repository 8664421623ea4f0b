/** Hears of every payment and refund of the shop as it changes, also those of other tills, for the lists on the page. */
import { useEffect } from 'react';
import { client, queryClient } from '../api/client.ts';
import { pause } from './system.ts';

export const LISTS_KEY = ['cashier-lists'] as const;

/** After this long a stream that cannot be had is asked for again. */
const AGAIN_MS = 10_000;
const SOON_MS = 500;

export function refreshLists(): void {
  void queryClient.invalidateQueries({ queryKey: LISTS_KEY });
}

let isDue = false;

/** A busy shop is not asked about at each of its payments. */
function refreshSoon(): void {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    refreshLists();
  }, SOON_MS);
}

export function useLive(merchant: string): void {
  useEffect(() => {
    let ending = new AbortController();
    // A browser has six connections to a gateway for all its windows: one that nobody looks at needs none of them.
    const listenWhileSeen = (): void => {
      ending.abort();
      ending = new AbortController();
      if (document.visibilityState !== 'visible') return;
      refreshLists();
      void listen(merchant, ending.signal);
    };
    listenWhileSeen();
    document.addEventListener('visibilitychange', listenWhileSeen);
    return () => {
      document.removeEventListener('visibilitychange', listenWhileSeen);
      ending.abort();
    };
  }, [merchant]);
}

async function listen(merchant: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const events = client.events.stream({ merchant, cursor: 'now', retryForMs: 0, signal });
      for await (const _event of events) refreshSoon();
    } catch {
      // The lists ask by themselves, too, only more slowly.
    }
    await pause(AGAIN_MS, signal);
  }
}
