/**
 * What operators do with dongles: register one for the allow-list, open enrolment again for one that lost its key,
 * revoke one with all its tokens, and let it use a merchant that another registered.
 */
import { CONTROL_PATTERN, lengthOf } from '../core/limits.ts';
import type { Dongle, Merchant } from '../core/merchant.ts';
import { inRace, RaceLost, type Queryable } from '../store/database.ts';
import { deleteTokensOf, findDongle, insertDongle, saveDongle } from '../store/dongles.ts';
import { deleteGrant, insertGrant } from '../store/merchants.ts';
import { nothingBeside, type Beside } from './beside.ts';
import type { Deps } from './deps.ts';

/** What was agreed with vendors (v1 `dogNo`). */
const DONGLE_NO_LENGTH = 32;

export function isDongleNo(text: string): boolean {
  return lengthOf(text) === DONGLE_NO_LENGTH && text.isWellFormed() && !CONTROL_PATTERN.test(text);
}

type ManageDeps = Pick<Deps, 'db' | 'clock'>;

/** False when it is registered already. One that enrolled by itself, or was revoked, is registered now. */
export async function registerDongle(
  deps: ManageDeps,
  dongleNo: string,
  beside: Beside<Dongle> = nothingBeside,
): Promise<boolean> {
  return untilWon(deps, async (tx) => {
    const known = await findDongle(tx, dongleNo);
    const isRevoked = known?.state === 'revoked';
    if (known?.isRegistered === true && !isRevoked) return false;
    const dongle: Dongle = {
      dongleNo,
      state: 'registered',
      // Whoever enrolled this number by himself may not be who the operator means.
      secretHash: null,
      isRegistered: true,
      createdAtMs: known?.createdAtMs ?? deps.clock.nowMs(),
      version: (known?.version ?? 0) + 1,
    };
    if (!(await (known ? saveDongle(tx, dongle) : insertDongle(tx, dongle)))) throw new RaceLost();
    await beside(tx, dongle);
    return true;
  });
}

/** Lets the dongle ask for a key once more; its present key stays valid until then. False when it is unknown. */
export function reopenDongle(deps: ManageDeps, dongleNo: string): Promise<boolean> {
  return change(
    deps,
    dongleNo,
    (dongle) => ({ ...dongle, state: 'registered', isRegistered: true }),
    false,
  );
}

/** Ends the dongle's key and all its tokens at once. False when it is unknown. */
export function revokeDongle(deps: ManageDeps, dongleNo: string): Promise<boolean> {
  return change(
    deps,
    dongleNo,
    (dongle) => ({ ...dongle, state: 'revoked', secretHash: null }),
    true,
  );
}

function change(
  deps: ManageDeps,
  dongleNo: string,
  step: (dongle: Dongle) => Dongle,
  endsTokens: boolean,
): Promise<boolean> {
  return untilWon(deps, async (tx) => {
    const dongle = await findDongle(tx, dongleNo);
    if (dongle === undefined) return false;
    const after = { ...step(dongle), version: dongle.version + 1 };
    if (!(await saveDongle(tx, after))) throw new RaceLost();
    if (endsTokens) await deleteTokensOf(tx, dongleNo);
    return true;
  });
}

/** Lets a dongle use a merchant, also one that it may use already. False when the dongle is unknown. */
export async function grantMerchant(
  { db, clock }: ManageDeps,
  { merchantId }: Pick<Merchant, 'merchantId'>,
  dongleNo: string,
): Promise<boolean> {
  if ((await findDongle(db, dongleNo)) === undefined) return false;
  await insertGrant(db, { merchantId, dongleNo, createdAtMs: clock.nowMs() });
  return true;
}

/** Takes that back; what a dongle registered stays its own. False when there is nothing to take back. */
export function withdrawMerchant(
  { db }: Pick<ManageDeps, 'db'>,
  { merchantId }: Pick<Merchant, 'merchantId'>,
  dongleNo: string,
): Promise<boolean> {
  return deleteGrant(db, { merchantId, dongleNo });
}

/** The dongle itself may ask for its key meanwhile: then the work is done again, from what that left. */
async function untilWon(
  { db }: ManageDeps,
  work: (tx: Queryable) => Promise<boolean>,
): Promise<boolean> {
  for (;;) {
    const result = await inRace(db, work);
    if (result !== undefined) return result;
  }
}
