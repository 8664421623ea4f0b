/**
 * Which payments a person looks at: in the address of the page, so that it can be sent to somebody, and as the API asks for them.
 * Pure. What an address says wrongly is left out, as if it were not there.
 */
import type { GetPaymentTotalsOptions, Payment } from '../../../client/client.ts';
import { readYuan, yuanText } from '../../money.ts';
import { rfc3339 } from '../../time.ts';
import { PAYMENT_STATE_WORDS, METHOD_WORDS } from '../../words/states.ts';
import { dayMs, isPeriod, stretchOf, stretchOfDays, type Period } from '../period.ts';

export type PaymentFilters = {
  /** Any number: ours, the till's, Alipay's, a refund's. */
  readonly number?: string | undefined;
  readonly period?: Period | undefined;
  /** Days of Shanghai; both are in it. A period goes before them. */
  readonly firstDay?: string | undefined;
  readonly lastDay?: string | undefined;
  readonly merchant?: string | undefined;
  readonly state?: Payment['state'] | undefined;
  readonly method?: Payment['method'] | undefined;
  readonly refunded?: 'true' | 'false' | undefined;
  readonly amountFromFen?: number | undefined;
  readonly amountToFen?: number | undefined;
  /** Whoever asked for it: a person or a key. */
  readonly createdBy?: string | undefined;
};

/** What the API takes. */
export type PaymentQuery = Omit<
  GetPaymentTotalsOptions,
  'signal' | 'timeoutMs' | 'retryForMs' | 'merchant_reference'
>;

const NUMBER_LENGTH_MAX = 200;

/** What each filter is called in the address, in the order in which it stands there. */
const NAMES = [
  ['number', 'number'],
  ['period', 'period'],
  ['firstDay', 'from'],
  ['lastDay', 'to'],
  ['merchant', 'merchant'],
  ['state', 'state'],
  ['method', 'method'],
  ['refunded', 'refunded'],
  ['amountFromFen', 'amount_from'],
  ['amountToFen', 'amount_to'],
  ['createdBy', 'created_by'],
] as const satisfies readonly (readonly [filter: keyof PaymentFilters, name: string])[];

function readDay(text: string): string | undefined {
  return dayMs(text) === undefined ? undefined : text;
}

/** Yuan, as people write it; the API wants at least a fen. */
function readAmount(text: string): number | undefined {
  return readYuan(text) || undefined;
}

function writeAmount(amountFen: number): string {
  return yuanText(amountFen).replaceAll(',', '');
}

function keyOf<Key extends string>(table: Readonly<Record<Key, unknown>>, text: string) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is one of them
  return Object.hasOwn(table, text) ? (text as Key) : undefined;
}

export function filtersOf(search: URLSearchParams): PaymentFilters {
  const text = (name: (typeof NAMES)[number][1]): string => search.get(name) ?? '';
  const period = text('period');
  return given({
    number: text('number').trim().slice(0, NUMBER_LENGTH_MAX) || undefined,
    period: isPeriod(period) ? period : undefined,
    firstDay: readDay(text('from')),
    lastDay: readDay(text('to')),
    merchant: /^mch_\w+$/.exec(text('merchant'))?.[0],
    state: keyOf(PAYMENT_STATE_WORDS, text('state')),
    method: keyOf(METHOD_WORDS, text('method')),
    refunded: keyOf({ true: 1, false: 1 } as const, text('refunded')),
    amountFromFen: readAmount(text('amount_from')),
    amountToFen: readAmount(text('amount_to')),
    createdBy: /^(?:user|key)_\w+$/.exec(text('created_by'))?.[0],
  });
}

/** Without those that are not set. */
function given(filters: PaymentFilters): PaymentFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

export function searchOf(filters: PaymentFilters): URLSearchParams {
  const { amountFromFen, amountToFen } = filters;
  const texts = {
    ...filters,
    amountFromFen: amountFromFen === undefined ? undefined : writeAmount(amountFromFen),
    amountToFen: amountToFen === undefined ? undefined : writeAmount(amountToFen),
  };
  return new URLSearchParams(
    NAMES.flatMap(([filter, name]) => {
      const text = texts[filter];
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

export function isFiltered(filters: PaymentFilters): boolean {
  return NAMES.some(([filter]) => filters[filter] !== undefined);
}

export function queryOf(filters: PaymentFilters, nowMs: number): PaymentQuery {
  const { number, period, firstDay, lastDay, merchant, state, method, refunded } = filters;
  // What begins from now on is in it, too.
  const { fromMs, beforeMs } =
    period === undefined
      ? stretchOfDays(firstDay, lastDay)
      : { ...stretchOf(period, nowMs), ...(period === 'yesterday' ? {} : { beforeMs: undefined }) };
  return {
    number,
    merchant,
    state,
    method,
    refunded,
    amount_from: filters.amountFromFen,
    amount_to: filters.amountToFen,
    created_by: filters.createdBy,
    created_from: fromMs === undefined ? undefined : rfc3339(fromMs),
    created_before: beforeMs === undefined ? undefined : rfc3339(beforeMs),
  };
}

/** Where the file is that holds exactly these payments. */
export function exportPath(
  query: PaymentQuery,
  format: 'csv' | 'xlsx',
  language: 'zh' | 'en',
): string {
  const all = Object.entries({ format, language, ...query });
  const given = all.flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
  return `/v2/payments/export?${new URLSearchParams(given).toString()}`;
}
