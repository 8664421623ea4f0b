/**
 * Waits until a payment is settled, in the sense that the caller gives the word. How waiting works is in `wait-for-row.ts`.
 */
import { isOpen, type Payment } from '../core/payment.ts';
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

/** Whether nobody can pay it any more. */
export function isEnded({ state }: Pick<Payment, 'state'>): boolean {
  return !isOpen(state);
}

/** The payment as it is once nobody can pay it any more, or when `waitMs` have passed. */
export async function waitUntilEnded(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  payment: Payment,
  waitMs: number,
): Promise<Payment> {
  if (waitMs === 0 || !isOpen(payment.state)) return payment;
  const untilMs = deps.clock.monotonicMs() + waitMs;
  return waitForPayment(deps, payment, untilMs, ({ state }) => !isOpen(state));
}
