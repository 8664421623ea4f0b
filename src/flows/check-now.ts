/**
 * A person asks what Alipay says of a payment now, and not when its next question is due. Whoever asks again within a few seconds,
 * or while the question is on its way, hears what came of that one: impatience sends Alipay nothing. What it teaches is stored as
 * ever (`query-trade.ts`); silence is told, and changes nothing.
 */
import type { QueryOutcome } from '../alipay/outcome.ts';
import type { Payment } from '../core/payment.ts';
import { findMerchantWithApp } from '../store/merchants.ts';
import type { CheckDeps } from './check-payment.ts';
import { queryTrade } from './query-trade.ts';

export type CheckedNow =
  /** Alipay answered; the payment is stored as that left it. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'not_configured' }
  /** Nothing was learnt: no answer, or one that says nothing of the payment. */
  | {
      readonly kind: 'silent';
      readonly outcome: Extract<QueryOutcome, { kind: 'unknown' | 'refused' }>;
    };

type Asked = Pick<Payment, 'merchantId' | 'paymentNo'>;

export type CheckNow = (payment: Asked) => Promise<CheckedNow>;

/** So long nothing more is asked of one payment after an answer, by one node. */
const REST_MS = 3000;

export function createCheckNow(deps: CheckDeps): CheckNow {
  /** What was asked, and until when that does for others; no end while it is on its way. */
  const asked = new Map<string, { untilMs: number; readonly result: Promise<CheckedNow> }>();
  return ({ paymentNo, merchantId }) => {
    const nowMs = deps.clock.monotonicMs();
    for (const [no, { untilMs }] of asked) if (untilMs <= nowMs) asked.delete(no);
    const known = asked.get(paymentNo);
    if (known !== undefined) return known.result;
    const entry = { untilMs: Infinity, result: ask(deps, { paymentNo, merchantId }) };
    asked.set(paymentNo, entry);
    const rest = (): void => void (entry.untilMs = deps.clock.monotonicMs() + REST_MS);
    // A fault of ours is no answer: whoever comes next asks.
    entry.result.then(rest, () => asked.delete(paymentNo));
    return entry.result;
  };
}

async function ask(deps: CheckDeps, payment: Asked): Promise<CheckedNow> {
  const merchant = await findMerchantWithApp(deps.db, payment.merchantId);
  if (merchant === undefined) throw new Error(`Merchant ${payment.merchantId} is missing`);
  const view = await queryTrade(deps, merchant, payment.paymentNo);
  if (view.kind === 'not_configured') return view;
  if (view.kind === 'not_yours') throw new Error(`Payment ${payment.paymentNo} is another's`);
  const { outcome } = view;
  const isSilent = outcome.kind === 'unknown' || outcome.kind === 'refused';
  return isSilent ? { kind: 'silent', outcome } : { kind: 'answered' };
}
