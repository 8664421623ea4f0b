/** The till of one shop, as long as its page is open: with the gateway behind it, and the browser's network. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { client } from '../api/client.ts';
import { dropSession } from '../api/session.ts';
import { dayText } from '../time.ts';
import { journal, newKey, pause } from './system.ts';
import { createTill, type Till } from './till.ts';
import type { TillState } from './till-memory.ts';

export function useTill(merchant: string, subject: string): readonly [Till, TillState] {
  const latestSubject = useRef(subject);
  useEffect(() => {
    latestSubject.current = subject;
  });
  const [till] = useState(() =>
    createTill({
      merchant,
      journal,
      payments: client.payments,
      pause,
      newKey,
      nowMs: () => Date.now(),
      today: () => dayText(Date.now()),
      subject: () => latestSubject.current,
      signedOut: dropSession,
    }),
  );
  useEffect(() => till.start(), [till]);
  useEffect(() => {
    addEventListener('offline', till.offline);
    return () => removeEventListener('offline', till.offline);
  }, [till]);
  return [till, useSyncExternalStore(till.subscribe, till.state)];
}

/** Whether the browser has a network at all. */
export function useIsOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      addEventListener('online', listener);
      addEventListener('offline', listener);
      return () => {
        removeEventListener('online', listener);
        removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
}
