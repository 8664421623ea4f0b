/**
 * A payment and a refund as the v2 API tells of them, read from the rows alone: what state a merchant should see, what may be
 * done now, and what Alipay said. Pure; how it is written stands in `api/v2/views.ts`.
 */
import type { PaymentRecord, RefundRecord } from '../core/history.ts';
import { isOpen } from '../core/payment.ts';

export { PAYMENT_STATES, shownState } from '../core/payment.ts';

export type PaymentAction = 'cancel' | 'refund';

/** Alipay's refusal: its code, and its sentence for the clerk. */
export type AlipayRefusal = { readonly code: string; readonly message: string };

export function allowedActions(payment: PaymentRecord, nowMs: number): readonly PaymentAction[] {
  // Past its deadline it is being ended already.
  if (isOpen(payment.state)) return nowMs < payment.deadlineAtMs ? ['cancel'] : [];
  const restFen = payment.amountFen - payment.refundedFen - payment.refundingFen;
  return payment.state === 'paid' && restFen > 0 ? ['refund'] : [];
}

/**
 * What the till has to do for an open payment to be paid; null when there is nothing, as when it is being ended, or a later
 * attempt took its place: then nobody may see its code (`isShowable` of `create-qr-payment.ts`).
 */
export function nextStep(
  payment: PaymentRecord,
  isSuperseded: boolean,
  nowMs: number,
): 'show_qr_code' | 'wait_for_buyer' | null {
  const isBeingEnded = nowMs >= payment.deadlineAtMs;
  if (payment.state !== 'awaiting_buyer' || isBeingEnded || isSuperseded) return null;
  return payment.qrCode === null ? 'wait_for_buyer' : 'show_qr_code';
}

/** Whether there is a code that a later attempt could supersede: of all others nobody needs to ask. */
export function waitsForScan({ state, qrCode }: PaymentRecord): boolean {
  return state === 'awaiting_buyer' && qrCode !== null;
}

/** Why a declined payment was declined; null for every other. */
export function paymentRefusal({ state, answer }: PaymentRecord): AlipayRefusal | null {
  return state === 'declined' ? refusalIn(answer) : null;
}

export function refundRefusal({ state, answer }: RefundRecord): AlipayRefusal | null {
  return state === 'refused' ? refusalIn(answer) : null;
}

/** The buyer's account, as Alipay masks it. */
export function buyerLogonId({ answer }: PaymentRecord): string | null {
  return textIn(fieldsIn(answer), 'buyer_logon_id');
}

function refusalIn(answer: string | null): AlipayRefusal {
  const fields = fieldsIn(answer);
  return {
    code: textIn(fields, 'sub_code') ?? textIn(fields, 'code') ?? 'UNKNOWN',
    message: textIn(fields, 'sub_msg') ?? textIn(fields, 'msg') ?? '',
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a stored answer of Alipay's: it was verified before it was stored. */
function fieldsIn(answer: string | null): Fields {
  const fields: Fields = answer === null ? {} : JSON.parse(answer);
  return fields;
}

function textIn(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}
