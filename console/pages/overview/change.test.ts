/** A change is told so that it cannot be misread: nothing is compared with nothing, and almost all is not all. */
import { expect, test } from 'vitest';
import { changeOf, pointsOf, rateText, shareOf } from './change.ts';

test('amounts and counts change by percent of what they were', () => {
  expect(changeOf(150, 100)).toStrictEqual({ kind: 'more', text: '50%' });
  expect(changeOf(0, 100)).toStrictEqual({ kind: 'less', text: '100%' });
  expect(changeOf(1003, 1000)).toStrictEqual({ kind: 'more', text: '0.3%' });
  expect(changeOf(7, 7)).toStrictEqual({ kind: 'same' });
  expect(changeOf(7, 0)).toStrictEqual({ kind: 'new' });
  expect(changeOf(50_000, 1)).toStrictEqual({ kind: 'more', text: '>999%' });
});

test('rates change by points', () => {
  expect(pointsOf(0.975, 0.95)).toStrictEqual({ kind: 'more', text: '2.5' });
  expect(pointsOf(0.9, 1)).toStrictEqual({ kind: 'less', text: '10' });
  expect(pointsOf(0.9, null)).toStrictEqual({ kind: 'new' });
  expect(pointsOf(null, null)).toStrictEqual({ kind: 'same' });
  expect(pointsOf(null, 0.9)).toStrictEqual({ kind: 'same' });
});

test('a rate with one decimal, and what is not all is not 100%', () => {
  expect([rateText(1), rateText(0.9999), rateText(0.5), rateText(0)]).toStrictEqual([
    '100%',
    '99.9%',
    '50%',
    '0%',
  ]);
});

test('a share of nothing is nothing', () => {
  expect([shareOf(1, 3), shareOf(0, 0), shareOf(5, 5)]).toStrictEqual([33.3, 0, 100]);
});
