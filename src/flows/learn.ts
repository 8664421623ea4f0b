/**
 * From what a call to Alipay ended in to what is stored of it: an outcome that is evidence becomes a fact, everything
 * else becomes silence. The tables are exhaustive over the outcomes of `alipay/outcome.ts`.
 */
import type {
  CancelOutcome,
  CloseOutcome,
  PayOutcome,
  PrecreateOutcome,
  QueryOutcome,
  Unknown,
} from '../alipay/outcome.ts';
import type { Answer } from '../alipay/verify.ts';
import type { Evidence } from '../core/decide-payment.ts';
import type { Payment, PaymentFact } from '../core/payment.ts';
import type { PaymentEvent } from '../store/events.ts';
import { applyFact, applySilence } from './apply-fact.ts';
import type { Deps } from './deps.ts';

type OutcomeByMethod = {
  readonly pay: PayOutcome;
  readonly precreate: PrecreateOutcome;
  readonly query: QueryOutcome;
  readonly cancel: CancelOutcome;
  readonly close: CloseOutcome;
};
type Method = keyof OutcomeByMethod;

/** Which fact each kind of outcome is; null where it tells nothing about the payment and the trade must be asked for. */
const FACTS: {
  readonly [M in Method]: Readonly<
    Record<Exclude<OutcomeByMethod[M]['kind'], 'unknown'>, PaymentFact | null>
  >;
} = {
  pay: { paid: 'paid', waiting: 'waiting', refused: 'refused' },
  precreate: { issued: 'qr_issued', refused: 'refused' },
  // A refused query (keys, rate, contract) says nothing of the trade.
  query: {
    paid: 'paid',
    waiting: 'waiting',
    closed: 'closed_unpaid',
    absent: 'absent',
    refused: null,
  },
  cancel: {
    closed: 'closed_unpaid',
    refunded: 'cancel_refunded',
    nothing: 'cancel_found_nothing',
    refused: null,
  },
  close: { closed: 'closed_unpaid', absent: 'absent', not_open: null, refused: null },
};

/** Stores what the outcome taught us about the payment, which was as `asked` when Alipay was; returns it as it is then. */
export function learn<M extends Method>(
  deps: Pick<Deps, 'db' | 'clock' | 'log' | 'news' | 'settings' | 'turns'>,
  asked: Payment,
  method: M,
  askedAtMs: number,
  outcome: OutcomeByMethod[M],
): Promise<Payment> {
  const detail = { ...detailOf(method, outcome), askedAtMs };
  const fact = factOf(method, outcome);
  const isEnding = method === 'cancel' || method === 'close';
  const answer = 'answer' in outcome ? outcome.answer : undefined;
  if (fact === null || answer === undefined) return applySilence(deps, asked, detail, isEnding);
  const evidence: Evidence = {
    // Strict confirmation: a charge that Alipay accepted counts as an open trade until a query agrees.
    fact:
      method === 'pay' && fact === 'paid' && deps.settings.confirm === 'strict' ? 'waiting' : fact,
    method,
    askedAtMs,
    askedIn: asked.state,
    raw: answer.raw,
    alipayTradeNo: 'alipayTradeNo' in outcome ? outcome.alipayTradeNo : undefined,
    qrCode: 'qrCode' in outcome ? outcome.qrCode : undefined,
    paidAtMs: 'paidAtMs' in outcome ? outcome.paidAtMs : undefined,
  };
  return applyFact(deps, asked, evidence, detail);
}

function factOf<M extends Method>(method: M, outcome: OutcomeByMethod[M]): PaymentFact | null {
  if (outcome.kind === 'unknown') {
    // A trade of our number with another amount is a verified answer too: about somebody else's trade.
    return method === 'query' && outcome.reason === 'wrong_amount' ? 'foreign' : null;
  }
  if (outcome.kind === 'closed' && 'wasPaid' in outcome && outcome.wasPaid)
    return 'closed_refunded';
  const facts: Readonly<Record<string, PaymentFact | null>> = FACTS[method];
  return facts[outcome.kind] ?? null;
}

/** What the history keeps of an outcome. */
export function detailOf(
  method: string,
  outcome: Unknown | { readonly kind: string; readonly answer: Answer },
): PaymentEvent['detail'] {
  if ('reason' in outcome) {
    const { reason, detail, code, subCode, traceId, httpStatus } = outcome;
    return {
      method,
      outcome: outcome.kind,
      reason,
      explanation: detail,
      code,
      subCode,
      traceId,
      httpStatus,
    };
  }
  const { code, subCode, subMsg, traceId } = outcome.answer;
  return { method, outcome: outcome.kind, code, subCode, subMsg, traceId };
}
