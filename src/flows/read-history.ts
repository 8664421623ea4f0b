/**
 * Reads a payment with everything that is told of it, at one moment, and holds the history against the rows. For people who
 * look; a till's question is answered by `query-trade.ts`.
 */
import { historyFaults } from '../core/history.ts';
import type { Incident } from '../core/incident.ts';
import type { Payment } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import { inSnapshot } from '../store/database.ts';
import { listEvents, type PaymentEvent } from '../store/events.ts';
import { listIncidentsOf } from '../store/incidents.ts';
import { findPaymentByNo } from '../store/payments.ts';
import { listRefunds } from '../store/refunds.ts';
import type { Deps } from './deps.ts';

export type History = {
  readonly payment: Payment;
  readonly refunds: readonly Refund[];
  readonly events: readonly PaymentEvent[];
  readonly incidents: readonly Incident[];
  /** Where the history does not replay to the rows, a sentence for each. */
  readonly faults: readonly string[];
};

/** At one moment: a writer in between would look like a fault. */
export function readHistory(
  { db }: Pick<Deps, 'db'>,
  paymentNo: string,
): Promise<History | undefined> {
  return inSnapshot(db, async (tx) => {
    const payment = await findPaymentByNo(tx, paymentNo);
    if (payment === undefined) return undefined;
    const refunds = await listRefunds(tx, payment);
    const events = await listEvents(tx, payment);
    const incidents = await listIncidentsOf(tx, payment);
    const faults = historyFaults(events, { payment, refunds });
    return { payment, refunds, events, incidents, faults };
  });
}
