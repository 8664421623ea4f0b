/**
 * Where the points of a chart are: in units of its picture, with a scale that ends at a round number. Pure; the picture is drawn in
 * `series-chart.tsx`.
 */

import { yuanText } from '../../money.ts';
import type { Language } from '../../words/words.ts';

export type Box = {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

export type Scale = {
  /** Round numbers from nothing to the end, for lines across the picture. */
  readonly ticks: readonly number[];
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
};

const TICKS = 4;

export function scaleOf(box: Box, count: number, most: number): Scale {
  const step = roundStep(most / TICKS);
  const end = step * Math.max(1, Math.ceil(most / step));
  const [width, height] = [box.width - box.left - box.right, box.height - box.top - box.bottom];
  return {
    ticks: Array.from({ length: Math.round(end / step) + 1 }, (_none, index) => index * step),
    x: (index) => box.left + (count < 2 ? width / 2 : (index * width) / (count - 1)),
    y: (value) => box.top + height - (value * height) / end,
  };
}

/** 1, 2, 5, 10, 20, 50 … : the first that is not less; at least one, because what is shown is whole. */
function roundStep(least: number): number {
  const size = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, least))));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * size >= least) ?? 10;
  return factor * size;
}

/** From here on the figures would not fit beside the picture. */
const SHORT_FROM_FEN = 1_000_000_000;

/** What a line across the picture stands for, in yuan. */
export function tickText(amountFen: number, language: Language): string {
  if (amountFen < SHORT_FROM_FEN) return yuanText(amountFen).replace(/\.00$/, '');
  return new Intl.NumberFormat(language, { notation: 'compact' }).format(amountFen / 100);
}

export function pathOf(points: readonly (readonly [x: number, y: number])[]): string {
  return points
    .map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${tenth(x)} ${tenth(y)}`)
    .join('');
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The point that is nearest to a place in the picture. */
export function nearestPoint({ x }: Scale, count: number, at: number): number {
  const [first, last] = [x(0), x(count - 1)];
  if (last === first) return 0;
  const index = Math.round(((at - first) * (count - 1)) / (last - first));
  return Math.min(count - 1, Math.max(0, index));
}

/** Which points have a label below them: at most so many, evenly, the first among them. */
export function labelled(count: number, most: number): readonly number[] {
  const every = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / every) }, (_none, index) => index * every);
}
