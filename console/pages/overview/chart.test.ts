/** The picture fits its values: the scale ends at a round number that is not below the greatest. */
import { expect, test } from 'vitest';
import { labelled, nearestPoint, pathOf, scaleOf, tickText, type Box } from './chart.ts';

const BOX: Box = { width: 120, height: 60, left: 10, right: 10, top: 5, bottom: 5 };

test('a scale is of few round numbers, and holds the greatest value', () => {
  for (const most of [0, 1, 3, 7, 99, 100, 101, 8_812_345, 10_000_000_000]) {
    const { ticks, y } = scaleOf(BOX, 5, most);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
    expect(ticks.every(Number.isInteger)).toBe(true);
    expect(y(0)).toBe(55);
    expect(y(most)).toBeGreaterThanOrEqual(5);
  }
  expect(scaleOf(BOX, 5, 8800).ticks).toStrictEqual([0, 5000, 10_000]);
});

test('the line goes from edge to edge, and the nearest point is found', () => {
  const scale = scaleOf(BOX, 3, 2);
  expect(pathOf([0, 1, 2].map((value, index) => [scale.x(index), scale.y(value)]))).toBe(
    'M10 55L60 30L110 5',
  );
  expect([0, 34, 36, 120].map((at) => nearestPoint(scale, 3, at))).toStrictEqual([0, 0, 1, 2]);
  expect(nearestPoint(scaleOf(BOX, 1, 2), 1, 80)).toBe(0);
});

test('labels are as many as there is room for', () => {
  expect(labelled(24, 8)).toStrictEqual([0, 3, 6, 9, 12, 15, 18, 21]);
  expect(labelled(7, 8)).toStrictEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(labelled(0, 8)).toStrictEqual([]);
});

test('what a line stands for is written in full as long as it fits', () => {
  expect([0, 5, 250_000, 500_000_000].map((tick) => tickText(tick, 'en'))).toStrictEqual([
    '0',
    '0.05',
    '2,500',
    '5,000,000',
  ]);
  expect(tickText(5_000_000_000, 'en')).toBe('50M');
  expect(tickText(5_000_000_000, 'zh')).toBe('5000万');
});
