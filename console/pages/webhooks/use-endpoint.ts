/** One webhook endpoint as it was read, and what is read again after a change of it. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { WebhookEndpoint } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';
import { ASKED_EVERY_MS } from '../../api/gateway.ts';

export const ENDPOINTS_KEY = ['webhook-endpoints'] as const;

const keyOf = (id: string) => ['webhook-endpoint', id] as const;

export const pathOf = (id: string): string => `/console/webhooks/${id}`;

export function useEndpoint(id: string): UseQueryResult<WebhookEndpoint> {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: () => client.webhookEndpoints.get(id),
    // It may begin to fail while somebody looks.
    refetchInterval: ASKED_EVERY_MS,
  });
}

/** After a change. A secret is shown, and not kept. */
export function takeEndpoint({ secret: _secret, ...endpoint }: WebhookEndpoint): void {
  queryClient.setQueryData<WebhookEndpoint>(keyOf(endpoint.id), endpoint);
  void queryClient.invalidateQueries({ queryKey: ENDPOINTS_KEY });
  void queryClient.invalidateQueries({ queryKey: ['webhook-deliveries'] });
}

/** It is not there any more: nothing asks for it again. */
export function dropEndpoint(id: string): void {
  queryClient.removeQueries({ queryKey: keyOf(id) });
  void queryClient.invalidateQueries({ queryKey: ENDPOINTS_KEY });
}
