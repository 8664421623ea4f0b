/** An act that is under way is not begun again, however fast somebody clicks: that it is under way is shown a moment later. */
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';

type Outcomes<Made> = {
  readonly onSuccess: (made: Made) => void;
  readonly onError?: (error: Error) => void;
};

export function useAct<Made>(outcomes: Outcomes<Made>) {
  const isUnderWay = useRef(false);
  const { error, isPending, mutate } = useMutation({
    ...outcomes,
    mutationFn: (act: () => Promise<Made>) => act(),
    onSettled: () => {
      isUnderWay.current = false;
    },
  });
  const begin = (act: () => Promise<Made>): void => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    mutate(act);
  };
  return { error, isPending, begin };
}
