/**
 * Operations that the generated client is about to have, as the contract says. To be deleted: every use becomes `client.…` as soon as
 * the document has the operation. Nothing else may be added here than what the contract has.
 */
import type { CallOptions, ListPaymentsAnswer, Payment } from '../../client/client.ts';
import { client } from './client.ts';

export type Scope = 'read' | 'charge' | 'refund' | 'manage' | 'administer';
export type Role = 'administrator' | 'finance' | 'clerk' | 'read_only';

export type User = {
  readonly object: 'user';
  readonly id: string;
  readonly name: string;
  readonly display_name: string | null;
  readonly role: Role;
  readonly merchant: string | null;
  readonly scopes: readonly Scope[];
  readonly state: 'active' | 'invited' | 'suspended';
  readonly totp: boolean;
  readonly locked_until: string | null;
  readonly last_sign_in_at: string | null;
  readonly created_at: string;
};

export type Session = {
  readonly object: 'session';
  readonly user: User;
  readonly csrf_token: string;
  readonly expires_at: string;
  readonly must_change_password: boolean;
};

type SignIn = { readonly name: string; readonly password: string; readonly totp?: string };
type Link = { readonly token: string; readonly password: string; readonly name?: string };

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
  readonly events: {
    readonly stream: (
      options: CallOptions & { readonly merchant?: string; readonly cursor?: string },
    ) => AsyncIterable<unknown>;
  };
  readonly gateway: {
    readonly get: () => Promise<{
      readonly simulated: boolean;
      readonly wallet_url?: string | null;
    }>;
  };
  readonly session: {
    readonly get: () => Promise<Session>;
    readonly create: (body: SignIn) => Promise<Session>;
    readonly redeemLink: (body: Link) => Promise<Session>;
    readonly end: () => Promise<void>;
  };
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- until the document has them
export const pending = client as unknown as PendingClient;
