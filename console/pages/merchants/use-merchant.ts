/** One merchant as it was read, with what names that reading: a change by somebody else since is then refused. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { headersOf, type Merchant } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';

export type ReadMerchant = { readonly merchant: Merchant; readonly etag: string | undefined };

const keyOf = (id: string) => ['merchant', id] as const;

export function useMerchant(id: string): UseQueryResult<ReadMerchant> {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: async () => readOf(await client.merchants.get(id)),
  });
}

/** As an answer brought it: what is kept of an answer is copied, and its headers are lost then. */
function readOf(merchant: Merchant): ReadMerchant {
  return { merchant, etag: headersOf(merchant).get('etag') ?? undefined };
}

/** After a change. Merchants of the same application may have changed with it. */
export function takeMerchant(merchant: Merchant): void {
  // They are read again when somebody looks at them; this one is at hand.
  void queryClient.invalidateQueries({ queryKey: ['merchant'], refetchType: 'none' });
  queryClient.setQueryData(keyOf(merchant.id), readOf(merchant));
  for (const queryKey of [['merchants'], ['merchant-names']]) {
    void queryClient.invalidateQueries({ queryKey });
  }
}

export function readMerchantAgain(id: string): void {
  void queryClient.invalidateQueries({ queryKey: keyOf(id) });
}
