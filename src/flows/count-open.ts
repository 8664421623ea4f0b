/**
 * How many payments are open, how many of them are in doubt, and how many incidents wait for a person; of all merchants, or of
 * one. For people who look in the morning: what needs somebody comes first.
 */
import { countOpenPayments } from '../store/due.ts';
import { countOpenIncidents } from '../store/incidents.ts';
import type { Deps } from './deps.ts';

export type OpenCounts = {
  /** Somebody may still pay them. */
  readonly payments: number;
  /** Of those: Alipay's last answer taught nothing, or nobody asks any more. */
  readonly doubtfulPayments: number;
  readonly incidents: number;
};

export async function countOpen(
  { db }: Pick<Deps, 'db'>,
  merchantId: number | null,
): Promise<OpenCounts> {
  const { open, doubtful } = await countOpenPayments(db, merchantId);
  const incidents = await countOpenIncidents(db, merchantId);
  // A payment that nobody asks about any more is due no more, and has this incident until it is resolved.
  const givenUp = incidents.get('alipay_stays_silent') ?? 0;
  return {
    payments: open + givenUp,
    doubtfulPayments: doubtful + givenUp,
    incidents: [...incidents.values()].reduce((sum, count) => sum + count, 0),
  };
}
