/**
 * Operations that the generated client is about to have, as the contract says. To be deleted: every use becomes `client.…` as soon as
 * the document has the operation. Nothing else may be added here than what the contract has.
 */
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

type PendingClient = {
  readonly session: {
    readonly get: () => Promise<Session>;
    readonly create: (body: SignIn) => Promise<Session>;
    readonly redeemLink: (body: Link) => Promise<Session>;
    readonly end: () => Promise<void>;
  };
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- until the document has them
export const pending = client as unknown as PendingClient;
