/**
 * Waits until a payment is settled, in the sense that the caller gives the word. How waiting works is in `wait-for-row.ts`.
 */
import type { Payment } from '../core/payment.ts';
import { findPayment } from '../store/payments.ts';
import type { PaymentKey } from './apply-fact.ts';
import type { Deps } from './deps.ts';
import { waitForRow } from './wait-for-row.ts';

/** The payment as it is once `isSettled`, or when the monotonic clock reaches `untilMs`, or at the stop. */
export function waitForPayment(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  { merchantId, paymentNo }: PaymentKey,
  untilMs: number,
  isSettled: (payment: Payment) => boolean,
): Promise<Payment> {
  const read = () => findPayment(deps.db, merchantId, paymentNo);
  return waitForRow(deps, { topic: paymentNo, read, isSettled }, untilMs);
}
