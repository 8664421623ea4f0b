/**
 * The refunds of a page of the list, in the order in which the reader saw them; what is new comes in above only when no hand is on the
 * list, as in the list of payments.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Refund } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';
import { KEYS } from '../../api/live.ts';
import { newerRows, PAGE_ROWS, readPage, type Page } from '../../api/read-page.ts';
import { queryOf, type RefundFilters } from './filters.ts';

export function useRefunds(filters: RefundFilters, cursor: string | undefined, isHeld: boolean) {
  const page = useQuery({
    queryKey: KEYS.refundPage(filters, cursor),
    queryFn: () => {
      const query = queryOf(filters, Date.now());
      return readPage((place) => client.refunds.search({ ...query, ...place }), cursor);
    },
    // It is kept true by events, and not read again under the reader's hand.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { data: latest } = useQuery({
    queryKey: KEYS.latestRefunds(filters),
    queryFn: async () => {
      const query = queryOf(filters, Date.now());
      return (await client.refunds.search({ ...query, limit: PAGE_ROWS })).data;
    },
    enabled: cursor === undefined && page.data !== undefined,
  });
  const news = page.data === undefined || latest === undefined ? [] : newerRows(page.data, latest);
  const newCount = cursor === undefined ? news.length : 0;
  const showNew = (): void => {
    queryClient.setQueryData<Page<Refund>>(KEYS.refundPage(filters, cursor), (shown) =>
      shown === undefined ? shown : { ...shown, rows: [...news, ...shown.rows] },
    );
  };
  useEffect(() => {
    if (newCount > 0 && !isHeld && window.scrollY === 0) showNew();
  });
  return { page, newCount, showNew };
}
