/**
 * What is kept of a run beside the ledger: which rare branches were reached, what was broken, and a digest of everything
 * that happened, by which two runs of one seed are compared.
 */
import { createHash } from 'node:crypto';
import { createLedger, type Ledger } from './ledger.ts';

export type Violation = {
  /** A stable name of what was broken. */
  readonly rule: string;
  readonly detail: string;
  readonly paymentNo: string | undefined;
};

export type RunRecord = {
  readonly ledger: Ledger;
  readonly violations: Violation[];
  readonly marks: Map<string, number>;
  /** A rare branch names itself. */
  mark(name: string): void;
  fail(violation: Violation): void;
  /** Something that the same seed must do again. */
  note(line: string): void;
  /** Over all notes; ends the record. */
  digest(): string;
};

const DIGEST_LENGTH = 32;

export function createRecord(): RunRecord {
  const marks = new Map<string, number>();
  const violations: Violation[] = [];
  const hash = createHash('sha256');
  return {
    ledger: createLedger(),
    violations,
    marks,
    mark: (name) => void marks.set(name, (marks.get(name) ?? 0) + 1),
    fail: (violation) => void violations.push(violation),
    note: (line) => void hash.update(`${line}\n`),
    digest: () => hash.digest('hex').slice(0, DIGEST_LENGTH),
  };
}
