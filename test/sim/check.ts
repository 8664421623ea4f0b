/**
 * What checks of a whole run are made of: the books that they read, and the shape of a check, a function from the books to what it
 * found wrong. The checks themselves are in `final-checks.ts`, `told-checks.ts` and `v2/`.
 */
import type { AuditEntry } from '../../src/core/audit.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { Payment } from '../../src/core/payment.ts';
import type { Refund } from '../../src/core/refund.ts';
import type { FlowSettings } from '../../src/flows/deps.ts';
import type { AuditVerdict } from '../../src/flows/verify-audit.ts';
import type { PaymentEvent } from '../../src/store/events.ts';
import type { BookTrade } from './book.ts';
import type { Heard } from './feed-check.ts';
import type { Ledger, Told } from './ledger.ts';
import type { Violation } from './record.ts';
import type { V2Books } from './v2/world.ts';

/** One payment with everything that was ever said about it. */
export type Story = {
  readonly payment: Payment;
  readonly events: readonly PaymentEvent[];
  readonly refunds: readonly Refund[];
  readonly incidents: readonly Incident[];
  readonly trade: BookTrade | undefined;
  readonly told: readonly Told[];
  readonly feed: readonly Heard[];
};

export type Books = {
  readonly stories: readonly Story[];
  readonly trades: readonly BookTrade[];
  readonly ledger: Ledger;
  readonly latePayment: FlowSettings['latePayment'];
  /** How far a node's clock may be from the true time. */
  readonly skewMs: number;
  /** All clocks are right, and nobody ever stood still. */
  readonly isExact: boolean;
  /** Undefined where nobody spoke v2. */
  readonly v2: V2Books | undefined;
  readonly audit: { readonly verdict: AuditVerdict; readonly entries: readonly AuditEntry[] };
  /** Numbers of the systems that are not ours. */
  readonly isForeign: (outTradeNo: string) => boolean;
};

export type Check = (books: Books) => Iterable<Violation>;

/** A check of each payment by itself. */
export function perPayment(
  rule: string,
  find: (story: Story, books: Books) => Iterable<string>,
): Check {
  return function* (books) {
    for (const story of books.stories) {
      const { paymentNo } = story.payment;
      for (const detail of find(story, books)) yield { rule, detail, paymentNo };
    }
  };
}

export const hasIncident = ({ events }: Story, reason: string): boolean =>
  events.some(({ kind, detail }) => kind === 'incident' && detail['reason'] === reason);
