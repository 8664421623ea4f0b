/**
 * How the reference page tells shapes: an object is a table of its fields, a field within a field has a name with a dot, and what
 * stands in the document once is a link. `reference-page.ts` makes the page.
 */
import { chineseOf } from './reference-words.ts';

export type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  /** Of a parameter: where in the request it is. */
  readonly place?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly maxProperties?: number;
  readonly default?: string | number;
};

export function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/g, (char) => entities[char] ?? char);
}

/** A sentence of the document: what stands in backticks is code, and a link where it names a shape. */
export function prose(text: string, shapes: readonly string[]): string {
  return escape(text).replaceAll(/`([^`]+)`/g, (_all, code: string) =>
    shapes.includes(code) ? linkTo(code) : `<code>${code}</code>`,
  );
}

/** The same in both languages; nothing of nothing. */
export function bilingual(text: string, shapes: readonly string[]): string {
  if (text === '') return '';
  return `${prose(text, shapes)} <span lang="zh-CN">${prose(chineseOf(text), shapes)}</span>`;
}

/** The fields of an object, or what it is in one line. */
export function fieldTable(schema: Schema, shapes: readonly string[]): string {
  const rows = fieldsOf(schema);
  if (rows.length === 0) return `<p>${typeOf(schema)}</p>`;
  const lines = rows.map(({ name, schema: field, isRequired }) => {
    const optional = isRequired ? '' : ' <small>optional 可选</small>';
    const told = [typeOf(field), field.place, bilingual(descriptionOf(field), shapes)];
    return `<tr><th scope="row"><code>${escape(name)}</code>${optional}</th><td>${told.filter(Boolean).join(' ')}</td></tr>`;
  });
  return `<table>${lines.join('\n')}</table>`;
}

type Field = { readonly name: string; readonly schema: Schema; readonly isRequired: boolean };

/** Every field, those within fields after them. */
function fieldsOf(schema: Schema, prefix = ''): readonly Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => [
    { name: `${prefix}${name}`, schema: field, isRequired: required.includes(name) },
    ...fieldsOf(withoutNull(field), `${prefix}${name}.`),
    ...fieldsOf(field.items ?? {}, `${prefix}${name}[].`),
  ]);
}

/** What may be null, and a list, is described where the rest of it is. */
function descriptionOf(field: Schema): string {
  return field.description ?? withoutNull(field).description ?? field.items?.description ?? '';
}

/** What it is when it is not null. */
function withoutNull(schema: Schema): Schema {
  const [only, ...others] = (schema.anyOf ?? []).filter(({ type }) => type !== 'null');
  return only !== undefined && others.length === 0 ? only : schema;
}

/** In both languages, where words are needed. */
function typeOf(schema: Schema): string {
  const { $ref, anyOf, items, enum: values } = schema;
  if ($ref !== undefined) return linkTo($ref.split('/').at(-1) ?? '');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or 或 ');
  if (values !== undefined) return values.map((value) => `<code>${escape(value)}</code>`).join(' ');
  if (items !== undefined) return `list 列表: ${typeOf(items)}${boundsOf(schema)}`;
  return `<i>${schema.format ?? schema.type ?? 'any'}</i>${boundsOf(schema)}`;
}

function boundsOf({
  minimum,
  maximum,
  maxLength,
  maxItems,
  maxProperties,
  ...rest
}: Schema): string {
  const most = maxLength ?? maxItems ?? maxProperties;
  const bounds = [
    minimum === undefined ? '' : `≥ ${minimum}`,
    maximum === undefined ? '' : `≤ ${maximum}`,
    most === undefined ? '' : `at most 至多 ${most}`,
    rest.default === undefined ? '' : `default 默认 ${rest.default}`,
  ].filter((bound) => bound !== '');
  return bounds.length === 0 ? '' : ` (${bounds.join(', ')})`;
}

function linkTo(shape: string): string {
  return `<a href="#shape-${shape}"><code>${shape}</code></a>`;
}
