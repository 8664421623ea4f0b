/**
 * The door for refunds: the only place that changes a refund and the refund sums of its payment. Both rows and the
 * history are written in one short transaction with version checks; whoever lost the race decides again.
 */
import { assert } from '../core/assert.ts';
import type { Concern } from '../core/incident.ts';
import type { Payment } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import { hasGivenUp } from '../core/schedule.ts';
import { inRace, RaceLost } from '../store/database.ts';
import type { PaymentEvent } from '../store/events.ts';
import { findPayment, savePaymentRefunds } from '../store/payments.ts';
import { findRefund, saveRefund } from '../store/refunds.ts';
import type { Deps } from './deps.ts';
import { recordChange, type Recorded } from './record-change.ts';
import { STORED_TOPIC } from './tell-events.ts';

export type RefundKey = Pick<Refund, 'merchantId' | 'paymentNo' | 'requestNo'>;
export type RefundRows = { readonly payment: Payment; readonly refund: Refund };
export type RefundChange = {
  readonly refund: Refund;
  readonly refundNotBeforeMs: number;
  readonly event: Pick<PaymentEvent, 'kind' | 'detail'>;
};

/** Times that a writer may lose against others on one row before something is wrong with the row. */
const RACES_MAX = 50;

/**
 * Stores what `step` makes of the current rows; `step` returns undefined to leave them as they are. The sums follow the
 * refund's state: its amount moves from "asked for" to "given back", or is free again.
 */
export async function applyRefund(
  deps: Pick<Deps, 'db' | 'clock' | 'log' | 'news'>,
  key: RefundKey,
  step: (rows: RefundRows, nowMs: number) => RefundChange | undefined,
): Promise<RefundRows> {
  for (let race = 0; race < RACES_MAX; race += 1) {
    const nowMs = deps.clock.nowMs();
    const changed = await inRace(deps.db, async (tx) => {
      const payment = await findPayment(tx, key.merchantId, key.paymentNo);
      const refund = await findRefund(tx, key);
      assert(payment !== undefined && refund !== undefined, 'a refund and its payment are stored');
      const change = step({ payment, refund }, nowMs);
      if (change === undefined) return { payment, refund };
      const after: Payment = {
        ...payment,
        ...sumsAfter(payment, refund, change.refund),
        refundNotBeforeMs: change.refundNotBeforeMs,
        version: payment.version + 1,
      };
      const wrote = (await savePaymentRefunds(tx, after)) && (await saveRefund(tx, change.refund));
      // Nothing of a lost race may stay: the one write without the other would be a hole in the books.
      if (!wrote) throw new RaceLost();
      const concern = concernOf(payment, refund, change.refund);
      const recorded: Recorded = {
        payment: { before: payment, after },
        refund: { before: refund, after: change.refund },
        events: [change.event],
        concerns: concern === undefined ? [] : [concern],
      };
      await recordChange(tx, recorded, nowMs);
      return { payment: after, refund: change.refund, concern };
    });
    if (changed === undefined) continue;
    report(deps, changed.refund, 'concern' in changed ? changed.concern : undefined);
    return { payment: changed.payment, refund: changed.refund };
  }
  throw new Error(`Refund ${key.requestNo} of ${key.paymentNo} lost ${RACES_MAX} races in a row`);
}

/**
 * A refund that was refused, and executed after all, may be of money that was promised to another since: what goes back is
 * never more than was paid, so the other gets what is left.
 */
function sumsAfter(
  payment: Payment,
  before: Refund,
  after: Refund,
): Pick<Payment, 'refundedFen' | 'refundingFen'> {
  const wasAskedFor = before.state === 'created' ? before.amountFen : 0;
  const isAskedFor = after.state === 'created' ? after.amountFen : 0;
  const wasGivenBack = before.state === 'done' ? before.amountFen : 0;
  const isGivenBack = after.state === 'done' ? after.amountFen : 0;
  const refundedFen = payment.refundedFen - wasGivenBack + isGivenBack;
  const refundingFen = payment.refundingFen - wasAskedFor + isAskedFor;
  const restFen = payment.amountFen - refundedFen;
  return { refundedFen, refundingFen: Math.max(0, Math.min(refundingFen, restFen)) };
}

/** The topic under which followers of a refund are told. */
export function refundTopic(key: RefundKey): string {
  return `refund:${key.paymentNo}:${key.requestNo}`;
}

/** What a human must look at: a refund that nobody asks about any more, one that was told wrong, our own one refused. */
function concernOf(payment: Payment, before: Refund, after: Refund): Concern | undefined {
  const { requestNo } = after;
  // Open, or refused and watched: what became of it at Alipay is not known.
  if (hasGivenUp(after) && after.dueAtMs === null && before.dueAtMs !== null) {
    return { reason: 'refund_stays_silent', requestNo };
  }
  const isOurs = payment.isLate && requestNo.startsWith(lateRefundNo(after.paymentNo));
  if (before.state === 'refused' && after.state === 'done' && !isOurs) {
    return { reason: 'refund_done_after_refused', requestNo };
  }
  const isRefusedNow = after.state === 'refused' && before.state !== 'refused';
  return isOurs && isRefusedNow ? { reason: 'late_refund_refused', requestNo } : undefined;
}

/** The request number of the refund that gives late money back by itself. */
export function lateRefundNo(paymentNo: string): string {
  return `${paymentNo}LATE`;
}

function report(
  deps: Pick<Deps, 'log' | 'news'>,
  refund: Refund,
  concern: Concern | undefined,
): void {
  deps.news.tell(refundTopic(refund));
  deps.news.tell(STORED_TOPIC);
  if (refund.dueAtMs !== null) deps.news.tell('due', refund.dueAtMs);
  const { paymentNo, requestNo, state, amountFen } = refund;
  const fields = { paymentNo, requestNo, state, amountFen };
  if (state !== 'created') deps.log.info(fields, 'refund settled');
  if (concern !== undefined) {
    deps.log.error({ ...fields, ...concern }, 'refund needs a human: see f2f incident list');
  }
}
