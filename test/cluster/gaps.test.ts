import { expect, test } from 'vitest';
import { gapsBetween, gapsByFault, gapsWithout, longestMs } from './gaps.ts';

const gaps = gapsBetween([50, 20, 300], { fromMs: 0, toMs: 400 });

test('gaps lie between successes, in the order of time, and reach to both ends', () => {
  expect(gaps.map(({ fromMs, toMs }) => toMs - fromMs)).toEqual([20, 30, 250, 100]);
  expect(longestMs(gaps)).toBe(250);
  expect(longestMs(gapsBetween([], { fromMs: 0, toMs: 400 }))).toBe(400);
});

test('successes outside the time that counts do not count', () => {
  expect(gapsBetween([5, 450], { fromMs: 10, toMs: 400 })).toEqual([{ fromMs: 10, toMs: 400 }]);
});

test('a gap belongs to the first fault that began in it, or else to the last before it', () => {
  const [first, second, third] = [{ beganAtMs: 30 }, { beganAtMs: 60 }, { beganAtMs: 90 }];
  const byFault = gapsByFault(gaps, [first, second, third]);
  expect(byFault.get(undefined)).toEqual([{ fromMs: 0, toMs: 20 }]);
  expect(byFault.get(first)).toEqual([{ fromMs: 20, toMs: 50 }]);
  expect(byFault.get(second)).toEqual([{ fromMs: 50, toMs: 300 }]);
  expect(byFault.get(third)).toEqual([{ fromMs: 300, toMs: 400 }]);
});

test('gaps in which nothing was wrong are those that no fault touches', () => {
  expect(gapsWithout(gaps, [{ beganAtMs: 30, endedAtMs: 60 }])).toEqual([
    { fromMs: 0, toMs: 20 },
    { fromMs: 300, toMs: 400 },
  ]);
});
