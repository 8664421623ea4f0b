/** Medians and ranks as tables define them. */
import { expect, test } from 'vitest';
import { quantile, summarize } from './statistics.ts';

test.each<[readonly number[], number]>([
  [[3], 3],
  [[3, 1], 2],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (samples, median) => {
  expect(summarize(samples).median).toBe(median);
});

test('the spread is from the lowest to the highest', () => {
  expect(summarize([5, 1, 9])).toStrictEqual({ median: 5, low: 1, high: 9 });
});

test('a share of the samples is not above its quantile', () => {
  const samples = Array.from({ length: 1000 }, (_, index) => 1000 - index);
  expect(quantile(samples, 0.99)).toBe(990);
  expect(quantile(samples, 0.999)).toBe(999);
  expect(quantile([1, 2, 3], 0.99)).toBe(3);
});

test('nothing measured is no figure', () => {
  expect(() => summarize([])).toThrow('no round');
});
