/** What an error of a call proves about the payment that was asked for: only a clear no of the gateway proves that there is none. */
import { ApiError } from '../../client/client.ts';
import type { Texts } from './charge.ts';

export type Verdict =
  /** There is no payment, and this is why. */
  | { readonly kind: 'refused'; readonly why: Texts }
  /** There is one under this number: it is looked for. */
  | { readonly kind: 'exists' }
  /** Nothing is proven. */
  | { readonly kind: 'doubt' }
  /** Nobody is signed in any more. Nothing is proven. */
  | { readonly kind: 'signed_out' };

const FAULTS_FROM = 500;

export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof ApiError)) return { kind: 'doubt' };
  if (error.code === 'authentication_required') return { kind: 'signed_out' };
  if (error.code === 'merchant_reference_taken') return { kind: 'exists' };
  // The key was good for something else: what that was is asked for by the number of the bill.
  if (error.isInDoubt || error.code === 'idempotency_key_reused') return { kind: 'doubt' };
  // A page of a proxy says nothing about what the gateway did.
  if (error.code === 'unknown' && error.problem === undefined) return { kind: 'doubt' };
  // Of the faults this one alone says that nobody can pay.
  const isFault = error.status >= FAULTS_FROM && error.code !== 'alipay_silent';
  if (isFault) return { kind: 'doubt' };
  return { kind: 'refused', why: { en: error.detail, zh: error.detail_zh } };
}
