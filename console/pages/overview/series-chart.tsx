/**
 * What was paid over time, as a line, with the time before behind it. A picture of our own: it needs what a chart of this page needs,
 * and weighs nothing. Whoever cannot see it is told the sum and the most, and has the table.
 */
import { Grid } from 'antd';
import { useState, type PointerEvent } from 'react';
import type { Statistics } from '../../../client/client.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { moneyText } from '../../money.ts';
import { OVERVIEW } from '../../words/overview.ts';
import { countText } from '../count.ts';
import {
  labelled,
  nearestPoint,
  pathOf,
  scaleOf,
  tickText,
  type Box,
  type Scale,
} from './chart.ts';
import { whenText } from './when.ts';

type Series = Statistics['series'];
type Props = {
  readonly now: Series;
  readonly before: Series;
  readonly by: 'hour' | 'day';
};

const EDGES = { left: 76, right: 20, top: 12, bottom: 28 };
const WIDE: Box = { ...EDGES, width: 960, height: 240 };
/** On a phone, so that its letters are as large. */
const NARROW: Box = { ...EDGES, width: 360, height: 220 };
/** A label and the room around it. */
const LABEL_PX = 70;

export function SeriesChart({ now, before, by }: Props) {
  const words = useWords(OVERVIEW);
  const box = (Grid.useBreakpoint().md ?? true) ? WIDE : NARROW;
  const [chosen, setChosen] = useState<number>();
  // A day that is not over has fewer hours than the one before.
  const count = Math.max(now.length, before.length);
  const most = Math.max(0, ...[...now, ...before].map(({ paid_amount: amount }) => amount));
  const scale = scaleOf(box, count, most);
  const pick = (event: PointerEvent<SVGSVGElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = ((event.clientX - left) * box.width) / width;
    setChosen(Math.min(now.length - 1, nearestPoint(scale, count, at)));
  };
  const point = now[chosen ?? now.length - 1];
  return (
    <figure className="chart">
      <figcaption>
        <strong>{words.chart}</strong>
        <span className="chart-key chart-key-now">{words.chartNow}</span>
        <span className="chart-key chart-key-before">{words.chartBefore}</span>
        <span className="chart-point">
          {point === undefined ? '' : pointText(point, by, words)}
        </span>
      </figcaption>
      <svg
        role="img"
        aria-label={`${words.chart}. ${summaryOf(now, by, words)}`}
        viewBox={`0 0 ${box.width} ${box.height}`}
        onPointerMove={pick}
        onPointerDown={pick}
        onPointerLeave={() => setChosen(undefined)}
      >
        <GridLines
          box={box}
          scale={scale}
          series={now.length < before.length ? before : now}
          by={by}
        />
        <path className="line-before" d={lineOf(before, scale)} />
        <path className="line-now" d={lineOf(now, scale)} />
        {point === undefined ? null : (
          <circle
            className="point-now"
            cx={scale.x(chosen ?? now.length - 1)}
            cy={scale.y(point.paid_amount)}
            r={5}
          />
        )}
      </svg>
    </figure>
  );
}

function GridLines({
  box,
  scale,
  series,
  by,
}: {
  readonly box: Box;
  readonly scale: Scale;
  readonly series: Series;
  readonly by: 'hour' | 'day';
}) {
  const { language } = useLanguage();
  return (
    <>
      {scale.ticks.map((tick) => (
        <g key={tick} className="grid">
          <line x1={box.left} x2={box.width - box.right} y1={scale.y(tick)} y2={scale.y(tick)} />
          <text x={box.left - 8} y={scale.y(tick) + 4} textAnchor="end">
            {tickText(tick, language)}
          </text>
        </g>
      ))}
      {labelled(series.length, Math.trunc(box.width / LABEL_PX)).map((index) => (
        <text
          key={index}
          className="grid"
          x={scale.x(index)}
          y={box.height - 8}
          textAnchor="middle"
        >
          {whenText(series[index]?.from ?? '', by)}
        </text>
      ))}
    </>
  );
}

function lineOf(series: Series, scale: Scale): string {
  return pathOf(
    series.map(({ paid_amount: amount }, index) => [scale.x(index), scale.y(amount)] as const),
  );
}

type Words = ReturnType<typeof useWords<typeof OVERVIEW>>;

function pointText(point: Series[number], by: Props['by'], words: Words): string {
  const { from, paid_amount: amount, paid_count: count } = point;
  return words.point(whenText(from, by), moneyText(amount), countText(count));
}

function summaryOf(series: Series, by: Props['by'], words: Words): string {
  const total = series.reduce((sum, { paid_amount: amount }) => sum + amount, 0);
  const best = series.toSorted((one, other) => other.paid_amount - one.paid_amount)[0];
  if (best === undefined) return words.empty;
  return words.chartSummary(moneyText(total), moneyText(best.paid_amount), whenText(best.from, by));
}
