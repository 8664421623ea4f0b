/**
 * How far a long command is, on stderr: one line that renews itself on a terminal, a line now and then where it goes to a
 * file. The line itself is a pure function.
 */
import type { Clock } from '../system/clock.ts';

export type Screen = {
  readonly isTerminal: boolean;
  write(text: string): void;
};

export type Step = {
  /** `copying`, say. Another one begins a new measurement. */
  readonly phase: string;
  /** What of it is done now. */
  readonly item: string;
  readonly done: number;
  readonly total: number;
};

export type Progress = {
  tell(step: Step): void;
  /** Leaves the last line as it is. */
  end(): void;
};

const EVERY_MS = { terminal: 200, file: 10_000 };

export function startProgress(clock: Clock, screen: Screen): Progress {
  const everyMs = screen.isTerminal ? EVERY_MS.terminal : EVERY_MS.file;
  let phase: string | undefined;
  let begun = { atMs: 0, done: 0 };
  let shownAtMs = -Infinity;
  let isOpen = false;
  const end = (): void => {
    if (isOpen) screen.write('\n');
    isOpen = false;
  };
  return {
    tell: (step) => {
      const nowMs = clock.monotonicMs();
      if (step.phase !== phase) {
        end();
        phase = step.phase;
        begun = { atMs: nowMs, done: step.done };
        shownAtMs = -Infinity;
      }
      if (nowMs - shownAtMs < everyMs && step.done !== step.total) return;
      shownAtMs = nowMs;
      const line = progressLine(step, begun.done, nowMs - begun.atMs);
      screen.write(screen.isTerminal ? `\r${line}\u001b[K` : `${line}\n`);
      isOpen = screen.isTerminal;
    },
    end,
  };
}

/** `doneBefore` rows were done when the time began to run. */
export function progressLine(step: Step, doneBefore: number, elapsedMs: number): string {
  const { phase, item, done, total } = step;
  const parts = [`${phase} ${item}: ${countText(done)} of ${countText(total)} rows`];
  if (total > 0) parts.push(`${Math.floor((done / total) * 100)} %`);
  const perMs = elapsedMs === 0 ? 0 : (done - doneBefore) / elapsedMs;
  if (perMs > 0) {
    parts.push(`${countText(Math.round(perMs * 1000))} rows/s`);
    if (done < total) parts.push(`${durationText((total - done) / perMs)} left`);
  }
  return parts.join(', ');
}

/** `1,234,567`. */
export function countText(count: number): string {
  return count.toLocaleString('en');
}

/** `41 s`, `3 min 5 s`, `2 h 10 min`. */
export function durationText(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
