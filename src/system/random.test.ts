/** Random hex of the right length and alphabet, and never the same twice. */
import { expect, test } from 'vitest';
import { realRandom } from './random.ts';

test.each([1, 8, 16, 32])('%i bytes are twice as many lower-case hex digits', (bytes) => {
  expect(realRandom.hex(bytes)).toMatch(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
});

test('no two are alike, and every digit occurs', () => {
  const drawn = Array.from({ length: 1000 }, () => realRandom.hex(16));
  expect(new Set(drawn).size).toBe(1000);
  expect(new Set(drawn.join('')).size).toBe(16);
});
