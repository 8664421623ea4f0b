/**
 * Figures of payments: sums over those that were begun in a range of time, in all, by hour or by day of Shanghai, by method and
 * by merchant. What is added up comes in cells, which may take away what others counted too much; where they come from is in
 * `store/figures.ts`. Pure.
 */
import { isOpen, type Payment, type PaymentState } from './payment.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Days are Shanghai's, which is eight hours ahead all year. */
const OFFSET_MS = 8 * HOUR_MS;

/** Payments that have these things in common, added up; negative numbers take away. */
export type Cell = {
  readonly merchantId: number;
  /** Within the hour, or the day, that they were begun in. */
  readonly fromMs: number;
  readonly method: Payment['method'];
  /** As it is shown. */
  readonly state: PaymentState;
  readonly payments: number;
  readonly amountFen: number;
  /** Refunds that are done. */
  readonly refunds: number;
  readonly refundedFen: number;
};

export type Sums = Pick<Cell, 'payments' | 'amountFen' | 'refunds' | 'refundedFen'>;

export type Figures = {
  readonly paidCount: number;
  readonly paidFen: number;
  /** Those that nobody can pay any more, or that are paid. */
  readonly endedCount: number;
  readonly refundCount: number;
  readonly refundedFen: number;
};

export type Step = 'hour' | 'day';
export type TimeRange = { readonly fromMs: number; readonly beforeMs: number };

export const NO_SUMS: Sums = { payments: 0, amountFen: 0, refunds: 0, refundedFen: 0 };

export function addSums(a: Sums, b: Sums): Sums {
  return {
    payments: a.payments + b.payments,
    amountFen: a.amountFen + b.amountFen,
    refunds: a.refunds + b.refunds,
    refundedFen: a.refundedFen + b.refundedFen,
  };
}

/** The same cell, to be taken away. */
export function negative(cell: Cell): Cell {
  return {
    ...cell,
    payments: -cell.payments,
    amountFen: -cell.amountFen,
    refunds: -cell.refunds,
    refundedFen: -cell.refundedFen,
  };
}

/** Gathers cells: one for all that have the same in common, once hours are taken for their days if that is the step. */
export function gatherCells(step: Step): {
  add(cells: readonly Cell[]): void;
  all(): readonly Cell[];
} {
  const gathered = new Map<string, Cell>();
  return {
    add: (cells) => {
      for (const cell of cells) {
        const fromMs = beginningOf(step, cell.fromMs);
        const key = `${cell.merchantId} ${fromMs} ${cell.method} ${cell.state}`;
        gathered.set(key, { ...cell, fromMs, ...addSums(gathered.get(key) ?? NO_SUMS, cell) });
      }
    },
    all: () => [...gathered.values()],
  };
}

/** The sums of the cells for each thing that `keyOf` finds. */
export function sumsBy<Key>(
  cells: readonly Cell[],
  keyOf: (cell: Cell) => Key,
): ReadonlyMap<Key, Sums> {
  const sums = new Map<Key, Sums>();
  for (const cell of cells) {
    const key = keyOf(cell);
    sums.set(key, addSums(sums.get(key) ?? NO_SUMS, cell));
  }
  return sums;
}

export function figuresOf(cells: readonly Cell[]): Figures {
  return cells.reduce(withCell, NO_FIGURES);
}

const NO_FIGURES: Figures = {
  paidCount: 0,
  paidFen: 0,
  endedCount: 0,
  refundCount: 0,
  refundedFen: 0,
};

function withCell(figures: Figures, { state, ...cell }: Cell): Figures {
  const isPaid = state === 'paid';
  return {
    paidCount: figures.paidCount + (isPaid ? cell.payments : 0),
    paidFen: figures.paidFen + (isPaid ? cell.amountFen : 0),
    endedCount: figures.endedCount + (isOpen(state) ? 0 : cell.payments),
    refundCount: figures.refundCount + cell.refunds,
    refundedFen: figures.refundedFen + cell.refundedFen,
  };
}

/** Figures for each thing that `keyOf` finds. */
export function figuresBy<Key>(
  cells: readonly Cell[],
  keyOf: (cell: Cell) => Key,
): ReadonlyMap<Key, Figures> {
  const figures = new Map<Key, Figures>();
  for (const cell of cells) {
    const key = keyOf(cell);
    figures.set(key, withCell(figures.get(key) ?? NO_FIGURES, cell));
  }
  return figures;
}

/** The beginning of the hour, or of the Shanghai day, that a time is in. */
export function beginningOf(step: Step, ms: number): number {
  if (step === 'hour') return Math.floor(ms / HOUR_MS) * HOUR_MS;
  return Math.floor((ms + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
}

/** The beginnings of all hours, or days, that a range touches, also of those in which nothing happened. */
export function beginningsIn(step: Step, { fromMs, beforeMs }: TimeRange): readonly number[] {
  const lengthMs = step === 'hour' ? HOUR_MS : DAY_MS;
  const firstMs = beginningOf(step, fromMs);
  const count = Math.max(0, Math.ceil((beforeMs - firstMs) / lengthMs));
  return Array.from({ length: count }, (_, index) => firstMs + index * lengthMs);
}

/** The part of a range that whole hours, or days, fill; empty, at its end, where there is none. */
export function wholeOf(step: Step, { fromMs, beforeMs }: TimeRange): TimeRange {
  const lengthMs = step === 'hour' ? HOUR_MS : DAY_MS;
  const beginning = beginningOf(step, fromMs);
  const from = beginning === fromMs ? fromMs : beginning + lengthMs;
  const before = beginningOf(step, beforeMs);
  return from < before ? { fromMs: from, beforeMs: before } : { fromMs: beforeMs, beforeMs };
}

/** What is in the one range and not in the part of it: before, and after. */
export function rest(range: TimeRange, part: TimeRange): readonly TimeRange[] {
  return [
    { fromMs: range.fromMs, beforeMs: part.fromMs },
    { fromMs: part.beforeMs, beforeMs: range.beforeMs },
  ].filter(({ fromMs, beforeMs }) => fromMs < beforeMs);
}
