/**
 * Assertions for programmer errors: states that no input, network or clock can produce.
 * On in production; never caught; a failed one ends the work at hand. Expected outcomes are values, not assertions.
 */

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws `AssertionError` with `sentence` unless `condition` holds. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new AssertionError(sentence);
}
