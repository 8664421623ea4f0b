/**
 * Puts a backup in the place of the database. The database goes back in time and Alipay does not: numbers that were given out
 * since the backup are used there, so the counters of the numbers that leave the gateway are moved ahead. Everything else is
 * as it was: what was open then is due long since, and is settled by asking Alipay.
 */
import { CPI_NO_CYCLE, EVENT_NO_CYCLE, numbersToSkip, PAYMENT_NO_CYCLE } from '../core/numbers.ts';
import { listAppKeys } from '../store/apps.ts';
import { takeNumbers } from '../store/counters.ts';
import { inTransaction, type Db } from '../store/database.ts';
import { openSqlite } from '../store/sqlite.ts';
import { replaceDatabase, type Replaced, type Replacement } from '../store/sqlite-restore.ts';
import { countUnsettled } from '../store/payments.ts';
import { findVaultCheck } from '../store/vault-check.ts';
import type { Vault } from '../system/vault.ts';
import type { Deps } from './deps.ts';
import { CHECK_CONTEXT, vaultContext } from './key-ring.ts';

export type Restored = Replaced & {
  /** Payments that Alipay will be asked about. */
  readonly unsettled: number;
  /** Whether the master key opens all that is sealed in the database: else the gateway will not start. */
  readonly isMasterKeyRight: boolean;
};

/**
 * Of the counters, those whose numbers others remember, and the cycle in which each runs: tills and Alipay, and whoever reads
 * the feed or takes webhooks: he has read up to a place, and takes an event with a number that he knows for one that came twice.
 */
const CYCLES = {
  payment: PAYMENT_NO_CYCLE,
  cpi_no: CPI_NO_CYCLE,
  event: EVENT_NO_CYCLE,
} as const;
/** Enough for a number larger than any cycle. */
const RANDOM_BYTES = 4;

/** Throws `FileRefused`. Without a vault nothing opens. */
export async function restoreDatabase(
  deps: Pick<Deps, 'random'> & { readonly vault: Vault | undefined },
  replacement: Replacement,
): Promise<Restored> {
  let found = { unsettled: 0, isMasterKeyRight: false };
  const replaced = await replaceDatabase(replacement, async (path, { rows }) => {
    const db = openSqlite(path);
    try {
      await inTransaction(db, async (tx) => {
        for (const [name, cycle] of Object.entries(CYCLES)) {
          const random = Number.parseInt(deps.random.hex(RANDOM_BYTES), 16);
          await takeNumbers(tx, name, numbersToSkip(cycle, random));
        }
      });
      const sealed = await listSealed(db, rows['vault_check'] !== undefined);
      found = {
        unsettled: await countUnsettled(db),
        isMasterKeyRight: sealed.every(({ text, context }) => opens(deps.vault, text, context)),
      };
    } finally {
      await db.destroy();
    }
  });
  return { ...replaced, ...found };
}

type Sealed = { readonly text: string; readonly context: string };

/** All that the master key sealed; older schemas have no text of its own that tells. */
async function listSealed(db: Db, hasCheck: boolean): Promise<readonly Sealed[]> {
  const keys = (await listAppKeys(db)).map(({ keyId, sealedPrivateKey }) => ({
    text: sealedPrivateKey,
    context: vaultContext(keyId),
  }));
  const check = hasCheck ? await findVaultCheck(db) : undefined;
  return check === undefined ? keys : [...keys, { text: check, context: CHECK_CONTEXT }];
}

function opens(vault: Vault | undefined, text: string, context: string): boolean {
  try {
    return vault?.open(text, context) !== undefined;
  } catch {
    // Another master key sealed it. That is what was asked.
    return false;
  }
}
