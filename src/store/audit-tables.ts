/**
 * The two tables of the audit log as Kysely sees them, for `schema.ts`, and their columns, for `tables.ts`. The rows of the first
 * are only ever added; the second has one row, which whoever adds one holds until his transaction ends.
 */
import type { Actor, AuditKind } from '../core/audit.ts';

/** The audit log: only ever added to, each entry with the hash of the one before (`core/audit.ts`). */
export type AuditEntryTable = {
  number: number;
  at_ms: number;
  kind: AuditKind;
  /** Of an outcome: the request that it is of. */
  of_number: number | null;
  actor_kind: Actor['kind'];
  actor_id: string;
  actor_name: string;
  address: string | null;
  operation: string;
  target: string | null;
  /** JSON, masked. */
  request: string;
  /** JSON. */
  outcome: string | null;
  prev_hash: string;
  hash: string;
};

/** One row: number and hash of the newest entry of the audit log. */
export type AuditHeadTable = { id: number; number: number; hash: string };

/** Columns and keys; `tables.ts` holds them against the types above. */
export const AUDIT_TABLES = {
  audit_entry: {
    key: ['number'],
    columns: {
      number: 'bigint',
      at_ms: 'bigint',
      kind: 'text',
      of_number: 'bigint',
      actor_kind: 'text',
      actor_id: 'text',
      actor_name: 'text',
      address: 'text',
      operation: 'text',
      target: 'text',
      request: 'text',
      outcome: 'text',
      prev_hash: 'text',
      hash: 'text',
    },
  },
  audit_head: { key: ['id'], columns: { id: 'bigint', number: 'bigint', hash: 'text' } },
} as const;
