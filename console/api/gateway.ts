/** What the gateway says of itself: whether it is a simulation, where the guest's wallet is then, and how much waits. */
import { useQuery } from '@tanstack/react-query';
import { client } from './client.ts';

/** Incidents are no events of the feed: they are asked for. */
export const ASKED_EVERY_MS = 15_000;

export function useGateway() {
  return useQuery({
    queryKey: ['gateway'],
    queryFn: () => client.gateway.get(),
    refetchInterval: ASKED_EVERY_MS,
  });
}
