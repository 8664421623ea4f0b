/**
 * Looks at a payment: reads the row, asks `core/` what is due, asks Alipay that, and stores what was learnt.
 * Correct if run twice, late, out of order or on another node: a due time, a notification and a click are only reasons
 * to look. Refunds are looked at by `check-refund.ts`.
 */
import type { AlipayApp } from '../alipay/client.ts';
import { LOOK_RESERVE_MS, lookLeaseMs, stepAt, type Step } from '../core/schedule.ts';
import type { Payment } from '../core/payment.ts';
import { findPaymentWithApp, savePaymentDue, type PaymentWithApp } from '../store/payments.ts';
import { applyCancelSent, applySilence, type PaymentKey } from './apply-fact.ts';
import { askAlipay } from './ask-alipay.ts';
import type { Deps } from './deps.ts';
import { isExplained } from './explain-closing.ts';
import { detailOf, learn } from './learn.ts';
import { openApp, type LoadedApp } from './load-app.ts';

export type CheckDeps = Pick<
  Deps,
  'db' | 'clock' | 'log' | 'news' | 'settings' | 'keyRing' | 'alipay' | 'turns'
>;

/** Takes the step that is due for the payment and returns it as it is then. */
export async function checkPayment(deps: CheckDeps, key: PaymentKey): Promise<Payment | undefined> {
  const found = await findCheckable(deps, key);
  if (found === undefined) return undefined;
  const { payment } = found;
  const step = stepAt(payment, deps.clock.nowMs());
  if (step === 'none') {
    await savePaymentDue(deps.db, payment, null);
    return { ...payment, dueAtMs: null };
  }
  const app = await openApp(deps, found.app, payment);
  if (app === undefined) {
    return applySilence(deps, key, { method: step, reason: 'no_alipay_public_key' });
  }
  return STEPS[step](deps, app, payment);
}

/** The payment, unless a cancel of it is on its way; one that nobody came back from is a cancel without an answer. */
async function findCheckable(
  deps: CheckDeps,
  key: PaymentKey,
): Promise<PaymentWithApp | undefined> {
  const found = await findPaymentWithApp(deps.db, key.merchantId, key.paymentNo);
  if (found === undefined || found.payment.cancelSentAtMs === null) return found;
  const { payment, app } = found;
  const leaseEndMs = found.payment.cancelSentAtMs + lookLeaseMs(deps.settings.alipayTimeoutMs);
  if (deps.clock.nowMs() >= leaseEndMs) {
    const detail = { method: 'cancel', reason: 'lease_ended' };
    return { payment: await applySilence(deps, key, detail, true), app };
  }
  // Made due by a notification, say: whoever sent the cancel is still waiting for its answer.
  await savePaymentDue(deps.db, payment, leaseEndMs);
  return undefined;
}

type TakeStep = (deps: CheckDeps, app: LoadedApp, payment: Payment) => Promise<Payment>;

const STEPS: Record<Exclude<Step, 'none'>, TakeStep> = {
  query: async (deps, loaded, payment) => {
    const askedAtMs = deps.clock.nowMs();
    const outcome = await askAlipay(loaded, (app) => deps.alipay.query(app, payment));
    if (!(await isExplained(deps, payment, outcome))) {
      const detail = { ...detailOf('query', outcome), reason: 'refund_in_doubt', askedAtMs };
      return applySilence(deps, payment, detail);
    }
    return learn(deps, payment, 'query', askedAtMs, outcome);
  },
  cancel: async (deps, loaded, payment) => {
    // A cancel may give money back: it is stored before it is sent, from the row as it is then.
    const sent = await applyCancelSent(deps, payment);
    if (sent === undefined) return payment;
    const askedAtMs = deps.clock.nowMs();
    // Held up for so long that its lease may end before it does: others go on as if it had been lost, and so it is.
    if (askedAtMs >= sent.cancelSentAtMs + LOOK_RESERVE_MS) return payment;
    // As long as the lease, which has room for one call more.
    const untilMs = sent.cancelSentAtMs + LOOK_RESERVE_MS + deps.settings.alipayTimeoutMs;
    const cancel = (app: AlipayApp) => deps.alipay.cancel(app, payment);
    const outcome = await askAlipay(loaded, cancel, () => deps.clock.nowMs() < untilMs);
    return learn(deps, sent, 'cancel', askedAtMs, outcome);
  },
  close: async (deps, loaded, payment) => {
    const askedAtMs = deps.clock.nowMs();
    const outcome = await askAlipay(loaded, (app) => deps.alipay.close(app, payment));
    return learn(deps, payment, 'close', askedAtMs, outcome);
  },
};
