/**
 * The payments of a page of the list, in the order in which the reader saw them: each changes in its place, and what is new comes in
 * above only when no hand is on the list; else the page says how many there are.
 */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Payment } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';
import { KEYS } from '../../api/live.ts';
import { newerRows, PAGE_ROWS, readPage, type Page } from '../../api/read-page.ts';
import { queryOf, type PaymentFilters } from './filters.ts';

export function usePayments(
  filters: PaymentFilters,
  cursor: string | undefined,
  isHeld: boolean,
): {
  readonly page: ReturnType<typeof usePage>;
  readonly newCount: number;
  readonly showNew: () => void;
} {
  const page = usePage(filters, cursor);
  const { data: latest } = useQuery({
    queryKey: KEYS.latestPayments(filters),
    queryFn: async () => {
      const query = queryOf(filters, Date.now());
      return (await client.payments.list({ ...query, limit: PAGE_ROWS })).data;
    },
    enabled: cursor === undefined && page.data !== undefined,
    // The page itself has just been read.
    initialData: () => page.data?.rows,
  });
  const news = page.data === undefined || latest === undefined ? [] : newerRows(page.data, latest);
  const newCount = cursor === undefined ? news.length : 0;
  const showNew = (): void => {
    queryClient.setQueryData<Page<Payment>>(KEYS.paymentPage(filters, cursor), (shown) =>
      shown === undefined ? shown : { ...shown, rows: [...news, ...shown.rows] },
    );
  };
  useEffect(() => {
    if (newCount > 0 && !isHeld && window.scrollY === 0) showNew();
  });
  return { page, newCount, showNew };
}

function usePage(filters: PaymentFilters, cursor: string | undefined) {
  return useQuery({
    queryKey: KEYS.paymentPage(filters, cursor),
    queryFn: () => {
      const query = queryOf(filters, Date.now());
      return readPage((place) => client.payments.list({ ...query, ...place }), cursor);
    },
    // It is kept true by events, and not read again under the reader's hand.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
