/**
 * One charge, from the moment in which its number is written down to what became of it. Pure: a table of what follows from what was
 * heard; `drive-charge.ts` asks the gateway. Nothing is called failed here unless the gateway or Alipay said so.
 */
import type { Payment } from '../../client/client.ts';

/** What is written down before anything is sent, so that a page that is loaded anew goes on with this very payment. */
export type Charge = {
  readonly merchant: string;
  readonly reference: string;
  readonly amountFen: number;
  readonly subject: string;
  readonly method: 'barcode' | 'qr';
  /** The idempotency key: another one for each attempt. */
  readonly key: string;
  /** How many attempts of this bill are known to have ended before this one. */
  readonly attemptsBefore: number;
  /** How many codes of this bill ran out of time. */
  readonly renewals: number;
  readonly beganAtMs: number;
};

export type Step =
  /** The call is under way. */
  | { readonly kind: 'sending' }
  /** What became of it is not known, and asked for by its number. */
  | { readonly kind: 'looking' }
  | { readonly kind: 'open'; readonly payment: Payment }
  /** A QR code that was taken off the screen, and that Alipay does not let go of yet. */
  | { readonly kind: 'withdrawn'; readonly payment: Payment }
  | { readonly kind: 'over'; readonly payment: Payment }
  /** The gateway said no: there is no payment. */
  | { readonly kind: 'refused'; readonly why: Texts }
  /** The gateway has never heard of it: there is no payment. */
  | { readonly kind: 'absent' };

export type Texts = { readonly en: string; readonly zh: string };

export type Sale = {
  readonly charge: Charge;
  readonly step: Step;
  /** The last question got no answer. */
  readonly isSilent: boolean;
  readonly cancel: 'none' | 'asked' | 'unanswered';
};

export type Heard =
  | { readonly kind: 'payment'; readonly payment: Payment }
  | { readonly kind: 'refused'; readonly why: Texts }
  | { readonly kind: 'absent' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'cancel_asked' }
  | { readonly kind: 'cancel_unanswered' };

/** So many codes are shown one after the other by themselves: a screen that everybody has left comes to rest. */
const RENEWALS_MAX = 3;

export function begunSale(charge: Charge): Sale {
  return { charge, step: { kind: 'sending' }, isSilent: false, cancel: 'none' };
}

/** After the page was loaded anew: the payment code is not kept, so the call is not repeated but looked for. */
export function resumedSale(charge: Charge): Sale {
  return { ...begunSale(charge), step: { kind: 'looking' } };
}

export function afterHearing(sale: Sale, heard: Heard): Sale {
  switch (heard.kind) {
    case 'payment':
      return afterPayment(sale, heard.payment);
    case 'refused':
      return isUndecided(sale) ? { ...sale, isSilent: false, step: heard } : sale;
    case 'absent':
      return isUndecided(sale) ? { ...sale, isSilent: false, step: { kind: 'absent' } } : sale;
    case 'silence':
      return {
        ...sale,
        isSilent: true,
        step: sale.step.kind === 'sending' ? { kind: 'looking' } : sale.step,
      };
    case 'cancel_asked':
      return { ...sale, cancel: 'asked' };
    case 'cancel_unanswered':
      break;
  }
  return { ...sale, cancel: 'unanswered' };
}

/** Whether it may still turn out that there is no payment. */
function isUndecided({ step }: Sale): boolean {
  return step.kind === 'sending' || step.kind === 'looking';
}

function afterPayment(sale: Sale, payment: Payment): Sale {
  const heard = { ...sale, isSilent: false };
  if (isOver(payment)) return { ...heard, step: { kind: 'over', payment } };
  // Answers may overtake each other, and what is over stays over.
  if (sale.step.kind === 'over') return heard;
  const isWithdrawn =
    sale.cancel !== 'none' && payment.method === 'qr' && payment.next_action === null;
  return { ...heard, step: { kind: isWithdrawn ? 'withdrawn' : 'open', payment } };
}

export function isOver({ state }: Pick<Payment, 'state'>): boolean {
  return state !== 'created' && state !== 'awaiting_buyer';
}

/** The payment that there is, as it was heard of last. */
export function paymentOf({ step }: Sale): Payment | undefined {
  return 'payment' in step ? step.payment : undefined;
}

/** It ended, and the guest owes the amount as before: the same bill may be charged again. */
export function isUnpaid({ step }: Sale): boolean {
  if (step.kind === 'over') return step.payment.state !== 'paid';
  return step.kind === 'refused' || step.kind === 'absent';
}

/** Nothing more is to come that the clerk has to wait for. */
export function isDone(sale: Sale): boolean {
  return isUnpaid(sale) || sale.step.kind === 'over' || sale.step.kind === 'withdrawn';
}

/** Its code ran out of time, unpaid, and nobody wanted it to end. */
export function wantsNewCode({ charge, step, cancel }: Sale): boolean {
  return (
    step.kind === 'over' &&
    step.payment.state === 'closed' &&
    charge.method === 'qr' &&
    cancel === 'none' &&
    charge.renewals < RENEWALS_MAX
  );
}

/** The next attempt of the same bill, which the gateway charges once whatever happened to this one. */
export function nextAttempt(
  sale: Sale,
  { key, beganAtMs, method }: Pick<Charge, 'key' | 'beganAtMs' | 'method'>,
): Charge {
  const { charge } = sale;
  const attemptsBefore = paymentOf(sale)?.attempt ?? charge.attemptsBefore;
  const renewals = wantsNewCode(sale) ? charge.renewals + 1 : 0;
  return { ...charge, key, beganAtMs, method, attemptsBefore, renewals };
}
