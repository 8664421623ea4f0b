/** Which part of the audit log a person looks at: in the address of the page, and as the API asks for it. Pure. */
import type { ListAuditLogOptions } from '../../../client/client.ts';
import { rfc3339 } from '../../time.ts';
import { isPeriod, stretchOf, type Period } from '../period.ts';

export type AuditFilters = {
  readonly period?: Period | undefined;
  /** `user_…`, `key_…`, or a kind of actor. */
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  readonly target?: string | undefined;
};

export type AuditQuery = Pick<
  ListAuditLogOptions,
  'actor' | 'operation' | 'target' | 'from' | 'before'
>;

const TEXTS = ['actor', 'operation', 'target'] as const;
/** As the API has it. */
const LENGTH_MAX = 200;

export function filtersOf(search: URLSearchParams): AuditFilters {
  const period = search.get('period');
  const texts = TEXTS.map((name) => [name, search.get(name)?.trim().slice(0, LENGTH_MAX)]);
  return {
    ...(isPeriod(period) ? { period } : {}),
    ...Object.fromEntries(texts.filter(([, text]) => text)),
  };
}

export function searchOf(filters: AuditFilters): URLSearchParams {
  const pairs = Object.entries(filters);
  return new URLSearchParams(pairs.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Where the list is of what the filters mean. */
export function listPath(filters: AuditFilters): string {
  return `/console/audit-log?${searchOf(filters).toString()}`;
}

export function queryOf({ period, ...rest }: AuditFilters, nowMs: number): AuditQuery {
  if (period === undefined) return rest;
  const { fromMs, beforeMs } = stretchOf(period, nowMs);
  return {
    ...rest,
    from: rfc3339(fromMs),
    // What is done from now on is in it, too.
    ...(period === 'yesterday' ? { before: rfc3339(beforeMs) } : {}),
  };
}
