/**
 * The names of the merchants, for lists and filters: the first thousand, and the id of any other. Whoever is of one merchant needs
 * none.
 */
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../app/session.tsx';
import { client } from './client.ts';

export type NamedMerchant = { readonly id: string; readonly name: string };

const MERCHANTS_MAX = 1000;
const FRESH_FOR_MS = 60_000;

/** Empty while they are read, and for whoever is of one merchant. */
export function useMerchants(): readonly NamedMerchant[] {
  const { user } = useSession();
  const { data = [] } = useQuery({
    queryKey: ['merchant-names'],
    queryFn: readNames,
    enabled: user.merchant === null,
    staleTime: FRESH_FOR_MS,
  });
  return data;
}

/** A merchant's name, or its id where it has none. */
export function useMerchantName(): (id: string) => string {
  const names = new Map(useMerchants().map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

async function readNames(): Promise<readonly NamedMerchant[]> {
  const found: NamedMerchant[] = [];
  for await (const { id, name, shop_no: shopNo } of client.merchants.listAll({ limit: 100 })) {
    found.push({ id, name: name ?? shopNo });
    if (found.length === MERCHANTS_MAX) break;
  }
  return found;
}
