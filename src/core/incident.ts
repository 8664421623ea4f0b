/**
 * What a person must look into: the closed list of reasons, and which change of the rows makes one moot for certain, so that
 * the gateway resolves it itself. Who raises a reason: `decide-payment.ts` for payments, `flows/apply-refund.ts` for
 * refunds. What each means to a person, in English and Chinese, is in `flows/incident-texts.ts`.
 */
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';
import { hasGivenUp, isPastConfirming } from './schedule.ts';

export const INCIDENT_REASONS = [
  /** A paid payment's trade is closed, or gone, at Alipay. */
  'paid_trade_is_closed',
  /** For a week no query agreed with the pay call's word that it is paid. */
  'paid_stays_unconfirmed',
  /** All of a paid payment went back, and not by refunds of ours. */
  'refunded_elsewhere',
  /** About a week of questions about the payment got no verified answer. */
  'alipay_stays_silent',
  /** A till may have been told "paid" before the cancel that gave the money back was heard of. */
  'reversed_after_paid',
  /** The number names another trade at Alipay: another system counts the same numbers for this account. */
  'number_names_another_trade',
  /** Money came after the till was told that it would not, and the setting is to keep it. */
  'late_payment',
  /** Alipay refused the gateway's own refund of late money. */
  'late_refund_refused',
  /** About a week of questions about a refund got no verified answer that settles it. */
  'refund_stays_silent',
  /** A till was told that a refund was refused, and it was carried out after all. */
  'refund_done_after_refused',
] as const;
export type IncidentReason = (typeof INCIDENT_REASONS)[number];

/** What a change of the rows makes a person look into. `requestNo` names the refund that it is about, if it is one. */
export type Concern = { readonly reason: IncidentReason; readonly requestNo: string | null };

/** A concern as it waits for a person. While it is open, the same concern is the same incident. */
export type Incident = Concern & {
  readonly merchantId: number;
  readonly incidentNo: number;
  readonly paymentNo: string;
  readonly state: 'open' | 'resolved';
  readonly openedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly seenCount: number;
  readonly resolvedAtMs: number | null;
  /** A person's name, or `gateway` when it became moot by itself. */
  readonly resolvedBy: string | null;
  readonly note: string | null;
  readonly version: number;
};

/** Who resolves what became moot. No person may take the name (`flows/resolve-incident.ts`). */
export const GATEWAY = 'gateway';

/** A change of stored rows, and what was heard of Alipay that caused it. */
export type MootQuestion = {
  readonly payment: { readonly before: Payment; readonly after: Payment };
  readonly refund?: { readonly before: Refund | undefined; readonly after: Refund } | undefined;
  readonly heard: { readonly method?: unknown; readonly fact?: unknown };
  readonly nowMs: number;
};

type IsMoot = (question: MootQuestion) => boolean;

/** A contradiction between Alipay's words, or between Alipay and a till, is not undone by a later word. */
const never: IsMoot = () => false;

/** All of the money went back: there is nothing left that should. */
const allWentBack: IsMoot = ({ payment: { before, after } }) =>
  after.isLate &&
  ((before.state !== 'reversed' && after.state === 'reversed') ||
    (before.refundedFen < before.amountFen && after.refundedFen === after.amountFen));

/** Which change makes an open incident of each reason moot for certain. Asked of the rows alone: no read is spent on it. */
const IS_MOOT = {
  paid_trade_is_closed: never,
  // A query agrees after all.
  paid_stays_unconfirmed: ({ payment: { before, after }, heard, nowMs }) =>
    before.state === 'paid' &&
    after.state === 'paid' &&
    isPastConfirming(before, nowMs) &&
    heard.method === 'query' &&
    heard.fact === 'paid',
  // It was one of ours, which was refused and carried out all the same.
  refunded_elsewhere: ({ payment: { after }, refund }) =>
    refund?.before?.state === 'refused' &&
    refund.after.state === 'done' &&
    after.refundedFen === after.amountFen,
  // Alipay answered: the questions go on by their schedule, or the answer settled the payment.
  alipay_stays_silent: ({ payment: { before, after } }) => hasGivenUp(before) && !hasGivenUp(after),
  reversed_after_paid: never,
  number_names_another_trade: never,
  late_payment: allWentBack,
  late_refund_refused: allWentBack,
  refund_stays_silent: ({ refund }) =>
    refund?.before !== undefined && hasGivenUp(refund.before) && !hasGivenUp(refund.after),
  refund_done_after_refused: never,
} as const satisfies Record<IncidentReason, IsMoot>;

/** Open incidents of a payment that became moot: of one of its refunds, or all of the reason when `requestNo` is null. */
export type Moot = Concern;

/** Which open incidents of the payment this change makes moot, should there be any. */
export function mootConcerns(question: MootQuestion): readonly Moot[] {
  const { refund } = question;
  return INCIDENT_REASONS.filter((reason) => IS_MOOT[reason](question)).map((reason) => ({
    reason,
    requestNo: reason === 'refund_stays_silent' ? (refund?.after.requestNo ?? null) : null,
  }));
}
