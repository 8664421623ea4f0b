/** A refusal is one, also when it is repeated; what was repeated did nothing; what has no answer is open. */
import { expect, test } from 'vitest';
import { outcomeKind } from './outcome.ts';

const at = '2026-12-01T08:00:00.000Z';

test('each outcome has its word', () => {
  const outcomes = [
    { status: 201, code: null, replayed: false, at },
    { status: 201, code: null, replayed: true, at },
    { status: 409, code: 'last_administrator', replayed: true, at },
    { status: 400, code: 'invalid_request', replayed: false, at },
    { status: 500, code: 'internal_error', replayed: false, at },
    null,
  ];
  expect(outcomes.map(outcomeKind)).toStrictEqual([
    'done',
    'replayed',
    'refused',
    'refused',
    'failed',
    'open',
  ]);
});
