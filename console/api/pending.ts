/**
 * Operations that the generated client is about to have, as the contract says. To be deleted: every use becomes `client.…` as soon as
 * the document has the operation. Nothing else may be added here than what the contract has.
 */
import type { CallOptions, ListPaymentsAnswer, Payment } from '../../client/client.ts';
import { client } from './client.ts';

/** What payments and refunds have of who asked for them. */
export type Creator = {
  readonly created_by?: { readonly id: string; readonly name: string } | null;
};

type Sum = { readonly count: number; readonly amount: number };

export type PaymentTotals = Sum & {
  readonly object: 'payment_totals';
  readonly paid: Sum;
  readonly refunded: Sum;
  readonly net_amount: number;
  readonly by_method: Readonly<
    Record<Payment['method'], Sum & { readonly refunded_amount: number }>
  >;
  readonly by_state: Readonly<Record<Payment['state'], Sum>>;
};

type PaymentFilters = CallOptions & {
  readonly merchant?: string | undefined;
  readonly state?: Payment['state'] | undefined;
  readonly created_from?: string | undefined;
  readonly created_before?: string | undefined;
  readonly created_by?: string | undefined;
  readonly limit?: number | undefined;
};

type PendingClient = {
  readonly payments: {
    readonly list: (options: PaymentFilters) => Promise<ListPaymentsAnswer>;
    readonly getTotals: (options: PaymentFilters) => Promise<PaymentTotals>;
  };
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- until the document has them
export const pending = client as unknown as PendingClient;
