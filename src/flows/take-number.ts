/**
 * Payment numbers for this node: taken from the database in blocks, so that a payment costs no extra write, and given
 * out from memory. A block that a crash leaves half used is lost, which is no harm: numbers are unique, not dense.
 */
import { formatPaymentNo } from '../core/numbers.ts';
import { shanghaiDay } from '../core/time.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Db } from '../store/database.ts';

const BLOCK = 100;

export type NumberSource = {
  /** A payment number of the day of `nowMs`. Must not be called inside a transaction. */
  takePaymentNo(nowMs: number): Promise<string>;
};

export function createNumberSource(db: Db): NumberSource {
  const block = { next: 0, left: 0 };
  let refilling: Promise<void> | undefined;

  const refill = async (): Promise<void> => {
    block.next = await takeNumbers(db, 'payment', BLOCK);
    block.left = BLOCK;
  };

  return {
    takePaymentNo: async (nowMs) => {
      while (block.left === 0) {
        refilling ??= refill().finally(() => (refilling = undefined));
        await refilling;
      }
      block.left -= 1;
      return formatPaymentNo(shanghaiDay(nowMs), block.next++);
    },
  };
}
