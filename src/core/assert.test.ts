/** An assertion that holds does nothing; one that fails says its sentence, as an error of its own kind. */
import { expect, test } from 'vitest';
import { assert, AssertionError } from './assert.ts';

test.each([true, 1, 'x', {}, []])('%j holds', (condition) => {
  expect(() => {
    assert(condition, 'a sentence');
  }).not.toThrow();
});

test.each([false, 0, '', null, undefined, Number.NaN])('%j fails', (condition) => {
  const attempt = (): void => {
    assert(condition, 'a sentence');
  };
  expect(attempt).toThrow(AssertionError);
  expect(attempt).toThrow('a sentence');
});

test('the error can be told from others', () => {
  const error = new AssertionError('a sentence');
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('AssertionError');
  expect(error.stack).toContain('assert.test.ts');
});
