/** What the gateway says of itself: whether it is a simulation, and where the guest's wallet is then. */
import { useQuery } from '@tanstack/react-query';
import { client } from './client.ts';

export function useGateway() {
  return useQuery({ queryKey: ['gateway'], queryFn: () => client.gateway.get() });
}
