/** What `If-Match` lets through: the ETag of now, however it came back. */
import { expect, test } from 'vitest';
import { isMatch } from './entity-tag.ts';

const TAG = '"3.1"';

test.each<[string | undefined, boolean]>([
  [undefined, true],
  ['*', true],
  ['"3.1"', true],
  ['"2.1", "3.1"', true],
  // As it comes back through a proxy that compresses.
  ['W/"3.1"', true],
  ['W/"2.1",W/"3.1"', true],
  ['"2.1"', false],
  ['W/"2.1"', false],
  ['3.1', false],
  ['"3.10"', false],
  ['', false],
])('If-Match: %s', (ifMatch, expected) => {
  expect(isMatch(ifMatch, TAG)).toBe(expected);
});
