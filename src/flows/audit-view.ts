/**
 * An entry of the audit log as the API and `f2f audit list --json` write it: what was asked, joined with what came of it.
 */
import type { Actor, AuditOutcome } from '../core/audit.ts';
import { rfc3339 } from '../core/time.ts';
import type { AuditedCall } from '../store/audit.ts';

export type AuditView = {
  readonly id: string;
  readonly object: 'audit_entry';
  readonly number: number;
  readonly at: string;
  readonly actor: Actor;
  readonly address: string | null;
  readonly operation: string;
  readonly target: string | null;
  readonly request: Record<string, unknown>;
  readonly outcome: (AuditOutcome & { readonly at: string }) | null;
  readonly hash: string;
};

export function auditView({ entry, end }: AuditedCall): AuditView {
  const request: AuditView['request'] = JSON.parse(entry.request);
  const outcome: AuditOutcome | null = end === undefined ? null : JSON.parse(end.outcome);
  // A sign-in tells who it is when it succeeds.
  const { actor } = entry.actor.kind === 'nobody' && end ? end : entry;
  return {
    id: `aud_${entry.number}`,
    object: 'audit_entry',
    number: entry.number,
    at: rfc3339(entry.atMs),
    actor,
    address: entry.address,
    operation: entry.operation,
    target: entry.target ?? end?.target ?? null,
    request,
    outcome: outcome && end ? { ...outcome, at: rfc3339(end.atMs) } : null,
    hash: entry.hash,
  };
}
