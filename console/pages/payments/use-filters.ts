/** The filters in the address of the page, and how they are changed: a new choice begins at the newest payment. */
import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { filtersOf, searchOf, type PaymentFilters } from './filters.ts';

export function useFilters(): {
  readonly filters: PaymentFilters;
  readonly change: (some: PaymentFilters) => void;
  readonly clear: () => void;
} {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const filters = useMemo(() => filtersOf(search), [search]);
  const goTo = (wanted: PaymentFilters): void =>
    void navigate({ pathname: '/console/payments', search: searchOf(wanted).toString() });
  return {
    filters,
    change: (some) => goTo({ ...filters, ...some }),
    clear: () => goTo({}),
  };
}
