/** Which refunds a person looks at: in the address of the page, and as the API asks for them. Pure. */
import type { Refund, SearchRefundsOptions } from '../../../client/client.ts';
import { rfc3339 } from '../../time.ts';
import { REFUND_STATE_WORDS } from '../../words/states.ts';
import { isPeriod, stretchOf, type Period } from '../period.ts';

export type RefundFilters = {
  readonly period?: Period | undefined;
  readonly state?: Refund['state'] | undefined;
  readonly merchant?: string | undefined;
};

export function filtersOf(search: URLSearchParams): RefundFilters {
  const [period, state, merchant] = ['period', 'state', 'merchant'].map((name) => search.get(name));
  return {
    ...(isPeriod(period) ? { period } : {}),
    ...(isState(state) ? { state } : {}),
    ...(/^mch_\w+$/.test(merchant ?? '') ? { merchant: merchant ?? undefined } : {}),
  };
}

function isState(text: string | null | undefined): text is Refund['state'] {
  return text !== null && text !== undefined && Object.hasOwn(REFUND_STATE_WORDS, text);
}

export function searchOf(filters: RefundFilters): URLSearchParams {
  const pairs = Object.entries(filters);
  return new URLSearchParams(
    pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export function queryOf({ period, ...rest }: RefundFilters, nowMs: number): SearchRefundsOptions {
  if (period === undefined) return rest;
  const { fromMs, beforeMs } = stretchOf(period, nowMs);
  return {
    ...rest,
    created_from: rfc3339(fromMs),
    // What is asked for from now on is in it, too.
    ...(period === 'yesterday' ? { created_before: rfc3339(beforeMs) } : {}),
  };
}
