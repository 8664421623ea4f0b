/**
 * One webhook endpoint as it was read, with what names that reading: a change by somebody else since is then refused. And what is read
 * again after a change of it.
 */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { headersOf, type WebhookEndpoint } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';
import { ASKED_EVERY_MS } from '../../api/gateway.ts';

export type ReadEndpoint = {
  readonly endpoint: WebhookEndpoint;
  readonly etag: string | undefined;
};

export const ENDPOINTS_KEY = ['webhook-endpoints'] as const;

const keyOf = (id: string) => ['webhook-endpoint', id] as const;

export const pathOf = (id: string): string => `/console/webhooks/${id}`;

export function useEndpoint(id: string): UseQueryResult<ReadEndpoint> {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: async () => readOf(await client.webhookEndpoints.get(id)),
    // It may begin to fail while somebody looks.
    refetchInterval: ASKED_EVERY_MS,
  });
}

/** As an answer brought it: what is kept of an answer is copied, and its headers are lost then. A secret is shown, and not kept. */
function readOf(answer: WebhookEndpoint): ReadEndpoint {
  const { secret: _secret, ...endpoint } = answer;
  return { endpoint, etag: headersOf(answer).get('etag') ?? undefined };
}

/** After a change, as it answered. */
export function takeEndpoint(endpoint: WebhookEndpoint): void {
  queryClient.setQueryData<ReadEndpoint>(keyOf(endpoint.id), readOf(endpoint));
  void queryClient.invalidateQueries({ queryKey: ENDPOINTS_KEY });
  void queryClient.invalidateQueries({ queryKey: ['webhook-deliveries'] });
}

export function readEndpointAgain(id: string): void {
  void queryClient.invalidateQueries({ queryKey: keyOf(id) });
}

/** It is not there any more: nothing asks for it again. */
export function dropEndpoint(id: string): void {
  queryClient.removeQueries({ queryKey: keyOf(id) });
  void queryClient.invalidateQueries({ queryKey: ENDPOINTS_KEY });
}
