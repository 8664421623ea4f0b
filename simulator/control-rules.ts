/**
 * How a call to the control API is described: a route with rules for its body and its query, and the checks those rules are made
 * of. Strict: what a call does not know is an error. The calls themselves stand in `./control.ts` and `./wallet-calls.ts`.
 */
import type { Book } from './book/book.ts';
import { BUYERS } from './book/entities.ts';
import type { Buyer } from './book/entities.ts';

export type ControlAnswer = { status: number; json: unknown; advancedMs?: number };

export type Body = Readonly<Record<string, unknown>>;
export type Visit = {
  book: Book;
  nowMs: number;
  body: Body;
  query: URLSearchParams;
  /** The variable part of the path. */
  name: string;
};

export const ok = (json: unknown): ControlAnswer => ({ status: 200, json });
export const fail = (status: number, error: string): ControlAnswer => ({ status, json: { error } });

/** The checks a field can have: the sentence that says what is wrong, or undefined. */
export type Check = (value: unknown) => string | undefined;

export const text =
  (pattern: RegExp, sentence: string): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : sentence;

export const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value)
      ? undefined
      : `must be one of ${words.join(', ')}`;

export const whole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;

export const flag: Check = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false';

export type BodyRules = Record<string, { check: Check; required?: true }>;

/** What is wrong with a body or a query, or undefined. */
export function bodyProblem(body: Body, rules: BodyRules): string | undefined {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) return `"${unknown}" is no field of this call`;
  for (const [name, { check, required }] of Object.entries(rules)) {
    const value = body[name];
    const problem = value === undefined ? required && 'is missing' : check(value);
    if (problem !== undefined) return `"${name}" ${problem}`;
  }
  return undefined;
}

export const textAt = (body: Body, name: string): string | undefined => {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
};

export function buyerIn(body: Body): Buyer {
  return BUYERS.find((buyer) => buyer === body['buyer']) ?? 'rich';
}

export const buyerRule = { check: oneOf(BUYERS) };

export type Route = {
  method: string;
  path: RegExp;
  rules: BodyRules;
  /** Of a call that looks at its query strictly. */
  query?: BodyRules;
  run: (visit: Visit) => ControlAnswer;
};
