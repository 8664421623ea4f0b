/** The time, for what counts up or down on the page. Once a second is enough for people. */
import { useEffect, useState } from 'react';

const EVERY_MS = 1000;

export function useNow(isRunning = true): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  return nowMs;
}
