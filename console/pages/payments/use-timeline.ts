/** The story of a payment, which more than one part of its page tells from. It is read again whenever the payment moves. */
import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { KEYS } from '../../api/live.ts';

export function useTimeline(id: string) {
  return useQuery({
    queryKey: KEYS.timeline(id),
    queryFn: () => client.payments.getTimeline(id),
  });
}
