/**
 * Reading JSON objects from strangers: a guard instead of a cast, and a value instead of an
 * exception. What the members must be is checked where they are used (`../methods/call.ts`,
 * `../control.ts`).
 */

/** Whether a value is an object with string keys, whose values are still unknown. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object a text stands for, or undefined if it is not JSON or no object. */
export function parseRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // JSON.parse has no other way to say that a text is not JSON.
    return undefined;
  }
}
