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

test('never gives the same bytes twice, however many are asked for', () => {
  const lengths = [8, 16, 4096, 1, 32, 4000, 200];
  const drawn = lengths.flatMap((bytes) => Array.from({ length: 50 }, () => realRandom.hex(bytes)));
  expect(drawn.map((text) => text.length / 2)).toStrictEqual(
    lengths.flatMap((bytes) => Array.from({ length: 50 }, () => bytes)),
  );
  const long = drawn.filter((text) => text.length >= 16);
  expect(new Set(long).size).toBe(long.length);
  expect(long.some((text) => /0{12}/.test(text.slice(0, 16)))).toBe(false);
});

test('more than it can give at once is an error', () => {
  expect(() => realRandom.hex(4097)).toThrow('at most 4096 bytes');
});
