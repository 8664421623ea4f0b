/**
 * Checks a part of a request by its shape: finds the first rule that is broken, and the field that breaks it. The rules are
 * in `rules.ts`. Values are taken as they are, but in a query everything is text: whole numbers are read there.
 */
import type { FastifySchemaCompiler } from 'fastify';
import { invalidField, Problem } from './problems.ts';
import {
  BOOLEAN,
  INTEGER,
  LIST,
  OBJECT,
  nameRule,
  REQUIRED,
  TEXT,
  UNKNOWN,
  type Fields,
  type Kind,
  type Rule,
  type Sentence,
} from './rules.ts';
import type { Keywords } from './shape.ts';

/** A broken rule, and the path of the field that breaks it. */
type Broken = { readonly path: readonly string[]; readonly sentence: Sentence };
/** Undefined when no rule is broken. */
type Check<Value> = (value: Value) => Broken | undefined;

/** What a shape says beside the rules of its kind. */
const NO_RULES = new Set<string>([
  'description',
  'default',
  'type',
  'items',
  'properties',
  'patternProperties',
  'required',
  'additionalProperties',
] satisfies (keyof Keywords)[]);

const WHOLE_NUMBER = /^-?\d+$/;

/** Fastify's compiler of shapes. */
export const compileShape: FastifySchemaCompiler<Keywords> = ({ schema, httpPart = '' }) => {
  const check = checkOf(schema);
  return (part: unknown) => {
    const value = httpPart === 'querystring' ? readNumbers(schema, part) : part;
    const broken = check(value);
    return broken === undefined ? { value } : { error: problemOf(httpPart, broken) };
  };
};

function problemOf(httpPart: string, { path, sentence }: Broken): Problem {
  // The one header that has a rule.
  if (httpPart === 'headers') return new Problem('idempotency_key_required');
  return invalidField(path.join('.') || httpPart, sentence.en, sentence.zh);
}

function readNumbers({ properties = {} }: Keywords, part: unknown): unknown {
  if (!OBJECT.is(part)) return part;
  const read = ([name, value]: [string, unknown]): [string, unknown] => {
    const isNumber = properties[name]?.type === 'integer' && typeof value === 'string';
    return [name, isNumber && WHOLE_NUMBER.test(value) ? Number(value) : value];
  };
  return Object.fromEntries(Object.entries(part).map(read));
}

const CHECKS: Readonly<Record<string, (schema: Keywords) => Check<unknown>>> = {
  object: (schema) => checkKind(OBJECT, schema, fieldsCheck(schema)),
  array: (schema) => checkKind(LIST, schema, itemsCheck(schema)),
  string: (schema) => checkKind(TEXT, schema),
  integer: (schema) => checkKind(INTEGER, schema),
  boolean: (schema) => checkKind(BOOLEAN, schema),
};

/** Throws for a shape that says what nothing here checks: a rule that nobody keeps is worse than none. */
export function checkOf(schema: Keywords): Check<unknown> {
  const [shape, or] = schema.anyOf ?? [];
  // The one choice that a request has.
  if (shape !== undefined && or?.type === 'null') {
    const check = checkOf(shape);
    return (value) => (value === null ? undefined : check(value));
  }
  const make = CHECKS[schema.type ?? ''];
  if (make === undefined) throw new Error(`Nothing checks a request for ${JSON.stringify(schema)}`);
  return make(schema);
}

function checkKind<Value>(
  kind: Kind<Value>,
  schema: Keywords,
  checkInside?: Check<Value>,
): Check<unknown> {
  const rules = rulesOf(kind, schema);
  return (value) => {
    if (!kind.is(value)) return { path: [], sentence: kind };
    const inside = checkInside?.(value);
    if (inside !== undefined) return inside;
    const sentence = rules.find(({ holds }) => !holds(value));
    return sentence && { path: [], sentence };
  };
}

/** In the order of the kind's table: of a text that breaks two, the same one is always told. */
function rulesOf<Value>(kind: Kind<Value>, schema: Keywords): readonly Rule<Value>[] {
  const rules = kind.rules(schema);
  const stranger = Object.keys(schema).find((word) => !NO_RULES.has(word) && !(word in rules));
  if (stranger !== undefined) throw new Error(`Nothing checks "${stranger}" of a request`);
  return Object.values(rules).filter((rule) => rule !== undefined);
}

function itemsCheck({ items = {} }: Keywords): Check<readonly unknown[]> {
  const check = checkOf(items);
  return (list) => firstBroken(Object.entries(list), () => check);
}

function fieldsCheck(schema: Keywords): Check<Fields> {
  const { required = [], properties = {}, patternProperties = {}, additionalProperties } = schema;
  const named = new Map(Object.entries(properties).map(([name, field]) => [name, checkOf(field)]));
  const fitting = Object.entries(patternProperties).map(
    ([pattern, field]) => [new RegExp(pattern, 'u'), checkOf(field)] as const,
  );
  const rest = additionalProperties === false ? isUnknown : isFine;
  // A record names nothing itself: what does not fit is no unknown field, but a name against its rule.
  const [naming] = named.size === 0 ? Object.keys(patternProperties) : [];
  const namingRule = naming === undefined ? undefined : nameRule(naming);
  const checkFor = (name: string): Check<unknown> =>
    named.get(name) ?? fitting.find(([pattern]) => pattern.test(name))?.[1] ?? rest;
  return (fields) => {
    const missing = required.find((name) => !Object.hasOwn(fields, name));
    if (missing !== undefined) return { path: [missing], sentence: REQUIRED };
    if (namingRule !== undefined && !namingRule.holds(fields)) {
      return { path: [], sentence: namingRule };
    }
    return firstBroken(Object.entries(fields), checkFor);
  };
}

const isUnknown: Check<unknown> = () => ({ path: [], sentence: UNKNOWN });
const isFine: Check<unknown> = () => undefined;

function firstBroken(
  entries: readonly [string, unknown][],
  checkFor: (name: string) => Check<unknown>,
): Broken | undefined {
  for (const [name, value] of entries) {
    const broken = checkFor(name)(value);
    if (broken !== undefined) return { ...broken, path: [name, ...broken.path] };
  }
  return undefined;
}
