/**
 * TypeScript types made from the schemas of the OpenAPI document: `client/generated/shapes.ts`, and the types of bodies and
 * options for `client-operations.ts`. What a keyword means that it does not know is not guessed: it ends the generator.
 */
import { format } from 'oxfmt';
import type { OpenapiDocument, Schema } from './client-document.ts';

const HEADER = `/**
 * What the v2 API answers with. Made from the OpenAPI document by \`npm run docs\`: change the schemas, not this file.
 */
`;

/** The whole text of `client/generated/shapes.ts`. */
export async function shapesText(document: OpenapiDocument): Promise<string> {
  const types = Object.entries(document.components.schemas).map(([name, schema]) =>
    typeAlias(name, schema),
  );
  return formatted('client/generated/shapes.ts', `${HEADER}\n${types.join('\n\n')}\n`);
}

/** As the repository is formatted, so that the check of the format reads it like any file. */
export async function formatted(path: string, text: string): Promise<string> {
  const options = { printWidth: 100, singleQuote: true, trailingComma: 'all' } as const;
  const { code, errors } = await format(path, text, options);
  if (errors.length > 0) throw new Error(`${path}: ${errors.map((e) => e.message).join('; ')}`);
  return code;
}

/** How a shape is written: whoever hands one in may leave a field out by saying that it is undefined. */
export type Direction = 'in' | 'out';

export function typeAlias(name: string, schema: Schema, direction: Direction = 'out'): string {
  const members = eventMembers(schema) ?? [schema];
  const types = members.map((member) => typeOf(member, direction)).join(' | ');
  return `${comment(schema.description)}export type ${name} = ${types};`;
}

/** A comment on what follows; nothing when there is nothing to say. */
export function comment(text: string | undefined): string {
  if (text === undefined) return '';
  const lines = text.replaceAll('*/', '*\\/').split('\n');
  return lines.length === 1
    ? `/** ${lines[0]} */\n`
    : `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`;
}

export function typeOf(schema: Schema, direction: Direction = 'out'): string {
  requireKnown(schema);
  const { $ref, anyOf, oneOf, allOf, type } = schema;
  const inner = (one: Schema): string => typeOf(one, direction);
  if ($ref !== undefined) return nameOfRef($ref);
  const either = anyOf ?? oneOf;
  if (either !== undefined) return either.map(inner).join(' | ');
  if (allOf !== undefined) return allOf.map((one) => `(${inner(one)})`).join(' & ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  }
  const types = [type ?? 'unknown'].flat();
  return types.map((one) => typeNamed(one, schema, direction)).join(' | ');
}

function typeNamed(type: string, schema: Schema, direction: Direction): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `readonly (${typeOf(schema.items ?? {}, direction)})[]`;
    case 'object':
      return objectType(schema, direction);
    case 'unknown':
      return 'unknown';
    default:
      throw new Error(`client: no type for ${type}`);
  }
}

function objectType(schema: Schema, direction: Direction): string {
  const { properties, additionalProperties } = schema;
  if (properties === undefined) {
    const values =
      typeof additionalProperties === 'object'
        ? typeOf(additionalProperties, direction)
        : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  const fields = Object.entries(properties).map(([name, property]) =>
    field({
      name,
      type: typeOf(property, direction),
      isRequired: schema.required?.includes(name) === true,
      // What may be null is described where it is not.
      description: property.description ?? property.anyOf?.[0]?.description,
      direction,
    }),
  );
  return `{\n${fields.join('\n')}\n}`;
}

export type Field = {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string | undefined;
  readonly direction: Direction;
};

export function field({ name, type, isRequired, description, direction }: Field): string {
  const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
  const optional = direction === 'in' ? ` | undefined` : '';
  return `${comment(description)}readonly ${key}${isRequired ? `: ${type}` : `?: ${type}${optional}`};`;
}

/**
 * An event says in its type what it is about, `payment.paid` a payment: one member for each of these, so that whoever asks for
 * the type knows the data.
 */
function eventMembers(schema: Schema): readonly Schema[] | undefined {
  const { type, data } = schema.properties ?? {};
  const types = (type?.enum ?? []).map(String);
  if (types.length === 0 || data?.anyOf === undefined) return undefined;
  if (!types.every((name) => name.includes('.'))) return undefined;
  const bySubject = Map.groupBy(types, (name) => name.slice(0, name.indexOf('.')));
  return [...bySubject].map(([subject, ofSubject]) => {
    const about = data.anyOf?.find(
      ({ $ref = '' }) => nameOfRef($ref).toLowerCase() === subject.replaceAll('_', ''),
    );
    if (about === undefined) throw new Error(`client: no shape of the data of ${subject}.…`);
    const properties = { ...schema.properties, type: { ...type, enum: ofSubject }, data: about };
    return { ...schema, properties };
  });
}

function nameOfRef(ref: string): string {
  return ref.replace('#/components/schemas/', '');
}

/** Those that make a type, and those that say what a value must be beyond it. */
const KNOWN =
  /^(\$ref|type|enum|const|anyOf|oneOf|allOf|items|properties|required|additionalProperties|description|title|examples?|default|deprecated|format|pattern|contentMediaType|readOnly|writeOnly|(min|max)(imum|Length|Items|Properties)|exclusiveM(in|ax)imum|multipleOf|uniqueItems|x-.*)$/;

function requireKnown(schema: Schema): void {
  const unknown = Object.keys(schema).find((keyword) => !KNOWN.test(keyword));
  if (unknown !== undefined) throw new Error(`client: no type for the keyword ${unknown}`);
}
