/** How a merchant stands: whether it takes payments, and if not, or not for long, what it lacks. */
import type { Merchant } from '../../../client/client.ts';

export type Standing =
  | { readonly kind: 'active' | 'suspended' | 'no_alipay_key' }
  | { readonly kind: 'expiring' | 'expired'; readonly at: string };

/** A certificate takes Alipay some days to renew, and somebody some days to ask for it. */
const WARN_MS = 30 * 24 * 60 * 60 * 1000;

/** What hinders most comes first: of two certificates the one that ends earlier. */
export function standingOf({ state, app }: Merchant, nowMs: number): Standing {
  if (state === 'suspended') return { kind: 'suspended' };
  const { certificates } = app;
  if (certificates === null) {
    return { kind: app.alipay_public_key === null ? 'no_alipay_key' : 'active' };
  }
  const ends = [certificates.app.expires_at, certificates.alipay.expires_at];
  const [at = ''] = ends.toSorted((one, other) => Date.parse(one) - Date.parse(other));
  const leftMs = Date.parse(at) - nowMs;
  if (leftMs <= 0) return { kind: 'expired', at };
  return leftMs < WARN_MS ? { kind: 'expiring', at } : { kind: 'active' };
}
