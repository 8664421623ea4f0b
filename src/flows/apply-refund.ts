/**
 * The door for refunds: the only place that changes a refund and the refund sums of its payment. Both rows and the
 * history are written in one short transaction with version checks; whoever lost the race decides again.
 */
import { assert } from '../core/assert.ts';
import type { Payment } from '../core/payment.ts';
import type { Refund } from '../core/refund.ts';
import { inTransaction } from '../store/database.ts';
import { appendEvents, type PaymentEvent } from '../store/events.ts';
import { findPayment, savePaymentRefunds } from '../store/payments.ts';
import { findRefund, saveRefund } from '../store/refunds.ts';
import type { Deps } from './deps.ts';

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
    const changed = await inTransaction(deps.db, async (tx) => {
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
      await appendEvents(tx, after, nowMs, [change.event]);
      return { payment: after, refund: change.refund };
    }).catch((error: unknown) => {
      if (error instanceof RaceLost) return undefined;
      throw error;
    });
    if (changed === undefined) continue;
    report(deps, changed);
    return changed;
  }
  throw new Error(`Refund ${key.requestNo} of ${key.paymentNo} lost ${RACES_MAX} races in a row`);
}

class RaceLost extends Error {
  override readonly name = 'RaceLost';
}

function sumsAfter(
  payment: Payment,
  before: Refund,
  after: Refund,
): Pick<Payment, 'refundedFen' | 'refundingFen'> {
  const wasAskedFor = before.state === 'created' ? before.amountFen : 0;
  const isAskedFor = after.state === 'created' ? after.amountFen : 0;
  const wasGivenBack = before.state === 'done' ? before.amountFen : 0;
  const isGivenBack = after.state === 'done' ? after.amountFen : 0;
  return {
    refundingFen: payment.refundingFen - wasAskedFor + isAskedFor,
    refundedFen: payment.refundedFen - wasGivenBack + isGivenBack,
  };
}

/** The topic under which followers of a refund are told. */
export function refundTopic(key: RefundKey): string {
  return `refund:${key.paymentNo}:${key.requestNo}`;
}

function report(deps: Pick<Deps, 'log' | 'news'>, { refund }: RefundRows): void {
  deps.news.tell(refundTopic(refund));
  if (refund.dueAtMs !== null) deps.news.tell('due');
  const { paymentNo, requestNo, state, amountFen } = refund;
  if (state !== 'created')
    deps.log.info({ paymentNo, requestNo, state, amountFen }, 'refund settled');
}
