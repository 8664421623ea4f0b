/**
 * Walks the audit log from its first entry to its last and makes each hash anew: says how many entries hold, and of the first
 * that does not, what is wrong with it. Whoever can write into the database can also make every hash anew; against that helps a
 * head that was noted elsewhere. Reads in batches, and lets others in between.
 */
import { NO_HASH, type AuditEntry } from '../core/audit.ts';
import { findAuditHead, readAuditEntries, type AuditHead } from '../store/audit.ts';
import { inSnapshot, type Db } from '../store/database.ts';
import { hashEntry } from './keep-audit.ts';

const BATCH_ENTRIES = 1000;

export type AuditFault = {
  readonly number: number;
  /** What differs, as a sentence that begins with the entry: `it …`. */
  readonly what: string;
};

export type AuditVerdict = {
  /** How many entries hold, from the first on. */
  readonly held: number;
  /** The last one that holds; null when there is none. */
  readonly head: AuditHead | null;
  readonly fault: AuditFault | null;
};

export type VerifyOptions = {
  /** A head that was noted elsewhere: it must be in the chain. */
  readonly noted?: AuditHead | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly batchEntries?: number;
};

export async function verifyAudit(db: Db, options: VerifyOptions = {}): Promise<AuditVerdict> {
  const { noted, onProgress, batchEntries = BATCH_ENTRIES } = options;
  const start = await readStart(db);
  let last: AuditHead = { number: 0, hash: NO_HASH };
  const verdict = (fault: AuditFault | null): AuditVerdict => ({
    held: last.number,
    head: last.number === 0 ? null : last,
    fault,
  });
  for (;;) {
    const batch = await readAuditEntries(db, last.number, batchEntries);
    for (const entry of batch) {
      const fault = faultOf(last, entry, noted);
      if (fault !== undefined) return verdict(fault);
      last = { number: entry.number, hash: entry.hash };
      if (entry.number !== start.number || entry.hash === start.hash) continue;
      return verdict({ number: entry.number, what: 'it is not the one that audit_head notes' });
    }
    onProgress?.(last.number, Math.max(start.number, last.number));
    if (batch.length < batchEntries) break;
  }
  return verdict(faultOfEnd(last, start, noted));
}

/** What the database notes as the newest entry, and whether there is one beyond it, as of one moment. */
async function readStart(db: Db): Promise<AuditHead & { readonly hasMore: boolean }> {
  return inSnapshot(db, async (tx) => {
    const head = (await findAuditHead(tx)) ?? { number: 0, hash: NO_HASH };
    return { ...head, hasMore: (await readAuditEntries(tx, head.number, 1)).length > 0 };
  });
}

function faultOf(
  last: AuditHead,
  entry: AuditEntry,
  noted: AuditHead | undefined,
): AuditFault | undefined {
  const { number } = entry;
  const expected = last.number + 1;
  if (number !== expected) {
    const gap = number - 1 === expected ? `${expected}` : `${expected} to ${number - 1}`;
    return {
      number: expected,
      what: `it is missing: after ${last.number} comes ${number}, without ${gap}`,
    };
  }
  if (entry.prevHash !== last.hash) {
    const before = last.number === 0 ? 'zeros, as that of the first' : `the hash of ${last.number}`;
    return { number, what: `its prev_hash is not ${before}` };
  }
  if (hashEntry(entry) !== entry.hash) {
    return {
      number,
      what: 'its hash is not that of its fields: one of them, or the hash, was changed',
    };
  }
  if (number === noted?.number && entry.hash !== noted.hash) {
    return { number, what: 'its hash is not the one that was noted' };
  }
  return undefined;
}

function faultOfEnd(
  last: AuditHead,
  start: AuditHead & { readonly hasMore: boolean },
  noted: AuditHead | undefined,
): AuditFault | null {
  const number = last.number + 1;
  const until = Math.max(start.number, noted?.number ?? 0);
  if (until > last.number) {
    const says = until === noted?.number ? 'a head was noted' : 'audit_head notes one';
    return {
      number,
      what: `it is missing: the log was cut at its end, ${says} with the number ${until}`,
    };
  }
  if (start.hasMore) {
    return {
      number: start.number + 1,
      what: `it is beyond the end that audit_head notes (${start.number})`,
    };
  }
  return null;
}
