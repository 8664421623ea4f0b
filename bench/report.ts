/**
 * What a run of the bench came to: a table for people, and a file for machines from which `docs/performance.md` is made.
 */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { FIGURES, isReached, type Figure, type FigureId, type Samples } from './figures.ts';
import { summarize, type Summary } from './statistics.ts';

/** The shape of `results.json`. */
export type Results = {
  /** Day of the run, in UTC. */
  readonly day: string;
  /** The command that made it. */
  readonly command: string;
  readonly seconds: number;
  readonly machine: { readonly cpu: string; readonly threads: number; readonly memoryGb: number };
  readonly node: string;
  readonly figures: Readonly<Partial<Record<FigureId, Measured>>>;
};

export type Measured = Summary & { readonly samples: readonly number[] };

export function resultsOf(
  samples: Samples,
  run: Pick<Results, 'command' | 'seconds' | 'day'>,
): Results {
  return {
    ...run,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      threads: availableParallelism(),
      memoryGb: Math.round(totalmem() / 2 ** 30),
    },
    node: process.version,
    figures: Object.fromEntries(
      Object.entries(samples).map(([id, values]) => [id, measured(values)]),
    ),
  };
}

function measured(samples: readonly number[]): Measured {
  return { ...summarize(samples), samples };
}

export type Row = {
  readonly figure: Figure;
  /** Median, and how far the rounds lay apart. */
  readonly value: string;
  readonly spread: string;
  readonly aim: string;
  readonly isReached: boolean | undefined;
};

/** The figures that were measured, in the order of the table. */
export function rowsOf({ figures }: Results): readonly Row[] {
  return figureIds().flatMap((id) => {
    const value = figures[id];
    return value === undefined ? [] : [rowOf(FIGURES[id], value)];
  });
}

function rowOf(figure: Figure, { median, low, high, samples }: Measured): Row {
  const text = (value: number): string => value.toFixed(figure.digits);
  const sign = figure.aim?.better === 'less' ? '≤' : '≥';
  return {
    figure,
    value: `${text(median)} ${figure.unit}`,
    spread: samples.length === 1 ? '' : `${text(low)} to ${text(high)}`,
    aim: figure.aim === undefined ? '' : `${sign} ${figure.aim.limit} ${figure.unit}`,
    isReached: isReached(figure, median),
  };
}

function figureIds(): readonly FigureId[] {
  return Object.keys(FIGURES) as FigureId[];
}

const MARKS = new Map([
  [true, 'reached'],
  [false, 'missed'],
  [undefined, ''],
]);

/** The table as a terminal shows it. */
export function terminalTable(results: Results): string {
  const rows = rowsOf(results).map(({ figure, value, spread, aim, isReached: reached }) => [
    figure.en,
    value,
    spread,
    aim,
    MARKS.get(reached) ?? '',
  ]);
  const table = [['figure', 'median', 'spread', 'aim', ''], ...rows];
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
