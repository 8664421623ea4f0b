/**
 * Charges the guest's payment code: intent stored, Alipay asked once, then waits for the outcome while the clerk does.
 * What is still open or in doubt when patience ends is settled by the worker; the payment code is never sent again.
 */
import { createHash } from 'node:crypto';
import type { AlipayApp } from '../alipay/client.ts';
import type { MerchantWithApp } from '../core/merchant.ts';
import { isOpen, type Payment } from '../core/payment.ts';
import { isFirstCallOverdue } from '../core/schedule.ts';
import { askAlipay } from './ask-alipay.ts';
import { checkPayment, type CheckDeps } from './check-payment.ts';
import type { Deps } from './deps.ts';
import { learn } from './learn.ts';
import {
  startCharge,
  type ChargeInput,
  type ChargeOptions,
  type NewCharge,
} from './start-charge.ts';
import { waitForPayment } from './wait-for-payment.ts';

export type BarcodeInput = ChargeInput & { readonly authCode: string };

export type ChargeResult =
  /** The payment of this call, or of the same call made before; its row holds the answer. */
  | { readonly kind: 'payment'; readonly payment: Payment }
  | { readonly kind: 'local_no_taken'; readonly payment: Payment }
  /** Nobody gave Alipay's public key for the app: no answer could be verified, so nothing is sent. */
  | { readonly kind: 'not_configured' }
  /** The merchant is suspended, and begins no payment. */
  | { readonly kind: 'suspended' };

/** How long Alipay itself keeps the trade open if we vanish: the deadline, and a minute to cancel. */
function tradeMinutes(deadlineS: number): number {
  return Math.ceil(deadlineS / 60) + 1;
}

export async function chargeBarcode(
  deps: CheckDeps & Pick<Deps, 'numbers'>,
  merchant: MerchantWithApp,
  input: BarcodeInput,
  { call, by, waitMs = deps.settings.barcodeWaitS * 1000 }: ChargeOptions = {},
): Promise<ChargeResult> {
  const untilMs = deps.clock.monotonicMs() + waitMs;
  const authCodeHash = hashAuthCode(merchant, input.authCode);
  const charge = { ...input, method: 'barcode', authCodeHash } as const;
  const started = await startCharge(deps, merchant, charge, { call, by });
  if (started.kind === 'not_configured' || started.kind === 'suspended') return started;
  if (started.kind === 'taken') return { kind: 'local_no_taken', payment: started.payment };
  try {
    if (started.kind === 'new') {
      const learnt = await sendCharge(deps, merchant, started, input.authCode);
      if (!isOpen(learnt.state)) return { kind: 'payment', payment: learnt };
    }
    const payment = await waitForPayment(
      deps,
      started.payment,
      untilMs,
      (now) => !isOpen(now.state),
    );
    return { kind: 'payment', payment };
  } catch (cause) {
    // The intent is stored, so the worker settles it: a fault of ours now is doubt for the till, and never a failure.
    deps.log.error({ err: cause, paymentNo: started.payment.paymentNo }, 'charge left in doubt');
    return { kind: 'payment', payment: started.payment };
  }
}

/** Sends the charge, and returns the payment as it is after what came of it. */
async function sendCharge(
  deps: CheckDeps,
  merchant: MerchantWithApp,
  { app: loaded, payment }: NewCharge,
  authCode: string,
): Promise<Payment> {
  const askedAtMs = deps.clock.nowMs();
  // Held up for so long that the worker may have given the payment up already: then the code must not be charged any more.
  const isInTime = () => !isFirstCallOverdue(payment, deps.clock.nowMs());
  if (!isInTime()) return payment;
  const pay = (app: AlipayApp) =>
    deps.alipay.pay(app, {
      paymentNo: payment.paymentNo,
      authCode,
      amountFen: payment.amountFen,
      subject: payment.subject,
      body: payment.body ?? undefined,
      operatorId: payment.operatorId ?? undefined,
      storeId: payment.storeId ?? undefined,
      timeoutMinutes: tradeMinutes(deps.settings.paymentDeadlineS),
      notifyUrl: deps.settings.notifyUrl,
      productCode: merchant.barcodeProduct,
      serviceProviderId: app.serviceProviderId,
    });
  const outcome = await askAlipay(loaded, pay, isInTime);
  const learnt = await learn(deps, payment, 'pay', askedAtMs, outcome);
  const isToConfirm = deps.settings.confirm === 'strict' && outcome.kind === 'paid';
  return isToConfirm ? ((await checkPayment(deps, payment)) ?? learnt) : learnt;
}

/** The code itself is never stored; its hash recognises the same call again. */
function hashAuthCode(merchant: MerchantWithApp, authCode: string): string {
  return createHash('sha256').update(`${merchant.merchantId}:${authCode}`).digest('hex');
}
