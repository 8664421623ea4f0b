/**
 * What operators do with dongles: register one for the allow-list, open enrolment again for one that lost its key,
 * revoke one with all its tokens.
 */
import type { Dongle } from '../core/merchant.ts';
import { inRace, RaceLost, type Queryable } from '../store/database.ts';
import { deleteTokensOf, findDongle, insertDongle, saveDongle } from '../store/dongles.ts';
import type { Deps } from './deps.ts';

type ManageDeps = Pick<Deps, 'db' | 'clock'>;

/** False when it is registered already. One that enrolled by itself, or was revoked, is registered now. */
export async function registerDongle(deps: ManageDeps, dongleNo: string): Promise<boolean> {
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
