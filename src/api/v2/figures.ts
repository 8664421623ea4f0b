/**
 * Figures over v2: the totals of payments that some filters mean, and the statistics of a range of time. What is added up is in
 * `flows/sum-figures.ts`; here it is asked for, and gets its names.
 */
import type { ApiKey } from '../../core/api-key.ts';
import { rfc3339 } from '../../core/time.ts';
import { PAYMENT_STATES } from '../../flows/describe-payment.ts';
import type { Deps } from '../../flows/deps.ts';
import {
  beginningOf,
  DAY_MS,
  METHODS,
  statisticsOf,
  totalsOf,
  type Figures,
  type Sums,
} from '../../flows/sum-figures.ts';
import type {
  FiguresShape,
  StatisticsQuery,
  StatisticsResource,
  TotalsResource,
} from './figure-schemas.ts';
import { merchantId } from './ids.ts';
import { choiceOf, merchantIdOf, type PaymentFilters } from './payment-query.ts';
import { invalidField } from './problems.ts';
import { readTime } from './rules.ts';

/** What a range may be long at most: as many points as a chart can show. */
const DAYS_MAX = { hour: 31, day: 366 } as const;
/** What a range is long unless it is told: today and so many days before it. */
const DAYS_DEFAULT = { hour: 1, day: 30 } as const;
const YEAR_9999_MS = readTime('before', '9999-01-01T00:00:00+08:00');
/** Four decimals. */
const RATE_STEPS = 10_000;

export async function totalsAnswer(
  deps: Deps,
  caller: Pick<ApiKey, 'merchantId'>,
  query: PaymentFilters,
): Promise<TotalsResource> {
  const { all, paid, byMethod, byState } = await totalsOf(
    deps.db,
    await choiceOf(deps, caller, query),
  );
  return {
    object: 'payment_totals',
    ...countOf(all),
    paid: countOf(paid),
    refunded: { count: all.refunds, amount: all.refundedFen },
    net_amount: paid.amountFen - paid.refundedFen,
    by_method: named(METHODS, (method) => {
      const sums = byMethod.get(method);
      return { ...countOf(sums), refunded_amount: sums?.refundedFen ?? 0 };
    }),
    by_state: named(PAYMENT_STATES, (state) => countOf(byState.get(state))),
  };
}

function countOf(sums: Sums | undefined) {
  return { count: sums?.payments ?? 0, amount: sums?.amountFen ?? 0 };
}

function named<const Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Record<Name, Value> {
  const entries = names.map((name) => [name, valueOf(name)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.fromEntries` forgets the names
  return Object.fromEntries(entries) as Record<Name, Value>;
}

export async function statisticsAnswer(
  deps: Deps,
  caller: Pick<ApiKey, 'merchantId'>,
  query: StatisticsQuery,
): Promise<StatisticsResource> {
  const { by = 'day' } = query;
  const whose = await merchantIdOf(deps, caller, query.merchant);
  const beforeMs = shownTime('before', query.before) ?? deps.clock.nowMs();
  const days = DAYS_DEFAULT[by];
  const fromMs =
    shownTime('from', query.from) ?? beginningOf('day', beforeMs - 1) - (days - 1) * DAY_MS;
  requireRange(fromMs, beforeMs, DAYS_MAX[by]);
  const found = await statisticsOf(deps.db, whose, { fromMs, beforeMs }, by);
  return {
    object: 'statistics',
    from: rfc3339(fromMs),
    before: rfc3339(beforeMs),
    by,
    total: figuresView(found.total),
    previous: figuresView(found.previous),
    series: found.series.map((point) => ({
      from: rfc3339(point.fromMs),
      ...figuresView(point.figures),
    })),
    methods: found.methods.map(({ method, figures }) => ({ method, ...figuresView(figures) })),
    merchants: found.merchants.map(({ merchant, figures }) => ({
      merchant: merchantId(merchant.cpiNo),
      name: merchant.name,
      ...figuresView(figures),
    })),
  };
}

/** The answer shows the range, and what is counted from it: a year has four digits there, too. */
function shownTime(field: string, text: string | undefined): number | undefined {
  const ms = readTime(field, text);
  if (ms === undefined || (ms >= 0 && ms < YEAR_9999_MS)) return ms;
  throw invalidField(field, 'must be within the years 1970 to 9998', '须在 1970 至 9998 年之间');
}

function requireRange(fromMs: number, beforeMs: number, daysMax: number): void {
  if (fromMs >= beforeMs) {
    throw invalidField('from', 'must be earlier than before', '须早于 before');
  }
  if (beforeMs - fromMs > daysMax * DAY_MS) {
    throw invalidField(
      'from',
      `must be at most ${daysMax} days before the end`,
      `距结束时间不能超过 ${daysMax} 天`,
    );
  }
}

function figuresView(figures: Figures): FiguresShape {
  const { paidCount, paidFen, endedCount, refundCount, refundedFen } = figures;
  return {
    paid_count: paidCount,
    paid_amount: paidFen,
    ended_count: endedCount,
    success_rate:
      endedCount === 0 ? null : Math.round((paidCount / endedCount) * RATE_STEPS) / RATE_STEPS,
    average_amount: paidCount === 0 ? null : Math.round(paidFen / paidCount),
    refund_count: refundCount,
    refunded_amount: refundedFen,
  };
}
