/**
 * Follows a payment for whoever shows it: looks at the row when it was told of, and now and then by itself. It only reads; who
 * settles the payment is not its business. Waiting for one outcome is `wait-for-payment.ts`.
 */
import { assert } from '../core/assert.ts';
import type { Payment } from '../core/payment.ts';
import { DatabaseUnavailable, durable } from '../store/database.ts';
import { findPayment } from '../store/payments.ts';
import type { PaymentKey } from './apply-fact.ts';
import type { Deps } from './deps.ts';
import { isEnded } from './wait-for-payment.ts';

/** Lost news cost so much time. Rarer than where a clerk waits: pages are many, and stay. */
const LOOK_EVERY_MS = 5000;

type Ports = Pick<Deps, 'db' | 'clock' | 'news'>;

/**
 * The payment at each look, changed or not; undefined while the database is away. Ends after a look at a payment that nobody
 * can pay any more, when the monotonic clock reaches `untilMs`, when `gone` is aborted, or at the stop.
 */
export async function* followPayment(
  deps: Ports,
  key: PaymentKey,
  { untilMs, gone }: { readonly untilMs: number; readonly gone: AbortSignal },
): AsyncGenerator<Payment | undefined, void> {
  const follower = deps.news.follow(key.paymentNo);
  gone.addEventListener('abort', () => follower.close(), { once: true });
  try {
    for (;;) {
      const payment = await look(deps, key);
      if (gone.aborted) return;
      yield payment;
      const leftMs = untilMs - deps.clock.monotonicMs();
      const isOver = payment !== undefined && isEnded(payment);
      if (isOver || leftMs <= 0 || deps.news.stopping) return;
      await follower.next(Math.min(leftMs, LOOK_EVERY_MS));
    }
  } finally {
    follower.close();
  }
}

/** The row, once everything that it can hold is on disk: what was told survives a power cut. */
async function look(
  { db }: Ports,
  { merchantId, paymentNo }: PaymentKey,
): Promise<Payment | undefined> {
  try {
    const payment = await findPayment(db, merchantId, paymentNo);
    assert(payment !== undefined, 'a payment that is followed is stored');
    await durable(db);
    return payment;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return undefined;
    throw error;
  }
}
