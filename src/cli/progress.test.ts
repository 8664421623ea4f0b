/** What a terminal and a file are shown of a long command. */
import { describe, expect, test } from 'vitest';
import type { Clock } from '../system/clock.ts';
import { durationText, progressLine, startProgress } from './progress.ts';

const step = (done: number, total = 4_000_000) => ({
  phase: 'copying',
  item: 'payment_event',
  done,
  total,
});

test.each([
  [step(0), 0, 0, 'copying payment_event: 0 of 4,000,000 rows, 0 %'],
  [
    step(1_000_000),
    0,
    100_000,
    'copying payment_event: 1,000,000 of 4,000,000 rows, 25 %, 10,000 rows/s, 5 min 0 s left',
  ],
  // What an earlier run did does not count as fast.
  [
    step(3_000_000),
    2_000_000,
    100_000,
    'copying payment_event: 3,000,000 of 4,000,000 rows, 75 %, 10,000 rows/s, 1 min 40 s left',
  ],
  [
    step(4_000_000),
    0,
    100_000,
    'copying payment_event: 4,000,000 of 4,000,000 rows, 100 %, 40,000 rows/s',
  ],
  [step(0, 0), 0, 0, 'copying payment_event: 0 of 0 rows'],
])('the line of %o', (it, doneBefore, elapsedMs, line) => {
  expect(progressLine(it, doneBefore, elapsedMs)).toBe(line);
});

test.each([
  [0, '0 s'],
  [1, '1 s'],
  [59_000, '59 s'],
  [60_000, '1 min 0 s'],
  [3_599_001, '1 h 0 min'],
  [7_260_000, '2 h 1 min'],
])('%i ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

describe('of a row each 100 ms', () => {
  const shown = (isTerminal: boolean): string[] => {
    const texts: string[] = [];
    let nowMs = 0;
    const clock: Clock = {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: () => Promise.resolve(),
    };
    const progress = startProgress(clock, { isTerminal, write: (text) => texts.push(text) });
    for (let done = 0; done <= 150; done += 1) {
      progress.tell(step(done, 150));
      nowMs += 100;
    }
    progress.tell({ ...step(0, 10), phase: 'comparing' });
    progress.end();
    return texts;
  };

  test('a terminal sees one line that renews itself, and another for each phase', () => {
    const texts = shown(true);
    expect(texts).toHaveLength(76 + 1 + 1 + 1);
    expect(texts.slice(0, 2)).toStrictEqual([
      '\rcopying payment_event: 0 of 150 rows, 0 %\u001b[K',
      '\rcopying payment_event: 2 of 150 rows, 1 %, 10 rows/s, 15 s left\u001b[K',
    ]);
    expect(texts.slice(-3)).toStrictEqual([
      '\n',
      '\rcomparing payment_event: 0 of 10 rows, 0 %\u001b[K',
      '\n',
    ]);
  });

  test('a file gets a line each ten seconds, and at each end', () => {
    expect(shown(false)).toStrictEqual([
      'copying payment_event: 0 of 150 rows, 0 %\n',
      'copying payment_event: 100 of 150 rows, 66 %, 10 rows/s, 5 s left\n',
      'copying payment_event: 150 of 150 rows, 100 %, 10 rows/s\n',
      'comparing payment_event: 0 of 10 rows, 0 %\n',
    ]);
  });
});
