/** Times as they are written. The clock of the machine that runs this must make no difference to them. */
import { expect, test } from 'vitest';
import {
  countdownText,
  dayStartMs,
  dayText,
  rfc3339,
  shortTimeText,
  timeInputText,
  timeOfInput,
  timeText,
} from './time.ts';

const EVENING_UTC = '2026-11-30T16:00:00.000Z';

test('an evening in London is the next day in Shanghai', () => {
  expect(timeText(EVENING_UTC)).toBe('2026-12-01 00:00:00');
  expect(shortTimeText(EVENING_UTC)).toBe('12-01 00:00');
  expect(dayText(Date.parse(EVENING_UTC))).toBe('2026-12-01');
  expect(dayText(Date.parse(EVENING_UTC) - 1)).toBe('2026-11-30');
});

test('a field for times holds those of Shanghai, and leaves out seconds that are none', () => {
  expect(timeInputText(Date.parse(EVENING_UTC))).toBe('2026-12-01T00:00:00');
  for (const typed of ['2026-12-01T00:00:00', '2026-12-01T00:00']) {
    expect(rfc3339(Date.parse(timeOfInput(typed)))).toBe(EVENING_UTC);
  }
});

test('days begin at midnight in Shanghai', () => {
  const at = Date.parse('2026-12-01T03:04:05+08:00');
  expect(rfc3339(dayStartMs(at))).toBe(EVENING_UTC);
  expect(rfc3339(dayStartMs(at, 7))).toBe('2026-11-23T16:00:00.000Z');
  expect(dayStartMs(Date.parse(EVENING_UTC))).toBe(Date.parse(EVENING_UTC));
});

test.each([
  [299_001, '05:00'],
  [1, '00:01'],
  [0, '00:00'],
  [-5000, '00:00'],
])('%i ms left is %s', (leftMs, text) => {
  expect(countdownText(leftMs)).toBe(text);
});
