/**
 * Payment numbers for this node: taken from the database in blocks, so that a payment costs no extra write, and given
 * out from memory. A block that a crash leaves half used is lost, which is no harm: numbers are unique, not dense.
 */
import { formatPaymentNo, PAYMENT_NO_CYCLE } from '../core/numbers.ts';
import { shanghaiDay } from '../core/time.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Db } from '../store/database.ts';
import type { Random } from '../system/random.ts';

const BLOCK = 100;
/**
 * A new database begins anywhere in the cycle: an older system, a restored backup or a second gateway that counts under
 * the same account at Alipay today would otherwise have used the same numbers.
 */
const START_HEX_BYTES = 4;

export type NumberSource = {
  /** A payment number of the day of `nowMs`. Must not be called inside a transaction. */
  takePaymentNo(nowMs: number): Promise<string>;
};

export function createNumberSource(db: Db, random: Random): NumberSource {
  const block = { next: 0, left: 0 };
  let refilling: Promise<void> | undefined;

  const refill = async (): Promise<void> => {
    const start = 1 + (Number.parseInt(random.hex(START_HEX_BYTES), 16) % PAYMENT_NO_CYCLE);
    block.next = await takeNumbers(db, 'payment', BLOCK, start);
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
