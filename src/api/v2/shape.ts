/**
 * How a shape of the v2 API is written: a JSON schema that carries the type of what it lets through, spelled as TypeBox spells
 * it. Nothing is checked here: `check.ts` does that, by `rules.ts`.
 */
import type { FastifyTypeProvider } from 'fastify';

/** What a shape may say. `check.ts` refuses to begin with a request's shape that says more than it can check. */
export type Keywords = {
  readonly $id?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null';
  readonly anyOf?: readonly Keywords[];
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly format?: 'date-time';
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Keywords;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Keywords>>;
  readonly patternProperties?: Readonly<Record<string, Keywords>>;
  readonly additionalProperties?: false;
  readonly minProperties?: number;
  readonly maxProperties?: number;
};

/** Only the compiler sees it. */
declare const LETS_THROUGH: unique symbol;

/** A shape of `T`. */
export type Schema<T = unknown> = Keywords & { readonly [LETS_THROUGH]?: T };

/** What a shape lets through. */
export type Static<S> = S extends Schema<infer T> ? T : never;

type OptionalField<T = unknown> = { readonly optional: Schema<T> };
type Fields = Readonly<Record<string, Schema | OptionalField>>;
type StaticFields<F extends Fields> = {
  [Name in keyof F as F[Name] extends OptionalField ? never : Name]: Static<F[Name]>;
} & {
  [Name in keyof F as F[Name] extends OptionalField ? Name : never]?: F[Name] extends OptionalField<
    infer T
  >
    ? T
    : never;
};
/** One object type instead of two joined, as people read it in an editor. */
type Flat<T> = { [Name in keyof T]: T[Name] };

export const Type = {
  String: (says: Keywords = {}): Schema<string> => ({ type: 'string', ...says }),
  Integer: (says: Keywords = {}): Schema<number> => ({ type: 'integer', ...says }),
  Boolean: (says: Keywords = {}): Schema<boolean> => ({ type: 'boolean', ...says }),
  Array: <T>(items: Schema<T>, says: Keywords = {}): Schema<T[]> => ({
    type: 'array',
    items,
    ...says,
  }),
  Object: objectOf,
  /** Only as a field of `Object`. */
  Optional: <T>(schema: Schema<T>): OptionalField<T> => ({ optional: schema }),
  /** Fields of any name that fits. */
  Record: <T>(
    { pattern = '^.*$' }: Schema<string>,
    schema: Schema<T>,
    says: Keywords = {},
  ): Schema<Record<string, T>> => ({
    type: 'object',
    patternProperties: { [pattern]: schema },
    ...says,
  }),
  /** A shape as it is, with a type that it cannot tell. */
  Unsafe: <T>(says: Keywords): Schema<T> => says,
};

function objectOf<F extends Fields>(fields: F, says: Keywords = {}): Schema<Flat<StaticFields<F>>> {
  const named = Object.entries(fields);
  const required = named.filter(([, field]) => !isOptional(field)).map(([name]) => name);
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(
      named.map(([name, field]) => [name, isOptional(field) ? field.optional : field]),
    ),
    ...says,
  };
}

function isOptional(field: Schema | OptionalField): field is OptionalField {
  return 'optional' in field;
}

/** Types Fastify's requests by the shapes of their routes. */
export interface ShapeProvider extends FastifyTypeProvider {
  readonly validator: Static<this['schema']>;
  /** Answers are made by `views.ts`. */
  readonly serializer: unknown;
}
