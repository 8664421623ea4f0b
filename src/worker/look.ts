/** A look at one row that was claimed, of whatever kind. What it does is in the flows; who begins it is `worker.ts`. */
import type { Deps } from '../flows/deps.ts';

/** A claimed row, ready to be looked at. Never rejects: a failed look leaves its row to the end of the lease. */
export type Look = () => Promise<void>;

export function lookAt(
  { log }: Pick<Deps, 'log'>,
  paymentNo: string,
  check: () => Promise<unknown>,
): Look {
  return async () => {
    try {
      await check();
    } catch (error) {
      log.error({ err: error, paymentNo }, 'look at a due row failed');
    }
  };
}
