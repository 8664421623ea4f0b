/**
 * The history as a ledger: each event tells which fields of the payment and of a refund it changed, and folding them from
 * the first gives the rows as they are. Pure: `flows/record-change.ts` writes the changes, the tests and `f2f payment
 * show` fold them. What an event means is not asked here, only what it wrote.
 */
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';

/**
 * A row but for its due time. That is a hint and a lease: a worker claims a row by moving it, without a version and
 * without an event, so no history could tell it, and no decision may rest on it.
 */
type Recorded<Row> = Omit<Row, 'dueAtMs'>;
export type PaymentRecord = Recorded<Payment>;
export type RefundRecord = Recorded<Refund>;

/** What one event changed, as it is kept beside it. The first event of a row carries all of its fields. */
export type Changes = {
  readonly payment?: Partial<PaymentRecord>;
  readonly refund?: Pick<RefundRecord, 'requestNo'> & Partial<RefundRecord>;
};

/** One change of the stored rows. `before` is undefined when the row was made by it. */
export type RowChange = {
  readonly payment: { readonly before: Payment | undefined; readonly after: Payment };
  readonly refund?: { readonly before: Refund | undefined; readonly after: Refund } | undefined;
};

/** The fields in which `after` differs from `before`; all of them when there was no row before. */
export function changesBetween<Row extends { readonly dueAtMs: number | null }>(
  before: Row | undefined,
  after: Row,
): Partial<Recorded<Row>> {
  const { dueAtMs: _, ...fields } = after;
  if (before === undefined) return fields;
  const changed: Partial<Recorded<Row>> = { ...fields };
  for (const name of namesOf(fields)) {
    if (fields[name] === before[name]) delete changed[name];
  }
  return changed;
}

/** What the history keeps of a change. */
export function changesOf({ payment, refund }: RowChange): Changes {
  const ofPayment = changesBetween(payment.before, payment.after);
  if (refund === undefined) return { payment: ofPayment };
  const { requestNo } = refund.after;
  return {
    payment: ofPayment,
    refund: { ...changesBetween(refund.before, refund.after), requestNo },
  };
}

export type Replay =
  | {
      readonly ok: true;
      readonly payment: PaymentRecord;
      /** In the order in which they were asked for. */
      readonly refunds: readonly RefundRecord[];
    }
  /** The history does not tell the whole story; `fault` says what is missing. */
  | { readonly ok: false; readonly fault: string };

type Told = { readonly version: number; readonly changes: Changes };

/** Rebuilds the rows from the events of one payment, oldest first. */
export function replay(events: readonly Told[]): Replay {
  let payment: PaymentRecord | undefined;
  const refunds = new Map<string, RefundRecord>();
  for (const { version, changes } of events) {
    if (changes.payment === undefined) {
      // An effect of the change before it: a second line about the same version.
      if (version === payment?.version) continue;
      return fault(`version ${version} does not tell what it changed`);
    }
    const expected = (payment?.version ?? 0) + 1;
    if (version !== expected || changes.payment.version !== expected) {
      return fault(`version ${expected} is missing before version ${version}`);
    }
    payment = fold(payment, changes.payment);
    if (payment === undefined) return fault('version 1 does not tell the whole row');
    const refund = changes.refund && nextRefund(refunds.get(changes.refund.requestNo), changes);
    if (typeof refund === 'string') return fault(refund);
    if (refund !== undefined) refunds.set(refund.requestNo, refund);
  }
  if (payment === undefined) return fault('there are no events');
  return { ok: true, payment, refunds: [...refunds.values()] };
}

/** The refund after one more change, or what is missing before it. */
function nextRefund(
  before: RefundRecord | undefined,
  { refund: change }: Changes,
): RefundRecord | string {
  const expected = (before?.version ?? 0) + 1;
  const after = change?.version === expected ? fold(before, change) : undefined;
  return after ?? `version ${expected} of refund ${change?.requestNo} is missing`;
}

/** The row after a change; undefined when there is neither a row nor the beginning of one. */
function fold<Row extends { readonly version: number }>(
  before: Row | undefined,
  change: Partial<Row>,
): Row | undefined {
  if (before !== undefined) return { ...before, ...change };
  return isBeginning(change) ? change : undefined;
}

/** Only an insert writes version 1, and it carries the whole row. */
function isBeginning<Row extends { readonly version: number }>(
  change: Partial<Row>,
): change is Row {
  return change.version === 1;
}

function fault(text: string): Replay {
  return { ok: false, fault: text };
}

/** Where the history and the stored rows disagree, a sentence for each; none when the history replays to the rows. */
export function historyFaults(
  events: readonly Told[],
  rows: { readonly payment: Payment; readonly refunds: readonly Refund[] },
): readonly string[] {
  const replayed = replay(events);
  if (!replayed.ok) return [replayed.fault];
  const told = new Map(replayed.refunds.map((refund) => [refund.requestNo, refund]));
  const stored = new Set(rows.refunds.map(({ requestNo }) => requestNo));
  return [
    ...differences('payment', replayed.payment, rows.payment),
    ...rows.refunds.flatMap((refund) =>
      differences(`refund ${refund.requestNo}`, told.get(refund.requestNo), refund),
    ),
    ...[...told.keys()]
      .filter((requestNo) => !stored.has(requestNo))
      .map((requestNo) => `refund ${requestNo} is told and not stored`),
  ];
}

function differences<Row extends { readonly dueAtMs: number | null }>(
  name: string,
  told: Recorded<Row> | undefined,
  row: Row,
): readonly string[] {
  if (told === undefined) return [`${name} is stored and not told`];
  const { dueAtMs: _, ...stored } = row;
  const names = new Set([...namesOf(told), ...namesOf(stored)]);
  return (
    [...names]
      // What was written before there was such a field tells nothing of it, and it is empty.
      .filter((field) => (told[field] ?? null) !== (stored[field] ?? null))
      .map((field) => `${name}.${String(field)} is stored otherwise than it is told`)
  );
}

/** `Object.keys` forgets the type of the keys; the rows have these and no others. */
function namesOf<T extends object>(of: T): readonly (keyof T)[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
  return Object.keys(of) as (keyof T)[];
}
