/** The simulator's clock: what it says, and steps ahead. */
import { useEffect, useState } from 'react';

import { advanceClock, isApiError, readClock } from './api.ts';
import type { Clock as ClockState } from './api.ts';
import { useWords } from './language.tsx';
import { every } from './system.ts';
import { useWallet } from './wallet-state.tsx';

const MINUTE_MS = 60_000;
const STEPS = [
  ['minute', MINUTE_MS],
  ['tenMinutes', 10 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['day', 24 * 60 * MINUTE_MS],
] as const;
const READ_MS = 1000;

/** `1 d 02:03:04`, without the days if there are none. */
export function aheadText(aheadMs: number): string {
  const seconds = Math.floor(aheadMs / 1000);
  const days = Math.floor(seconds / 86_400);
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return days === 0 ? time : `${days} d ${time}`;
}

/** The page says by itself that the simulator is silent. */
function unlessSilent(error: unknown): void {
  if (!isApiError(error)) throw error;
}

export function Clock() {
  const words = useWords();
  const { bell } = useWallet();
  const [clock, setClock] = useState<ClockState>();
  useEffect(() => {
    const read = (): void => {
      readClock().then(setClock, unlessSilent);
    };
    const endings = [bell.follow(read), every(READ_MS, read)];
    return () => endings.forEach((end) => end());
  }, [bell]);
  return (
    <section className="card">
      <h2>{words.clockTitle}</h2>
      <p className="hint">{words.clockHint}</p>
      <p className="now">
        <span>{words.clockNow}</span>
        <time>{clock?.now ?? '…'}</time>
        <small>
          {clock === undefined || clock.aheadMs < 1000
            ? words.aheadNothing
            : words.say('ahead', aheadText(clock.aheadMs))}
        </small>
      </p>
      <div className="steps">
        {STEPS.map(([name, advanceMs]) => (
          <button
            key={name}
            type="button"
            className="secondary"
            onClick={() => void advanceClock(advanceMs).then(bell.ring, unlessSilent)}
          >
            {words.say('forward', words[name])}
          </button>
        ))}
      </div>
    </section>
  );
}
