/**
 * Gives a dongle its secret key. Under open enrolment any dongle gets one, and each call replaces the key before it;
 * under the allow-list an operator registers the dongle first, and the key is given once. Only its hash is stored.
 */
import type { Dongle } from '../core/merchant.ts';
import { takeNumbers } from '../store/counters.ts';
import { inTransaction } from '../store/database.ts';
import { findDongle, insertDongle, saveDongle } from '../store/dongles.ts';
import type { Deps } from './deps.ts';
import { hashCredential } from './hash-credential.ts';

export type EnrolResult =
  | { readonly kind: 'issued'; readonly secretKey: string; readonly secretId: number }
  | { readonly kind: 'not_registered' }
  | { readonly kind: 'already_issued' };

/** Random bytes of a secret key or token: 32 lower-case hex digits. */
export const CREDENTIAL_BYTES = 16;

export async function enrolDongle(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings'>,
  dongleNo: string,
): Promise<EnrolResult> {
  const secretKey = deps.random.hex(CREDENTIAL_BYTES);
  const nowMs = deps.clock.nowMs();
  for (;;) {
    const result = await inTransaction(deps.db, async (tx): Promise<EnrolResult | undefined> => {
      const known = await findDongle(tx, dongleNo);
      const refusal = refusalOf(known, deps.settings.enrolment);
      if (refusal !== undefined) return { kind: refusal };
      const issued: Dongle = {
        dongleNo,
        state: 'issued',
        secretHash: hashCredential(secretKey),
        isRegistered: known?.isRegistered ?? false,
        createdAtMs: known?.createdAtMs ?? nowMs,
        version: (known?.version ?? 0) + 1,
      };
      const wrote = known ? await saveDongle(tx, issued) : await insertDongle(tx, issued);
      if (!wrote) return undefined;
      return { kind: 'issued', secretKey, secretId: await takeNumbers(tx, 'secret', 1) };
    });
    if (result !== undefined) return result;
  }
}

function refusalOf(
  known: Dongle | undefined,
  enrolment: 'open' | 'allow-list',
): Exclude<EnrolResult['kind'], 'issued'> | undefined {
  if (known?.state === 'revoked') return 'not_registered';
  if (enrolment === 'open') return undefined;
  if (known === undefined || !known.isRegistered) return 'not_registered';
  return known.state === 'issued' ? 'already_issued' : undefined;
}
