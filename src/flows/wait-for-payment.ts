/**
 * Waits until a payment is settled, or until patience ends: a clerk stands there. The wait only reads the row; who
 * settles it (the worker, a notification, another node) is not its business.
 */
import { assert } from '../core/assert.ts';
import type { Payment } from '../core/payment.ts';
import { findPayment } from '../store/payments.ts';
import type { PaymentKey } from './apply-fact.ts';
import type { Deps } from './deps.ts';

/** News of another node reaches us by looking: at least this often. */
const LOOK_EVERY_MS = 1000;

/** The payment as it is once `isSettled`, or when the monotonic clock reaches `untilMs`, or when the process is told to stop. */
export async function waitForPayment(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  key: PaymentKey,
  untilMs: number,
  isSettled: (payment: Payment) => boolean,
): Promise<Payment> {
  const follower = deps.news.follow(key.paymentNo);
  try {
    for (;;) {
      const payment = await findPayment(deps.db, key.merchantId, key.paymentNo);
      assert(payment !== undefined, 'a payment that is waited for is stored');
      const leftMs = untilMs - deps.clock.monotonicMs();
      if (isSettled(payment) || leftMs <= 0 || deps.news.stopping) return payment;
      await follower.next(Math.min(leftMs, LOOK_EVERY_MS));
    }
  } finally {
    follower.close();
  }
}
