/**
 * What pages show of figures: the statistics of a range of time, and the totals of the payments that some filters mean. Cells
 * come from `read-figures.ts`, and get their names in `api/v2/figures.ts`.
 */
import {
  addSums,
  beginningOf,
  beginningsIn,
  figuresBy,
  figuresOf,
  NO_SUMS,
  sumsBy,
  type Cell,
  type Figures,
  type Step,
  type Sums,
  type TimeRange,
} from '../core/figures.ts';
import type { Payment, PaymentState } from '../core/payment.ts';
import type { Db } from '../store/database.ts';
import { findMerchantNames, type MerchantName } from '../store/merchants.ts';
import type { PaymentChoice } from '../store/payment-filter.ts';
import { readStatistics, readTotals } from './read-figures.ts';

export { HOUR_MS, DAY_MS, beginningOf, type Figures, type Sums } from '../core/figures.ts';

/** Merchants that are named: those with the most that was paid. */
const MERCHANTS_MAX = 10;
export const METHODS = ['barcode', 'qr'] as const satisfies readonly Payment['method'][];

export type Statistics = {
  readonly total: Figures;
  readonly previous: Figures;
  readonly series: readonly { readonly fromMs: number; readonly figures: Figures }[];
  readonly methods: readonly { readonly method: Payment['method']; readonly figures: Figures }[];
  readonly merchants: readonly { readonly merchant: MerchantName; readonly figures: Figures }[];
};

export async function statisticsOf(
  db: Db,
  merchantId: number | null,
  range: TimeRange,
  step: Step,
): Promise<Statistics> {
  const cells = await readStatistics(db, { merchantId, range }, step);
  const byTime = figuresBy(cells.all, ({ fromMs }) => beginningOf(step, fromMs));
  const byMethod = figuresBy(cells.all, ({ method }) => method);
  const nothing = figuresOf([]);
  return {
    total: figuresOf(cells.all),
    previous: figuresOf(cells.previous),
    series: beginningsIn(step, range).map((fromMs) => ({
      fromMs,
      figures: byTime.get(fromMs) ?? nothing,
    })),
    methods: METHODS.map((method) => ({ method, figures: byMethod.get(method) ?? nothing })),
    merchants: await firstMerchants(db, cells.byMerchant),
  };
}

async function firstMerchants(db: Db, cells: readonly Cell[]): Promise<Statistics['merchants']> {
  const first = [...figuresBy(cells, ({ merchantId }) => merchantId)]
    .filter(([, { endedCount, refundCount }]) => endedCount > 0 || refundCount > 0)
    .toSorted(([idA, a], [idB, b]) => b.paidFen - a.paidFen || idA - idB)
    .slice(0, MERCHANTS_MAX);
  const names = await findMerchantNames(
    db,
    first.map(([merchantId]) => merchantId),
  );
  return first.flatMap(([merchantId, figures]) => {
    const merchant = names.get(merchantId);
    return merchant === undefined ? [] : [{ merchant, figures }];
  });
}

export type Totals = {
  readonly all: Sums;
  /** Of those that are paid now; what went back of them is in it. */
  readonly paid: Sums;
  readonly byMethod: ReadonlyMap<Payment['method'], Sums>;
  readonly byState: ReadonlyMap<PaymentState, Sums>;
};

export async function totalsOf(db: Db, choice: PaymentChoice): Promise<Totals> {
  const cells = await readTotals(db, choice);
  const byState = sumsBy(cells, ({ state }) => state);
  return {
    all: [...byState.values()].reduce(addSums, NO_SUMS),
    paid: byState.get('paid') ?? NO_SUMS,
    byMethod: sumsBy(cells, ({ method }) => method),
    byState,
  };
}
