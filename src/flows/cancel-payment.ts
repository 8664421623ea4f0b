/**
 * Ends an open payment because its till wants that, before its deadline: the row says so, and the worker ends it at Alipay
 * as it does at every deadline, asking first. Money that came in the meantime stays, and the payment is `paid`.
 */
import { isOpen, type Payment } from '../core/payment.ts';
import { firstLookAtMs } from '../core/schedule.ts';
import { insertCall, type IdempotentCall } from '../store/idempotency.ts';
import { applyCancelAsked } from './apply-fact.ts';
import type { Deps } from './deps.ts';
import { waitForPayment } from './wait-for-payment.ts';

/**
 * The payment as it is once it has ended, or when `waitMs` have passed. `call`: the idempotency key that the caller gave, stored
 * before the wait, so that whoever repeats it waits for this answer; throws `KeyTaken` when another was faster.
 */
export async function cancelPayment(
  deps: Pick<Deps, 'db' | 'clock' | 'log' | 'news' | 'settings' | 'turns'>,
  payment: Payment,
  waitMs: number,
  call?: IdempotentCall,
): Promise<Payment> {
  const untilMs = deps.clock.monotonicMs() + waitMs;
  // A call may begin until just before the first look, and then takes its time.
  const { alipayTimeoutMs } = deps.settings;
  const callEndsAtMs = firstLookAtMs(payment.createdAtMs, alipayTimeoutMs) + alipayTimeoutMs;
  const asked = await applyCancelAsked(deps, payment, callEndsAtMs);
  if (call !== undefined && isOpen(asked.state)) {
    const { paymentNo } = asked;
    const createdAtMs = deps.clock.nowMs();
    await insertCall(deps.db, { ...call, paymentNo, requestNo: null, createdAtMs });
  }
  return waitForPayment(deps, asked, untilMs, ({ state }) => !isOpen(state));
}
