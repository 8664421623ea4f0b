/**
 * Pre-creates a trade and gives the QR code that the guest scans. The same call again gives the same code; where no code
 * came (refused, or no answer), nothing was shown, and the same call may try again under a new number.
 */
import type { AlipayApp } from '../alipay/client.ts';
import type { MerchantWithApp } from '../core/merchant.ts';
import { endedUnpaid, type Payment } from '../core/payment.ts';
import { isFirstCallOverdue } from '../core/schedule.ts';
import { wasChargedAgain } from '../store/payments.ts';
import { askAlipay } from './ask-alipay.ts';
import type { CheckDeps } from './check-payment.ts';
import type { Deps } from './deps.ts';
import { learn } from './learn.ts';
import {
  qrMinutes,
  startCharge,
  type ChargeInput,
  type ChargeOptions,
  type NewCharge,
} from './start-charge.ts';
import { waitForPayment } from './wait-for-payment.ts';

export type QrResult =
  /** `payment.answer` is Alipay's answer with the code, word by word. */
  | { readonly kind: 'issued'; readonly payment: Payment }
  | { readonly kind: 'refused'; readonly payment: Payment }
  | { readonly kind: 'no_answer'; readonly payment: Payment }
  | { readonly kind: 'local_no_taken'; readonly payment: Payment }
  | { readonly kind: 'not_configured' }
  /** The merchant is suspended, and begins no payment. */
  | { readonly kind: 'suspended' };

export async function createQrPayment(
  deps: CheckDeps & Pick<Deps, 'numbers'>,
  merchant: MerchantWithApp,
  input: ChargeInput,
  options: Pick<ChargeOptions, 'call' | 'by'> = {},
): Promise<QrResult> {
  const charge = { ...input, method: 'qr', authCodeHash: null } as const;
  const started = await startCharge(deps, merchant, charge, options);
  if (started.kind === 'not_configured' || started.kind === 'suspended') return started;
  if (started.kind === 'taken') return { kind: 'local_no_taken', payment: started.payment };
  const payment =
    started.kind === 'new'
      ? await sendPrecreate(deps, merchant, started)
      : await waitForFirstCall(deps, started.payment);
  if (await isShowable(deps, payment)) return { kind: 'issued', payment };
  return { kind: payment.state === 'declined' ? 'refused' : 'no_answer', payment };
}

/**
 * Whether its code may be shown: there is one, and nothing has ended it. Nor has a later attempt taken its place, as one does
 * while the call for this one is under way, when a clock that jumps makes the worker think that the call has ended. Two
 * codes for one bill are how a guest pays twice: the older one is not shown.
 */
export async function isShowable({ db }: Pick<Deps, 'db'>, payment: Payment): Promise<boolean> {
  const mayBe = payment.qrCode !== null && !endedUnpaid(payment.state);
  return mayBe && !(await wasChargedAgain(db, payment));
}

async function sendPrecreate(
  deps: CheckDeps,
  merchant: MerchantWithApp,
  { app: loaded, payment }: NewCharge,
): Promise<Payment> {
  const minutes = qrMinutes(deps.settings.qrExpiresS);
  const askedAtMs = deps.clock.nowMs();
  // Held up for so long that the worker may have given the payment up: a code made now would outlive the row.
  const isInTime = () => !isFirstCallOverdue(payment, deps.clock.nowMs());
  if (!isInTime()) return payment;
  const precreate = (app: AlipayApp) =>
    deps.alipay.precreate(app, {
      paymentNo: payment.paymentNo,
      amountFen: payment.amountFen,
      subject: payment.subject,
      body: payment.body ?? undefined,
      operatorId: payment.operatorId ?? undefined,
      storeId: payment.storeId ?? undefined,
      timeoutMinutes: minutes,
      qrTimeoutMinutes: minutes,
      notifyUrl: deps.settings.notifyUrl,
      productCode: merchant.qrProduct,
      serviceProviderId: app.serviceProviderId,
    });
  const outcome = await askAlipay(loaded, precreate, isInTime);
  return learn(deps, payment, 'precreate', askedAtMs, outcome);
}

/** The same call is under way elsewhere: its answer is this one's too. */
function waitForFirstCall(deps: CheckDeps, payment: Payment): Promise<Payment> {
  const untilMs = deps.clock.monotonicMs() + deps.settings.alipayTimeoutMs;
  return waitForPayment(deps, payment, untilMs, (now) => now.firstCallEnded);
}
