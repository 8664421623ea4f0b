/**
 * Gives a dongle that proves its secret key an access token, and tells whose a token is. Only hashes are stored and
 * compared; several tokens of one dongle may be alive, and a new secret key leaves them valid.
 */
import { takeNumbers } from '../store/counters.ts';
import { inTransaction } from '../store/database.ts';
import { findTokenHolder, holdDongle, insertToken } from '../store/dongles.ts';
import type { Deps } from './deps.ts';
import { CREDENTIAL_BYTES } from './enrol-dongle.ts';
import { hashCredential } from './hash-credential.ts';

export type IssuedToken = {
  readonly token: string;
  readonly tokenId: number;
  readonly expiresAtMs: number;
};

/** Undefined when the dongle is unknown or revoked, or the key is wrong or superseded: the answer never tells which. */
export async function issueToken(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings'>,
  dongleNo: string,
  secretKey: string,
): Promise<IssuedToken | undefined> {
  const token = deps.random.hex(CREDENTIAL_BYTES);
  const expiresAtMs = deps.clock.nowMs() + deps.settings.tokenTtlS * 1000;
  return inTransaction(deps.db, async (tx) => {
    // Whoever revokes it meanwhile comes after this, and finds the token.
    const dongle = await holdDongle(tx, dongleNo);
    // Comparing hashes of random keys tells an attacker who measures time nothing about the key.
    const isProven =
      dongle !== undefined &&
      dongle.state !== 'revoked' &&
      (dongle.isRegistered || deps.settings.enrolment === 'open') &&
      dongle.secretHash === hashCredential(secretKey);
    if (!isProven) return undefined;
    const tokenId = await takeNumbers(tx, 'token', 1);
    await insertToken(tx, { tokenHash: hashCredential(token), tokenId, dongleNo, expiresAtMs });
    return { token, tokenId, expiresAtMs };
  });
}

/** The dongle that holds this living token; undefined when the token is unknown, expired or revoked. */
export function authenticate(
  deps: Pick<Deps, 'db' | 'clock'>,
  token: string,
): Promise<string | undefined> {
  return findTokenHolder(deps.db, hashCredential(token), deps.clock.nowMs());
}
