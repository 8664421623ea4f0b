/**
 * Which payments are meant: the filters that lists, totals and exports share, each as one condition of SQL. Which of them leave
 * few payments is told here, too; in what order payments are read, and how many at once, is in `payment-pages.ts`.
 */
import { sql, type RawBuilder } from 'kysely';
import type { Payment } from '../core/payment.ts';

/** All payments, but for what is given. */
export type PaymentChoice = {
  /** One merchant's; null for all. */
  readonly merchantId: number | null;
  /** In this state, as it is shown. */
  readonly state?: Payment['state'] | undefined;
  readonly method?: Payment['method'] | undefined;
  readonly localNo?: string | undefined;
  /** Asked for by this key or user. */
  readonly createdBy?: string | undefined;
  /** Begun then or later. */
  readonly createdFromMs?: number | undefined;
  /** Begun before. */
  readonly createdBeforeMs?: number | undefined;
  /** Found by any number that it is known by. */
  readonly number?: SearchedNumber | undefined;
  /** Of so much or more. */
  readonly amountFromFen?: number | undefined;
  /** Of so much or less. */
  readonly amountToFen?: number | undefined;
  /** Whether any of it was given back. */
  readonly refunded?: boolean | undefined;
};

/** What a searched text may be: the payment's number, the till's or Alipay's, or that of a refund. */
export type SearchedNumber = {
  readonly text: string;
  readonly paymentNo: string;
  readonly refund: { readonly paymentNo: string; readonly requestNo: string } | undefined;
};

type Conditions = {
  readonly [Name in keyof PaymentChoice]-?: (
    value: NonNullable<PaymentChoice[Name]>,
    choice: PaymentChoice,
  ) => RawBuilder<boolean>;
};

/** Of a payment that is called `p`. */
const CONDITIONS: Conditions = {
  // Whoever it was has asked for fewer than the merchant has: his index is to be searched, and not the merchant's.
  merchantId: (id, { createdBy }) =>
    createdBy === undefined ? sql`p.merchant_id = ${id}` : sql`p.merchant_id + 0 = ${id}`,
  state: isShownAs,
  method: (method) => sql`p.method = ${method}`,
  localNo: isOfBill,
  createdBy: (id) => sql`p.created_by = ${id}`,
  createdFromMs: (ms) => sql`p.created_at_ms >= ${ms}`,
  createdBeforeMs: (ms) => sql`p.created_at_ms < ${ms}`,
  number: isCalled,
  amountFromFen: (fen) => sql`p.amount_fen >= ${fen}`,
  amountToFen: (fen) => sql`p.amount_fen <= ${fen}`,
  refunded: (any) => (any ? sql`p.refunded_fen > 0` : sql`p.refunded_fen = 0`),
};

/** Those that an index of payments by time has, too: a walk along it looks at no others, or at few. */
const OF_TIME = ['merchantId', 'createdBy', 'createdFromMs', 'createdBeforeMs'] as const;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.keys` forgets the names of the table
const NAMES = Object.keys(CONDITIONS) as (keyof PaymentChoice)[];

/** What holds of each payment that is meant. */
export function conditionsOf(choice: PaymentChoice): readonly RawBuilder<boolean>[] {
  return NAMES.flatMap((name) => conditionOf(name, choice));
}

/** The same, of when it was begun and whose it is. */
export function timeConditionsOf(choice: PaymentChoice): readonly RawBuilder<boolean>[] {
  return OF_TIME.flatMap((name) => conditionOf(name, choice));
}

/** Whether these filters leave few payments: they are found by their number, and not by walking. */
export function meansFew({ localNo, number }: PaymentChoice): boolean {
  return localNo !== undefined || number !== undefined;
}

/** Whether a walk by time looks at payments that are not meant. */
export function looksAtOthers(choice: PaymentChoice): boolean {
  return conditionsOf(choice).length > timeConditionsOf(choice).length;
}

function conditionOf(
  name: keyof PaymentChoice,
  choice: PaymentChoice,
): readonly RawBuilder<boolean>[] {
  const value = choice[name];
  if (value === undefined || value === null) return [];
  // Each condition takes what its filter holds; the compiler loses which is which.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
  const condition = CONDITIONS[name] as (
    it: typeof value,
    all: PaymentChoice,
  ) => RawBuilder<boolean>;
  return [condition(value, choice)];
}

/** Whosever bill it is, it is found by its number at each merchant. */
function isOfBill(localNo: string, { merchantId }: PaymentChoice): RawBuilder<boolean> {
  const isTheirs = sql<boolean>`p.local_no = ${localNo}`;
  return merchantId === null ? sql`(${isTheirs} and p.merchant_id in ${EVERY_MERCHANT})` : isTheirs;
}

const EVERY_MERCHANT = sql`(select merchant_id from merchant)`;

/** Each kind of number is looked up in its own index, and the payments that were found are then looked at. */
function isCalled({ text, paymentNo, refund }: SearchedNumber): RawBuilder<boolean> {
  const ofRefund =
    refund === undefined
      ? sql``
      : sql` union all select r.payment_no from refund as r join payment as o on o.payment_no = r.payment_no
          where o.payment_no = ${refund.paymentNo} and r.merchant_id = o.merchant_id and r.request_no = ${refund.requestNo}`;
  return sql`p.payment_no in (
    select payment_no from payment where payment_no = ${paymentNo}
    union all select payment_no from payment where alipay_trade_no = ${text}
    union all select payment_no from payment where local_no = ${text} and merchant_id in ${EVERY_MERCHANT}${ofRefund})`;
}

/** As `shownState` of `core/payment.ts` has it: money that came too late and goes back is shown as reversed. */
function isShownAs(state: Payment['state']): RawBuilder<boolean> {
  if (state !== 'paid' && state !== 'reversed') return sql`p.state = ${state}`;
  return state === 'paid'
    ? sql`(p.state = 'paid' and not ${GOES_BACK})`
    : sql`(p.state = 'reversed' or (p.state = 'paid' and ${GOES_BACK}))`;
}

const GOES_BACK = sql`(p.is_late = 1 and p.refunded_fen + p.refunding_fen = p.amount_fen)`;

/** The state that is shown, to be selected. */
export const SHOWN_STATE = sql<
  Payment['state']
>`case when p.state = 'paid' and ${GOES_BACK} then 'reversed' else p.state end`;
