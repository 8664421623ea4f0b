/**
 * Looks at a refund that is due: sends it, sends it again with the same number and amount, or asks what became of it.
 * The moment of sending is stored before the call, and a payment's refunds are sent one at a time, three seconds apart.
 */
import type { AlipayApp } from '../alipay/client.ts';
import { refundFromQuery } from '../alipay/own-answers.ts';
import type { RefundOutcome, RefundQueryOutcome } from '../alipay/outcome.ts';
import { assert } from '../core/assert.ts';
import { fen } from '../core/money.ts';
import { decideRefund, refundAfterSilence, type Refund } from '../core/refund.ts';
import { REFUND_SPACING_MS, refundStep, refundTurnAtMs } from '../core/schedule.ts';
import type { PaymentEvent } from '../store/events.ts';
import { findPaymentWithApp } from '../store/payments.ts';
import { findRefund, saveRefundDue } from '../store/refunds.ts';
import { applyRefund, type RefundKey, type RefundRows } from './apply-refund.ts';
import { askAlipay } from './ask-alipay.ts';
import type { CheckDeps } from './check-payment.ts';
import { detailOf } from './learn.ts';
import { openApp } from './load-app.ts';

/** Takes the step that is due for the refund. */
export async function checkRefund(deps: CheckDeps, key: RefundKey): Promise<void> {
  const refund = await findRefund(deps.db, key);
  if (refund === undefined) return;
  const found = await findPaymentWithApp(deps.db, key.merchantId, key.paymentNo);
  assert(found !== undefined, 'a refund is of a payment');
  const step = refundStep(refund);
  if (step === 'none') {
    await saveRefundDue(deps.db, refund, null);
    return;
  }
  const loaded = await openApp(deps, found.app, found.payment);
  if (loaded === undefined) {
    await storeSilence(deps, key, false, { method: step, reason: 'no_alipay_public_key' });
    return;
  }
  if (step === 'query') {
    const askedAtMs = deps.clock.nowMs();
    const outcome = await askAlipay(loaded, (app) => deps.alipay.refundQuery(app, refund));
    await storeQuery(deps, key, askedAtMs, outcome);
    return;
  }
  if (!(await claimTurn(deps, refund))) return;
  const askedAtMs = deps.clock.nowMs();
  const send = (app: AlipayApp) =>
    deps.alipay.refund(app, {
      paymentNo: refund.paymentNo,
      requestNo: refund.requestNo,
      amountFen: refund.amountFen,
      reason: refund.reason ?? undefined,
      storeId: refund.storeId ?? undefined,
    });
  // The turn has room for two calls.
  const untilMs = askedAtMs + deps.settings.alipayTimeoutMs;
  const outcome = await askAlipay(loaded, send, () => deps.clock.nowMs() < untilMs);
  await storeSend(deps, key, askedAtMs, outcome);
}

/**
 * Takes the payment's turn to send a refund, or puts the refund off until the turn is free. The turn ends with the
 * answer; if we die before that, it ends when the call must have ended.
 */
async function claimTurn(deps: CheckDeps, read: Refund): Promise<boolean> {
  let isOurs = false;
  const { payment, refund } = await applyRefund(deps, read, ({ payment, refund }, nowMs) => {
    isOurs = refundStep(refund) === 'send' && nowMs >= payment.refundNotBeforeMs;
    if (!isOurs) return undefined;
    const callEndsAtMs = nowMs + 2 * deps.settings.alipayTimeoutMs;
    return {
      refund: {
        ...refund,
        version: refund.version + 1,
        lastSentAtMs: nowMs,
        // Until an answer comes, what was sent may have been executed; the answer takes the doubt away.
        inDoubt: refund.inDoubt || refund.lastSentAtMs !== null,
        dueAtMs: callEndsAtMs,
      },
      refundNotBeforeMs: callEndsAtMs + REFUND_SPACING_MS,
      event: { kind: 'refund_sent', detail: { requestNo: refund.requestNo } },
    };
  });
  if (!isOurs && refund.state === 'created') {
    const turnAtMs = refundTurnAtMs(deps.clock.nowMs(), payment.refundNotBeforeMs);
    if (await saveRefundDue(deps.db, refund, turnAtMs)) deps.news.tell('due', turnAtMs);
  }
  return isOurs;
}

async function storeSend(
  deps: CheckDeps,
  key: RefundKey,
  askedAtMs: number,
  outcome: RefundOutcome,
): Promise<void> {
  const detail = { requestNo: key.requestNo, ...detailOf('refund', outcome), askedAtMs };
  const answer = outcome.answer;
  // An unsigned refusal counts (v1.md), but anyone on the line could have said it of a refund that was executed.
  const isUnsigned = outcome.kind === 'refused' && !outcome.answer.isSigned;
  const isDoubtfulRefusal =
    isUnsigned || (outcome.kind === 'unknown' && isBusinessFailure(outcome));
  if (answer === undefined || (outcome.kind === 'unknown' && !isDoubtfulRefusal)) {
    await storeSilence(deps, key, true, detail);
    return;
  }
  const fact = outcome.kind === 'unknown' ? 'refused' : outcome.kind;
  await applyRefund(deps, key, ({ refund }, nowMs) => ({
    refund: decideRefund(
      { ...refund, inDoubt: refund.inDoubt || isDoubtfulRefusal },
      { fact, answer: answer.raw, askedAtMs },
      nowMs,
    ),
    refundNotBeforeMs: nowMs + REFUND_SPACING_MS,
    event: { kind: 'refund_fact', detail: { ...detail, fact } },
  }));
}

/**
 * Alipay's verified word that this call failed, under a code that leaves open whether an earlier one succeeded (the trade is
 * closed, say) or that no table of ours has: a refusal, once the refund query finds nothing. Its own faults are no word.
 */
function isBusinessFailure({
  answer,
  reason,
}: Extract<RefundOutcome, { kind: 'unknown' }>): boolean {
  const isAboutTheRefund = reason === 'doubtful_code' || reason === 'unknown_code';
  const isTheirFault = /SYSTEM_ERROR|UNKNOW/i.test(answer?.subCode ?? 'UNKNOWN');
  return isAboutTheRefund && answer?.code === '40004' && !isTheirFault;
}

async function storeQuery(
  deps: CheckDeps,
  key: RefundKey,
  askedAtMs: number,
  outcome: RefundQueryOutcome,
): Promise<void> {
  const detail = { requestNo: key.requestNo, ...detailOf('refund_query', outcome), askedAtMs };
  if (outcome.kind === 'unknown' || outcome.kind === 'refused') {
    await storeSilence(deps, key, false, detail);
    return;
  }
  await applyRefund(deps, key, (rows, nowMs) => ({
    refund: decideRefund(
      rows.refund,
      { fact: outcome.kind, answer: answerOf(rows, outcome, nowMs), askedAtMs },
      nowMs,
    ),
    refundNotBeforeMs: rows.payment.refundNotBeforeMs,
    event: { kind: 'refund_fact', detail: { ...detail, fact: outcome.kind } },
  }));
}

function answerOf(
  { payment, refund }: RefundRows,
  outcome: Exclude<RefundQueryOutcome, { kind: 'unknown' | 'refused' }>,
  nowMs: number,
): string | null {
  if (outcome.kind !== 'done') return null;
  const accepted = refund.answerFact === 'accepted' ? refund.answer : null;
  return refundFromQuery(outcome.answer.raw, accepted, {
    paymentNo: refund.paymentNo,
    amountFen: refund.amountFen,
    refundedTotalFen: fen(payment.refundedFen + refund.amountFen),
    nowMs,
  });
}

async function storeSilence(
  deps: CheckDeps,
  key: RefundKey,
  sent: boolean,
  detail: PaymentEvent['detail'],
): Promise<void> {
  await applyRefund(deps, key, ({ payment, refund }, nowMs) => ({
    refund: refundAfterSilence(refund, sent, nowMs),
    refundNotBeforeMs: sent ? nowMs + REFUND_SPACING_MS : payment.refundNotBeforeMs,
    event: { kind: 'refund_silence', detail },
  }));
}
