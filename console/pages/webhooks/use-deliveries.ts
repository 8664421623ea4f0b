/** What an endpoint was sent, as pages and one by one. No event tells of it: what waits is asked about again. */
import { useQuery } from '@tanstack/react-query';
import type { WebhookDelivery } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';
import { ASKED_EVERY_MS } from '../../api/gateway.ts';
import { readPage } from '../../api/read-page.ts';

export type DeliveryState = WebhookDelivery['state'];

const KEY = ['webhook-deliveries'] as const;
/** What is to be sent now is sent within moments, or in half a minute where the program failed just now. */
const ASKED_SOON_MS = 2000;
const NOW_WITHIN_MS = 60_000;

export function useDeliveries(
  endpoint: string,
  state: DeliveryState | undefined,
  cursor: string | undefined,
) {
  return useQuery({
    queryKey: [...KEY, endpoint, { state }, cursor],
    queryFn: () =>
      readPage((place) => client.webhookDeliveries.list({ endpoint, state, ...place }), cursor),
    refetchInterval: ({ state: { data } }) =>
      data?.rows.some(isUnderWay) ? ASKED_SOON_MS : ASKED_EVERY_MS,
  });
}

export function useDelivery(id: string) {
  return useQuery({
    queryKey: [...KEY, 'one', id],
    queryFn: () => client.webhookDeliveries.get(id),
    refetchInterval: ({ state: { data } }) => data && isUnderWay(data) && ASKED_SOON_MS,
  });
}

function isUnderWay({ next_attempt_at: at }: WebhookDelivery): boolean {
  return at !== null && Math.abs(Date.parse(at) - Date.now()) < NOW_WITHIN_MS;
}

export function readDeliveriesAgain(): void {
  void queryClient.invalidateQueries({ queryKey: KEY });
}
