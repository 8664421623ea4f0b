/** Whatever goes into the audit log has a name there, and no name is of what does not. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OPERATION_WORDS } from './operations.ts';

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId?: string }>>>>;
};

/** Reads that are logged all the same (`logged: 'always'` in `src/api/v2/`). */
const LOGGED_READS = ['exportPayments'];

test('every operation that changes something has words', () => {
  const document: Document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.entries(path).filter(([, { operationId }]) => operationId !== undefined),
  );
  const logged = operations.filter(
    ([method, { operationId = '' }]) => method !== 'get' || LOGGED_READS.includes(operationId),
  );
  expect(Object.keys(OPERATION_WORDS).toSorted()).toStrictEqual(
    logged.map(([, { operationId = '' }]) => operationId).toSorted(),
  );
});
