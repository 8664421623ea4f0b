/**
 * Adds entries to the audit log: a request before it is done, its outcome when it is answered, or both at once of what is over
 * when it is noticed. Each entry is a short transaction of its own, never part of what it tells of, so that a refused or undone
 * change is in the log all the same.
 */
import { createHash } from 'node:crypto';
import {
  canonicalText,
  NO_HASH,
  type Actor,
  type AuditOutcome,
  type UnhashedEntry,
} from '../core/audit.ts';
import { maskRequest, maskSecrets } from '../core/audit-mask.ts';
import { addAuditEntry, takeAuditNumber } from '../store/audit.ts';
import { inTransaction } from '../store/database.ts';
import type { Deps } from './deps.ts';

/** What somebody sets out to do. */
export type Attempt = {
  readonly actor: Actor;
  readonly address: string | null;
  readonly operation: string;
  readonly target: string | null;
  /** As it came: it is masked here. */
  readonly request: Readonly<Record<string, unknown>>;
};

/** What is stored, and how its outcome finds it. */
export type StoredAttempt = Attempt & { readonly number: number };

type AuditDeps = Pick<Deps, 'db' | 'clock'>;

/** Stores what is about to be done. Whatever this throws, it must not be done then. */
export async function auditRequest(deps: AuditDeps, attempt: Attempt): Promise<StoredAttempt> {
  const request = maskRequest(attempt.request);
  const number = await add(deps, {
    ...attempt,
    kind: 'request',
    ofNumber: null,
    request,
    outcome: null,
  });
  return { ...attempt, number };
}

/** Stores what came of it. `target`: what the outcome is about, where only that tells. */
export async function auditOutcome(
  deps: AuditDeps,
  stored: StoredAttempt,
  outcome: AuditOutcome,
  target: string | null = stored.target,
): Promise<void> {
  const { number: ofNumber, ...attempt } = stored;
  const text = JSON.stringify(outcome);
  await add(deps, { ...attempt, target, kind: 'outcome', ofNumber, request: '{}', outcome: text });
}

/** Stores what is over already. */
export async function auditEvent(
  deps: AuditDeps,
  attempt: Attempt,
  outcome: AuditOutcome,
): Promise<void> {
  const request = maskRequest(attempt.request);
  const text = JSON.stringify(outcome);
  await add(deps, { ...attempt, kind: 'event', ofNumber: null, request, outcome: text });
}

/** The hash of an entry. */
export function hashEntry(entry: UnhashedEntry): string {
  return createHash('sha256').update(canonicalText(entry), 'utf8').digest('hex');
}

async function add(
  { db, clock }: AuditDeps,
  said: Omit<UnhashedEntry, 'number' | 'atMs' | 'prevHash'>,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const { number, hash: prevHash } = await takeAuditNumber(tx, NO_HASH);
    const entry = { ...withoutSecrets(said), number, atMs: clock.nowMs(), prevHash };
    await addAuditEntry(tx, { ...entry, hash: hashEntry(entry) });
    return number;
  });
}

/** Somebody may have called a key by its secret, or put a secret into a path. */
function withoutSecrets<Said extends Pick<UnhashedEntry, 'actor' | 'target'>>(said: Said): Said {
  const { actor, target } = said;
  return {
    ...said,
    actor: { ...actor, name: maskSecrets(actor.name) },
    target: target === null || maskSecrets(target) !== target ? null : target,
  };
}
