/**
 * A paid trade is found closed, with all of its money gone back. A cancel of ours that never got an answer may have done
 * that, or a refund of ours that was refused in doubt; only Alipay's refund query tells which, so it is asked before
 * anything is concluded. The trade is closed then: what the refund query does not find will not come any more.
 */
import type { QueryOutcome } from '../alipay/outcome.ts';
import type { Payment } from '../core/payment.ts';
import { findRefund, listRefunds } from '../store/refunds.ts';
import { checkRefund } from './check-refund.ts';
import type { CheckDeps } from './check-payment.ts';

/** False while it is not known who gave the money back: then nothing may be concluded from the answer. */
export async function isExplained(
  deps: CheckDeps,
  payment: Payment,
  outcome: QueryOutcome,
): Promise<boolean> {
  const { state, endingsInVain, refundedFen, refundingFen, amountFen } = payment;
  const isClosed = outcome.kind === 'closed' && outcome.wasPaid && state === 'paid';
  if (!isClosed || endingsInVain === 0 || refundedFen + refundingFen >= amountFen) return true;
  let isKnown = true;
  for (const refund of await listRefunds(deps.db, payment)) {
    if (refund.state !== 'refused' || !refund.inDoubt) continue;
    await checkRefund(deps, refund);
    const after = await findRefund(deps.db, refund);
    // Each look in vain is counted; an answer ends the count.
    isKnown &&= after !== undefined && after.version > refund.version && after.asksInVain === 0;
  }
  return isKnown;
}
