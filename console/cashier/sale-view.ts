/**
 * How a sale is shown: its colour, its words and what can be done. Pure, and one table for everything that may be true, so that no
 * state is without a word and a way on.
 */
import type { VERDICT } from '../words/cashier-outcome.ts';
import type { Sale } from './charge.ts';

type Word = keyof typeof VERDICT;

/**
 * `good` and `bad` are certain; `doubt` says that nothing is known, `wait` that somebody has to do something, `calm` that nobody
 * has.
 */
export type Tone = 'busy' | 'wait' | 'calm' | 'doubt' | 'good' | 'bad';

export type SaleView = {
  readonly tone: Tone;
  readonly title: Word;
  readonly text: Word;
  /** The code is on the screen exactly as long as nobody ended it. */
  readonly isCodeShown?: boolean;
};

/** After so long without an answer of Alipay's the clerk is told that nothing is known. */
const SLOW_AFTER_MS = 5000;

export function saleView(sale: Sale, nowMs: number): SaleView {
  const { charge, step, cancel } = sale;
  const isSlow = nowMs - charge.beganAtMs > SLOW_AFTER_MS;
  switch (step.kind) {
    case 'sending':
      if (isSlow) return { tone: 'doubt', title: 'looking', text: 'slow' };
      return charge.method === 'qr'
        ? { tone: 'busy', title: 'preparing', text: 'sendingText' }
        : { tone: 'busy', title: 'sending', text: 'sendingText' };
    case 'looking':
      return { tone: 'doubt', title: 'looking', text: 'lookingText' };
    case 'open':
      return openView(sale, step.payment, { isSlow, nowMs });
    case 'withdrawn':
      return { tone: 'calm', title: 'withdrawn', text: 'withdrawnText' };
    case 'refused':
      return { tone: 'bad', title: 'refused', text: 'closedText' };
    case 'absent':
      return { tone: 'bad', title: 'absent', text: 'absentText' };
    case 'over':
      break;
  }
  return OVER[step.payment.state]?.[cancel === 'none' ? 'plain' : 'cancelled'] ?? UNKNOWN;
}

const UNKNOWN: SaleView = { tone: 'doubt', title: 'looking', text: 'slow' };

function openView(
  { cancel, charge }: Sale,
  {
    state,
    next_action: next,
    expires_at: expiresAt,
  }: Extract<Sale['step'], { kind: 'open' }>['payment'],
  { isSlow, nowMs }: { readonly isSlow: boolean; readonly nowMs: number },
): SaleView {
  if (cancel === 'asked') return { tone: 'wait', title: 'cancelling', text: 'cancellingText' };
  if (charge.method === 'qr') {
    return next?.qr_code !== undefined && nowMs < Date.parse(expiresAt)
      ? { tone: 'wait', title: 'scanMe', text: 'scanMe', isCodeShown: true }
      : { tone: 'doubt', title: 'expiring', text: 'expiringText' };
  }
  if (state === 'awaiting_buyer') return { tone: 'wait', title: 'confirm', text: 'confirmText' };
  return isSlow
    ? { tone: 'doubt', title: 'looking', text: 'slow' }
    : { tone: 'busy', title: 'sending', text: 'sendingText' };
}

const RETURNED: SaleView = { tone: 'bad', title: 'reversed', text: 'reversedText' };
const DECLINED: SaleView = { tone: 'bad', title: 'declined', text: 'declinedText' };

const OVER: Readonly<
  Record<string, { readonly plain: SaleView; readonly cancelled: SaleView } | undefined>
> = {
  paid: {
    plain: { tone: 'good', title: 'paid', text: 'paidText' },
    cancelled: { tone: 'good', title: 'paid', text: 'paidBeforeCancel' },
  },
  declined: { plain: DECLINED, cancelled: DECLINED },
  closed: {
    plain: { tone: 'bad', title: 'closed', text: 'closedText' },
    cancelled: { tone: 'bad', title: 'cancelled', text: 'cancelledText' },
  },
  reversed: { plain: RETURNED, cancelled: RETURNED },
};
