/**
 * What commands change is in the audit log, as what the API changes is: who runs the command, before it does anything, and what
 * came of it. Commands have no address, and the status that the API would answer with.
 */
import type { Actor, AuditOutcome } from '../core/audit.ts';
import { auditOutcome, auditRequest } from '../flows/keep-audit.ts';
import type { Db } from '../store/database.ts';
import { CommandError, type CommandContext } from './context.ts';

/** What the command is about to do. */
export type Change<T> = {
  /** The id of the operation of the API that does the same; else a name like those. */
  readonly operation: string;
  readonly target?: string;
  readonly request?: Readonly<Record<string, unknown>>;
  /** What it was done to, where only its result tells. */
  readonly made?: (result: T) => string;
};

const DONE: AuditOutcome = { status: 200, code: null, replayed: false };
const REFUSED: AuditOutcome = { status: 400, code: 'command_refused', replayed: false };
const FAILED: AuditOutcome = { status: 500, code: 'internal_error', replayed: false };

/** Runs `work` between the two entries. What `work` refuses, it throws as a `CommandError`. */
export async function asOperator<T>(
  { clock, osUser }: Pick<CommandContext, 'clock' | 'osUser'>,
  db: Db,
  { operation, target: named, request = {}, made }: Change<T>,
  work: () => Promise<T>,
): Promise<T> {
  const actor: Actor = { kind: 'operator_cli', id: 'operator_cli', name: osUser ?? '' };
  const target = named ?? null;
  const attempt = { actor, address: null, operation, target, request };
  const deps = { db, clock };
  const stored = await auditRequest(deps, attempt);
  try {
    const result = await work();
    await auditOutcome(deps, stored, DONE, made?.(result) ?? target);
    return result;
  } catch (error) {
    await auditOutcome(deps, stored, error instanceof CommandError ? REFUSED : FAILED);
    throw error;
  }
}
