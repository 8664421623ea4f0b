/**
 * The changes of one payment take turns within this process, and each begins from the row that the one before it left: the
 * answer to a charge and its notification come in the same moment, and whoever lost that race would read and write once
 * more. This saves work and nothing else: what keeps writers apart, here and on other nodes, is the version that each names.
 */
import type { Payment } from '../core/payment.ts';

export type Turns = {
  /**
   * Runs `work` when the changes of this payment that came before it have ended. `last` is the row that the latest of them
   * left; undefined when there was none, or when it failed.
   */
  take(paymentNo: string, work: (last: Payment | undefined) => Promise<Payment>): Promise<Payment>;
};

export function createTurns(): Turns {
  const latest = new Map<string, Promise<Payment | undefined>>();
  return {
    take: (paymentNo, work) => {
      const before = latest.get(paymentNo);
      const result = before === undefined ? work(undefined) : before.then(work);
      const ended = result.catch(() => undefined);
      latest.set(paymentNo, ended);
      void ended.then(() => {
        if (latest.get(paymentNo) === ended) latest.delete(paymentNo);
      });
      return result;
    },
  };
}
